//! Finding work items by what people have in hand: a reference, a name, an address, a UPRN, an account.
//!
//! Names are sealed wherever they are kept, so none of the views can be asked for one. What waits is opened once, and kept in
//! memory as words for as long as the process lives; from then on only what has changed since is opened again. What is done
//! is found by its whole reference: its names are those of its account, which has a search of its own.

use std::collections::{BTreeMap, BTreeSet};

use hearth_events::{Event, NotificationRef, Position, Recorded, StreamName, Uprn};
use hearth_projections::{Accounts, DwellingState, Projection as _, Workload};
use serde_json::Value;
use tokio::sync::Mutex;

use super::touched::{Called, called_by, ways_to_call};
use super::{Service, ServiceError};
use crate::views::named_stream;

/// How many events are looked at between two pauses in which others may go on.
const AT_ONCE: usize = 4_096;
/// How many items are opened between two such pauses.
const OPENED_AT_ONCE: usize = 64;
/// Numbers that are shorter are looked for as whole words: everything begins with a 1.
const SHORT: usize = 4;

/// What work items are found by, as far as the log had been read.
#[derive(Default)]
pub struct Index(Mutex<Known>);

#[derive(Default)]
struct Known {
    at: Option<Position>,
    items: BTreeMap<NotificationRef, Words>,
    dwellings: BTreeMap<Uprn, String>,
}

/// An item in words.
struct Words {
    own: String,
    uprns: Vec<Uprn>,
    /// How it calls the dwellings that it touches.
    called: BTreeSet<Called>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Index")
    }
}

impl Service {
    /// The items that everything in a text fits: each of its words begins a word of the item, of its account or of its
    /// dwelling. What touches a dwelling that is not for whoever asks is not found, so that not even their number tells of it.
    ///
    /// # Errors
    /// When the log or the views cannot be read.
    pub async fn found(&self, text: &str, not_at: &BTreeSet<Uprn>) -> Result<Vec<NotificationRef>, ServiceError> {
        let ways = ways_to_call(&self.views, not_at)?;
        let mut found = {
            let mut known = self.search.0.lock().await;
            refresh(self, &mut known).await?;
            known.fitting(text, &ways)
        };
        let exact = text.trim().to_uppercase().parse::<NotificationRef>().ok();
        if let Some(it) = exact.filter(|it| !found.contains(it))
            && self.touching(std::slice::from_ref(&it), not_at).await?.is_empty()
        {
            found.push(it);
        }
        Ok(found)
    }

    /// Whether these items are about a dwelling that is called in one of these ways, as far as that is at hand: for what waits,
    /// once it was opened, unless somebody else is at it.
    ///
    /// # Errors
    /// As [`Service::found`].
    pub(super) async fn at_hand(
        &self,
        references: &[NotificationRef],
        ways: &BTreeSet<Called>,
    ) -> Result<BTreeMap<NotificationRef, bool>, ServiceError> {
        let Some(mut known) = self.search.0.try_lock().ok().filter(|it| it.at.is_some()) else {
            return Ok(BTreeMap::new());
        };
        refresh(self, &mut known).await?;
        let calls = |it: &NotificationRef| Some((it.clone(), !known.items.get(it)?.called.is_disjoint(ways)));
        Ok(references.iter().filter_map(calls).collect())
    }

    /// Opens what waits, so that the first search is as quick as the next.
    ///
    /// # Errors
    /// As [`Service::found`].
    pub async fn prepare_search(&self) -> Result<(), ServiceError> {
        refresh(self, &mut *self.search.0.lock().await).await
    }
}

impl Known {
    /// What a text fits, but for what is about a dwelling that is called in one of these ways.
    fn fitting(&self, text: &str, not: &BTreeSet<Called>) -> Vec<NotificationRef> {
        let wanted: Vec<String> = words(text).split_whitespace().map(needle).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let at: Vec<BTreeSet<&Uprn>> = wanted
            .iter()
            .map(|word| self.dwellings.iter().filter(|(_, text)| text.contains(word)).map(|(uprn, _)| uprn).collect())
            .collect();
        let fits = |item: &Words| {
            wanted
                .iter()
                .zip(&at)
                .all(|(word, at)| item.own.contains(word) || item.uprns.iter().any(|it| at.contains(it)))
        };
        let found = self.items.iter().filter(|(_, item)| fits(item) && item.called.is_disjoint(not));
        found.map(|(reference, _)| reference.clone()).collect()
    }
}

/// How a word is looked for.
fn needle(word: &str) -> String {
    let is_short_number = word.len() < SHORT && word.bytes().all(|it| it.is_ascii_digit());
    if is_short_number { format!(" {word} ") } else { format!(" {word}") }
}

/// A text in small letters, a blank before and after each word; apostrophes count for nothing.
fn words(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|it| !matches!(it, '\'' | '\u{2019}' | '.'))
        .map(|it| if it.is_alphanumeric() || matches!(it, '-' | '/') { it } else { ' ' })
        .flat_map(char::to_lowercase)
        .collect();
    let mut all = String::from(" ");
    for word in plain.split_whitespace() {
        all += word;
        all.push(' ');
    }
    all
}

