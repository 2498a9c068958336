//! What a notification changed when it took effect: each dwelling before its first step there, and after it.

use hearth_events::{NotificationRef, RecordKind, Recorded, StreamName, Uprn, decode};
use hearth_projections::{Difference, DwellingState};

use crate::web::App;
use crate::web::problem::Problem;

/// What is said where it changed nothing of that.
pub(super) const NOTHING: &str = "It changed nobody\u{2019}s liability, awards or charge.";

/// What it changed, dwelling by dwelling. What was changed since, by others or because it was taken back, is not in it.
///
/// # Errors
/// When the log cannot be read.
pub(super) async fn by(app: &App, reference: &NotificationRef) -> Result<Vec<Difference>, Problem> {
    let found = app.backend().dwellings_of(RecordKind::Notification, reference.as_str()).await;
    let mut all = Vec::new();
    for uprn in found.map_err(|error| Problem::unavailable(&error))? {
        let mut steps = Vec::new();
        for stored in app.backend().store().read_stream(&StreamName::dwelling(&uprn), 0).await? {
            steps.push(decode(&stored).map_err(|error| Problem::internal(&error))?);
        }
        all.extend(first_change(uprn, &steps, reference)?);
    }
    Ok(all)
}

/// The difference that the first steps in a row make which a notification caused; none where it caused none.
fn first_change(uprn: Uprn, steps: &[Recorded], by: &NotificationRef) -> Result<Option<Difference>, Problem> {
    let is_its = |it: &&Recorded| it.metadata.causation == by.as_str();
    let before = steps.iter().take_while(|it| !is_its(it)).count();
    let its = steps.iter().skip(before).take_while(is_its).count();
    if its == 0 {
        return Ok(None);
    }
    let state = |count: usize| {
        let mut state = DwellingState::default();
        for it in steps.iter().take(count) {
            state.apply(it).map_err(|error| Problem::internal(&error))?;
        }
        Ok::<_, Problem>(state)
    };
    Ok(Some(Difference::between(uprn, &state(before)?, &state(before + its)?)))
}
