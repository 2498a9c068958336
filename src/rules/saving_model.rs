//! What electronic notifications save: contacts avoided and officers' minutes not needed.
//!
//! ```text
//! contact_saving     = n * a * SUM_c m_c * (u_c - u_d)  -  n * r * u_telephone
//! minutes_saved      = n * (t_m - (1 - s) * t_x - q * t_q)
//! back_office_saving = minutes_saved / 60 * h
//! gross              = contact_saving + back_office_saving
//! cash_releasing + time_releasing = gross
//! ```
//!
//! Rounding: the contact saving and the back office saving are rounded to the nearest penny, an exact half penny away
//! from zero, once each. The other amounts are sums and differences of these, so that every figure shown adds up; only
//! the saving of one notification is a quotient and is rounded again.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Minutes in an hour.
const SIXTY: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

/// No figure may be above a thousand million: the products then stay far within a [`Decimal`].
pub(super) const LARGEST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// What the saving is worked out from. Costs are in pounds; a share is from 0 to 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// How many notifications came in (`n`).
    pub notifications: Decimal,
    /// Share of the contacts that the notification really saves (`a`).
    pub avoidance: Decimal,
    /// Telephone calls that a notification causes all the same, on average (`r`); may be above 1.
    pub failure_contacts: Decimal,
    /// Share of the notifications that would have come by each channel (`m_c`); the rest would not have come at all.
    pub counterfactual: BTreeMap<String, Decimal>,
    /// Cost of one contact by each channel (`u_c`).
    pub unit_costs: BTreeMap<String, Decimal>,
    /// Cost of one digital contact (`u_d`).
    pub digital_unit_cost: Decimal,
    /// Cost of one telephone call that the notification causes (`u_telephone`).
    pub telephone_unit_cost: Decimal,
    /// Share that needs no officer (`s`).
    pub straight_through: Decimal,
    /// Officer's minutes for a change by hand (`t_m`).
    pub manual_minutes: Decimal,
    /// Officer's minutes for an electronic change that needs an officer (`t_x`).
    pub exception_minutes: Decimal,
    /// Share looked at again as a sample (`q`).
    pub sampling_share: Decimal,
    /// Officer's minutes to look at one of the sample (`t_q`).
    pub sampling_minutes: Decimal,
    /// Cost of an officer's hour (`h`).
    pub hourly_cost: Decimal,
    /// The part of the saving for which a budget line fell, with evidence; in whole pence.
    pub cash_releasing: Decimal,
}

/// What is saved. Amounts are in pounds and whole pence; a negative amount is a loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saving {
    /// Contacts avoided, less the calls that notifications cause.
    pub contact_saving: Decimal,
    /// Officers' minutes not needed, at the hourly cost.
    pub back_office_saving: Decimal,
    /// Contact saving and back office saving together.
    pub gross: Decimal,
    /// The part of `gross` that leaves a budget.
    pub cash_releasing: Decimal,
    /// The rest of `gross`: time that can be used for something else.
    pub time_releasing: Decimal,
    /// Officers' minutes not needed; not rounded.
    pub minutes_saved: Decimal,
    /// `gross` for one notification; absent when there were none.
    pub per_notification: Option<Decimal>,
}

impl Inputs {
    /// The same notifications if every one counted and nothing failed: full avoidance, no failure contacts, all
    /// straight through, no sampling.
    #[must_use]
    pub fn potential(&self) -> Self {
        Self {
            avoidance: Decimal::ONE,
            failure_contacts: Decimal::ZERO,
            straight_through: Decimal::ONE,
            sampling_share: Decimal::ZERO,
            ..self.clone()
        }
    }

