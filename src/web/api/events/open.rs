//! Which events are open to whoever reads the log: none that names, in any field of any type, a dwelling that is fenced for
//! them, an account on it, or a notification about it. What people told is sealed in the log whoever reads it.

use std::collections::{BTreeMap, BTreeSet};

use hearth_events::{NotificationRef, StoredEvent, StreamName, Uprn};
use serde_json::Value;

use crate::store::EventStore;
use crate::web::App;
use crate::web::fenced::accounts_on;
use crate::web::looked::not_for;
use crate::web::problem::Problem;

/// The log as somebody may read it.
pub(super) struct Open<'a> {
    app: &'a App,
    not_at: BTreeSet<Uprn>,
    /// What the dwellings that are fenced are called by themselves.
    names: BTreeSet<String>,
    /// Which notifications touch one of them, as far as they were asked.
    asked: BTreeMap<NotificationRef, bool>,
}

impl<'a> Open<'a> {
    pub(super) async fn to(app: &'a App, name: &str) -> Result<Self, Problem> {
        let not_at = not_for(app, name).await?;
        let of = not_at.clone();
        let (accounts, keys) = app
            .read(move |it| {
                let listings = of.iter().map(|uprn| it.views().dwelling(uprn)).collect::<Result<Vec<_>, _>>()?;
                let keys = listings.into_iter().flatten().filter_map(|it| Some(it.listing?.property_reference));
                Ok((accounts_on(it.views(), &of)?, keys.collect::<Vec<_>>()))
            })
            .await?;
        let names = not_at.iter().map(Uprn::to_string).chain(accounts.iter().map(ToString::to_string)).chain(keys);
        Ok(Self { app, names: names.collect(), not_at, asked: BTreeMap::new() })
    }

    pub(super) fn store(&self) -> &'a dyn EventStore {
        self.app.backend().store()
    }

    /// Whether an event is open to them.
    pub(super) async fn has(&mut self, event: &StoredEvent) -> Result<bool, Problem> {
        if self.not_at.is_empty() {
            return Ok(true);
        }
        let whole: Value = serde_json::from_slice(&event.bytes).map_err(|error| Problem::internal(&error))?;
        let mut texts = Vec::new();
        collect(&whole, &mut texts);
        for text in texts {
            if self.names.contains(text) || self.is_one_of_theirs(text) || self.is_about_one(text).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether it is the stream of a dwelling that is fenced, or what an account is called that was opened on it.
    fn is_one_of_theirs(&self, text: &str) -> bool {
        let opened = |uprn: &Uprn| text.strip_prefix(uprn.as_str()).is_some_and(|rest| rest.starts_with('-'));
        let stream = StreamName::named(text).as_dwelling();
        stream.is_some_and(|it| self.not_at.contains(&it)) || self.not_at.iter().any(opened)
    }

    /// Whether it is the reference or the stream of a notification about a dwelling that is fenced.
    async fn is_about_one(&mut self, text: &str) -> Result<bool, Problem> {
        let named = StreamName::named(text).as_notification().or_else(|| text.parse().ok());
        let Some(reference) = named.filter(NotificationRef::is_of_a_notification) else { return Ok(false) };
        if let Some(known) = self.asked.get(&reference) {
            return Ok(*known);
        }
        let touching = self.app.backend().touching(std::slice::from_ref(&reference), &self.not_at).await;
        let touches = !touching.map_err(|error| Problem::unavailable(&error))?.is_empty();
        self.asked.insert(reference, touches);
        Ok(touches)
    }
}

/// Every text in a value.
fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(it) => texts.push(it),
        Value::Array(items) => items.iter().for_each(|it| collect(it, texts)),
        Value::Object(fields) => fields.values().for_each(|it| collect(it, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
