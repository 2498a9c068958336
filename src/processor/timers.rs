//! What comes to pass by itself, on a day that was known before: the ends of awards.
//!
//! A decision schedules them as events ([`AwardExpiryScheduled`](hearth_events::AwardExpiryScheduled)) and ends the award on
//! that day already, so nothing is owed otherwise before this is recorded or after. When the day comes it is recorded once,
//! whichever process is first: the id follows from what expires.

use hearth_events::{AwardExpired, EventId, StreamName, Uprn};
use jiff::civil::Date;

use super::load::premises_of;
use crate::clock::day_in_england;
use crate::service::{Service, ServiceError};
use crate::store::{Expected, StoreError};

/// What came of looking for awards that came to their end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiries {
    /// How many ends were recorded.
    pub recorded: usize,
    /// At how many dwellings that could not be done.
    pub stuck: usize,
}

/// Records the ends that have come by today, as the clock of the log has it. Between two dwellings it asks whether it should
/// stop. What the view has not heard of yet is found the next time.
///
/// # Errors
/// When the view cannot be read. What cannot be recorded now stays for the next time.
pub async fn expire(service: &Service, is_stopping: impl Fn() -> bool) -> Result<Expiries, ServiceError> {
    const AT_ONCE: usize = 1_000;
    let today = day_in_england(service.clock.now());
    let mut done = Expiries::default();
    for uprn in service.views.expiring(today, AT_ONCE)? {
        if is_stopping() {
            break;
        }
        match expired(service, &uprn, today).await {
            Ok(recorded) => done.recorded += recorded,
            // Somebody else wrote to the dwelling: what is then still due is found again.
            Err(ServiceError::Store(StoreError::Conflict { .. })) => {}
            Err(error) => {
                tracing::error!(dwelling = %uprn, %error, "the ends of awards at dwelling {uprn} could not be recorded yet");
                done.stuck += 1;
            }
        }
    }
    Ok(done)
}

/// The same until nothing is left, for a command that ends: the views are brought to the head of the log in between.
///
/// # Errors
/// As [`expire`], and when a view cannot follow.
pub async fn expire_all(service: &Service) -> Result<usize, ServiceError> {
    let mut recorded = 0;
    loop {
        service.catch_up().await?;
        let done = expire(service, || false).await?;
        recorded += done.recorded;
        if done.recorded == 0 {
            return Ok(recorded);
        }
    }
}

async fn expired(service: &Service, uprn: &Uprn, today: Date) -> Result<usize, ServiceError> {
    let state = premises_of(service, uprn.clone()).await?.state;
    let due: Vec<_> = state.accounts.iter().flat_map(|it| it.expired_by(today)).collect();
    let Some(revision) = state.revision.filter(|_| !due.is_empty()) else { return Ok(0) };
    let events: Vec<_> = due.into_iter().map(|it| (id_of(&it), it.into())).collect();
    let planned = service.keys.seal(&events)?;
    service.append(&StreamName::dwelling(uprn), Expected::Exact(revision), &planned, "timer", "timer").await?;
    tracing::info!(dwelling = %uprn, "{} awards came to their end at dwelling {uprn}", planned.len());
    Ok(planned.len())
}

fn id_of(it: &AwardExpired) -> EventId {
    let (on, reason) = (it.on.to_string(), format!("{:?}", it.reason));
    EventId::derived(&["expired", it.account.as_str(), it.code.as_str(), &on, &reason])
}
