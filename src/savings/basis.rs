//! What a saving is worked out from: a cost model, and what is expected of the notifications.

use std::collections::BTreeMap;

use hearth_events::{CostModelAdopted, SourcedValue};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Assumption;
use crate::rules::cost_model::figures;
use crate::rules::saving_model::Inputs;
use crate::views::SavingsRows;

/// The built-in scenario of what is realistic, over the contact costs of the council's own model.
pub const REALISTIC: &str = "test-valley-2016-realistic";

const ASSUMED: &str = "assumed (test-valley-2016-realistic)";

/// A cost model with what is expected of the notifications.
pub(super) struct Basis<'a> {
    /// What the scenario is called.
    pub(super) name: &'a str,
    /// What its headline is: `potential` or `forecast`.
    pub(super) kind: &'static str,
    /// The cost model.
    pub(super) model: &'a CostModelAdopted,
    /// Every adoption of that name up to this one, the latest first.
    earlier: Vec<&'a CostModelAdopted>,
    hourly_cost: SourcedValue,
    manual_minutes: SourcedValue,
    exception_minutes: SourcedValue,
    avoidance: SourcedValue,
    failure_contacts: SourcedValue,
    straight_through: SourcedValue,
    sampling_share: SourcedValue,
    sampling_minutes: SourcedValue,
    most_minutes: SourcedValue,
}

/// The newest adoption in force on `day`, of this name or of any; the first there will be where none is in force yet.
pub(super) fn in_force<'a>(
    models: &'a [CostModelAdopted],
    day: Option<Date>,
    name: Option<&str>,
) -> Option<&'a CostModelAdopted> {
    let named = || models.iter().filter(|it| name.is_none_or(|name| it.name == name));
    let in_force = named().filter(|it| day.is_none_or(|day| it.from <= day)).max_by_key(|it| it.from);
    in_force.or_else(|| named().min_by_key(|it| it.from))
}

/// Which adoption is in force from which of these days on, earliest first; the first of them from the first day.
pub(super) fn in_force_over<'a>(
    models: &'a [CostModelAdopted],
    days: Option<(Date, Date)>,
    last_day: Option<Date>,
    name: Option<&str>,
) -> Vec<(Date, &'a CostModelAdopted)> {
    let Some((first, last)) = days else {
        return in_force(models, last_day, name).map(|it| (it.from, it)).into_iter().collect();
    };
    let named = models.iter().filter(|it| name.is_none_or(|name| it.name == name));
    let mut begins: Vec<Date> = named.map(|it| it.from).filter(|it| first < *it && *it <= last).collect();
    begins.push(first);
    begins.sort_unstable();
    let mut found: Vec<(Date, &CostModelAdopted)> = Vec::new();
    for day in begins {
        let model = in_force(models, Some(day), name);
        found.extend(model.filter(|it| found.last().is_none_or(|(_, last)| last != it)).map(|it| (day, it)));
    }
    found
}

/// Every adoption of the name of a model up to that model, the latest first.
fn earlier<'a>(rows: &'a SavingsRows, model: &CostModelAdopted) -> Vec<&'a CostModelAdopted> {
    rows.cost_models.iter().rev().filter(|it| it.name == model.name && it.from <= model.from).collect()
}

/// The most minutes that count of a time that an officer had an item.
fn laid_aside() -> SourcedValue {
    let source = "assumed: whoever keeps an item for longer has laid it aside".to_owned();
    SourcedValue { value: Decimal::from(60), source }
}

fn assumed(hundredths: i64) -> SourcedValue {
    SourcedValue { value: Decimal::new(hundredths, 2), source: ASSUMED.to_owned() }
}

impl<'a> Basis<'a> {
    /// The council's own model; what it does not say about its expectations is what is realistic.
    pub(super) fn of(rows: &'a SavingsRows, model: &'a CostModelAdopted) -> Self {
        let or = |own: &Option<SourcedValue>, hundredths| own.clone().unwrap_or_else(|| assumed(hundredths));
        Self {
            name: &model.name,
            kind: "potential",
            model,
            earlier: earlier(rows, model),
            hourly_cost: model.officer_hourly_cost.clone(),
            manual_minutes: model.manual_minutes.clone(),
            exception_minutes: model.exception_minutes.clone().unwrap_or_else(|| model.manual_minutes.clone()),
            avoidance: or(&model.avoidance, 80),
            failure_contacts: or(&model.failure_contacts, 10),
            straight_through: or(&model.straight_through, 70),
            sampling_share: or(&model.sampling_share, 5),
            sampling_minutes: or(&model.sampling_minutes, 300),
            most_minutes: model.most_minutes.clone().unwrap_or_else(laid_aside),
        }
    }

    /// What is realistic, over the contact costs of the council's own model.
    pub(super) fn realistic(rows: &'a SavingsRows, model: &'a CostModelAdopted) -> Self {
        Self {
            name: REALISTIC,
            kind: "forecast",
            model,
            earlier: earlier(rows, model),
            hourly_cost: assumed(2_000),
            // Where a contact's cost has the office work in it, that is not counted again.
            manual_minutes: if model.contact_is_end_to_end { model.manual_minutes.clone() } else { assumed(600) },
            exception_minutes: assumed(600),
            avoidance: assumed(80),
            failure_contacts: assumed(10),
            straight_through: assumed(70),
            sampling_share: assumed(5),
            sampling_minutes: assumed(300),
            most_minutes: model.most_minutes.clone().unwrap_or_else(laid_aside),
        }
    }

