//! The figures that savings rest on, changed one by one: each change is an event with its source and its day.

use std::time::Duration;

use hearth_events::{BudgetReduced, CostModelAdopted, Event, EventId, Money, SourcedValue, StreamName};
use hearth_projections::{Projection, Savings};

use super::MOST_DECISIONS;
use crate::rules::Council;
use crate::rules::cost_model::changed;
use crate::service::assumptions::{SavingsAction, SavingsRefused};
use crate::service::{Sender, Service, ServiceError};
use crate::store::{Expected, StoreError};

/// How long the view of what savings rest on may take to show what was done.
const SEEN: Duration = Duration::from_secs(2);

/// Does what is asked for; what is so already is not recorded again.
///
/// # Errors
/// When it does not make sense, or the log cannot be used; nothing was recorded then.
pub async fn act_on_savings(service: &Service, action: &SavingsAction, by: &str) -> Result<(), SavingsRefused> {
    for _ in 0..MOST_DECISIONS {
        let now = service.council().await?;
        let council = &now.council;
        let (Some(registered), Some(revision)) = (&council.registered, council.revision) else {
            return Err(SavingsRefused::NoModel);
        };
        let Some(event) = step(council, action, by)? else { return Ok(()) };
        let id = EventId::derived(&["savings", &revision.to_string(), by, event.type_name()]);
        let planned = service.keys.seal(&[(id, event)]).map_err(ServiceError::from)?;
        let (stream, actor) = (StreamName::council(&registered.gss_code), Sender::Token(by.to_owned()).name());
        match service.append(&stream, Expected::Exact(revision), &planned, &actor, &actor).await {
            Ok(position) => {
                let seen = service.views.wait_for(Savings::NAME, position, SEEN).await;
                let _in_time = seen.map_err(ServiceError::from)?;
                return Ok(());
            }
            // Somebody else changed what the council adopted: look again.
            Err(ServiceError::Store(StoreError::Conflict { .. })) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ServiceError::Store(StoreError::Unavailable("too many others change what the council adopted".to_owned()))
        .into())
}

/// What is to be recorded; nothing where it is so already.
fn step(council: &Council, action: &SavingsAction, by: &str) -> Result<Option<Event>, SavingsRefused> {
    match action {
        SavingsAction::Assume { model, name, value, source, from } => {
            let of = |it: &&CostModelAdopted| model.as_ref().is_none_or(|model| it.name == *model);
            let mut in_force = council.cost_models.iter().rev().filter(of).filter(|it| it.from <= *from);
            let base = in_force.next().or_else(|| council.cost_models.iter().find(of));
            let base = base.ok_or_else(|| model.clone().map_or(SavingsRefused::NoModel, SavingsRefused::Unknown))?;
            let to = SourcedValue { value: *value, source: source.clone() };
            let adopted = changed(base, name, to, *from).map_err(SavingsRefused::Unfit)?;
            // The same figures from a later day, or from the same: it is so already.
            let is_so = CostModelAdopted { from: base.from, ..adopted.clone() } == *base && base.from <= *from;
            Ok((!is_so).then(|| adopted.into()))
        }
        SavingsAction::ReduceBudget { decision, line, yearly, from, to } => {
            let mut problems = Vec::new();
            if *yearly < Money::ZERO {
                problems
                    .push("a budget falls by an amount that is not negative; by nothing, to take it back".to_owned());
            }
            if to.is_some_and(|to| to <= *from) {
                problems.push("the day on which it is as before must be after the first".to_owned());
            }
            if !problems.is_empty() {
                return Err(SavingsRefused::Unfit(problems));
            }
            let (decision, by) = (decision.clone(), by.to_owned());
            Ok(Some(BudgetReduced { decision, line: *line, yearly: *yearly, from: *from, to: *to, by }.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use hearth_events::{Metadata, Position, Recorded};
    use jiff::civil::{Date, date};

    use super::*;

    fn council() -> Council {
        let golden = include_str!("../../events/golden/CostModelAdopted.v1.json");
        let model: CostModelAdopted = serde_json::from_str(golden).unwrap();
        let mut council = Council::default();
        council.apply(&Recorded {
            position: Position(1),
            stream: StreamName::council("E1"),
            revision: 0,
            id: EventId::from_bits(1),
            recorded_at: "2016-01-01T00:00:00Z".parse().unwrap(),
            event: model.into(),
            metadata: Metadata {
                actor: "import".into(),
                causation: String::new(),
                correlation: String::new(),
                rules_version: "test".into(),
                schema: 1,
            },
        });
        council
    }

    fn assume(model: Option<&str>, value: &str, source: &str, from: Date) -> SavingsAction {
        SavingsAction::Assume {
            model: model.map(str::to_owned),
            name: "manual_minutes".into(),
            value: value.parse().unwrap(),
            source: source.into(),
            from,
        }
    }

    #[test]
    fn a_changed_figure_is_a_cost_model_of_the_same_name_from_that_day() {
        let day = date(2016, 4, 1);
        let event = step(&council(), &assume(None, "5.1", "time sheets", day), "m.ellis").unwrap();
        let Some(Event::CostModelAdopted(it)) = event else { panic!("{event:?}") };
        assert_eq!((it.name.as_str(), it.from), ("test-valley-2016-socitm2011", day));
        assert_eq!(
            (it.manual_minutes.value.to_string(), it.manual_minutes.source.as_str()),
            ("5.1".into(), "time sheets")
        );
        assert_eq!(it.officer_hourly_cost.value.to_string(), "20.00", "the rest stays");
    }

    #[test]
    fn what_is_so_already_is_not_recorded_again() {
        let source = "calibrated to 420 notifications = over GBP 2,000 (June 2016)";
        let again = assume(None, "6.24", source, date(2016, 4, 1));
        assert_eq!(step(&council(), &again, "m.ellis").unwrap(), None);
        assert!(step(&council(), &assume(None, "6.24", "assumed", date(2016, 4, 1)), "m").unwrap().is_some());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let refused = |council: &Council, action: SavingsAction| step(council, &action, "m").unwrap_err().to_string();
        let day = date(2016, 4, 1);
        assert_eq!(refused(&council(), assume(Some("other"), "5", "x", day)), "there is no cost model other");
        assert!(refused(&Council::default(), assume(None, "5", "x", day)).contains("import a pack"));
        assert!(refused(&council(), assume(None, "-5", "x", day)).contains("must not be negative"));
        let budget = |yearly: &str, to| SavingsAction::ReduceBudget {
            decision: "minute 88".into(),
            line: hearth_events::BudgetLine::Postage,
            yearly: yearly.parse().unwrap(),
            from: day,
            to,
        };
        assert!(refused(&council(), budget("-1", None)).contains("not negative"));
        assert!(refused(&council(), budget("1", Some(day))).contains("must be after the first"));
    }
}
