//! Which dwellings a record is about, and that somebody looked at it or signed in: events in the
//! stream of whoever did.

use hearth_events::{EventId, LogClock, RecordKind, RecordViewed, StaffSignedIn, StreamName, Uprn};
use serde_json::Value;

use crate::clock::{day_in_england, system_now};
use crate::keys::random_id;
use crate::service::looks::Look;
use crate::service::touched::called_in;
use crate::service::{Service, ServiceError};
use crate::store::{Expected, StoreError};

/// The dwellings that a record is about; none where there is no such record.
///
/// # Errors
/// When the log or the views cannot be read.
pub async fn dwellings_of(service: &Service, kind: RecordKind, record: &str) -> Result<Vec<Uprn>, ServiceError> {
    match kind {
        RecordKind::Dwelling | RecordKind::List => Ok(record.parse().into_iter().collect()),
        RecordKind::Account => {
            let Ok(account) = record.parse() else { return Ok(Vec::new()) };
            Ok(service.views.uprn_of_account(&account)?.into_iter().collect())
        }
        RecordKind::Notification => {
            let Ok(reference) = record.parse() else { return Ok(Vec::new()) };
            Ok(service.touched(&reference).await?.into_iter().collect())
        }
    }
}

/// The dwellings that a notification names in whatever way, before it is received.
///
/// # Errors
/// When the views cannot be read.
pub fn dwellings_told(service: &Service, told: &Value) -> Result<Vec<Uprn>, ServiceError> {
    Ok(service.dwellings_called(&called_in(told))?.into_iter().collect())
}

/// Records a look.
///
/// # Errors
/// When the log does not take it.
pub async fn looked(service: &Service, look: Look) -> Result<(), ServiceError> {
    let Look { staff, kind, record, because, session } = look;
    let really = system_now();
    let when = if session.is_empty() { day_in_england(really).to_string() } else { session };
    let why = because.map_or("", hearth_events::LookedBecause::as_str);
    let id = EventId::derived(&["record-viewed", &staff, kind.as_str(), &record, why, &when]);
    let stream = StreamName::staff(&staff);
    let really_at = (service.clock.kind() == LogClock::File).then_some(really);
    let viewed = RecordViewed { staff: staff.clone(), kind, record, because, really_at };
    let planned = service.keys.seal(&[(id, viewed.into())])?;
    match service.append(&stream, Expected::Any, &planned, &staff, "looked at a record").await {
        // Looked at again in the same session: it is recorded already.
        Ok(_) | Err(ServiceError::Store(StoreError::Conflict { .. })) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Records that a member of staff signed in.
///
/// # Errors
/// When the log does not take it.
pub async fn signed_in(service: &Service, it: StaffSignedIn) -> Result<(), ServiceError> {
    let (stream, staff) = (StreamName::staff(&it.staff), it.staff.clone());
    let planned = service.keys.seal(&[(EventId::derived(&["signed-in", &staff, &random_id()?]), it.into())])?;
    service.append(&stream, Expected::Any, &planned, &staff, "signed in").await?;
    Ok(())
}
