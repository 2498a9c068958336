//! Where the event store is: a connection string, checked before the client sees it.

use std::path::Path;
use std::time::Duration;

use super::super::StoreError;
use super::client::es;

/// How long an answer is waited for, unless `defaultDeadline` says otherwise.
const ATTEMPT: Duration = Duration::from_secs(5);

/// How many attempts' time a call may take in all.
const ATTEMPTS: u32 = 4;

/// Our own parameter: what the names of all streams begin with.
const PREFIX: &str = "hearthPrefix";

/// Every parameter there is. The client passes over those that it does not know, so a mistyped one would count for nothing.
const KNOWN: [&str; 15] = [
    PREFIX,
    "tls",
    "tlsVerifyCert",
    "tlsCaFile",
    "userCertFile",
    "userKeyFile",
    "nodePreference",
    "maxDiscoverAttempts",
    "discoveryInterval",
    "gossipTimeout",
    "keepAliveInterval",
    "keepAliveTimeout",
    "defaultDeadline",
    "connectionName",
    "throwOnAppendFailure",
];

/// A connection string that has been read.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) settings: es::ClientSettings,
    /// Who calls, with the percent signs of the connection string undone; the settings have it too.
    pub(super) user: Option<(String, String)>,
    /// How long one answer is waited for.
    pub(super) attempt: Duration,
    /// How long a call may take, with all its attempts.
    pub(super) call: Duration,
    shown: String,
    prefix: String,
}

impl Address {
    /// Reads a connection string.
    pub(super) fn parse(given: &str) -> Result<Self, StoreError> {
        let shown = shown(given);
        let wrong = |what: &str| StoreError::Wrong(format!("--store {shown} cannot be used: {what}"));
        let (scheme, rest) = given
            .split_once("://")
            .ok_or_else(|| wrong("a connection string begins with esdb:// or esdb+discover://"))?;
        let scheme =
            understood(scheme).ok_or_else(|| wrong("its scheme is not esdb, esdb+discover or one of KurrentDB's"))?;
        let attempt = match parameter(rest, "defaultDeadline") {
            None => ATTEMPT,
            Some(text) => match text.parse() {
                Ok(milliseconds) if (1..=600_000).contains(&milliseconds) => Duration::from_millis(milliseconds),
                Ok(_) | Err(_) => return Err(wrong("defaultDeadline is a number of milliseconds from 1 to 600000")),
            },
        };
        for (number, name) in names(rest).iter().enumerate() {
            if !KNOWN.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                let shown = if misplaced_secret(rest) { "like that" } else { name };
                return Err(wrong(&format!("there is no parameter {shown}")));
            }
            if names(rest).iter().take(number).any(|it| it.eq_ignore_ascii_case(name)) {
                return Err(wrong(&format!("{name} is given twice")));
            }
        }
        let prefix = parameter(rest, PREFIX).unwrap_or_default().to_owned();
        if prefix.len() > 40 || !prefix.chars().all(|it| it.is_ascii_alphanumeric() || it == '-') {
            return Err(wrong("hearthPrefix is at most 40 letters, digits and hyphens"));
        }
        let mut text = format!("{scheme}://{}", without_parameter(rest, PREFIX));
        // The client waits half a second before it connects at all, and dies for good after three failures.
        for (name, value) in [("discoveryInterval", "50"), ("maxDiscoverAttempts", "10"), ("connectionName", "hearth")]
        {
            if parameter(rest, name).is_none() {
                let before = if text.contains('?') { '&' } else { '?' };
                text = format!("{text}{before}{name}={value}");
            }
        }
        let settings: es::ClientSettings = text
            .parse()
            .map_err(|error: es::ClientSettingsParseError| wrong(&without_secret(given, error.message())))?;
        if parameter(rest, "nodePreference").is_some_and(|it| !it.eq_ignore_ascii_case("leader")) {
            return Err(wrong("nodePreference must be leader: a decision rests on what was just written"));
        }
        let mut files: Vec<&String> = settings.tls_ca_file().into_iter().collect();
        files.extend(settings.user_certificate().into_iter().flat_map(|(cert, key)| [cert, key]));
        for file in files {
            readable(file).map_err(|why| wrong(&why))?;
        }
        let user = user(rest).map_err(wrong)?;
        let settings = match &user {
            Some((name, password)) => as_user(&settings, name, password).map_err(|why| wrong(&why))?,
            None => settings,
        };
        Ok(Self { settings, user, attempt, call: attempt * ATTEMPTS, shown, prefix })
    }

    /// The connection string without what is secret in it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// What tells this log from others on the same server.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What a stream of the log is called on the server, where several logs may be.
    pub(super) fn on_server(&self, stream: &str) -> String {
        format!("{}{stream}", self.prefix)
    }

    /// The stream of the log that is called so on the server; none where it is another's.
    pub(super) fn in_log<'a>(&self, on_server: &'a str) -> Option<&'a str> {
        on_server.strip_prefix(self.prefix.as_str()).filter(|_| !on_server.starts_with('$'))
    }
}

