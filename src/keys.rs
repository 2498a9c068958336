//! Keys: one for each person, kept outside the log and wrapped by a master key. Forgetting a person is destroying a key.
//!
//! AES-256-GCM with a random nonce; what is authenticated beside the text is the person and the event it is sealed in.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, RwLock};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD as BASE64, URL_SAFE_NO_PAD};
use hearth_events::{CodecError, Event, EventId, NotSealed, Opener, PersonId, PlannedEvent, Sealer, draft, hex};
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::Sha256;
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 12;
type KeyBytes = Zeroizing<[u8; 32]>;

/// Something is wrong with the keys; nothing was sealed or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// The master key is not 64 hexadecimal digits.
    #[error("{0}: not a master key of 64 hexadecimal digits; put back the key this data was sealed with")]
    MasterKey(PathBuf),
    /// The master key is not the one the keys of this log were wrapped with.
    #[error("the master key does not fit the keys of this log; give the one it was created with")]
    WrongMasterKey,
    /// The file of wrapped keys could not be used.
    #[error("the file of keys cannot be used: {0}")]
    Store(#[from] rusqlite::Error),
    /// The machine gave no random numbers.
    #[error("the machine gives no random numbers: {0}")]
    Random(String),
}

/// All keys of one log.
pub struct Keyring {
    master: KeyBytes,
    store: Mutex<Connection>,
    known: RwLock<BTreeMap<PersonId, KeyBytes>>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring")
    }
}

