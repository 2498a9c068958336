//! A cost model figure by figure: each has a name, a source, and can be changed alone.

use std::collections::BTreeMap;

use hearth_events::{Channel, CostModelAdopted, SourcedValue};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::saving_model::{Inputs, LARGEST};

/// One figure of a cost model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is called: `manual_minutes`, `contact.telephone`, `counterfactual.telephone`.
    pub name: String,
    /// The figure.
    pub value: Decimal,
    /// Where it was published, or `assumed`.
    pub source: String,
}

const CONTACT: &str = "contact.";
const COUNTERFACTUAL: &str = "counterfactual.";

/// The figures that are no channel's: hourly cost and minutes, what is expected, what the service itself costs.
pub const NAMES: [&str; 12] = [
    "officer_hourly_cost",
    "manual_minutes",
    "exception_minutes",
    "avoidance",
    "failure_contacts",
    "straight_through",
    "sampling_share",
    "sampling_minutes",
    "most_minutes",
    "service.one_off",
    "service.yearly",
    "service.per_notification",
];

/// Every figure that a model says itself.
pub fn figures(model: &CostModelAdopted) -> Vec<Figure> {
    let figure =
        |name: &str, it: &SourcedValue| Figure { name: name.to_owned(), value: it.value, source: it.source.clone() };
    let mut all: Vec<_> = NAMES.iter().filter_map(|name| Some(figure(name, of(model, name)?))).collect();
    all.extend(model.contact.iter().map(|(channel, it)| figure(&format!("{CONTACT}{channel}"), it)));
    all.extend(
        model.counterfactual.iter().map(|(channel, share)| Figure {
            name: format!("{COUNTERFACTUAL}{channel}"),
            value: *share,
            source: model
                .counterfactual_sources
                .get(channel)
                .map_or_else(|| format!("cost model {}", model.name), Clone::clone),
        }),
    );
    all
}

fn of<'a>(model: &'a CostModelAdopted, name: &str) -> Option<&'a SourcedValue> {
    match name {
        "officer_hourly_cost" => Some(&model.officer_hourly_cost),
        "manual_minutes" => Some(&model.manual_minutes),
        "exception_minutes" => model.exception_minutes.as_ref(),
        "avoidance" => model.avoidance.as_ref(),
        "failure_contacts" => model.failure_contacts.as_ref(),
        "straight_through" => model.straight_through.as_ref(),
        "sampling_share" => model.sampling_share.as_ref(),
        "sampling_minutes" => model.sampling_minutes.as_ref(),
        "most_minutes" => model.most_minutes.as_ref(),
        "service.one_off" => model.service.as_ref()?.one_off.as_ref(),
        "service.yearly" => model.service.as_ref()?.yearly.as_ref(),
        "service.per_notification" => model.service.as_ref()?.per_notification.as_ref(),
        _ => None,
    }
}

/// The model with one figure changed, to be adopted from a day.
///
/// # Errors
/// When there is no such figure, or the model would not make sense with it; each problem is a sentence for whoever entered it.
pub fn changed(
    model: &CostModelAdopted,
    name: &str,
    to: SourcedValue,
    from: Date,
) -> Result<CostModelAdopted, Vec<String>> {
    let mut model = CostModelAdopted { from, ..model.clone() };
    match name {
        "officer_hourly_cost" => model.officer_hourly_cost = to,
        "manual_minutes" => model.manual_minutes = to,
        "exception_minutes" => model.exception_minutes = Some(to),
        "avoidance" => model.avoidance = Some(to),
        "failure_contacts" => model.failure_contacts = Some(to),
        "straight_through" => model.straight_through = Some(to),
        "sampling_share" => model.sampling_share = Some(to),
        "sampling_minutes" => model.sampling_minutes = Some(to),
        "most_minutes" => model.most_minutes = Some(to),
        "service.one_off" => model.service.get_or_insert_default().one_off = Some(to),
        "service.yearly" => model.service.get_or_insert_default().yearly = Some(to),
        "service.per_notification" => model.service.get_or_insert_default().per_notification = Some(to),
        of_channel => {
            if let Some(channel) = of_channel.strip_prefix(CONTACT).and_then(known) {
                model.contact.insert(channel, to);
            } else if let Some(channel) = of_channel.strip_prefix(COUNTERFACTUAL).and_then(known) {
                model.counterfactual_sources.insert(channel.clone(), to.source);
                model.counterfactual.insert(channel, to.value);
            } else {
                return Err(vec![unknown(name)]);
            }
        }
    }
    problems(&model).map_or(Ok(model), Err)
}

fn known(channel: &str) -> Option<String> {
    channel.parse::<Channel>().ok().map(|it| it.to_string())
}

fn unknown(name: &str) -> String {
    let names = NAMES.join(", ");
    let channels = Channel::ALL.map(Channel::as_str).join(", ");
    format!(
        "{name} is no figure of a cost model: give one of {names}, or {CONTACT} or {COUNTERFACTUAL} with one of {channels}"
    )
}

