//! Passphrases: when one is good enough, and how it is kept.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use super::SignInError;
use crate::keys::Pepper;

/// How long it has to be, characters: three words, as the National Cyber Security Centre advises.
const SHORTEST: usize = 14;
/// How long it may be, characters.
const LONGEST: usize = 200;
/// How many characters it has to have that differ.
const DIFFERENT: usize = 6;

/// Why a passphrase is too easy to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It is too short.
    #[error("Use {SHORTEST} characters or more. Three random words with spaces are good.")]
    Short,
    /// It is longer than anybody types.
    #[error("Use {LONGEST} characters or fewer.")]
    Long,
    /// It has few characters that differ.
    #[error("Use more different characters. Three random words with spaces are good.")]
    Monotonous,
    /// It is built around the sign-in name.
    #[error("Leave your sign-in name out of it.")]
    HasTheName,
}

/// Whether a passphrase may be kept for this member of staff.
pub(super) fn strong_enough(chosen: &str, name: &str) -> Result<(), Weak> {
    let length = chosen.chars().count();
    let different: std::collections::BTreeSet<_> = chosen.chars().collect();
    match () {
        () if length < SHORTEST => Err(Weak::Short),
        () if length > LONGEST => Err(Weak::Long),
        () if different.len() < DIFFERENT => Err(Weak::Monotonous),
        () if name.len() > 3 && chosen.to_lowercase().contains(&name.to_lowercase()) => Err(Weak::HasTheName),
        () => Ok(()),
    }
}

/// As it is kept. What is stretched is a keyed digest: who has the file without the master key cannot even begin to guess.
pub(super) fn stretched(pepper: &Pepper, name: &str, chosen: &str) -> Result<String, SignInError> {
    let hash = Argon2::default().hash_password(digest(pepper, name, chosen).as_bytes()).map_err(|it| failed(&it))?;
    Ok(hash.to_string())
}

/// Whether a passphrase is the one that is kept; with none kept, as much is worked out, for nothing.
pub(super) fn fits(pepper: &Pepper, name: &str, given: &str, kept: Option<&str>) -> Result<bool, SignInError> {
    let Some(kept) = kept else {
        stretched(pepper, name, given)?;
        return Ok(false);
    };
    let kept = PasswordHash::new(kept).map_err(|error| SignInError::Hash(error.to_string()))?;
    Ok(Argon2::default().verify_password(digest(pepper, name, given).as_bytes(), &kept).is_ok())
}

fn digest(pepper: &Pepper, name: &str, passphrase: &str) -> String {
    pepper.digest("passphrase", &format!("{name}\n{passphrase}"))
}

fn failed(error: &argon2::password_hash::Error) -> SignInError {
    SignInError::Hash(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_easy_to_guess_is_refused() {
        assert_eq!(strong_enough("kettle clay hut", "a.okafor"), Ok(()));
        assert_eq!(strong_enough("kettle clay h", "a.okafor"), Err(Weak::Short));
        assert_eq!(strong_enough("abababababababab", "a.okafor"), Err(Weak::Monotonous));
        assert_eq!(strong_enough("I am A.Okafor and 1", "a.okafor"), Err(Weak::HasTheName));
        assert_eq!(strong_enough(&"kettle ".repeat(40), "a.okafor"), Err(Weak::Long));
    }

    #[test]
    fn the_same_passphrase_is_kept_otherwise_each_time_and_is_bound_to_its_name() {
        let pepper = Pepper::of_test();
        let kept = stretched(&pepper, "a", "kettle clay hut").unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert_ne!(kept, stretched(&pepper, "a", "kettle clay hut").unwrap());
        assert!(fits(&pepper, "a", "kettle clay hut", Some(&kept)).unwrap());
        assert!(!fits(&pepper, "b", "kettle clay hut", Some(&kept)).unwrap());
        assert!(!fits(&pepper, "a", "kettle clay hat", Some(&kept)).unwrap());
    }
}