impl Keyring {
    /// Opens the keys in a folder, with the master key in `master_file`; makes both where there are none yet.
    ///
    /// # Errors
    /// When a file cannot be used or the master key does not fit.
    pub fn open(folder: &Path, master_file: &Path) -> Result<Self, KeyError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |error| KeyError::File { path, error }
        };
        fs::create_dir_all(folder).map_err(at(folder))?;
        let store_file = folder.join("keys.sqlite");
        if !master_file.exists() {
            if store_file.exists() {
                return Err(KeyError::MasterKey(master_file.to_owned()));
            }
            make_master_key(master_file)?;
        }
        let text = Zeroizing::new(fs::read_to_string(master_file).map_err(at(master_file))?);
        let master = from_hex(text.trim()).ok_or_else(|| KeyError::MasterKey(master_file.to_owned()))?;
        let store = Connection::open(&store_file)?;
        store.busy_timeout(std::time::Duration::from_secs(30))?;
        store.pragma_update(None, "journal_mode", "WAL")?;
        store.pragma_update(None, "synchronous", "FULL")?;
        store.pragma_update(None, "secure_delete", "ON")?;
        store.execute_batch(
            "CREATE TABLE IF NOT EXISTS person_key (person BLOB PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS master_check (one INTEGER PRIMARY KEY CHECK (one = 1), wrapped BLOB NOT NULL) STRICT;",
        )?;
        let ring = Self { master, store: Mutex::new(store), known: RwLock::new(BTreeMap::new()) };
        ring.check_master_key()?;
        Ok(ring)
    }

    fn check_master_key(&self) -> Result<(), KeyError> {
        const TEXT: &[u8] = b"hearth master key";
        let store = self.store();
        let wrapped = encrypt(&self.master, TEXT, b"check")?;
        store.execute("INSERT OR IGNORE INTO master_check VALUES (1, ?1)", params![wrapped])?;
        let held: Vec<u8> = store.query_row("SELECT wrapped FROM master_check", [], |row| row.get(0))?;
        decrypt(&self.master, &held, b"check")
            .filter(|text| text.as_slice() == TEXT)
            .ok_or(KeyError::WrongMasterKey)?;
        Ok(())
    }

    fn store(&self) -> std::sync::MutexGuard<'_, Connection> {
        self.store.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// A keyed digest of a text for one purpose, in hex: says whether two texts are the same and nothing else.
    pub fn digest(&self, purpose: &str, text: &[u8]) -> String {
        hex(&self.mac(purpose, text))
    }

    /// What keyed digests of one purpose are made with.
    pub fn pepper(&self, purpose: &str) -> Pepper {
        Pepper(Zeroizing::new(self.mac("pepper", purpose.as_bytes())))
    }

    /// Sixty-four bits of a keyed digest.
    pub fn digest_bits(&self, purpose: &str, text: &[u8]) -> u64 {
        self.mac(purpose, text).iter().take(8).fold(0, |bits, byte| (bits << 8) | u64::from(*byte))
    }

    /// Seals under a key that follows from the master key and a secret that is kept elsewhere, for one purpose.
    ///
    /// # Errors
    /// When the machine gives no random numbers, or the text is too long.
    pub fn seal_under(&self, secret: &str, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        encrypt(&self.key_under(secret, purpose), plain, purpose.as_bytes())
    }

    /// Opens what was sealed under the same secret for the same purpose; none where it was not.
    pub fn open_under(&self, secret: &str, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        decrypt(&self.key_under(secret, purpose), sealed, purpose.as_bytes())
    }

    fn key_under(&self, secret: &str, purpose: &str) -> KeyBytes {
        Zeroizing::new(self.mac(&format!("{purpose}-key"), secret.as_bytes()))
    }

    fn mac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        let derived = authenticated(self.master.as_slice(), &[b"hearth", purpose.as_bytes()]);
        authenticated(&derived, &[text])
    }

    /// The key of a person, where there is one.
    fn key(&self, person: PersonId) -> Result<Option<KeyBytes>, KeyError> {
        if let Some(key) = self.known.read().ok().and_then(|known| known.get(&person).cloned()) {
            return Ok(Some(key));
        }
        let key = stored_key(&self.store(), &self.master, person)?;
        if let (Some(key), Ok(mut known)) = (&key, self.known.write()) {
            known.insert(person, key.clone());
        }
        Ok(key)
    }

    /// Seals events, making and keeping the keys of persons who have none yet. The keys are durable before this returns.
    ///
    /// # Errors
    /// When keys cannot be made or kept; nothing may be recorded then.
    pub fn seal(&self, events: &[(EventId, Event)]) -> Result<Vec<PlannedEvent>, CodecError> {
        loop {
            let mut sealing = Sealing { ring: self, made: BTreeMap::new() };
            let drafts: Result<Vec<_>, _> =
                events.iter().map(|(id, event)| draft(*id, event.clone(), &mut sealing)).collect();
            let drafts = drafts?;
            let made = sealing.made;
            // Another process may have made a key for the same person in the meantime: then seal again under that one.
            if self.keep(&made).map_err(|error| NotSealed(error.to_string()))? {
                return Ok(drafts);
            }
        }
    }

    /// Seals the content of a file for a person, bound to the event that tells of it. The person's key is durable before this
    /// returns.
    ///
    /// # Errors
    /// When a key cannot be made or kept; nothing may be written then.
    pub fn seal_content(&self, person: PersonId, bound_to: EventId, content: &[u8]) -> Result<Vec<u8>, KeyError> {
        loop {
            if let Some(key) = self.key(person)? {
                return encrypt(&key, content, &content_binding(person, bound_to));
            }
            // Another process may make one first: then that is the key.
            let _ours = self.keep(&BTreeMap::from([(person, random_key()?)]))?;
        }
    }

    /// The content of a file in clear; none where the person's key has been destroyed or does not fit.
    pub fn open_content(&self, person: PersonId, bound_to: EventId, sealed: &[u8]) -> Option<Vec<u8>> {
        let key = self.key(person).ok().flatten()?;
        decrypt(&key, sealed, &content_binding(person, bound_to))
    }

    fn keep(&self, made: &BTreeMap<PersonId, KeyBytes>) -> Result<bool, KeyError> {
        if made.is_empty() {
            return Ok(true);
        }
        let mut all_ours = true;
        let mut store = self.store();
        let transaction = store.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for (person, key) in made {
            let wrapped = encrypt(&self.master, key.as_slice(), &person.to_bytes())?;
            let kept = transaction.execute(
                "INSERT OR IGNORE INTO person_key VALUES (?1, ?2)",
                params![person.to_bytes().as_slice(), wrapped],
            )?;
            all_ours &= kept == 1;
        }
        transaction.commit()?;
        drop(store);
        if all_ours && let Ok(mut known) = self.known.write() {
            known.extend(made.iter().map(|(person, key)| (*person, key.clone())));
        }
        Ok(all_ours)
    }
}

