//! Whether a server may be trusted with the log.

use serde::Deserialize;
use std::time::Duration;

use super::super::StoreError;
use super::address::Address;

/// Whether the server writes to disk before it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flush {
    /// It does.
    On,
    /// It does not: a power cut loses what it has acknowledged.
    Off,
    /// It does not say.
    Unknown(String),
}

/// One option of `GET /info/options`; the server tells its value as text or as it is.
#[derive(Deserialize)]
struct ServerOption {
    #[serde(alias = "Name")]
    name: String,
    #[serde(alias = "Value", default)]
    value: serde_json::Value,
}

/// How long a node may take to tell its options.
const WAIT: Duration = Duration::from_secs(2);

/// Refuses a server that has flushing to disk switched off; one that does not say is taken, and that is logged.
pub(super) async fn vetted(address: &Address) -> Result<(), StoreError> {
    match flush(address).await {
        Flush::On => Ok(()),
        Flush::Off => Err(StoreError::Wrong(format!(
            "{} has flushing to disk switched off (UnsafeDisableFlushToDisk): it would lose what it has acknowledged; switch it on and restart it",
            address.shown()
        ))),
        Flush::Unknown(why) => {
            tracing::warn!("the event store does not say whether it flushes to disk: {why}");
            Ok(())
        }
    }
}

/// What the nodes of the connection string say about flushing; one that has it off is enough.
pub(super) async fn flush(address: &Address) -> Flush {
    let client = match client(address) {
        Ok(client) => client,
        Err(why) => return Flush::Unknown(why),
    };
    let mut found = Flush::Unknown("no node was asked".to_owned());
    for host in address.settings.hosts() {
        let uri = address.settings.to_uri(host);
        match asked(address, &client, &format!("{uri}info/options")).await {
            Flush::Off => return Flush::Off,
            Flush::On => found = Flush::On,
            unknown @ Flush::Unknown(_) if found != Flush::On => found = unknown,
            Flush::Unknown(_) => {}
        }
    }
    found
}

async fn asked(address: &Address, client: &reqwest::Client, url: &str) -> Flush {
    let mut request = client.get(url);
    if let Some((name, password)) = &address.user {
        request = request.basic_auth(name, Some(password));
    }
    let unknown = |why: &str| Flush::Unknown(format!("{url}: {why}"));
    let Ok(answer) = request.send().await else { return unknown("no answer") };
    if answer.status() == reqwest::StatusCode::UNAUTHORIZED || answer.status() == reqwest::StatusCode::FORBIDDEN {
        return unknown("the user may not read the options; add it to the group $ops");
    }
    match answer.bytes().await.ok().and_then(|it| serde_json::from_slice::<Vec<ServerOption>>(&it).ok()) {
        Some(options) => of(&options),
        None => unknown("not the options of an event store"),
    }
}

fn of(options: &[ServerOption]) -> Flush {
    let letters =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let Some(option) = options.iter().find(|it| letters(&it.name) == "unsafedisableflushtodisk") else {
        return Flush::Unknown("the server tells its options, but not that one".to_owned());
    };
    match letters(&option.value.to_string()).as_str() {
        "false" | "0" | "null" | "" => Flush::On,
        _ => Flush::Off,
    }
}

/// That the certificates and keys of the connection string are some: the client of the log panics over others.
pub(super) fn has_usable_certificates(address: &Address) -> Result<(), StoreError> {
    if !address.settings.is_secure_mode_enabled() {
        return Ok(());
    }
    let wrong = |why| StoreError::Wrong(format!("--store {} cannot be used: its certificates: {why}", address.shown()));
    client(address).map(drop).map_err(wrong)
}

fn client(address: &Address) -> Result<reqwest::Client, String> {
    let settings = &address.settings;
    let mut builder = reqwest::Client::builder()
        .timeout(WAIT)
        // As the client itself: straight to the server, and trusting whom the connection string trusts.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .https_only(settings.is_secure_mode_enabled())
        .danger_accept_invalid_certs(!settings.is_tls_certificate_verification_enabled());
    let read = |file: &String| std::fs::read(file).map_err(|error| format!("{file}: {error}"));
    if let Some(file) = settings.tls_ca_file() {
        builder = builder.tls_built_in_root_certs(false);
        for certificate in reqwest::Certificate::from_pem_bundle(&read(file)?).map_err(|error| error.to_string())? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    if let Some((certificate, key)) = settings.user_certificate() {
        let both = [read(certificate)?, read(key)?].concat();
        builder = builder.identity(reqwest::Identity::from_pem(&both).map_err(|error| error.to_string())?);
    }
    builder.build().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Flush {
        of(&serde_json::from_str::<Vec<ServerOption>>(json).unwrap())
    }

    #[test]
    fn the_option_is_found_however_a_version_writes_it() {
        assert_eq!(told(r#"[{"name":"UnsafeDisableFlushToDisk","value":"False"}]"#), Flush::On);
        assert_eq!(told(r#"[{"Name":"UNSAFE_DISABLE_FLUSH_TO_DISK","Value":"true"}]"#), Flush::Off);
        assert_eq!(told(r#"[{"name":"x"},{"name":"unsafeDisableFlushToDisk","value":true}]"#), Flush::Off);
        assert!(matches!(told(r#"[{"name":"MemDb","value":"false"}]"#), Flush::Unknown(_)));
    }
}
