//! Guesses at passphrases: the more of them, the later the next one is looked at. Who guesses from elsewhere keeps nobody out
//! whose browser is known: each known browser has a count of its own, all others have one for each address, and together one
//! for the name that grows much slower.

use std::net::IpAddr;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{SignIn, SignInError};
use crate::keys::random_secret;

/// So many wrong passphrases from one browser or one address, one after the other, are nothing.
const TRIES: u32 = 5;
/// So many for one name, from wherever else, are nothing.
const TRIES_FROM_ELSEWHERE: u32 = 50;
/// How long is waited after one more; twice as long after each that follows, to the longest. Seconds.
const WAIT: (i64, i64) = (30, 15 * 60);
/// Wrong passphrases are remembered for so long after the last one, seconds.
const REMEMBERED: i64 = 24 * 60 * 60;
/// A browser is known for so long after somebody signed in with it, seconds.
pub const KNOWN: i64 = 90 * 24 * 60 * 60;

pub(super) const TABLES: &str = "
    DROP TABLE IF EXISTS failures;
    CREATE TABLE IF NOT EXISTS tries (
        digest TEXT PRIMARY KEY, name TEXT NOT NULL, count INTEGER NOT NULL, last INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS browsers (
        digest TEXT PRIMARY KEY, name TEXT NOT NULL, seen INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;";

/// Where somebody tries from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What their browser was given when somebody signed in with it; none where it has nothing.
    pub browser: Option<String>,
    /// Their address, or the network that stands for it.
    pub address: IpAddr,
}

/// One count, and how many it lets through.
struct Count {
    digest: String,
    free: u32,
}

impl SignIn {
    /// Counts a try as a wrong one until it was right, so that many at once count too; or says how long is to be waited, seconds.
    /// What is typed as a name may be a passphrase: only digests of it are kept.
    pub(super) fn count(&self, name: &str, origin: &Origin, now: Timestamp) -> Result<i64, SignInError> {
        let (now, of) = (now.as_second(), self.pepper.digest("tried", name));
        let mut file = self.file();
        let all = file.transaction()?;
        let counts = self.counts(&all, name, origin, now)?;
        let mut wait = 0;
        for it in &counts {
            wait = wait.max(it.wait(&all, now)?);
        }
        if wait == 0 {
            for it in &counts {
                all.execute(
                    "INSERT INTO tries VALUES (?1, ?2, 1, ?3)
                     ON CONFLICT (digest) DO UPDATE SET count = count + 1, last = excluded.last",
                    params![it.digest, of, now],
                )?;
            }
            all.commit()?;
        }
        Ok(wait)
    }

    /// A try was right: it does not count, and neither do the earlier ones from there. Those from elsewhere still do.
    pub(super) fn was_right(&self, name: &str, origin: &Origin, now: Timestamp) -> Result<(), SignInError> {
        let mut file = self.file();
        let all = file.transaction()?;
        for it in self.counts(&all, name, origin, now.as_second())? {
            if it.free == TRIES {
                all.execute("DELETE FROM tries WHERE digest = ?1", [it.digest])?;
            } else {
                all.execute("UPDATE tries SET count = count - 1 WHERE digest = ?1", [it.digest])?;
            }
        }
        all.commit()?;
        Ok(())
    }

    fn counts(&self, all: &Transaction<'_>, name: &str, origin: &Origin, now: i64) -> Result<Vec<Count>, SignInError> {
        let count = |from: &str, free| Count { digest: self.pepper.digest("tried", &format!("{from}\n{name}")), free };
        if let Some(secret) = &origin.browser {
            let digest = self.pepper.digest("browser", secret);
            let find = "SELECT 1 FROM browsers WHERE digest = ?1 AND name = ?2 AND seen > ?3";
            if all.query_row(find, params![digest, name, now - KNOWN], |_| Ok(())).optional()?.is_some() {
                return Ok(vec![count(&digest, TRIES)]);
            }
        }
        Ok(vec![count(&origin.address.to_string(), TRIES), count("", TRIES_FROM_ELSEWHERE)])
    }

    /// Knows a browser again by what it is given here, in place of what it had. That is random, and says nothing of anybody.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn know_browser(&self, name: &str, had: Option<&str>, now: Timestamp) -> Result<String, SignInError> {
        let secret = random_secret()?;
        let mut file = self.file();
        let all = file.transaction()?;
        if let Some(had) = had {
            let had = self.pepper.digest("browser", had);
            all.execute("DELETE FROM browsers WHERE digest = ?1 AND name = ?2", params![had, name])?;
        }
        let digest = self.pepper.digest("browser", &secret);
        all.execute("INSERT INTO browsers VALUES (?1, ?2, ?3)", params![digest, name, now.as_second()])?;
        all.commit()?;
        Ok(secret)
    }

    /// Forgets the wrong passphrases that were tried for a name, from wherever, and the browsers that it signed in with.
    pub(super) fn forget_tries(&self, all: &Transaction<'_>, name: &str) -> Result<(), SignInError> {
        all.execute("DELETE FROM tries WHERE name = ?1", [self.pepper.digest("tried", name)])?;
        all.execute("DELETE FROM browsers WHERE name = ?1", [name])?;
        Ok(())
    }
}

/// Forgets what is long ago.
pub(super) fn tidy(file: &Connection, now: i64) -> Result<(), SignInError> {
    file.execute("DELETE FROM tries WHERE last <= ?1", [now - REMEMBERED])?;
    file.execute("DELETE FROM browsers WHERE seen <= ?1", [now - KNOWN])?;
    Ok(())
}