/// The client takes name and password as they stand in the connection string, percent signs and all, and asks other nodes
/// with them which is the leader. It has no way to set them, but it can be written down and read back.
fn as_user(settings: &es::ClientSettings, name: &str, password: &str) -> Result<es::ClientSettings, String> {
    let credentials = toml::Table::from_iter([
        ("login".to_owned(), toml::Value::String(name.to_owned())),
        ("password".to_owned(), toml::Value::String(password.to_owned())),
    ]);
    let cannot = || "its user cannot be used: choose a name and a password of letters and digits".to_owned();
    let mut written = toml::Table::try_from(settings).map_err(|_| cannot())?;
    written.insert("default_user_name".to_owned(), toml::Value::Table(credentials));
    written.try_into().map_err(|_| cannot())
}

/// KurrentDB's own names for the scheme mean the same.
fn understood(scheme: &str) -> Option<&'static str> {
    match scheme {
        "esdb" | "kurrentdb" | "kurrent" | "kdb" => Some("esdb"),
        "esdb+discover" | "kurrentdb+discover" | "kurrent+discover" | "kdb+discover" => Some("esdb+discover"),
        _ => None,
    }
}

/// A parameter of the part after the scheme; names are taken in any case.
fn parameter<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = rest.split_once('?')?;
    query.split('&').filter_map(|it| it.split_once('=')).find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, it)| it)
}

fn without_parameter(rest: &str, name: &str) -> String {
    let Some((before, query)) = rest.split_once('?') else { return rest.to_owned() };
    let is_other = |it: &&str| !it.split('=').next().unwrap_or_default().eq_ignore_ascii_case(name);
    let others: Vec<_> = query.split('&').filter(is_other).collect();
    if others.is_empty() { before.to_owned() } else { format!("{before}?{}", others.join("&")) }
}

/// The names of the parameters, in their order.
fn names(rest: &str) -> Vec<&str> {
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter(|it| !it.is_empty()).map(|it| it.split('=').next().unwrap_or_default()).collect()
}

fn user(rest: &str) -> Result<Option<(String, String)>, &'static str> {
    let Some((user, _)) = authority(rest).rsplit_once('@') else { return Ok(None) };
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let both = decoded(name).zip(decoded(password));
    both.map(Some).ok_or("what the percent signs in its user or password stand for is no text")
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?']).next().unwrap_or_default()
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = if *first == b'%' { after.split_at_checked(2) } else { None };
        let byte = hex.and_then(|(hex, _)| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = byte.and(hex).map_or(after, |(_, after)| after);
    }
    String::from_utf8(bytes).ok()
}

/// What may be shown of a connection string: where, never who and with what.
fn shown(given: &str) -> String {
    let (scheme, rest) = given.split_once("://").unwrap_or(("", given));
    let hosts = authority(rest);
    if misplaced_secret(rest) {
        return format!("{scheme}://… (percent-encode user and password)");
    }
    let hosts = hosts.rsplit_once('@').map_or(hosts, |(_, hosts)| hosts);
    if scheme.is_empty() { format!("{hosts:?}") } else { format!("{scheme}://{hosts}") }
}

/// A password with a slash or a question mark in it ends up among what would be shown.
fn misplaced_secret(rest: &str) -> bool {
    rest.get(authority(rest).len()..).is_some_and(|it| it.contains('@'))
}

