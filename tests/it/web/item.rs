//! What a work item is shown with: one of everything.

use hearth::service::times::Times;
use hearth::service::work::{Asides, CheckShown, ContactShown, HistoryStep, ItemShown, Proposal};
use hearth_events::{
    AccountRef, AwardCode, Channel, ContactAbout, ErrorClass, Finding, FindingOutcome, Instalment, Money,
    NotificationKind, NotificationRef, NotificationReferred, Outcome, Period, PersonDetails, PersonId, Personal,
    Position, ReasonCode, SecondPerson, Status,
};
use hearth_projections::{
    AwardDifference, BillDifference, ChargeDifference, Difference, Flag, LiabilityDifference, Work,
};

use super::fake::{NOW, UPRN, kept};

/// One of every change.
fn difference(period: Option<Period>, after: Money) -> Difference {
    let person = Personal::open_for(PersonId::from_bits(2), PersonDetails::default());
    let account = || "30001234".parse::<AccountRef>().unwrap();
    let before = Money::ZERO;
    Difference {
        uprn: UPRN.parse().unwrap(),
        liability: vec![LiabilityDifference {
            account: account(),
            liable_persons: vec![person],
            before: None,
            after: period,
        }],
        awards: vec![AwardDifference {
            account: account(),
            code: AwardCode::single_person(),
            before: None,
            after: period,
        }],
        charges: vec![ChargeDifference {
            account: account(),
            financial_year: "2015/16".parse().unwrap(),
            before,
            after,
        }],
        bills: vec![BillDifference {
            account: account(),
            financial_year: "2015/16".parse().unwrap(),
            before: Vec::new(),
            after: vec![Instalment { due: jiff::civil::date(2016, 1, 1), amount: "10.00".parse().unwrap() }],
        }],
    }
}

/// What was noted beside it: one of everything.
pub(super) fn asides() -> Asides {
    let at = NOW.parse().unwrap();
    let (by, note) = ("south".to_owned(), Some("As said on the telephone".to_owned()));
    let checked =
        CheckShown { at, by: by.clone(), error: ErrorClass::Financial, value: "1.20".parse().ok(), note: None };
    let contact = ContactShown { at, by, channel: Channel::Telephone, about: ContactAbout::Chase, note };
    Asides { checked: Some(checked), contacts: vec![contact] }
}

/// An item with one of everything.
pub(super) fn item(reference: &NotificationRef) -> ItemShown {
    let referral = serde_json::json!({"reference": reference, "kind": "move-in", "channel": "web", "received_at": NOW,
        "reasons": ["R05"], "queue": "liability", "priority": "medium", "due_on": "2015-12-17",
        "minutes_estimated": "12", "accounts": [], "dwellings": [], "effective_on": "2015-12-01"});
    let referral: NotificationReferred = serde_json::from_value(referral).unwrap();
    let period = Some(Period::starting(referral.effective_on));
    let after = "12.40".parse().unwrap();
    let finding = Finding {
        check: "no-overlapping-liability".to_owned(),
        outcome: FindingOutcome::Referred,
        reason: Some(ReasonCode::R04),
        because: "somebody lives there".to_owned(),
        source: "LGFA 1992 s.6".to_owned(),
    };
    let difference = difference(period, after);
    let proposal = Proposal {
        outcome: Outcome::Apply,
        satisfied: vec![finding.clone()],
        second: SecondPerson { over_limit: Some(after), ..SecondPerson::default() },
        dwellings: vec![difference],
        events: vec!["LiabilityStarted"],
    };
    let at = NOW.parse().unwrap();
    let step =
        HistoryStep { at, what: "NotificationReceived", who: "intake".to_owned(), note: None, position: Position(7) };
    ItemShown {
        reference: reference.clone(),
        kind: NotificationKind::MoveIn,
        channel: Channel::Web,
        received_at: at,
        at,
        times: Times::of(at, referral.due_on, &[], at),
        flags: vec![Flag::CreditOnAccount],
        asides: asides(),
        referral,
        work: Work::default(),
        linked: Vec::new(),
        status: Status::Referred,
        findings: vec![finding],
        notification: Some(serde_json::json!({"kind": "move-in"})),
        proposal: Ok(proposal),
        awaits: None,
        evidence: vec![kept(reference, &"ab".repeat(32))],
        history: vec![step],
    }
}
