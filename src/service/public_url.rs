//! Where the service is reached from outside: what every link that leaves the house begins with.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use hearth_events::NotificationRef;

/// Where residents reach the pages: `https://tell.council.example`. It is said by who runs the service, and never by a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let told = "must be an address such as https://tell.council.example, without user, ? and #";
        let (scheme, rest) = text.split_once("://").ok_or(told)?;
        let is_plain = |it: char| it.is_ascii_graphic() && !matches!(it, '?' | '#' | '@' | '\\' | '"' | '<' | '>');
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.is_empty() || authority.starts_with(':') || !rest.chars().all(is_plain) {
            return Err(told);
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(authority) => {}
            "http" => {
                return Err("must begin with https://; http:// is for this machine alone (http://127.0.0.1:8080)");
            }
            _ => return Err(told),
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// Whether a host, with or without a port, is this machine.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PublicUrl {
    /// Where a submitter sees what has become of a notification.
    pub fn tracking_link(&self, reference: &NotificationRef, token: &str) -> String {
        format!("{self}/track/{reference}?token={token}")
    }

    /// Where members of staff come back to from the council's identity provider.
    pub fn sign_in_return(&self) -> String {
        format!("{self}/staff/sign-in/return")
    }

    /// Where somebody carries on with what they have not sent yet.
    pub fn draft_link(&self, draft: &str) -> String {
        format!("{self}/tell/{draft}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_house_leads_back_over_https_or_to_this_machine() {
        for (given, taken) in [
            ("https://tell.council.example/", "https://tell.council.example"),
            ("https://tell.council.example:8443", "https://tell.council.example:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost", "http://localhost"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
        ] {
            assert_eq!(given.parse::<PublicUrl>().unwrap().to_string(), taken);
        }
        for given in [
            "",
            "tell.council.example",
            "https://",
            "https:///tell",
            "http://tell.council.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "ftp://tell.council.example",
            "javascript://tell.council.example",
            "https://user@tell.council.example",
            "https://tell.council.example?x=1",
            "https://tell.council.example#x",
            "https://tell.council.example/\nBcc: x",
            "https://tell council.example",
        ] {
            assert!(given.parse::<PublicUrl>().is_err(), "{given}");
        }
        let url: PublicUrl = "https://tell.council.example".parse().unwrap();
        assert_eq!(url.draft_link("0123"), "https://tell.council.example/tell/0123");
    }
}
