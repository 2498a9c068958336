//! An errand: somebody sent to the provider, who is to come back with the same browser, once, and soon.
//!
//! Only digests lie in the file. What the provider's answer has to fit (the nonce, the verifier of PKCE) follows from the
//! state and the browser's secret, which are held together by nobody but the browser that comes back.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::{SignIn, SignInError};
use crate::keys::random_secret;

/// How long somebody may take at the provider.
pub const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// What the provider's answer has to fit.
#[derive(Clone, PartialEq, Eq)]
pub struct Errand {
    /// Stands in the token that says who it is.
    pub nonce: String,
    /// Proves that whoever redeems the code is who asked for it.
    pub verifier: String,
}

/// An errand that begins.
pub struct SetOut {
    /// Goes to the provider and comes back.
    pub state: String,
    /// Stays with the browser.
    pub browser: String,
    /// What the answer has to fit.
    pub errand: Errand,
}

impl SignIn {
    /// Begins an errand.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn set_out(&self, now: Timestamp) -> Result<SetOut, SignInError> {
        let (state, browser) = (random_secret()?, random_secret()?);
        let until = now.saturating_add(LONGEST).unwrap_or(Timestamp::MAX).as_second();
        let kept = params![self.pepper.digest("state", &state), self.pepper.digest("browser", &browser), until];
        self.file().execute("INSERT INTO errands VALUES (?1, ?2, ?3)", kept)?;
        let errand = self.errand(&state, &browser);
        Ok(SetOut { state, browser, errand })
    }

    /// Ends an errand that this browser began, and gives what the answer has to fit; none where there is none, or no more.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn come_back(&self, state: &str, browser: &str, now: Timestamp) -> Result<Option<Errand>, SignInError> {
        let ended =
            params![self.pepper.digest("state", state), self.pepper.digest("browser", browser), now.as_second()];
        let end = "DELETE FROM errands WHERE state = ?1 AND browser = ?2 AND until > ?3";
        let is_one = self.file().execute(end, ended)? == 1;
        Ok(is_one.then(|| self.errand(state, browser)))
    }

    fn errand(&self, state: &str, browser: &str) -> Errand {
        let both = format!("{state}\n{browser}");
        Errand { nonce: self.pepper.digest("nonce", &both), verifier: self.pepper.digest("verifier", &both) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Pepper;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    #[test]
    fn an_errand_ends_once_in_time_and_with_the_browser_that_began_it() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let (one, other) = (doors.set_out(at(0)).unwrap(), doors.set_out(at(0)).unwrap());
        let is_known = |state: &str, browser: &str, seconds| doors.come_back(state, browser, at(seconds)).unwrap();
        assert!(is_known(&one.state, &other.browser, 1).is_none(), "another browser");
        assert!(is_known(&other.state, &one.browser, 1).is_none(), "another state");
        assert!(is_known(&one.state, "", 1).is_none() && is_known("", &one.browser, 1).is_none());
        assert!(is_known(&one.state, &one.browser, 1) == Some(one.errand.clone()), "and was not used up by those");
        assert!(is_known(&one.state, &one.browser, 1).is_none(), "a second time");
        assert!(is_known(&other.state, &other.browser, LONGEST.as_secs()).is_none(), "too late");
    }

    #[test]
    fn what_the_answer_has_to_fit_is_another_each_time_and_long_enough() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let (one, other) = (doors.set_out(at(0)).unwrap().errand, doors.set_out(at(0)).unwrap().errand);
        assert!(one.nonce != other.nonce && one.verifier != other.verifier && one.nonce != one.verifier);
        assert!((43..=128).contains(&one.verifier.len()), "as RFC 7636 wants it");
    }

    #[test]
    fn lapsed_errands_are_forgotten() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let count = || doors.file().query_row("SELECT count(*) FROM errands", [], |row| row.get::<_, i64>(0)).unwrap();
        doors.set_out(at(0)).unwrap();
        doors.tidy(at(LONGEST.as_secs() - 1)).unwrap();
        assert_eq!(count(), 1);
        doors.tidy(at(LONGEST.as_secs())).unwrap();
        assert_eq!(count(), 0);
    }
}
