//! Makes the types of the protocol from `proto/`, without a `protoc` on the machine.

fn main() -> anyhow::Result<()> {
    let files = ["proto/shared.proto", "proto/streams.proto", "proto/gossip.proto", "proto/server_features.proto"];
    for file in files {
        println!("cargo:rerun-if-changed={file}");
    }
    let described = protox::compile(files, ["proto"])?;
    // Trees for maps, as everywhere in this workspace; bytes are shared rather than copied.
    let build = tonic_build::configure().build_client(false).btree_map(["."]).bytes(["."]);
    Ok(build.compile_fds(described)?)
}
