//! Bearer tokens for the API: issued, listed, revoked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth_events::{EventId, Role, TokenIssued, TokenRevoked, hex};
use jiff::Timestamp;

use super::list::{List, hashed, record};
use super::{AccessError, PREFIX, can_be_named};
use crate::store::EventStore;

/// A token as it is listed; the token itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TokenEntry {
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was revoked; none while it is accepted.
    pub revoked_at: Option<Timestamp>,
}

/// Issues a token and gives it, for the only time.
///
/// A name is used by one token at a time. After it was revoked it may be used again: what was sent under a name stays
/// recognisable when its token is renewed.
///
/// # Errors
/// When the name cannot be used, or the store does not take it.
pub async fn issue(store: &dyn EventStore, role: Role, name: &str, now: Timestamp) -> Result<String, AccessError> {
    if !can_be_named(name) {
        return Err(AccessError::BadName(name.to_owned()));
    }
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| AccessError::NoRandom(error.to_string()))?;
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random));
    let token_hash = hex(&hashed(&token));
    let id = EventId::derived(&["token-issued", &token_hash]);
    let issued = TokenIssued { name: name.to_owned(), role, token_hash };
    record(store, id, issued.into(), now, |list| {
        if list.live(name).is_some() || list.staff.contains_key(name) {
            return Err(AccessError::NameTaken(name.to_owned()));
        }
        Ok(())
    })
    .await?;
    Ok(token)
}

/// Revokes the token of this name.
///
/// # Errors
/// When no token of this name is in use, or the store does not take it.
pub async fn revoke(store: &dyn EventStore, name: &str, now: Timestamp) -> Result<(), AccessError> {
    let list = List::read(store).await?;
    let (hash, _) = list.live(name).ok_or_else(|| AccessError::Unknown(name.to_owned()))?;
    let id = EventId::derived(&["token-revoked", &hex(hash)]);
    let revoked = TokenRevoked { name: name.to_owned() };
    record(store, id, revoked.into(), now, |list| match list.live(name) {
        Some((found, _)) if found == hash => Ok(()),
        Some(_) | None => Err(AccessError::Unknown(name.to_owned())),
    })
    .await
}

/// Every token there has been, in the order in which they were issued.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(store: &dyn EventStore) -> Result<Vec<TokenEntry>, AccessError> {
    Ok(List::read(store).await?.entries)
}
