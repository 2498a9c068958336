//! A dwelling's stream step by step: what is shown is folded up to a step, the last where none is asked for.

use std::collections::BTreeSet;

use hearth_events::{NotificationRef, Position, Recorded, StreamName, Uprn, decode};
use hearth_projections::DwellingState;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::web::App;
use crate::web::fenced::closed;
use crate::web::pages::text::Text;
use crate::web::problem::Problem;

/// A dwelling as it was known after a step.
pub(super) struct History {
    /// Every event of its stream.
    pub(super) steps: Vec<Recorded>,
    /// How many of them count.
    pub(super) at: usize,
    /// What they come to.
    pub(super) state: DwellingState,
    /// Notifications that told some of the steps and are not for whoever looks: they are about another dwelling too.
    closed: BTreeSet<NotificationRef>,
}

/// Up to where the steps count.
#[derive(Clone, Copy, Default)]
pub(super) struct Until {
    /// So many steps; out of range, the nearest there is.
    pub(super) step: Option<usize>,
    /// Those recorded up to then.
    pub(super) known_at: Option<Timestamp>,
}

/// Reads the stream of a dwelling, for somebody who looks.
pub(super) async fn read(app: &App, name: &str, uprn: &Uprn, until: Until) -> Result<Option<History>, Problem> {
    let mut steps = Vec::new();
    for stored in app.backend().store().read_stream(&StreamName::dwelling(uprn), 0).await? {
        steps.push(decode(&stored).map_err(|error| Problem::internal(&error))?);
    }
    if steps.is_empty() {
        return Ok(None);
    }
    let by_then = |known_at: Timestamp| steps.iter().take_while(|it| it.recorded_at <= known_at).count();
    let at = until.step.or(until.known_at.map(by_then)).unwrap_or(steps.len()).clamp(1, steps.len());
    let mut state = DwellingState::default();
    for recorded in steps.iter().take(at) {
        state.apply(recorded).map_err(|error| Problem::internal(&error))?;
    }
    let told: Vec<_> = steps.iter().filter_map(told_by).collect();
    let closed = closed(app, name, &told).await?;
    Ok(Some(History { steps, at, state, closed }))
}

impl History {
    /// The notification that told a step; none where it was imported, followed from something else, or is not for whoever
    /// looks.
    pub(super) fn told_by(&self, recorded: &Recorded) -> Option<NotificationRef> {
        told_by(recorded).filter(|it| !self.closed.contains(it))
    }

    /// The step that stands at a position of the log.
    pub(super) fn at_position(&self, position: Position) -> Option<&Recorded> {
        self.steps.iter().find(|it| it.position == position)
    }

    /// The slider: steps as links, as a range, and as a number where there are no scripts.
    pub(super) fn slider(&self, path: &str, kept: &[(&str, String)], text: &Text) -> Markup {
        let last = self.steps.len();
        let link = |step: usize| {
            let pairs = kept.iter().map(|(name, value)| (*name, value.clone())).chain([("step", step.to_string())]);
            format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
        };
        let here = self.steps.get(self.at - 1);
        let ends = [
            ("First", 1, self.at > 1),
            ("Previous", self.at.saturating_sub(1).max(1), self.at > 1),
            ("Next", (self.at + 1).min(last), self.at < last),
            ("Last", last, self.at < last),
        ];
        html! {
            section class="hearth-slider hearth-no-print" aria-labelledby="known" {
                h2 class="govuk-heading-s" id="known" { "As known after step " (self.at) " of " (last) }
                @if let Some(it) = here {
                    p class="govuk-body" {
                        (words(it.event.type_name())) ", recorded " (text.instant(it.recorded_at)) " by " (it.metadata.actor)
                        @if let Some(reference) = self.told_by(it) { ", told by " a class="govuk-link" href={ "/staff/work/" (reference) } { (reference) } }
                    }
                }
                @if self.at < last { p class="govuk-body" { strong { "This is not what is known now." } } }
                form method="get" action=(path) class="hearth-slider__form" {
                    @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
                    label class="govuk-label" for="step" { "Step" }
                    input type="range" id="step" name="step" min="1" max=(last) value=(self.at) class="hearth-slider__range";
                    button type="submit" class="govuk-button govuk-button--secondary" { "Show" }
                }
                ul class="hearth-inline" {
                    @for (name, step, is_there) in ends {
                        li { @if is_there { a class="govuk-link" href=(link(step)) { (name) } } @else { span class="govuk-hint" { (name) } } }
                    }
                }
                details class="govuk-details" {
                    summary class="govuk-details__summary" { span class="govuk-details__summary-text" { "Every step" } }
                    ol class="govuk-list govuk-list--number" {
                        @for (place, it) in self.steps.iter().enumerate() {
                            li {
                                a class="govuk-link" href=(link(place + 1)) aria-current=[(place + 1 == self.at).then_some("true")] { (words(it.event.type_name())) }
                                ", " (text.instant(it.recorded_at)) ", position " (it.position)
                            }
                        }
                    }
                }
            }
        }
    }
}

fn told_by(recorded: &Recorded) -> Option<NotificationRef> {
    let reference: NotificationRef = recorded.metadata.causation.parse().ok()?;
    reference.is_of_a_notification().then_some(reference)
}

/// The name of an event type in words: `LiabilityStarted` as "Liability started".
pub(in crate::web::pages::staff) fn words(type_name: &str) -> String {
    let mut words = String::new();
    for (place, letter) in type_name.chars().enumerate() {
        if place > 0 && letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(if place > 0 { letter.to_lowercase().collect::<Vec<_>>() } else { vec![letter] });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn an_event_type_is_said_in_words() {
        assert_eq!(words("LiabilityStarted"), "Liability started");
        assert_eq!(words("ChargeCalculated"), "Charge calculated");
    }
}