impl Opener for Keyring {
    fn open(&self, person: PersonId, bound_to: EventId, sealed: &str) -> Option<Vec<u8>> {
        let key = self.key(person).ok().flatten()?;
        decrypt(&key, &BASE64.decode(sealed).ok()?, &binding(person, bound_to))
    }
}

/// One run of sealing; keys that had to be made are kept when it is done.
struct Sealing<'a> {
    ring: &'a Keyring,
    made: BTreeMap<PersonId, KeyBytes>,
}

impl Sealer for Sealing<'_> {
    fn seal(&mut self, person: PersonId, bound_to: EventId, plain: &[u8]) -> Result<String, NotSealed> {
        let failed = |error: KeyError| NotSealed(error.to_string());
        let key = match self.made.get(&person) {
            Some(key) => key.clone(),
            None => {
                if let Some(key) = self.ring.key(person).map_err(failed)? {
                    key
                } else {
                    let key = random_key().map_err(failed)?;
                    self.made.insert(person, key.clone());
                    key
                }
            }
        };
        encrypt(&key, plain, &binding(person, bound_to)).map(|sealed| BASE64.encode(sealed)).map_err(failed)
    }
}

fn binding(person: PersonId, bound_to: EventId) -> Vec<u8> {
    [b"hearth.v1".as_slice(), &person.to_bytes(), &bound_to.to_bytes()].concat()
}

/// What binds a file is never what binds a text within an event.
fn content_binding(person: PersonId, bound_to: EventId) -> Vec<u8> {
    [b"hearth.file.v1".as_slice(), &person.to_bytes(), &bound_to.to_bytes()].concat()
}

fn stored_key(store: &Connection, master: &KeyBytes, person: PersonId) -> Result<Option<KeyBytes>, KeyError> {
    let wrapped: Option<Vec<u8>> = store
        .prepare_cached("SELECT wrapped FROM person_key WHERE person = ?1")?
        .query_row(params![person.to_bytes().as_slice()], |row| row.get(0))
        .optional()?;
    let Some(wrapped) = wrapped else { return Ok(None) };
    let plain = decrypt(master, &wrapped, &person.to_bytes()).ok_or(KeyError::WrongMasterKey)?;
    let bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| KeyError::WrongMasterKey)?;
    Ok(Some(Zeroizing::new(bytes)))
}

fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| KeyError::Random(error.to_string()))?;
    Ok(bytes)
}

fn random_key() -> Result<KeyBytes, KeyError> {
    random().map(Zeroizing::new)
}

