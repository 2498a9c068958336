//! Events for the tests of folds, naming only what a test is about.

use hearth_events::{
    Band, Capacity, Channel, DwellingListed, Event, EventId, LiabilityStarted, Metadata, NotificationCompleted,
    NotificationKind, NotificationReceived, NotificationReferred, PaymentMethod, Period, PersonId, Personal, Position,
    Priority, ReasonCode, Recorded, Status, StreamName, Tenure,
};
use jiff::Timestamp;
use jiff::civil::date;

use crate::{Projection, Unapplicable};

pub(crate) fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

pub(crate) fn recorded(position: u64, stream: &str, revision: u64, event: impl Into<Event>) -> Recorded {
    Recorded {
        position: Position(position),
        stream: StreamName::named(stream),
        revision,
        id: EventId::from_bits(position.into()),
        recorded_at: at("2015-12-01T00:00:00Z"),
        event: event.into(),
        metadata: Metadata {
            actor: "test".into(),
            causation: "test".into(),
            correlation: "test".into(),
            rules_version: "test".into(),
            schema: 1,
        },
    }
}

pub(crate) fn listed(uprn: &str) -> DwellingListed {
    DwellingListed {
        uprn: uprn.parse().unwrap(),
        property_reference: format!("PR-{uprn}"),
        address: "1 High Street, Andover".into(),
        postcode: "SP10 1AA".into(),
        category: "Andover".into(),
        band: Band::C,
        listed_from: date(1993, 4, 1),
        tenure: Tenure::OwnerOccupied,
        owner: None,
        furnished: false,
        hmo: false,
        imported_row: "row".into(),
    }
}

pub(crate) fn started(account: &str) -> LiabilityStarted {
    LiabilityStarted {
        account: account.parse().unwrap(),
        liable_persons: vec![Personal::Sealed {
            person: PersonId::from_bits(1),
            bound_to: EventId::from_bits(1),
            sealed: "x".into(),
        }],
        period: Period::starting(date(2015, 4, 1)),
        capacity: Capacity::Resident,
        adults: Some(2),
        payment_method: PaymentMethod::Cash,
        bank_details: None,
        imported_row: None,
    }
}

pub(crate) fn received(position: u64, reference: &str, channel: Channel, received_at: &str) -> Recorded {
    let it = NotificationReceived {
        reference: reference.parse().unwrap(),
        source_reference: "S".into(),
        sender: "file".into(),
        kind: NotificationKind::MoveIn,
        channel,
        received_at: at(received_at),
        effective_on: date(2016, 1, 1),
        account: None,
        uprn: None,
        body: Personal::Sealed { person: PersonId::from_bits(1), bound_to: EventId::from_bits(1), sealed: "x".into() },
        body_digest: String::new(),
        told_digest: reference.to_string(),
    };
    recorded(position, &format!("notification-{reference}"), 0, it)
}

pub(crate) fn referred(position: u64, reference: &str, reasons: &[ReasonCode], recorded_at: &str) -> Recorded {
    let it = NotificationReferred {
        reference: reference.parse().unwrap(),
        kind: NotificationKind::MoveIn,
        channel: Channel::Web,
        received_at: at(recorded_at),
        reasons: reasons.to_vec(),
        queue: "changes".into(),
        priority: Priority::Medium,
        due_on: date(2016, 1, 18),
        minutes_estimated: 6.into(),
        accounts: Vec::new(),
        dwellings: Vec::new(),
        effective_on: date(2016, 1, 1),
        promised_by: None,
        linked: Vec::new(),
    };
    let event = recorded(position, &format!("notification-{reference}"), 1, it);
    Recorded { recorded_at: at(recorded_at), ..event }
}

pub(crate) fn completed(position: u64, reference: &str, status: Status, recorded_at: &str) -> Recorded {
    let it = NotificationCompleted {
        reference: reference.parse().unwrap(),
        kind: NotificationKind::MoveIn,
        channel: Channel::Web,
        received_at: at(recorded_at),
        status,
        reasons: Vec::new(),
        accounts: Vec::new(),
        accounts_opened: vec!["NEW-1".parse().unwrap()],
        linked: Vec::new(),
    };
    let event = recorded(position, &format!("notification-{reference}"), 2, it);
    Recorded { recorded_at: at(recorded_at), ..event }
}

/// The row that the events, all of one key, fold to.
pub(crate) fn folded<P: Projection>(events: &[Recorded]) -> Result<Option<P::Row>, Unapplicable> {
    let mut row = None;
    for event in events {
        for key in P::keys(event) {
            P::apply(&mut row, &key, event)?;
        }
    }
    Ok(row)
}