/// What is wrong with a model as a whole; none where nothing is.
pub fn problems(model: &CostModelAdopted) -> Option<Vec<String>> {
    let value = |it: &Option<SourcedValue>| it.as_ref().map_or(Decimal::ZERO, |it| it.value);
    let cost = |channel: &str| model.contact.get(channel).map(|it| it.value).unwrap_or_default();
    let unit_costs: BTreeMap<_, _> = model.contact.iter().map(|(channel, it)| (channel.clone(), it.value)).collect();
    let inputs = Inputs {
        notifications: Decimal::ONE,
        avoidance: value(&model.avoidance),
        failure_contacts: value(&model.failure_contacts),
        counterfactual: model.counterfactual.clone(),
        unit_costs,
        digital_unit_cost: cost(Channel::Web.as_str()),
        telephone_unit_cost: cost(Channel::Telephone.as_str()),
        straight_through: value(&model.straight_through),
        manual_minutes: model.manual_minutes.value,
        exception_minutes: value(&model.exception_minutes),
        sampling_share: value(&model.sampling_share),
        sampling_minutes: value(&model.sampling_minutes),
        hourly_cost: model.officer_hourly_cost.value,
        cash_releasing: Decimal::ZERO,
    };
    let mut found = inputs.validate().err().unwrap_or_default();
    for name in ["most_minutes", "service.one_off", "service.yearly", "service.per_notification"] {
        if of(model, name).is_some_and(|it| !(Decimal::ZERO..=LARGEST).contains(&it.value)) {
            found.push(format!("{name} must be from 0 to {LARGEST}"));
        }
    }
    if model.contact_is_end_to_end && !model.manual_minutes.value.is_zero() {
        found.push(
            "the costs of a contact have the office work in them (contact_is_end_to_end): manual_minutes must be 0, or that is counted twice"
                .to_owned(),
        );
    }
    if model.contact_is_end_to_end && model.exception_minutes.is_none() {
        found.push(
            "where contact_is_end_to_end, exception_minutes must be given: what an officer decides still takes time"
                .to_owned(),
        );
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn model() -> CostModelAdopted {
        serde_json::from_str(include_str!("../../events/golden/CostModelAdopted.v1.json")).unwrap()
    }

    fn to(value: &str) -> SourcedValue {
        SourcedValue { value: value.parse().unwrap(), source: "time sheets of March".into() }
    }

    #[test]
    fn every_figure_of_a_model_can_be_changed_alone() {
        let before = model();
        let from = date(2016, 4, 1);
        for name in figures(&before).into_iter().map(|it| it.name).chain(NAMES.map(str::to_owned)) {
            let after = changed(&before, &name, to("0.5"), from).unwrap();
            assert_eq!(after.from, from);
            let differ = |it: &&Figure| !figures(&before).contains(it);
            let now = figures(&after);
            let differ: Vec<_> = now.iter().filter(differ).map(|it| (&it.name, it.source.as_str())).collect();
            assert_eq!(differ, [(&name, "time sheets of March")]);
        }
    }

    #[test]
    fn what_does_not_make_sense_is_refused_in_words() {
        for (name, value, expected) in [
            ("avoidance", "1.5", "avoidance must be from 0 to 1"),
            ("manual_minutes", "-1", "manual minutes must not be negative"),
            ("most_minutes", "-1", "most_minutes must be from 0 to 1000000000"),
            ("service.yearly", "-1", "service.yearly must be from 0"),
            ("service.one_off", "1000000001", "service.one_off must be from 0"),
            ("counterfactual.post", "0.2", "post has a share but no unit cost"),
            ("counterfactual.telephone", "1.2", "share of telephone must be from 0 to 1"),
            ("contact.pigeon", "1", "contact.pigeon is no figure"),
            ("hourly", "1", "hourly is no figure of a cost model: give one of officer_hourly_cost"),
        ] {
            let problems = changed(&model(), name, to(value), date(2016, 4, 1)).unwrap_err();
            assert!(problems.iter().any(|it| it.contains(expected)), "{name}: {problems:?}");
        }
    }

    #[test]
    fn office_work_is_not_counted_twice() {
        let end_to_end = CostModelAdopted { contact_is_end_to_end: true, ..model() };
        assert!(problems(&end_to_end).unwrap()[0].contains("manual_minutes must be 0"));
        let manual_minutes = SourcedValue { value: Decimal::ZERO, ..model().manual_minutes };
        let bare = CostModelAdopted { manual_minutes, exception_minutes: None, ..end_to_end };
        assert!(problems(&bare).unwrap()[0].contains("exception_minutes must be given"));
        assert_eq!(problems(&CostModelAdopted { exception_minutes: Some(to("6")), ..bare }), None);
    }
}
