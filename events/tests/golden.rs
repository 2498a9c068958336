//! Every shape that was ever stored can still be read.
//!
//! `golden/<Type>.v<N>.json` holds the `data` of an event as it was once written. The files are added to and never edited:
//! a test cannot see history, so `.ci/run` looks for edits in the log of git.
#![cfg(test)]

use std::collections::BTreeMap;
use std::path::Path;

use hearth_events::{
    AccountRef, ChargeCalculated, ChargeLine, ContactDetailsChanged, Event, EventId, FinancialYear, LineKind, Metadata,
    Money, NewEvent, NotSealed, PersonDetails, PersonId, Personal, Position, Sealer, StoredEvent, StreamName, Uprn,
    decode, decode_event, draft, leaf_hash,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

/// The golden files: type, number of the shape, text.
fn golden() -> Vec<(String, u16, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut files = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let (type_name, version) = name.strip_suffix(".json").and_then(|it| it.split_once(".v")).expect(name);
        files.push((type_name.to_owned(), version.parse().expect(name), std::fs::read_to_string(&path).unwrap()));
    }
    files.sort();
    files
}

/// Nothing golden is in clear, so nothing is sealed again.
struct NothingToSeal;

impl Sealer for NothingToSeal {
    fn seal(&mut self, _: PersonId, _: EventId, _: &[u8]) -> Result<String, NotSealed> {
        Err(NotSealed("a golden event holds personal data in clear".to_owned()))
    }
}

fn encoded(event: Event) -> Value {
    let planned = draft(EventId::from_bits(1), event, &mut NothingToSeal).unwrap();
    serde_json::from_str(planned.data.get()).unwrap()
}

#[test]
fn every_golden_event_is_read_as_the_type_it_is_named_for() {
    for (type_name, version, text) in golden() {
        let event = decode_event(&type_name, version, &text).unwrap_or_else(|error| panic!("{type_name}: {error}"));
        assert_eq!(event.type_name(), type_name);
    }
}

#[test]
fn the_newest_shape_is_what_is_written_now() {
    let newest: BTreeMap<_, _> = golden().into_iter().map(|(name, version, text)| (name, (version, text))).collect();
    for (type_name, (version, text)) in newest {
        let event = decode_event(&type_name, version, &text).unwrap();
        let golden: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(encoded(event), golden, "{type_name}: a field was renamed, added or dropped; give it a new version");
    }
}

#[test]
fn every_event_type_has_a_golden_event_and_the_other_way_round() {
    let mut held: Vec<_> = golden().into_iter().map(|(name, ..)| name).collect();
    held.dedup();
    let mut types: Vec<_> = Event::TYPES.iter().map(|it| (*it).to_owned()).collect();
    types.sort();
    assert_eq!(held, types, "write golden/<Type>.v1.json by hand");
}

#[test]
fn a_type_or_a_shape_of_the_future_is_named_and_not_guessed() {
    let unknown = decode_event("RoofReplaced", 1, "{}").unwrap_err().to_string();
    assert!(unknown.contains("RoofReplaced"), "{unknown}");
    let newer = decode_event("TokenRevoked", 2, r#"{"name": "a"}"#).unwrap_err().to_string();
    assert!(newer.contains("TokenRevoked") && newer.contains('2'), "{newer}");
}

/// Sealing that needs no key: the bytes in hexadecimal digits.
struct InHex;

impl Sealer for InHex {
    fn seal(&mut self, _: PersonId, _: EventId, plain: &[u8]) -> Result<String, NotSealed> {
        Ok(plain.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")))
    }
}

fn a_day() -> impl Strategy<Value = Date> {
    (1991_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn some_money() -> impl Strategy<Value = Money> {
    (-100_000_000_i64..100_000_000).prop_map(|pence| Money::rounded(Decimal::new(pence, 2)))
}

fn a_charge() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![Just(LineKind::Charge), Just(LineKind::Reduction), Just(LineKind::Premium)];
    let line = (kind, any::<String>(), a_day(), a_day(), 0_i32..400, some_money());
    let line = line.prop_map(|(kind, code, from, to, days, amount)| ChargeLine { kind, code, from, to, days, amount });
    let lines = prop::collection::vec(line, 0..4);
    let rests_on = prop::collection::vec(any::<u64>().prop_map(Position), 0..4);
    (a_day(), lines, some_money(), rests_on, prop::option::of(some_money())).prop_map(
        |(day, lines, net, rests_on, before)| {
            let account = AccountRef::nth_of(&"999000000001".parse().unwrap(), 2);
            let financial_year = FinancialYear::of(day);
            ChargeCalculated { account, financial_year, lines, net, rests_on, before }.into()
        },
    )
}

fn a_person() -> impl Strategy<Value = Event> {
    (any::<u128>(), any::<String>(), prop::option::of(any::<String>()), a_day()).prop_map(
        |(person, name, email, from)| {
            let details = PersonDetails { name, email, phone: None, address: None };
            let person = Personal::open_for(PersonId::from_bits(person), details);
            ContactDetailsChanged { account: "30000016".parse().unwrap(), person, from }.into()
        },
    )
}

fn a_golden_one() -> impl Strategy<Value = Event> {
    let events: Vec<_> =
        golden().iter().map(|(name, version, text)| decode_event(name, *version, text).unwrap()).collect();
    prop::sample::select(events)
}

fn some_metadata() -> impl Strategy<Value = Metadata> {
    let text = any::<String>;
    (text(), text(), text(), text()).prop_map(|(actor, causation, correlation, rules_version)| Metadata {
        actor,
        causation,
        correlation,
        rules_version,
        schema: 1,
    })
}

fn an_instant() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000_000, 0_i32..1_000_000_000).prop_map(|(second, nano)| Timestamp::new(second, nano).unwrap())
}

proptest! {
    #[test]
    fn what_is_stored_is_read_back_as_it_was(
        event in prop_oneof![a_golden_one(), a_charge(), a_person()],
        metadata in some_metadata(),
        recorded_at in an_instant(),
        id in any::<u128>(),
        (position, revision) in (any::<u64>(), any::<u64>()),
        uprn in "[0-9]{1,12}",
    ) {
        let (id, position) = (EventId::from_bits(id), Position(position));
        let stream = StreamName::dwelling(&uprn.parse::<Uprn>().unwrap());
        let mut sealed = event.clone();
        sealed.seal(id, &mut InHex).unwrap();
        let new: NewEvent = draft(id, event, &mut InHex).unwrap().recorded(recorded_at, &metadata).unwrap();
        let bytes = new.stored_bytes(position, &stream, revision, recorded_at);
        let hash = leaf_hash(&bytes);
        let read = decode(&StoredEvent { position, bytes, hash }).unwrap();
        prop_assert_eq!(read.event, sealed);
        prop_assert_eq!((read.position, read.stream, read.revision, read.id), (position, stream, revision, id));
        prop_assert_eq!((read.recorded_at, read.metadata), (recorded_at, metadata));
    }
}