impl Count {
    /// How long is still to be waited, seconds.
    fn wait(&self, all: &Transaction<'_>, now: i64) -> Result<i64, SignInError> {
        let find = "SELECT count, last FROM tries WHERE digest = ?1 AND last > ?2";
        let held: Option<(u32, i64)> = all
            .query_row(find, params![self.digest, now - REMEMBERED], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (count, last) = held.unwrap_or_default();
        Ok((last + wait_after(count, self.free) - now).max(0))
    }
}

/// How long is waited after so many wrong passphrases of which some are free, seconds.
fn wait_after(count: u32, free: u32) -> i64 {
    let Some(beyond) = count.checked_sub(free) else { return 0 };
    WAIT.0.saturating_mul(1_i64.checked_shl(beyond.min(20)).unwrap_or(i64::MAX)).min(WAIT.1)
}

#[cfg(test)]
mod tests {
    use super::super::Tried;
    use super::super::tests::{GOOD, at, from, with_passphrase};
    use super::*;
    use crate::keys::Pepper;

    fn known(doors: &SignIn, seconds: i64) -> Origin {
        Origin { browser: Some(doors.know_browser("a", None, at(seconds)).unwrap()), ..from(9) }
    }

    /// A passphrase for this name that is not right, without stretching it; how long is to be waited, where it is not looked at.
    fn guessed(doors: &SignIn, name: &str, origin: &Origin, seconds: i64) -> i64 {
        doors.count(name, origin, at(seconds)).unwrap()
    }

    /// The right one.
    fn right(doors: &SignIn, name: &str, origin: &Origin, seconds: i64) -> i64 {
        let wait = guessed(doors, name, origin, seconds);
        if wait == 0 {
            doors.was_right(name, origin, at(seconds)).unwrap();
        }
        wait
    }

    /// So many guesses, each from another address.
    fn guessed_from_everywhere(doors: &SignIn, seconds: i64) {
        for address in 10..80 {
            guessed(doors, "a", &from(address), seconds);
        }
    }

    #[test]
    fn after_many_wrong_ones_the_right_one_waits_too() {
        let doors = with_passphrase();
        let tried = |given: &str, seconds| doors.try_passphrase("a", given, &from(1), at(seconds)).unwrap();
        for _ in 0..TRIES {
            assert_eq!(tried("wrong", 10), Tried::Wrong);
        }
        assert_eq!(tried(GOOD, 10), Tried::Wait(30));
        assert_eq!(tried("wrong", 40), Tried::Wrong);
        assert_eq!(tried(GOOD, 41), Tried::Wait(59));
        assert_eq!(tried(GOOD, 100), Tried::Fits);
        assert_eq!(guessed(&doors, "a", &from(1), 100), 0, "and what was wrong before counts no more");
        assert_eq!(guessed(&doors, "a", &from(1), 100), 0);
        assert_eq!((wait_after(4, 5), wait_after(7, 5), wait_after(60, 5)), (0, 120, 900));
    }

    #[test]
    fn guesses_from_elsewhere_keep_nobody_out() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let mine = known(&doors, 5);
        for _ in 0..TRIES {
            assert_eq!(guessed(&doors, "a", &from(1), 10), 0);
        }
        assert_eq!(right(&doors, "a", &from(1), 10), 30);
        assert_eq!(right(&doors, "a", &from(2), 10), 0, "another address has its own count");
        // Many addresses together come to an end as well: all but the known browser wait.
        guessed_from_everywhere(&doors, 20);
        assert!(right(&doors, "a", &from(2), 20) > 0);
        assert_eq!(right(&doors, "a", &mine, 20), 0);
        // The known browser guesses no more often than others, and is known for its own name alone.
        for _ in 0..TRIES {
            assert_eq!(guessed(&doors, "a", &mine, 30), 0);
        }
        assert_eq!(right(&doors, "a", &mine, 30), 30);
        for _ in 0..TRIES {
            assert_eq!(guessed(&doors, "b", &mine, 30), 0);
        }
        assert_eq!(right(&doors, "b", &from(9), 30), 30, "counted as from its address");
    }

    #[test]
    fn who_signs_in_from_anywhere_each_day_never_waits_for_it() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        for day in 1..100 {
            assert_eq!(right(&doors, "a", &from(1), day * (REMEMBERED - 1)), 0, "{day}");
        }
    }

    #[test]
    fn a_browser_is_forgotten_in_time_and_with_the_passphrase() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let mine = known(&doors, 5);
        guessed_from_everywhere(&doors, KNOWN + 5);
        assert!(right(&doors, "a", &mine, KNOWN + 5) > 0);
        let mine = known(&doors, KNOWN);
        let link = doors.link("a", at(KNOWN + 6)).unwrap();
        doors.set_up(&link, GOOD, at(KNOWN + 6)).unwrap();
        guessed_from_everywhere(&doors, KNOWN + 7);
        assert!(right(&doors, "a", &mine, KNOWN + 7) > 0, "whoever set it up may be another");
    }

    #[test]
    fn a_browser_that_signs_in_again_has_one_count_and_what_is_long_ago_is_gone() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let first = doors.know_browser("a", None, at(0)).unwrap();
        let second = doors.know_browser("a", Some(&first), at(1)).unwrap();
        doors.know_browser("b", Some(&second), at(1)).unwrap();
        guessed(&doors, "a", &from(1), 2);
        let rows = |table: &str| -> i64 {
            doors.file().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        assert_eq!((rows("browsers"), rows("tries")), (2, 2), "nobody takes another's place");
        tidy(&doors.file(), at(2 + REMEMBERED).as_second()).unwrap();
        assert_eq!((rows("browsers"), rows("tries")), (2, 0));
        tidy(&doors.file(), at(1 + KNOWN).as_second()).unwrap();
        assert_eq!(rows("browsers"), 0);
    }
}
