//! What is written: plain events of 500 bytes, and real ones with sealed personal data.

use anyhow::Result;
use hearth_events::{
    AccountRef, Capacity, ChargeCalculated, ChargeLine, Event, EventId, FinancialYear, LiabilityStarted, LineKind,
    Metadata, Money, NewEvent, NotSealed, PaymentMethod, Period, PersonDetails, PersonId, Personal, Position, Sealer,
    StreamName, Uprn, draft,
};
use jiff::Timestamp;
use jiff::civil::date;
use rust_decimal::Decimal;

/// The length of a plain event's stored bytes.
pub(crate) const BYTES: usize = 500;
/// How many streams there are.
pub(crate) const STREAMS: u64 = 50_000;

pub(crate) fn stream(number: u64) -> StreamName {
    StreamName::named(&format!("dwelling-{:012}", 100_000_000_000 + number % STREAMS))
}

fn metadata() -> Metadata {
    Metadata {
        actor: "bench".to_owned(),
        causation: "HN-7KQ2-9FXM-3D4R".to_owned(),
        correlation: "HN-7KQ2-9FXM-3D4R".to_owned(),
        rules_version: "2026-11-23".to_owned(),
        schema: 1,
    }
}

/// Makes events of 500 bytes.
pub(crate) struct Plain {
    recorded_at: Timestamp,
    data: String,
    metadata: String,
}

impl Plain {
    pub(crate) fn new() -> Result<Self> {
        let recorded_at = "2026-11-23T09:00:00.123456789Z".parse()?;
        let mut plain = Self { recorded_at, data: String::new(), metadata: serde_json::to_string(&metadata())? };
        let empty = plain.event(0).stored_bytes(Position(1_000_000), &stream(0), 100, recorded_at).len();
        plain.data = format!(r#"{{"x":"{}"}}"#, "x".repeat(BYTES - empty - 8));
        Ok(plain)
    }

    pub(crate) fn event(&self, number: u64) -> NewEvent {
        NewEvent {
            id: EventId::from_bits(u128::from(number)),
            type_name: "ScenarioRecorded",
            recorded_at: self.recorded_at,
            data: self.data.clone(),
            metadata: self.metadata.clone(),
        }
    }
}

/// Seals as long as a real sealer does; nothing here is opened again.
struct Opaque;

impl Sealer for Opaque {
    fn seal(&mut self, _: PersonId, _: EventId, plain: &[u8]) -> Result<String, NotSealed> {
        Ok("QUJD".repeat((plain.len() + 28).div_ceil(3)))
    }
}

/// The `number`-th of a log of real events: at each dwelling one liability, and then charges.
pub(crate) fn real(number: u64) -> Result<NewEvent> {
    let uprn: Uprn = format!("{:012}", 100_000_000_000 + number % STREAMS).parse()?;
    let account = AccountRef::nth_of(&uprn, 1);
    let event = if number < STREAMS { liability(account, number) } else { charge(account, number) };
    let planned = draft(EventId::from_bits(u128::from(number)), event, &mut Opaque)?;
    Ok(planned.recorded("2026-11-23T09:00:00.123456Z".parse()?, &metadata())?)
}

fn liability(account: AccountRef, number: u64) -> Event {
    let details = PersonDetails {
        name: "Ms Grace Hughes".to_owned(),
        email: Some("grace.hughes@example.org".to_owned()),
        phone: Some("01632 960123".to_owned()),
        address: None,
    };
    Event::from(LiabilityStarted {
        account,
        liable_persons: vec![Personal::open_for(PersonId::from_bits(u128::from(number)), details)],
        period: Period::starting(date(2026, 4, 1)),
        capacity: Capacity::Resident,
        adults: Some(2),
        payment_method: PaymentMethod::DirectDebit,
        bank_details: None,
        imported_row: None,
    })
}

fn charge(account: AccountRef, number: u64) -> Event {
    let pence = 200_000 + i64::try_from(number % 1_000).unwrap_or_default();
    let line = |kind, code: &str, amount| ChargeLine {
        kind,
        code: code.to_owned(),
        from: date(2026, 4, 1),
        to: date(2027, 4, 1),
        days: 365,
        amount: Money::rounded(Decimal::new(amount, 2)),
    };
    Event::from(ChargeCalculated {
        account,
        financial_year: FinancialYear::of(date(2026, 4, 1)),
        lines: vec![line(LineKind::Charge, "D", pence), line(LineKind::Reduction, "single-adult", -pence / 4)],
        net: Money::rounded(Decimal::new(pence - pence / 4, 2)),
        rests_on: vec![Position(1), Position(2), Position(number)],
        before: Some(Money::rounded(Decimal::new(pence, 2))),
    })
}