/// The client's own words, unless they quote the connection string.
fn without_secret(given: &str, message: &str) -> String {
    if message.contains("://") || given.contains('@') { "it cannot be read".to_owned() } else { message.to_owned() }
}

/// The client panics where a certificate is not there or is none.
fn readable(file: &str) -> Result<(), String> {
    let text = std::fs::read(Path::new(file)).map_err(|error| format!("{file} cannot be read: {error}"))?;
    let is_pem = text.windows(11).any(|it| it == b"-----BEGIN ");
    if is_pem { Ok(()) } else { Err(format!("{file} holds no certificate or key in PEM")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(given: &str) -> String {
        match Address::parse(given) {
            Err(StoreError::Wrong(why)) => why,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{given} was taken"),
        }
    }

    #[test]
    fn a_password_is_decoded_and_never_shown() {
        let address = Address::parse("esdb://hearth:p%40ss%2Fw@db.example:2113?tls=false").unwrap();
        assert_eq!(address.user, Some(("hearth".to_owned(), "p@ss/w".to_owned())));
        assert_eq!(address.shown(), "esdb://db.example:2113");
        let used = address.settings.default_authenticated_user().clone().unwrap();
        assert_eq!(used, es::Credentials::new("hearth", "p@ss/w"));
        assert_eq!(address.settings.hosts().len(), 1);
        assert!(!address.settings.is_secure_mode_enabled());
        for given in [
            "esdb://hearth:geheim/x@db:2113",
            "esdb://hearth:geheim?x@db",
            "esdb://hearth:ge?geheim=x@db:1&a=b",
            "esdb://hearth:geheim@db.example:x",
            "esdb://hearth:geheim@db/?defaultDeadline=soon",
            "hearth:geheim@db",
        ] {
            assert!(!wrong(given).contains("geheim"), "{}", wrong(given));
        }
    }

    #[test]
    fn the_schemes_of_the_successor_are_understood() {
        for given in
            ["esdb://a:1", "kurrentdb://a:1?tls=false", "kurrent+discover://a:1", "esdb://a:1,b:2,c:3?tls=false"]
        {
            let address = Address::parse(given).unwrap();
            assert_eq!(address.settings.discovery_interval(), Duration::from_millis(50), "{given}");
            assert_eq!(address.settings.max_discover_attempts(), 10);
        }
        assert_eq!(Address::parse("esdb://a:1,b:2,c:3?tls=false").unwrap().settings.hosts().len(), 3);
        assert!(wrong("postgres://a").contains("scheme"));
    }

    #[test]
    fn what_the_client_would_choke_on_is_refused_first() {
        assert!(wrong("esdb://a:1?tlsCaFile=/nowhere/ca.pem").contains("/nowhere/ca.pem"));
        assert!(
            wrong(concat!("esdb://a:1?tlsCaFile=", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
                .contains("no certificate")
        );
        assert!(wrong("esdb://a:1?nodePreference=follower").contains("leader"));
        assert!(wrong("esdb://a:1?tlscafile=/a&tlsCaFile=/b").contains("twice"));
        assert!(wrong("esdb://a:1?tlsVerify=true").contains("tlsVerify"));
        assert!(wrong("esdb://u:%ff@a:1").contains("percent"));
        assert!(wrong("esdb://a:1?hearthPrefix=a/b").contains("hearthPrefix"));
        assert!(wrong("esdb://a:1?defaultDeadline=0").contains("milliseconds"));
        let address = Address::parse("esdb://a:1?defaultDeadline=300&discoveryInterval=7").unwrap();
        assert_eq!((address.attempt, address.call), (Duration::from_millis(300), Duration::from_millis(1_200)));
        assert_eq!(address.settings.discovery_interval(), Duration::from_millis(7));
        let address = Address::parse("esdb://a:1?hearthPrefix=test-&tls=false").unwrap();
        assert_eq!(address.on_server("log"), "test-log");
        assert_eq!(address.in_log("test-log"), Some("log"));
        assert_eq!((address.in_log("log"), address.in_log("$test-log")), (None, None));
    }
}
