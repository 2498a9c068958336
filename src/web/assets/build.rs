//! Builds what browsers are given, from the packages of the npm lock file beside it; Node and npm do it, and say so if they cannot.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const SOURCES: [&str; 7] =
    ["package.json", "package-lock.json", "build.mjs", "build.rs", "app.scss", "app.js", "icon.svg"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sources = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("src/web/assets");
    let modules = Path::new(&env::var("OUT_DIR")?).join("npm");
    for file in SOURCES {
        println!("cargo:rerun-if-changed=src/web/assets/{file}");
    }
    fs::create_dir_all(&modules)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(sources.join(file), modules.join(file))?;
    }
    let install = ["ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new("npm").args(install).current_dir(&modules), "npm")?;
    let out = Path::new(&env::var("OUT_DIR")?).join("assets");
    run(Command::new("node").arg(sources.join("build.mjs")).args([&sources, &modules, &out]), "node")?;
    println!("cargo:rustc-env=HEARTH_ASSETS={}", out.join("assets.rs").display());
    println!("cargo:rustc-env=HEARTH_NPM={}", modules.join("node_modules").display());
    Ok(())
}

fn run(command: &mut Command, tool: &str) -> Result<(), String> {
    let done = command.output().map_err(|error| {
        format!(
            "{tool} cannot be started ({error}): the pages need Node 20 or later with npm; install it, then build again"
        )
    })?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(format!("{tool} could not build the styles and scripts of the pages; is the npm registry in reach?\n{said}"))
}