    /// Whether the parts of the statement are those of the forecast.
    pub(super) fn is_forecast(&self) -> bool {
        self.kind == "forecast"
    }

    /// The most minutes that count of a time that an officer had an item.
    pub(super) fn most_minutes(&self) -> Decimal {
        self.most_minutes.value
    }

    /// The first day from which a figure of the model has been what it is, with the source that it has.
    fn since(&self, name: &str) -> Date {
        let of = |model: &CostModelAdopted| figures(model).into_iter().find(|it| it.name == name);
        let now = of(self.model);
        let same = self.earlier.iter().take_while(|it| of(it) == now);
        same.last().map_or(self.model.from, |it| it.from)
    }

    /// What every figure of the statement has in common; nothing is avoided and nothing goes straight through yet.
    pub(super) fn inputs(&self, notifications: u64) -> Inputs {
        let cost = |channel: &str| self.model.contact.get(channel).map(|it| it.value).unwrap_or_default();
        let unit_costs: BTreeMap<_, _> =
            self.model.contact.iter().map(|(channel, it)| (channel.clone(), it.value)).collect();
        Inputs {
            notifications: notifications.into(),
            avoidance: Decimal::ZERO,
            failure_contacts: Decimal::ZERO,
            counterfactual: self.model.counterfactual.clone(),
            unit_costs,
            digital_unit_cost: cost("web"),
            telephone_unit_cost: cost("telephone"),
            straight_through: Decimal::ZERO,
            manual_minutes: self.manual_minutes.value,
            exception_minutes: self.exception_minutes.value,
            sampling_share: Decimal::ZERO,
            sampling_minutes: self.sampling_minutes.value,
            hourly_cost: self.hourly_cost.value,
            cash_releasing: Decimal::ZERO,
        }
    }

    /// The same with what is expected.
    pub(super) fn forecast(&self, base: &Inputs) -> Inputs {
        Inputs {
            avoidance: self.avoidance.value,
            failure_contacts: self.failure_contacts.value,
            straight_through: self.straight_through.value,
            sampling_share: self.sampling_share.value,
            ..base.clone()
        }
    }

    /// Every figure, with its source and its first day.
    pub(super) fn assumptions(
        &self,
        base: &Inputs,
        forecast: &Inputs,
        realised: &Inputs,
        period_from: Option<Date>,
    ) -> Vec<Assumption> {
        let of_model = Some(self.model.from);
        let mut list = Vec::new();
        let mut add = |name: &str, value: Decimal, source: &str, from| {
            list.push(Assumption { name: name.to_owned(), value, source: source.to_owned(), from });
        };
        let since = |name: &str| Some(self.since(name));
        add("notifications", base.notifications, "measured: electronic notifications received", period_from);
        for (name, it) in [
            ("officer_hourly_cost", &self.hourly_cost),
            ("manual_minutes", &self.manual_minutes),
            ("exception_minutes", &self.exception_minutes),
            ("most_minutes", &self.most_minutes),
        ] {
            add(name, it.value, &it.source, since(name));
        }
        for (channel, cost) in &self.model.contact {
            let name = format!("contact.{channel}");
            add(&name, cost.value, &cost.source, since(&name));
        }
        for channel in ["web", "telephone"].into_iter().filter(|it| !self.model.contact.contains_key(*it)) {
            add(&format!("contact.{channel}"), Decimal::ZERO, "assumed: the cost model gives none", of_model);
        }
        for it in figures(self.model).into_iter().filter(|it| it.name.starts_with("counterfactual.")) {
            add(&it.name, it.value, &it.source, since(&it.name));
        }
        let most = "assumed: that is what potential means";
        add("potential.avoidance", Decimal::ONE, most, of_model);
        add("potential.failure_contacts", Decimal::ZERO, most, of_model);
        add("potential.straight_through", Decimal::ONE, most, of_model);
        add("potential.sampling_share", Decimal::ZERO, most, of_model);
        for (name, value, it) in [
            ("avoidance", forecast.avoidance, &self.avoidance),
            ("failure_contacts", forecast.failure_contacts, &self.failure_contacts),
            ("straight_through", forecast.straight_through, &self.straight_through),
            ("sampling_share", forecast.sampling_share, &self.sampling_share),
            ("sampling_minutes", forecast.sampling_minutes, &self.sampling_minutes),
        ] {
            add(&format!("forecast.{name}"), value, &it.source, since(name));
        }
        for (name, value, source) in [
            ("avoidance", realised.avoidance, AVOIDED),
            ("straight_through", realised.straight_through, "measured: share applied without an officer"),
            ("failure_contacts", realised.failure_contacts, REPEATS),
            ("exception_minutes", realised.exception_minutes, MINUTES),
            ("sampling_share", realised.sampling_share, "measured: decisions checked, for a notification"),
        ] {
            add(&format!("realised.{name}"), value, source, period_from);
        }
        add("cash_releasing", realised.cash_releasing, CASH, period_from);
        for it in figures(self.model).into_iter().filter(|it| it.name.starts_with("service.")) {
            add(&it.name, it.value, &it.source, since(&it.name));
        }
        list
    }
}

const AVOIDED: &str = "assumed: one contact avoided for each notification that took effect; how many did is measured";
const REPEATS: &str =
    "measured: contacts that officers linked, and by other channels about the same account, for a notification";
const MINUTES: &str = "measured: minutes from claim to decision, at most most_minutes a time; manual_minutes for what waits or \
     came to nothing; the average of what did not go straight through";
const CASH: &str = "recorded: budgets that fell by a decision, for the days of the period";
