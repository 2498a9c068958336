//! The senders' JSON, and what it must hold to be a notification.

use hearth_events::{AccountRef, Channel, NotificationKind, Uprn};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::details::{self, Details};
use super::{DwellingGiven, Notification, Submitter, checks, fault};
use crate::service::FieldFault;

const LONGEST_TEXT: usize = 500;

/// A notification as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationWire {
    kind: String,
    #[serde(default)]
    source_reference: Option<String>,
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    received_at: Option<Timestamp>,
    effective_on: Date,
    #[serde(deserialize_with = "details::lenient_bool")]
    declaration: bool,
    submitted_by: Submitter,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    dwelling: Option<DwellingWire>,
    #[serde(default)]
    free_text: Option<String>,
    details: Map<String, Value>,
}

/// A dwelling as it is given: by `uprn`, by `property_reference`, or by `address` and `postcode`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DwellingWire {
    /// One to twelve digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9]{1,12}$")]
    pub uprn: Option<String>,
    /// The council's own key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_reference: Option<String>,
    /// The address in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
}

impl DwellingWire {
    /// The dwelling as given; none where neither key nor address with postcode are there, or a UPRN is not one.
    pub fn given(&self) -> Option<DwellingGiven> {
        if let Some(uprn) = &self.uprn {
            return uprn.parse::<Uprn>().ok().map(DwellingGiven::Uprn);
        }
        if let Some(reference) = &self.property_reference {
            return (!reference.trim().is_empty())
                .then(|| DwellingGiven::PropertyReference(reference.trim().to_owned()));
        }
        match (&self.address, &self.postcode) {
            (Some(address), Some(postcode)) if !address.trim().is_empty() => {
                Some(DwellingGiven::Address { address: address.clone(), postcode: postcode.clone() })
            }
            _ => None,
        }
    }
}

/// Reads a notification from a JSON value.
///
/// # Errors
/// Every fault found, each with a JSON pointer to its field. Nothing is recorded of a malformed notification.
pub fn parse(value: &Value) -> Result<Notification, Vec<FieldFault>> {
    if !value.is_object() {
        return Err(vec![fault("", "must be a JSON object")]);
    }
    let wire: NotificationWire = read(value, "")?;
    let kind: NotificationKind = wire.kind.parse().map_err(|error: String| vec![fault("/kind", error)])?;
    let mut faults = Vec::new();
    check_sender(&wire, &mut faults);
    let details = Value::Object(wire.details);
    check_texts(value, "", &mut faults);
    let channel = match wire.channel.as_deref().map(str::parse::<Channel>) {
        None => Channel::Web,
        Some(Ok(channel)) => channel,
        Some(Err(error)) => {
            faults.push(fault("/channel", error));
            Channel::Web
        }
    };
    let account = wire.account.as_deref().map(str::parse::<AccountRef>).transpose().unwrap_or_else(|error| {
        faults.push(fault("/account", error.to_string()));
        None
    });
    let dwelling = wire.dwelling.as_ref().map(|it| given(it, "/dwelling", &mut faults));
    if account.is_none() && dwelling.is_none() && faults.is_empty() {
        faults.push(fault(
            "/dwelling",
            "give the account, or the dwelling by uprn, property_reference or address and postcode",
        ));
    }
    let details = match Details::read(kind, &details, "/details") {
        Ok(details) => details,
        Err(more) => {
            faults.extend(more);
            return Err(faults);
        }
    };
    checks::check(&details, wire.effective_on, &mut faults);
    check_days(wire.received_at, wire.effective_on, &mut faults);
    check_objects(value, &details, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Notification {
        kind,
        source_reference: wire.source_reference,
        channel,
        received_at: wire.received_at,
        effective_on: wire.effective_on,
        declaration: wire.declaration,
        submitted_by: wire.submitted_by,
        account,
        dwelling: dwelling.flatten(),
        free_text: wire.free_text.filter(|it| !it.trim().is_empty()),
        details,
    })
}

fn check_sender(wire: &NotificationWire, faults: &mut Vec<FieldFault>) {
    if wire.source_reference.as_deref().is_some_and(|it| it.trim().is_empty() || it.len() > 100) {
        faults.push(fault("/source_reference", "must have 1 to 100 characters"));
    }
    if wire.submitted_by.name.trim().is_empty() {
        faults.push(fault("/submitted_by/name", "must not be empty"));
    }
}