/// Two hundred and fifty-six random bits, for what opens a door: a link, a session.
///
/// # Errors
/// When the machine gives no random numbers.
pub fn random_secret() -> Result<String, KeyError> {
    let bytes: [u8; 32] = random()?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What keyed digests are made with where nothing is sealed: derived from the master key, so that a file alone gives nothing away.
pub struct Pepper(KeyBytes);

impl Pepper {
    /// A keyed digest of a text for one purpose, in hex.
    pub fn digest(&self, purpose: &str, text: &str) -> String {
        hex(&authenticated(self.0.as_slice(), &[purpose.as_bytes(), b"\n", text.as_bytes()]))
    }

    /// One for tests, the same each time.
    #[cfg(test)]
    pub(crate) fn of_test() -> Self {
        Self(Zeroizing::new([7; 32]))
    }
}

/// Sixty-four random bits, for a reference that a sender did not give.
///
/// # Errors
/// When the machine gives no random numbers.
pub fn random_bits() -> Result<u64, KeyError> {
    random().map(u64::from_be_bytes)
}

/// A hundred and twenty-eight random bits in hex, for an identity.
///
/// # Errors
/// When the machine gives no random numbers.
pub fn random_id() -> Result<String, KeyError> {
    random().map(|bytes| format!("{:032x}", u128::from_be_bytes(bytes)))
}

fn encrypt(key: &KeyBytes, plain: &[u8], bound: &[u8]) -> Result<Vec<u8>, KeyError> {
    let nonce: [u8; NONCE_BYTES] = random()?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(**key));
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: bound })
        .map_err(|_| KeyError::Random("the text is too long to be sealed".to_owned()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn decrypt(key: &KeyBytes, sealed: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.split_at_checked(NONCE_BYTES)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(**key));
    cipher.decrypt(&Nonce::from(nonce), Payload { msg: text, aad: bound }).ok()
}

fn authenticated(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn make_master_key(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |error| KeyError::File { path: path.to_owned(), error };
    let key = random_key()?;
    let text = Zeroizing::new(hex(key.as_slice()));
    // Written whole under another name first: two processes that start together end up with one key.
    let fresh = path.with_extension(format!("{}.new", random_id()?));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    let linked = fs::hard_link(&fresh, path);
    fs::remove_file(&fresh).map_err(failed)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(failed(error)),
        Ok(()) | Err(_) => {
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
            fs::File::open(folder).and_then(|it| it.sync_all()).map_err(failed)
        }
    }
}

fn from_hex(text: &str) -> Option<KeyBytes> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = Zeroizing::new([0; 32]);
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_events::Personal;

    fn renamed(person: PersonId) -> Event {
        let details = hearth_events::PersonDetails { name: "Ms Grace Hughes".into(), ..Default::default() };
        let person = Personal::open_for(person, details);
        hearth_events::PersonRenamed { account: "1".parse().unwrap(), person, from: jiff::civil::date(2015, 4, 1) }
            .into()
    }

    #[test]
    fn what_one_process_seals_another_opens_and_nothing_lies_in_clear() {
        let folder = tempfile::tempdir().unwrap();
        let master = folder.path().join("master.key");
        let one = Keyring::open(folder.path(), &master).unwrap();
        let other = Keyring::open(folder.path(), &master).unwrap();
        let person = PersonId::from_bits(7);
        for ring in [&one, &other] {
            let sealed = ring.seal(&[(EventId::from_bits(1), renamed(person))]).unwrap();
            assert!(!sealed[0].data.get().contains("Grace"));
            let event = hearth_events::decode_event("PersonRenamed", 1, sealed[0].data.get()).unwrap();
            let Event::PersonRenamed(it) = event else { panic!("another event") };
            assert_eq!(it.person.opened(&one).unwrap().name, "Ms Grace Hughes");
            assert_eq!(it.person.opened(&other).unwrap().name, "Ms Grace Hughes");
        }
    }

    #[test]
    fn sealed_text_cannot_be_moved_to_another_event_or_person() {
        let folder = tempfile::tempdir().unwrap();
        let ring = Keyring::open(folder.path(), &folder.path().join("master.key")).unwrap();
        let (person, event) = (PersonId::from_bits(7), EventId::from_bits(1));
        let mut value = Personal::open_for(person, "text".to_owned());
        let mut sealing = Sealing { ring: &ring, made: BTreeMap::new() };
        value.seal(event, &mut sealing).unwrap();
        assert!(ring.keep(&sealing.made).unwrap());
        let Personal::Sealed { sealed, .. } = value else { panic!("not sealed") };
        assert!(ring.open(person, event, &sealed).is_some());
        assert!(ring.open(person, EventId::from_bits(2), &sealed).is_none());
        assert!(ring.open(PersonId::from_bits(8), event, &sealed).is_none());
    }

    #[test]
    fn another_master_key_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let master = folder.path().join("master.key");
        drop(Keyring::open(folder.path(), &master).unwrap());
        fs::write(&master, "ab".repeat(32)).unwrap();
        assert!(matches!(Keyring::open(folder.path(), &master), Err(KeyError::WrongMasterKey)));
        fs::remove_file(&master).unwrap();
        assert!(Keyring::open(folder.path(), &master).is_err(), "a lost master key is not replaced in silence");
    }
}