/// Brings what is known to where the views are.
async fn refresh(service: &Service, known: &mut Known) -> Result<(), ServiceError> {
    let target = service.views.checkpoint(Workload::NAME)?.min(service.views.checkpoint(Accounts::NAME)?);
    let Some(mut at) = known.at else {
        for (number, reference) in service.views.all_waiting()?.into_iter().enumerate() {
            learn(service, known, &reference).await?;
            if number % OPENED_AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
        }
        known.at = Some(target);
        return Ok(());
    };
    while at < target {
        let events = service.store.read_all(at, AT_ONCE).await?;
        let Some(last) = events.last().map(|it| it.position.min(target)) else { break };
        let streams: BTreeSet<StreamName> =
            events.iter().filter(|it| it.position <= target).filter_map(named_stream).collect();
        for stream in streams {
            if let Some(reference) = stream.as_notification() {
                learn(service, known, &reference).await?;
            } else if let Some(uprn) = stream.as_dwelling()
                && known.dwellings.contains_key(&uprn)
            {
                known.dwellings.insert(uprn.clone(), of_dwelling(service, &uprn)?);
            }
        }
        at = last;
        known.at = Some(at);
    }
    Ok(())
}

/// Opens an item that waits; forgets one that is done.
async fn learn(service: &Service, known: &mut Known, reference: &NotificationRef) -> Result<(), ServiceError> {
    let item = service.views.item(reference)?.filter(|it| it.completed_at.is_none());
    let Some(item) = item else {
        known.items.remove(reference);
        return Ok(());
    };
    for uprn in &item.dwellings {
        if !known.dwellings.contains_key(uprn) {
            known.dwellings.insert(uprn.clone(), of_dwelling(service, uprn)?);
        }
    }
    let mut own = item.reference.to_string();
    for account in &item.accounts {
        own.extend([" ", account.as_str()]);
    }
    let events = service.told_of(reference).await?;
    for told in told_by(service, &events) {
        own.extend([" ", told.as_str()]);
    }
    let called = called_by(&events, &service.keys);
    known.items.insert(reference.clone(), Words { own: words(&own), uprns: item.dwellings, called });
    Ok(())
}

/// The names and places in a notification.
fn told_by(service: &Service, events: &[Recorded]) -> Vec<String> {
    let Some(Event::NotificationReceived(received)) = events.first().map(|it| &it.event) else { return Vec::new() };
    let body = received.body.opened(&service.keys).and_then(|it| serde_json::from_str::<Value>(&it).ok());
    let mut told = Vec::new();
    collect(body.as_ref(), &mut told);
    told
}

fn collect(value: Option<&Value>, told: &mut Vec<String>) {
    match value {
        Some(Value::Object(fields)) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if name == "postcode" => told.push(postcode(text)),
                    Some(text) if matches!(name.as_str(), "name" | "address") => told.push(text.to_owned()),
                    Some(_) => {}
                    None => collect(Some(value), told),
                }
            }
        }
        Some(Value::Array(items)) => items.iter().for_each(|it| collect(Some(it), told)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
    }
}

/// A postcode as it is written, and in one word.
fn postcode(text: &str) -> String {
    format!("{text} {}", text.split_whitespace().collect::<String>())
}

/// A dwelling in words: where it is, its accounts, who is liable.
fn of_dwelling(service: &Service, uprn: &Uprn) -> Result<String, ServiceError> {
    let state: DwellingState = service.views.dwelling(uprn)?.unwrap_or_default();
    let mut text = uprn.to_string();
    if let Some(it) = &state.listing {
        text.extend([" ", &it.property_reference, " ", &it.address, " ", &postcode(&it.postcode)]);
    }
    for account in &state.accounts {
        text.extend([" ", account.account.as_str()]);
        for person in account.liable_persons.iter().filter_map(|it| it.opened(&service.keys)) {
            text.extend([" ", person.name.as_str()]);
        }
    }
    Ok(words(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let uprn: Uprn = "999000000001".parse().unwrap();
        let mut known = Known::default();
        known
            .dwellings
            .insert(uprn.clone(), words("999000000001 12 St. Mary's Close SP10 1AA SP101AA 30001234 Ms Ann O'Brien"));
        let called = |place: &str| BTreeSet::from([Called::Place(place.to_owned())]);
        let item = |own: &str, uprns, place| Words { own: words(own), uprns, called: called(place) };
        let (one, two) = ("HN-1".parse().unwrap(), "HN-2".parse().unwrap());
        known.items.insert(one, item("HN-1 30001234 Mr Lee Carter", vec![uprn], "A"));
        known.items.insert(two, item("HN-2 Ms Zoe Obrien 1 Nowhere", Vec::new(), "B"));
        known
    }

    #[test]
    fn each_word_fits_the_item_or_its_dwelling() {
        let known = known();
        let open = BTreeSet::new();
        let found = |text: &str| known.fitting(text, &open).iter().map(|it| it.as_str().to_owned()).collect::<Vec<_>>();
        for text in [
            "carter",
            "LEE carter",
            "hn-1",
            "99900000",
            "30001234",
            "st marys close",
            "sp101aa",
            "sp10 1aa",
            "carter 12 close",
        ] {
            assert_eq!(found(text), ["HN-1"], "{text}");
        }
        assert_eq!(found("o'brien"), ["HN-1", "HN-2"]);
        assert_eq!(found("1"), ["HN-2"], "a short number is a whole word");
        for text in ["", "  ", "arter", "carter nowhere", "90000"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_about_a_dwelling_that_is_closed_is_not_found() {
        let (known, closed) = (known(), BTreeSet::from([Called::Place("A".to_owned())]));
        let found = known.fitting("obrien", &closed);
        assert_eq!(found.iter().map(NotificationRef::as_str).collect::<Vec<_>>(), ["HN-2"]);
        assert!(known.fitting("carter", &closed).is_empty() && known.fitting("999000000001", &closed).is_empty());
    }
}