/// Days that council tax can be about: a slip of the pen must not move a clock by centuries.
fn check_days(received_at: Option<Timestamp>, effective_on: Date, faults: &mut Vec<FieldFault>) {
    const YEARS: std::ops::RangeInclusive<i16> = 1993..=2199;
    let is_sensible = |day: Date| YEARS.contains(&day.year());
    if !is_sensible(effective_on) {
        faults.push(fault("/effective_on", "must be a day from 1993 to 2199"));
    }
    if received_at.is_some_and(|it| !is_sensible(it.to_zoned(jiff::tz::TimeZone::UTC).date())) {
        faults.push(fault("/received_at", "must be an instant from 1993 to 2199"));
    }
}

/// A list where an object belongs is refused: its places would be taken for fields.
fn check_objects(value: &Value, details: &Details, faults: &mut Vec<FieldFault>) {
    if let Some(canonical) = details.canonical() {
        check_shape(value.get("details").unwrap_or(&Value::Null), &canonical, "/details", faults);
    }
    for object in ["submitted_by", "dwelling"] {
        if value.get(object).is_some_and(Value::is_array) {
            faults.push(fault(&format!("/{object}"), "must be an object"));
        }
    }
}

fn check_shape(given: &Value, read: &Value, at: &str, faults: &mut Vec<FieldFault>) {
    match (given, read) {
        (Value::Array(_), Value::Object(_)) => faults.push(fault(at, "must be an object")),
        (Value::Object(given), Value::Object(read)) => {
            for (key, field) in given {
                check_shape(field, read.get(key).unwrap_or(&Value::Null), &format!("{at}/{}", escaped(key)), faults);
            }
        }
        (Value::Array(given), Value::Array(read)) => {
            for (index, (item, read)) in given.iter().zip(read).enumerate() {
                check_shape(item, read, &format!("{at}/{index}"), faults);
            }
        }
        _ => {}
    }
}

pub(super) fn given(wire: &DwellingWire, pointer: &str, faults: &mut Vec<FieldFault>) -> Option<DwellingGiven> {
    let dwelling = wire.given();
    if dwelling.is_none() {
        let pointer = if wire.uprn.is_some() { format!("{pointer}/uprn") } else { pointer.to_owned() };
        faults.push(fault(&pointer, "give a uprn of 1 to 12 digits, a property_reference, or address and postcode"));
    }
    dwelling
}

pub(super) fn read<T: DeserializeOwned>(value: &Value, at: &str) -> Result<T, Vec<FieldFault>> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer = at.to_owned();
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => pointer = format!("{pointer}/{index}"),
                serde_path_to_error::Segment::Map { key } => pointer = format!("{pointer}/{}", escaped(key)),
                serde_path_to_error::Segment::Enum { variant } => pointer = format!("{pointer}/{variant}"),
                serde_path_to_error::Segment::Unknown => {}
            }
        }
        vec![fault(&pointer, without_values(&error.into_inner().to_string()))]
    })
}

/// The message of a JSON error without what the sender wrote: it may be personal, and it goes into answers and files.
fn without_values(message: &str) -> String {
    match message.split_once("invalid type: ") {
        Some((before, after)) => match after.split_once(", expected ") {
            Some((_, expected)) if expected.starts_with("struct ") => format!("{before}must be an object"),
            Some((_, expected)) => format!("{before}must be {expected}"),
            None => "has the wrong type".to_owned(),
        },
        None => message.to_owned(),
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Every text is of a sensible length and without control characters.
fn check_texts(value: &Value, at: &str, faults: &mut Vec<FieldFault>) {
    match value {
        Value::String(text) if text.chars().any(|it| it.is_control() && it != '\n' && it != '\r' && it != '\t') => {
            faults.push(fault(at, "must not contain control characters"));
        }
        Value::String(text) if text.chars().count() > LONGEST_TEXT && at != "/free_text" => {
            faults.push(fault(at, format!("must have at most {LONGEST_TEXT} characters")));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_texts(item, &format!("{at}/{index}"), faults);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                check_texts(field, &format!("{at}/{}", escaped(key)), faults);
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