    /// Checks that the inputs make sense together.
    ///
    /// # Errors
    ///
    /// Every problem found, each a sentence for the person who entered the figures.
    pub fn validate(&self) -> Result<(), Vec<String>> {
        let mut problems = self.problems_of_amounts();
        problems.extend(self.problems_of_shares());
        problems.extend(self.problems_of_channels());
        if problems.is_empty() {
            problems.extend(self.problem_of_cash());
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn problems_of_amounts(&self) -> Vec<String> {
        let named = [
            ("notifications", self.notifications),
            ("failure contacts", self.failure_contacts),
            ("digital unit cost", self.digital_unit_cost),
            ("telephone unit cost", self.telephone_unit_cost),
            ("manual minutes", self.manual_minutes),
            ("exception minutes", self.exception_minutes),
            ("sampling minutes", self.sampling_minutes),
            ("hourly cost", self.hourly_cost),
            ("cash releasing", self.cash_releasing),
        ];
        let named = named.map(|(name, amount)| (name.to_owned(), amount));
        let costs = self.unit_costs.iter();
        let costs = costs.map(|(channel, cost)| (format!("unit cost of {channel}"), *cost));
        named.into_iter().chain(costs).filter_map(|(name, amount)| problem_of_amount(&name, amount)).collect()
    }

    fn problems_of_shares(&self) -> Vec<String> {
        let named = [
            ("avoidance", self.avoidance),
            ("straight through", self.straight_through),
            ("sampling share", self.sampling_share),
        ];
        let named = named.map(|(name, share)| (name.to_owned(), share));
        let channels = self.counterfactual.iter();
        let channels = channels.map(|(channel, share)| (format!("share of {channel}"), *share));
        named
            .into_iter()
            .chain(channels)
            .filter(|(_, share)| !(Decimal::ZERO..=Decimal::ONE).contains(share))
            .map(|(name, share)| format!("{name} must be from 0 to 1, not {share}"))
            .collect()
    }

    fn problems_of_channels(&self) -> Vec<String> {
        let channels = self.counterfactual.keys();
        let mut problems: Vec<String> = channels
            .filter(|channel| !self.unit_costs.contains_key(*channel))
            .map(|channel| format!("{channel} has a share but no unit cost"))
            .collect();
        let sum = total(self.counterfactual.values().copied());
        if sum > Decimal::ONE {
            problems.push(format!("the shares of the channels add up to {sum}, more than 1"));
        }
        problems
    }

    fn problem_of_cash(&self) -> Option<String> {
        let Saving { gross, .. } = saving(self);
        let cash = self.cash_releasing;
        if cash != pence(cash) {
            return Some(format!("cash releasing must be in whole pence, not {cash}"));
        }
        if cash > gross.max(Decimal::ZERO) {
            return Some(format!("cash releasing {cash} is more than the whole saving, {gross}"));
        }
        None
    }
}

/// Works out the saving.
///
/// Expects inputs that passed [`Inputs::validate`]. Other inputs yield figures that add up but mean nothing: a channel
/// without a unit cost saves nothing, cash above the whole saving makes the time negative. Never panics.
pub fn saving(inputs: &Inputs) -> Saving {
    let minutes_saved = minutes_saved(inputs);
    let contact_saving = pence(contact_saving(inputs));
    let back_office_saving = pence(quotient(times(minutes_saved, inputs.hourly_cost), SIXTY));
    let gross = contact_saving.saturating_add(back_office_saving);
    let cash_releasing = pence(inputs.cash_releasing);
    let per_notification = gross.checked_div(inputs.notifications).map(pence);
    Saving {
        contact_saving,
        back_office_saving,
        gross,
        cash_releasing,
        time_releasing: gross.saturating_sub(cash_releasing),
        minutes_saved,
        per_notification,
    }
}

fn contact_saving(inputs: &Inputs) -> Decimal {
    let avoided = total(inputs.counterfactual.iter().filter_map(|(channel, share)| {
        let cost = inputs.unit_costs.get(channel)?;
        Some(times(*share, cost.saturating_sub(inputs.digital_unit_cost)))
    }));
    let avoided = times(inputs.avoidance, avoided);
    let failed = times(inputs.failure_contacts, inputs.telephone_unit_cost);
    times(inputs.notifications, avoided.saturating_sub(failed))
}

fn minutes_saved(inputs: &Inputs) -> Decimal {
    let by_exception = Decimal::ONE.saturating_sub(inputs.straight_through);
    let exceptions = times(by_exception, inputs.exception_minutes);
    let sampling = times(inputs.sampling_share, inputs.sampling_minutes);
    let each = inputs.manual_minutes.saturating_sub(exceptions).saturating_sub(sampling);
    times(inputs.notifications, each)
}

fn problem_of_amount(name: &str, amount: Decimal) -> Option<String> {
    if amount < Decimal::ZERO {
        return Some(format!("{name} must not be negative, and is {amount}"));
    }
    (amount > LARGEST).then(|| format!("{name} must not be above {LARGEST}, and is {amount}"))
}

// The operators of `Decimal` panic on overflow; these do not. With valid inputs there is none.

fn times(one: Decimal, other: Decimal) -> Decimal {
    one.saturating_mul(other)
}

fn total(amounts: impl Iterator<Item = Decimal>) -> Decimal {
    amounts.fold(Decimal::ZERO, Decimal::saturating_add)
}

/// Zero if the divisor is zero, which [`SIXTY`] is not.
fn quotient(amount: Decimal, divisor: Decimal) -> Decimal {
    amount.checked_div(divisor).unwrap_or_default()
}

/// To the nearest penny, an exact half penny away from zero.
fn pence(pounds: Decimal) -> Decimal {
    pounds.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}
