//! Many notifications at once: taken in together, decided in the order of the file wherever they meet at a dwelling.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use hearth_events::{NotificationRef, Status};
use serde_json::Value;

use crate::intake::{Taken, receive};
use crate::processor::{lapse, process};
use crate::service::{ReceivedAt, Refusal, Sender, Service, ServiceError};
use hearth_events::LogClock;

/// How many are taken in, and at most decided, at once.
pub const TOGETHER: usize = 64;

/// What became of one notification.
#[derive(Debug)]
pub enum Submitted {
    /// It is safe.
    Taken {
        /// What the council calls it.
        reference: NotificationRef,
        /// Whether it was received before.
        known: bool,
        /// What it has come to.
        status: Status,
    },
    /// It was not taken.
    Refused(Refusal),
}

/// Submits notifications from a file, at most [`TOGETHER`] of them; one answer each, in their order.
///
/// # Errors
/// When the log, the views or the keys cannot be used; what was taken in by then is safe and is decided later.
pub async fn submit(service: &Service, values: &[Value]) -> Result<Vec<Submitted>, ServiceError> {
    // A simulated clock stands where the last notification was received, so there each is decided before the next arrives.
    let is_simulated = service.clock.kind() == LogClock::File;
    let at_once = if is_simulated { 1 } else { TOGETHER };
    let mut submitted = Vec::new();
    for values in values.chunks(at_once) {
        let taken = values.iter().map(|value| receive(service, value, &Sender::File, ReceivedAt::AsStated));
        let taken = join_all(taken).await;
        // What lapsed by the day on which this arrived had lapsed before it did; and who is asked now is told now.
        if is_simulated {
            lapse(service).await?;
        }
        submitted.extend(decided(service, values, taken).await?);
        if is_simulated {
            lapse(service).await?;
        }
    }
    Ok(submitted)
}

async fn decided(
    service: &Service,
    values: &[Value],
    taken: Vec<Result<Taken, Refusal>>,
) -> Result<Vec<Submitted>, ServiceError> {
    let mut submitted = Vec::new();
    let mut wave: Vec<Taken> = Vec::new();
    let mut met: BTreeSet<String> = BTreeSet::new();
    let mut results = Vec::new();
    for (value, taken) in values.iter().zip(taken) {
        match taken {
            Err(refusal) => results.push(Err(refusal)),
            Ok(taken) => {
                let places = places(service, value)?;
                if places.is_none() || places.iter().flatten().any(|it| met.contains(it)) {
                    run(service, &mut wave, &mut submitted).await?;
                    met.clear();
                }
                results.push(Ok(taken.reference.clone()));
                wave.push(taken);
                met.extend(places.iter().flatten().cloned());
                if places.is_none() {
                    run(service, &mut wave, &mut submitted).await?;
                }
            }
        }
    }
    run(service, &mut wave, &mut submitted).await?;
    let mut decided = submitted.into_iter();
    Ok(results
        .into_iter()
        .filter_map(|it| match it {
            Ok(_) => decided.next(),
            Err(refusal) => Some(Submitted::Refused(refusal)),
        })
        .collect())
}

/// Decides those that wait, all at once, as no two of them meet at a dwelling.
async fn run(service: &Service, wave: &mut Vec<Taken>, done: &mut Vec<Submitted>) -> Result<(), ServiceError> {
    let decide = |it: &Taken| {
        let taken = it.clone();
        async move {
            let status = process(service, &taken.reference).await?;
            Ok::<_, ServiceError>(Submitted::Taken { reference: taken.reference, known: taken.known, status })
        }
    };
    for decided in join_all(wave.iter().map(decide)).await {
        done.push(decided?);
    }
    wave.clear();
    Ok(())
}

/// The dwellings a notification names; none where that cannot be told before it is decided.
fn places(service: &Service, value: &Value) -> Result<Option<Vec<String>>, ServiceError> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let mut places = Vec::new();
    if let Some(account) = text("/account") {
        let uprn = account.parse().ok().map(|it| service.views.uprn_of_account(&it)).transpose()?.flatten();
        // A notification before it may be about to open the account.
        let Some(uprn) = uprn else { return Ok(None) };
        places.push(uprn.to_string());
    }
    for dwelling in ["/dwelling", "/details/from_dwelling"] {
        if value.pointer(dwelling).is_some_and(|it| !it.is_null()) {
            let Some(uprn) = text(&format!("{dwelling}/uprn")) else { return Ok(None) };
            places.push(uprn);
        }
    }
    Ok(Some(places))
}
