//! What a saving is worked out from: a cost model, and what is expected of the notifications.

use std::collections::BTreeMap;

use hearth_events::{CostModelAdopted, SourcedValue};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Assumption;
use crate::rules::saving_model::Inputs;

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
    hourly_cost: SourcedValue,
    manual_minutes: SourcedValue,
    exception_minutes: SourcedValue,
    avoidance: SourcedValue,
    failure_contacts: SourcedValue,
    straight_through: SourcedValue,
    sampling_share: SourcedValue,
    sampling_minutes: SourcedValue,
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

fn assumed(hundredths: i64) -> SourcedValue {
    SourcedValue { value: Decimal::new(hundredths, 2), source: ASSUMED.to_owned() }
}

impl<'a> Basis<'a> {
    /// The council's own model; what it does not say about its expectations is what is realistic.
    pub(super) fn of(model: &'a CostModelAdopted) -> Self {
        let or = |own: &Option<SourcedValue>, hundredths| own.clone().unwrap_or_else(|| assumed(hundredths));
        Self {
            name: &model.name,
            kind: "potential",
            model,
            hourly_cost: model.officer_hourly_cost.clone(),
            manual_minutes: model.manual_minutes.clone(),
            exception_minutes: model.exception_minutes.clone().unwrap_or_else(|| model.manual_minutes.clone()),
            avoidance: or(&model.avoidance, 80),
            failure_contacts: or(&model.failure_contacts, 10),
            straight_through: or(&model.straight_through, 70),
            sampling_share: or(&model.sampling_share, 5),
            sampling_minutes: or(&model.sampling_minutes, 300),
        }
    }

    /// What is realistic, over the contact costs of the council's own model.
    pub(super) fn realistic(model: &'a CostModelAdopted) -> Self {
        Self {
            name: REALISTIC,
            kind: "forecast",
            model,
            hourly_cost: assumed(2_000),
            manual_minutes: assumed(600),
            exception_minutes: assumed(600),
            avoidance: assumed(80),
            failure_contacts: assumed(10),
            straight_through: assumed(70),
            sampling_share: assumed(5),
            sampling_minutes: assumed(300),
        }
    }

    /// Whether the parts of the statement are those of the forecast.
    pub(super) fn is_forecast(&self) -> bool {
        self.kind == "forecast"
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
        let from = Some(self.model.from);
        let mut list = Vec::new();
        let mut add = |name: &str, value: Decimal, source: &str, from| {
            list.push(Assumption { name: name.to_owned(), value, source: source.to_owned(), from });
        };
        add("notifications", base.notifications, "measured: electronic notifications received", period_from);
        add("officer_hourly_cost", self.hourly_cost.value, &self.hourly_cost.source, from);
        add("manual_minutes", self.manual_minutes.value, &self.manual_minutes.source, from);
        add("exception_minutes", self.exception_minutes.value, &self.exception_minutes.source, from);
        for (channel, cost) in &self.model.contact {
            add(&format!("contact.{channel}"), cost.value, &cost.source, from);
        }
        for channel in ["web", "telephone"].into_iter().filter(|it| !self.model.contact.contains_key(*it)) {
            add(&format!("contact.{channel}"), Decimal::ZERO, "assumed: the cost model gives none", from);
        }
        for (channel, share) in &self.model.counterfactual {
            add(&format!("counterfactual.{channel}"), *share, &format!("cost model {}", self.model.name), from);
        }
        let most = "assumed: that is what potential means";
        add("potential.avoidance", Decimal::ONE, most, from);
        add("potential.failure_contacts", Decimal::ZERO, most, from);
        add("potential.straight_through", Decimal::ONE, most, from);
        add("potential.sampling_share", Decimal::ZERO, most, from);
        add("forecast.avoidance", forecast.avoidance, &self.avoidance.source, from);
        add("forecast.failure_contacts", forecast.failure_contacts, &self.failure_contacts.source, from);
        add("forecast.straight_through", forecast.straight_through, &self.straight_through.source, from);
        add("forecast.sampling_share", forecast.sampling_share, &self.sampling_share.source, from);
        add("forecast.sampling_minutes", forecast.sampling_minutes, &self.sampling_minutes.source, from);
        let applied = "measured: share applied without an officer";
        let avoided =
            "assumed: one contact avoided for each notification applied without an officer; how many were is measured";
        add("realised.avoidance", realised.avoidance, avoided, period_from);
        add("realised.straight_through", realised.straight_through, applied, period_from);
        let repeats = "measured: contacts by other channels about the same account within 30 days, for a notification";
        add("realised.failure_contacts", realised.failure_contacts, repeats, period_from);
        let minutes = "the manual minutes: no officer's minutes are recorded, so referred work saves nothing";
        add("realised.exception_minutes", realised.exception_minutes, minutes, period_from);
        add("realised.sampling_share", realised.sampling_share, "measured: no sampling is recorded", period_from);
        add("cash_releasing", base.cash_releasing, "measured: no reduction of a budget is recorded", period_from);
        list
    }
}
