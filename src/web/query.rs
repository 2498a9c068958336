//! What a request asks for: parameters of the query, pages of lists, references in the path.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::problem::{Fault, Problem};

/// How many items a list gives where nobody says.
pub(crate) const DEFAULT_LIMIT: usize = 50;
/// How many items a list gives at most.
pub(crate) const GREATEST_LIMIT: usize = 500;

/// How many values one parameter has at most.
const MOST_VALUES: usize = 40;

/// One page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    /// The items.
    pub(crate) items: Vec<T>,
    /// What to pass as `cursor` for the next page; null at the end.
    pub(crate) next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page of at most `limit` of these items, of which one more than that was looked for.
    pub(crate) fn of(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = if more { items.last().map(|it| URL_SAFE_NO_PAD.encode(cursor(it))) } else { None };
        Self { items, next_cursor }
    }

    /// A page that stopped at `last`, or at the end where that is none.
    pub(crate) fn until(items: Vec<T>, last: Option<String>) -> Self {
        Self { items, next_cursor: last.map(|it| URL_SAFE_NO_PAD.encode(it)) }
    }
}

/// The place that a cursor stands for; none where it is not one that a list gave.
pub(crate) fn decoded<T: FromStr>(cursor: &str) -> Option<T> {
    let plain = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    plain.and_then(|it| it.parse().ok())
}

/// The parameters of a query; every fault is collected, then told at once.
pub(crate) struct Params {
    values: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

impl Params {
    /// The parameters of this query, of which there may be only those `known`, once each.
    pub(crate) fn of(uri: &Uri, known: &[&str]) -> Self {
        let mut params = Self { values: BTreeMap::new(), faults: Vec::new() };
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
            params.fault("", "the query is not percent-encoded UTF-8");
            return params;
        };
        for (name, value) in pairs {
            if !known.contains(&name.as_str()) {
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                let name: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
                params.fault(&name, format!("is not a parameter here; there are: {known}"));
            } else if params.values.insert(name.clone(), value).is_some() {
                params.fault(&name, "give it once");
            }
        }
        params
    }

    /// Notes that a parameter cannot be used.
    pub(crate) fn fault(&mut self, name: &str, detail: impl Into<String>) {
        let pointer = if name.is_empty() { String::new() } else { format!("/{name}") };
        self.faults.push(Fault { pointer, detail: detail.into() });
    }

    /// Whether a parameter was given and not yet taken.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The text of a parameter; 1 to 100 characters.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let text = self.values.remove(name)?;
        if (1..=100).contains(&text.chars().count()) {
            return Some(text);
        }
        self.fault(name, "must have 1 to 100 characters");
        None
    }

    /// The value of a parameter.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        let text = self.values.remove(name)?;
        text.parse().map_err(|error| self.fault(name, format!("{error}"))).ok()
    }

    /// Several values with commas between them; none where the parameter is absent.
    pub(crate) fn several<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>, what: &str) -> Vec<T> {
        let Some(text) = self.values.remove(name) else { return Vec::new() };
        let read: Option<Vec<T>> = text.split(',').take(MOST_VALUES + 1).map(read).collect();
        match read {
            Some(values) if values.len() <= MOST_VALUES => values,
            Some(_) | None => {
                self.fault(name, format!("must be {what}, at most {MOST_VALUES}, with commas between them"));
                Vec::new()
            }
        }
    }

    /// Whether something is so.
    pub(crate) fn yes_or_no(&mut self, name: &str) -> Option<bool> {
        let text = self.values.remove(name)?;
        let read = text.parse().ok();
        if read.is_none() {
            self.fault(name, "must be true or false");
        }
        read
    }

    /// A civil day.
    pub(crate) fn day(&mut self, name: &str) -> Option<Date> {
        let text = self.values.remove(name)?;
        let day = if text.len() == 10 { text.parse().ok() } else { None };
        if day.is_none() {
            self.fault(name, "must be a day such as 2015-12-01");
        }
        day
    }

    /// An instant.
    pub(crate) fn instant(&mut self, name: &str) -> Option<Timestamp> {
        let text = self.values.remove(name)?;
        let instant = text.parse().ok();
        if instant.is_none() {
            self.fault(name, "must be an instant such as 2015-12-01T09:00:00Z (a + is written %2B)");
        }
        instant
    }

    /// A number without a sign.
    pub(crate) fn number(&mut self, name: &str) -> Option<u64> {
        let text = self.values.remove(name)?;
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        // No position and no limit is greater than what a store can count to.
        let most = i64::MAX.unsigned_abs();
        let number = if digits { text.parse().ok().filter(|it| *it <= most) } else { None };
        if number.is_none() {
            self.fault(name, "must be a whole number, 0 or more");
        }
        number
    }

    /// How many items.
    pub(crate) fn limit(&mut self) -> usize {
        if !self.has("limit") {
            return DEFAULT_LIMIT;
        }
        let limit = self.number("limit").and_then(|it| usize::try_from(it).ok());
        match limit {
            Some(limit) if (1..=GREATEST_LIMIT).contains(&limit) => limit,
            Some(_) => {
                self.fault("limit", format!("must be from 1 to {GREATEST_LIMIT}"));
                DEFAULT_LIMIT
            }
            None => DEFAULT_LIMIT,
        }
    }

    /// After which item the page begins.
    pub(crate) fn cursor<T: FromStr>(&mut self) -> Option<T> {
        let text = self.values.remove("cursor")?;
        let cursor = decoded(&text);
        if cursor.is_none() {
            self.fault("cursor", "is not one that this list gave: leave it out to begin at the beginning");
        }
        cursor
    }

    /// To be called when all were asked for.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.faults.is_empty() { Ok(()) } else { Err(Problem::parameters(self.faults)) }
    }
}

/// The one reference in the path; what cannot be one is not found.
pub(crate) struct Named<T>(pub(crate) T);

impl<S: Send + Sync, T: FromStr<Err: Display>> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        let Path(text) = text.map_err(|_| Problem::not_found("The path is not percent-encoded UTF-8: check it."))?;
        let parsed = text.parse().map_err(|error: T::Err| Problem::not_found(format!("Check the path: {error}.")))?;
        Ok(Self(parsed))
    }
}
