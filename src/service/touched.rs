//! Which dwellings a notification touches: those that stand on record for it, and those that it calls by number, account, key or
//! address as the register reads today, every one where several fit. Whoever must not touch one of them must not touch the
//! notification; this is the one place that says which they are.
//!
//! It is asked from both ends. What a notification calls its dwellings never changes with the register, so what waits is kept
//! in memory with that ([`super::search`]), and found by how a fenced dwelling may be called.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, Event, NotificationRef, Opener, Personal, Recorded, StreamName, Uprn, decode};
use hearth_projections::place_key;
use serde_json::Value;

use super::{Service, ServiceError};
use crate::views::{ViewError, Views};

/// One way in which a dwelling is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Called {
    /// By its number.
    Number(Uprn),
    /// By an account on it.
    Account(AccountRef),
    /// By the council's own key.
    Key(String),
    /// By where it is, see [`place_key`].
    Place(String),
}

/// How a notification, as it was told, calls the dwellings that it is about, or that people go to or come from.
pub fn called_in(told: &Value) -> BTreeSet<Called> {
    let mut called = BTreeSet::new();
    collect(told, &mut called);
    called
}

fn collect(value: &Value, called: &mut BTreeSet<Called>) {
    match value {
        Value::Object(fields) => {
            let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::trim);
            called.extend(text("uprn").and_then(|it| it.parse().ok()).map(Called::Number));
            called.extend(text("account").and_then(|it| it.parse().ok()).map(Called::Account));
            called.extend(text("property_reference").map(|it| Called::Key(it.to_owned())));
            for (name, value) in fields {
                match value.as_str() {
                    Some(address) if name.ends_with("address") => called.extend(place(address, text("postcode"))),
                    Some(_) => {}
                    None => collect(value, called),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|it| collect(it, called)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The place of an address; where the postcode is not told beside it, it stands at its end or there is none.
fn place(address: &str, postcode: Option<&str>) -> Option<Called> {
    let words: Vec<_> = address.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let last = |number: usize| words.get(words.len().saturating_sub(number)..).map(<[_]>::concat);
    let at_its_end = || [1, 2].into_iter().filter_map(last).find(|it| is_postcode(it));
    let postcode = postcode.map(str::to_owned).or_else(at_its_end)?;
    Some(Called::Place(place_key(address, &postcode)))
}

/// Whether it can be a postcode without its blank: it ends with a digit and two letters.
fn is_postcode(text: &str) -> bool {
    let inward: Vec<_> = text.chars().rev().take(3).collect();
    let ends = matches!(inward.as_slice(), [a, b, c] if a.is_alphabetic() && b.is_alphabetic() && c.is_ascii_digit());
    ends && (5..=7).contains(&text.len()) && text.starts_with(char::is_alphabetic)
}

/// How the events of a notification's stream call the dwellings that it touches.
pub fn called_by(events: &[Recorded], opener: &dyn Opener) -> BTreeSet<Called> {
    let told = |it: &Personal<String>| {
        let body = it.opened(opener).and_then(|it| serde_json::from_str::<Value>(&it).ok());
        body.map(|it| called_in(&it)).unwrap_or_default()
    };
    let mut called = BTreeSet::new();
    for recorded in events {
        if let Event::NotificationReceived(it) = &recorded.event {
            called.extend(it.uprn.iter().cloned().map(Called::Number));
            called.extend(it.account.iter().cloned().map(Called::Account));
            called.extend(told(&it.body));
        } else if let Event::DecisionRecorded(it) = &recorded.event {
            let changed = it.plan.iter().filter_map(|step| step.stream.as_dwelling());
            called.extend(it.dwellings.iter().cloned().chain(changed).map(Called::Number));
        } else if let Event::NotificationReferred(it) = &recorded.event {
            called.extend(it.dwellings.iter().cloned().map(Called::Number));
            called.extend(it.accounts.iter().cloned().map(Called::Account));
        } else if let Event::NotificationCompleted(it) = &recorded.event {
            called.extend(it.accounts.iter().chain(&it.accounts_opened).cloned().map(Called::Account));
        } else if let Event::WorkItemDecided(it) = &recorded.event {
            called.extend(it.amended.iter().flat_map(told));
        }
    }
    called
}

/// Every way in which one of these dwellings may be called today.
///
/// # Errors
/// When the views cannot be read.
pub fn ways_to_call<'a>(
    views: &Views,
    dwellings: impl IntoIterator<Item = &'a Uprn>,
) -> Result<BTreeSet<Called>, ViewError> {
    let mut ways = BTreeSet::new();
    for uprn in dwellings {
        ways.insert(Called::Number(uprn.clone()));
        let Some(state) = views.dwelling(uprn)? else { continue };
        ways.extend(state.accounts.iter().map(|it| Called::Account(it.account.clone())));
        ways.extend(state.listing.iter().flat_map(|it| {
            [Called::Key(it.property_reference.clone()), Called::Place(place_key(&it.address, &it.postcode))]
        }));
    }
    Ok(ways)
}

impl Service {
    /// The dwellings that are called so today.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub fn dwellings_called(&self, called: &BTreeSet<Called>) -> Result<BTreeSet<Uprn>, ViewError> {
        let mut dwellings = BTreeSet::new();
        for it in called {
            match it {
                Called::Number(uprn) => dwellings.extend([uprn.clone()]),
                Called::Account(account) => dwellings.extend(self.views.uprn_of_account(account)?),
                Called::Key(key) => dwellings.extend(self.views.uprn_of_property_reference(key)?),
                Called::Place(place) => dwellings.extend(self.views.uprns_of_place(place)?),
            }
        }
        Ok(dwellings)
    }

    /// The dwellings that a notification touches; none where there is no such notification.
    ///
    /// # Errors
    /// When the log or the views cannot be read.
    pub async fn touched(&self, reference: &NotificationRef) -> Result<BTreeSet<Uprn>, ServiceError> {
        Ok(self.dwellings_called(&self.called(reference).await?)?)
    }

    /// Which of these notifications touch one of these dwellings.
    ///
    /// # Errors
    /// As [`Service::touched`].
    pub async fn touching(
        &self,
        references: &[NotificationRef],
        dwellings: &BTreeSet<Uprn>,
    ) -> Result<BTreeSet<NotificationRef>, ServiceError> {
        let mut touching = BTreeSet::new();
        if dwellings.is_empty() {
            return Ok(touching);
        }
        let ways = ways_to_call(&self.views, dwellings)?;
        let at_hand = self.at_hand(references, &ways).await?;
        for reference in references {
            let touches = match at_hand.get(reference) {
                Some(touches) => *touches,
                None => !self.called(reference).await?.is_disjoint(&ways),
            };
            touching.extend(touches.then(|| reference.clone()));
        }
        Ok(touching)
    }

    /// How a notification calls the dwellings that it touches, as the log has it.
    async fn called(&self, reference: &NotificationRef) -> Result<BTreeSet<Called>, ServiceError> {
        Ok(called_by(&self.told_of(reference).await?, &self.keys))
    }

    /// The events of a notification's stream.
    pub(super) async fn told_of(&self, reference: &NotificationRef) -> Result<Vec<Recorded>, ServiceError> {
        let stored = self.store.read_stream(&StreamName::notification(reference), 0).await?;
        Ok(stored.iter().map(decode).collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn called(told: &Value) -> Vec<Called> {
        called_in(told).into_iter().collect()
    }

    #[test]
    fn dwellings_are_called_in_four_ways_wherever_it_stands() {
        let told = json!({
            "account": "30001234",
            "dwelling": {"address": "1 St. Mary's Close", "postcode": "sp10 1aa"},
            "details": {"from_dwelling": {"uprn": "12"}, "others": [{"property_reference": " 77 "}], "persons": [{"name": "A"}]},
        });
        let expected = [
            Called::Number("12".parse().unwrap()),
            Called::Account("30001234".parse().unwrap()),
            Called::Key("77".to_owned()),
            Called::Place("SP101AA 1 ST MARYS CLOSE".to_owned()),
        ];
        assert_eq!(called(&told), expected);
    }

    #[test]
    fn where_somebody_goes_is_a_place_where_it_has_a_postcode() {
        for address in ["9 Hidden Close, Farway, SP10 1AA", "9 hidden close farway sp101aa"] {
            let place = Called::Place("SP101AA 9 HIDDEN CLOSE FARWAY".to_owned());
            assert_eq!(called(&json!({"details": {"forwarding_address": address}})), [place], "{address}");
        }
        for nothing in
            [json!({"forwarding_address": "9 Hidden Close, Farway"}), json!({"text": "SP10 1AA"}), json!(null)]
        {
            assert_eq!(called(&nothing), [], "{nothing}");
        }
    }
}
