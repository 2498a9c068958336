//! Given, when, then: a dwelling as it stands, what somebody tells, what is decided.

mod arrival;
mod awarding;
mod bands;
mod bills;
mod by_officer;
mod counted;
mod deaths;
mod disregards;
mod edges;
mod gates;
mod histories;
mod households;
mod liable;
mod moves;
mod officers;
mod persons;
mod records;
mod retrospective;
mod reversal;
mod second;
mod slow;
mod stories;
mod table;
mod undone;
mod unoccupied;
mod versions;
mod waiting;
mod world;

use std::collections::BTreeMap;

use hearth_events::{
    AccountRef, AmountSet, BandAmounts, Capacity, DeliveryPreferenceChanged, DiscountAwarded, DwellingListed, Event,
    EventId, InstalmentPlanSet, LiabilityStarted, Metadata, Money, NotificationReceived, Outcome, PaymentMethod,
    Period, PersonDetails, PersonId, Personal, PolicyAdopted, Position, ReasonCode, Recorded, RecoveryStep,
    RecoveryStepTaken, StreamName, Tenure, Uprn,
};
use hearth_projections::DwellingState;
use jiff::civil::{Date, date};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use bands::by_bands;

use super::{
    AccountMatch, Case, Decision, DwellingMatch, Matched, Premises, Referral, Weighed, decide, decide_by_officer,
    referral,
};
use crate::intake::parse;
use crate::rules::Council;
use crate::rules::modulus::ModulusTable;

pub(super) const HOME: &str = "100000000001";
pub(super) const NEW_HOME: &str = "100000000002";
pub(super) const ACCOUNT: &str = "30000001";
/// The day everything here is received.
pub(super) const TODAY: Date = date(2016, 1, 20);

/// Runs so many cases of a property, always the same ones; other ones, as many as `PROPTEST_CASES` says, where that is set.
pub(super) fn runner(cases: u32) -> TestRunner {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok());
    let config = Config { failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    match wanted {
        Some(cases) => TestRunner::new(Config { cases, ..config }),
        None => TestRunner::new_with_rng(Config { cases, ..config }, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    }
}

/// A household or an owner at a dwelling.
pub(super) struct Home {
    uprn: &'static str,
    tenure: Tenure,
    owner: Option<&'static str>,
    hmo: bool,
    names: Vec<&'static str>,
    adults: u16,
    awards: Vec<(&'static str, Date)>,
    from: Date,
    account: &'static str,
    chosen: bool,
    stage: Option<RecoveryStep>,
}

pub(super) fn home(names: &[&'static str]) -> Home {
    Home {
        uprn: HOME,
        tenure: Tenure::OwnerOccupied,
        owner: None,
        hmo: false,
        names: names.to_vec(),
        adults: u16::try_from(names.len()).unwrap(),
        awards: Vec::new(),
        from: date(2010, 5, 1),
        account: ACCOUNT,
        chosen: false,
        stage: None,
    }
}

/// Nobody lives there; its owner is liable.
pub(super) fn empty(owner: &'static str) -> Home {
    Home { uprn: NEW_HOME, account: "30000002", adults: 0, ..home(&[owner]) }
}

fn chosen(account: AccountRef, from: Date) -> [Event; 2] {
    let plan = InstalmentPlanSet { account: account.clone(), instalments: 12, day: 8, from };
    [plan.into(), DeliveryPreferenceChanged { account, paperless: true, person: None, from }.into()]
}

/// The people of a dwelling that is not sealed.
fn people(state: &DwellingState) -> BTreeMap<PersonId, PersonDetails> {
    let owner = state.listing.iter().filter_map(|it| it.owner.as_ref());
    let persons = owner.chain(state.accounts.iter().flat_map(|it| &it.liable_persons));
    let open = persons.map(|it| match it {
        Personal::Open { person, value } => (*person, value.clone()),
        Personal::Sealed { .. } => panic!("sealed"),
    });
    open.collect()
}

impl Home {
    pub(super) fn at(self, uprn: &'static str) -> Self {
        Self { uprn, account: if uprn == HOME { ACCOUNT } else { "30000002" }, ..self }
    }

    pub(super) fn adults(self, adults: u16) -> Self {
        Self { adults, ..self }
    }

    pub(super) fn alone(mut self) -> Self {
        self.awards.push(("D-SPD", self.from));
        self.adults(1)
    }

    pub(super) fn award(mut self, code: &'static str) -> Self {
        self.awards.push((code, self.from));
        self
    }

    pub(super) fn let_by(self, owner: &'static str) -> Self {
        Self { tenure: Tenure::PrivateLandlord, owner: Some(owner), ..self }
    }

    pub(super) fn hmo(self) -> Self {
        Self { hmo: true, ..self }
    }

    /// Who pays by twelve instalments and has bills by e-mail.
    pub(super) fn chosen(self) -> Self {
        Self { chosen: true, ..self }
    }

    /// Of whom recovery has come so far.
    pub(super) fn pursued(self, stage: RecoveryStep) -> Self {
        Self { stage: Some(stage), ..self }
    }

    /// What is recorded of it before anything is told.
    fn events(&self) -> Vec<Event> {
        let person = |number: u128, name: &str, contact: bool| {
            let details = PersonDetails {
                name: name.into(),
                email: contact.then(|| "on.file@example.org".to_owned()),
                phone: contact.then(|| "01632 960001".to_owned()),
                address: None,
            };
            Personal::open_for(PersonId::from_bits(number), details)
        };
        let listed = DwellingListed {
            uprn: self.uprn.parse().unwrap(),
            property_reference: format!("TV{}", self.uprn),
            address: "1 The Street".into(),
            postcode: "ZZ99 1AA".into(),
            category: "Andover".into(),
            band: hearth_events::Band::D,
            listed_from: date(1993, 4, 1),
            tenure: self.tenure,
            owner: self.owner.map(|name| person(900, name, false)),
            furnished: false,
            hmo: self.hmo,
            imported_row: String::new(),
        };
        let base: u128 = self.uprn.parse().unwrap();
        let names = self.names.iter().enumerate();
        let started = LiabilityStarted {
            account: self.account.parse().unwrap(),
            liable_persons: names.map(|(n, name)| person(base * 10 + n as u128, name, n == 0)).collect(),
            period: Period::starting(self.from),
            capacity: if self.adults == 0 { Capacity::Owner } else { Capacity::Resident },
            adults: Some(self.adults),
            payment_method: PaymentMethod::DirectDebit,
            bank_details: None,
            imported_row: None,
        };
        let account = started.account.clone();
        let mut events = vec![listed.into(), started.into()];
        events.extend(self.awards.iter().map(|(code, from)| {
            let (account, code, period) = (account.clone(), code.parse().unwrap(), Period::starting(*from));
            Event::from(DiscountAwarded { account, code, period, terms: None })
        }));
        events.extend(self.stage.map(|step| {
            let (account, source_reference) = (account.clone(), "REC-1".into());
            Event::from(RecoveryStepTaken { account, step, taken_on: self.from, source_reference })
        }));
        if self.chosen {
            events.extend(chosen(account, self.from));
        }
        events
    }

    fn premises(&self) -> Premises {
        let uprn: Uprn = self.uprn.parse().unwrap();
        let mut state = DwellingState::default();
        for (event, position) in self.events().iter().zip([1, 2, 3].into_iter().chain(std::iter::repeat(3))) {
            state.take(Position(position), event).unwrap();
        }
        state.revision = Some(3);
        let people = people(&state);
        let mut working = super::Working::of(uprn.clone(), state);
        // What policy alone says is charged under the policy of a test.
        working.charge_what_has_a_rule(&council());
        Premises { uprn, state: working.now().clone(), people }
    }
}

/// Band D costs £3,660.00 a year in 366 days of 2015/16, £10 a day, so that a day is easy to see.
pub(super) fn council() -> Council {
    let money = |pounds: i64| Money::rounded(Decimal::from(pounds));
    let mut council = Council::default();
    for (year, pounds) in [("2014/15", 3650), ("2015/16", 3660), ("2016/17", 3650)] {
        let d = money(pounds);
        let amounts = BandAmounts { AR: d, A: d, B: d, C: d, D: d, E: d, F: d, G: d, H: d };
        let year = year.parse().unwrap();
        let set = AmountSet { financial_year: year, category: "Andover".into(), component: "all".into(), amounts };
        council.set(&set, Position(1));
    }
    council
}

/// What was decided, and how the dwellings stand with it.
pub(super) struct Decided {
    /// The reasons of what an officer had to be satisfied about; none where a machine decided.
    pub(super) satisfied: Vec<ReasonCode>,
    pub(super) decision: Decision,
    pub(super) referral: Referral,
    pub(super) after: Vec<DwellingState>,
}

/// Tells a notification about these homes.
#[track_caller]
pub(super) fn tell(homes: &[Home], told: Value) -> Decided {
    tell_premises(&council(), homes.iter().map(Home::premises).collect(), told)
}

/// Tells a notification where policy lets a year's tax on a dwelling move by no more than so many pounds.
#[track_caller]
pub(super) fn tell_under_limit(pounds: i64, homes: &[Home], told: Value) -> Decided {
    let limit = Some(Money::rounded(Decimal::from(pounds)));
    tell_under(PolicyAdopted { charge_movement_limit: limit, ..PolicyAdopted::default() }, homes, told)
}

/// Tells a notification that an officer accepts.
#[track_caller]
pub(super) fn accept(homes: &[Home], told: Value) -> Decided {
    accept_under(PolicyAdopted::default(), homes, told)
}

/// The same under a policy.
#[track_caller]
pub(super) fn accept_under(policy: PolicyAdopted, homes: &[Home], told: Value) -> Decided {
    decided(&under(policy), homes.iter().map(Home::premises).collect(), &told, &|case| {
        let Weighed { decision, satisfied, .. } = decide_by_officer(case);
        (decision, satisfied.iter().filter_map(|it| it.reason).collect())
    })
}

/// Tells a notification under a policy.
#[track_caller]
pub(super) fn tell_under(policy: PolicyAdopted, homes: &[Home], told: Value) -> Decided {
    tell_premises(&under(policy), homes.iter().map(Home::premises).collect(), told)
}

/// A council whose policy lets a year's tax on a dwelling move by no more than so many pounds.
pub(super) fn limited(pounds: i64) -> Council {
    let limit = Some(Money::rounded(Decimal::from(pounds)));
    under(PolicyAdopted { charge_movement_limit: limit, ..PolicyAdopted::default() })
}

/// A council with a policy.
pub(super) fn under(policy: PolicyAdopted) -> Council {
    let mut council = council();
    council.apply(&adopted(PolicyAdopted { from: date(2013, 4, 1), ..policy }));
    council
}

/// A policy that was adopted.
fn adopted(policy: PolicyAdopted) -> Recorded {
    Recorded {
        position: Position(1),
        stream: StreamName::council("E07000093"),
        revision: 0,
        id: EventId::from_bits(1),
        recorded_at: "2016-01-01T00:00:00Z".parse().unwrap(),
        event: policy.into(),
        metadata: Metadata {
            actor: "test".into(),
            causation: String::new(),
            correlation: String::new(),
            rules_version: String::new(),
            schema: 1,
        },
    }
}

/// Looks at the case of a notification about these homes.
#[track_caller]
pub(super) fn cased(council: &Council, homes: &[Home], told: &Value, look: impl FnOnce(&Case<'_>)) {
    case_of(council, &homes.iter().map(Home::premises).collect::<Vec<_>>(), told, look);
}

#[track_caller]
fn case_of<T>(council: &Council, premises: &[Premises], told: &Value, look: impl FnOnce(&Case<'_>) -> T) -> T {
    case_called("HN-TEST-0000-0001", council, premises, told, look)
}

/// The same for a notification of this reference.
#[track_caller]
fn case_called<T>(
    reference: &str,
    council: &Council,
    premises: &[Premises],
    told: &Value,
    look: impl FnOnce(&Case<'_>) -> T,
) -> T {
    let notification = parse(told).unwrap_or_else(|faults| panic!("malformed: {faults:?}"));
    let received = NotificationReceived { reference: reference.parse().unwrap(), ..received(told) };
    let find = |pointer: &str| match told.pointer(pointer).and_then(Value::as_str) {
        None => DwellingMatch::NotGiven,
        Some(uprn) if premises.iter().any(|it| it.uprn.as_str() == uprn) => DwellingMatch::One(uprn.parse().unwrap()),
        Some(_) => DwellingMatch::Unknown,
    };
    let account = match told.get("account").and_then(Value::as_str) {
        None => AccountMatch::NotNamed,
        Some(named) => {
            let account: AccountRef = named.parse().unwrap();
            let at = premises.iter().find(|it| it.state.account(&account).is_some());
            at.map_or(AccountMatch::Unknown, |it| AccountMatch::Found(account.clone(), it.uprn.clone()))
        }
    };
    let (dwelling, from_dwelling) = (find("/dwelling/uprn"), find("/details/from_dwelling/uprn"));
    let table = modulus_table();
    let case = Case {
        received: &received,
        notification: &notification,
        received_on: TODAY,
        decided_on: TODAY,
        council,
        modulus: Some(&table),
        matched: Matched { account, dwelling, from_dwelling, premises: premises.to_vec() },
        told_before: None,
        unanswered: None,
    };
    table::fits(&case);
    look(&case)
}

#[track_caller]
fn tell_premises(council: &Council, premises: Vec<Premises>, told: Value) -> Decided {
    decided(council, premises, &told, &|case| (decide(case), Vec::new()))
}

#[track_caller]
fn decided(
    council: &Council,
    premises: Vec<Premises>,
    told: &Value,
    decide: &dyn Fn(&Case<'_>) -> (Decision, Vec<ReasonCode>),
) -> Decided {
    let looked = |case: &Case<'_>| {
        let decision = decide(case);
        let referral = referral(case, &decision.0.reasons);
        (decision, referral, decide(case).0)
    };
    let ((decision, satisfied), referral, again) = case_of(council, &premises, told, looked);
    assert_eq!(decision.effects, again.effects, "the same case gives the same decision");
    let mut after: Vec<_> = premises.into_iter().map(|it| (it.uprn, it.state)).collect();
    for (uprn, events) in &decision.effects {
        let (_, state) = after.iter_mut().find(|(it, _)| it == uprn).unwrap();
        for event in events {
            state.take(Position(9), event).unwrap();
        }
    }
    let after: Vec<_> = after.into_iter().map(|(_, state)| state).collect();
    after.iter().for_each(every_day_has_one_liable_party);
    Decided { satisfied, decision, referral, after }
}

fn modulus_table() -> ModulusTable {
    let weights = include_str!("../../../packs/vocalink/weights.txt");
    let substitutions = include_str!("../../../packs/vocalink/substitutions.txt");
    ModulusTable::parse("test", date(2015, 1, 1), weights, substitutions).unwrap()
}

fn received(told: &Value) -> NotificationReceived {
    NotificationReceived {
        reference: "HN-TEST-0000-0001".parse().unwrap(),
        source_reference: "S-1".into(),
        sender: "file".into(),
        kind: told["kind"].as_str().unwrap().parse().unwrap(),
        channel: told["channel"].as_str().unwrap_or("web").parse().unwrap(),
        received_at: "2016-01-20T10:00:00Z".parse().unwrap(),
        effective_on: told["effective_on"].as_str().unwrap().parse().unwrap(),
        account: None,
        uprn: None,
        body: Personal::Sealed { person: PersonId::from_bits(1), bound_to: EventId::from_bits(1), sealed: "x".into() },
        body_digest: String::new(),
        told_digest: String::new(),
    }
}

/// Whatever is decided, the days of a year over all parties of a dwelling are the days of the year, once each.
#[track_caller]
fn every_day_has_one_liable_party(dwelling: &DwellingState) {
    for year in ["2014/15", "2015/16", "2016/17"] {
        let year: hearth_events::FinancialYear = year.parse().unwrap();
        let days = dwelling.accounts.iter().filter_map(|it| it.period.intersection(year.period())?.days());
        assert_eq!(days.sum::<i32>(), year.days(), "{year}: {:?}", periods(dwelling));
    }
}

pub(super) fn periods(dwelling: &DwellingState) -> Vec<(String, String, String)> {
    let text = |it: Option<Date>| it.map_or_else(String::new, |it| it.to_string());
    let of = |it: &hearth_projections::AccountState| {
        (it.account.to_string(), it.period.from.to_string(), text(it.period.to))
    };
    dwelling.accounts.iter().map(of).collect()
}

impl Decided {
    #[track_caller]
    pub(super) fn applied(self) -> Self {
        let findings = &self.decision.findings;
        assert_eq!(self.decision.outcome, Outcome::Apply, "{findings:#?}");
        assert!(findings.iter().all(|it| !it.source.is_empty() && !it.because.is_empty()));
        self
    }

    #[track_caller]
    pub(super) fn referred(self, reasons: &[ReasonCode]) {
        self.comes_to(Outcome::Refer, reasons);
    }

    #[track_caller]
    pub(super) fn comes_to(self, outcome: Outcome, reasons: &[ReasonCode]) {
        let decision = &self.decision;
        assert_eq!((decision.outcome, &decision.reasons[..]), (outcome, reasons), "{:#?}", decision.findings);
        assert!(decision.effects.is_empty(), "nothing happens unless it is applied");
    }

    /// How a check came out.
    pub(super) fn findings_of(&self, check: &str) -> String {
        let found = self.decision.findings.iter().find(|it| it.check == check).unwrap();
        serde_json::to_value(found.outcome).unwrap().as_str().unwrap().to_owned()
    }

    /// The net charge of the `number`-th account of a dwelling for 2015/16.
    pub(super) fn net(&self, dwelling: usize, number: usize) -> String {
        let account = &self.after[dwelling].accounts[number];
        account.charges.get(&"2015/16".parse().unwrap()).map_or_else(|| "none".into(), |it| it.net.to_string())
    }

    pub(super) fn types(&self, dwelling: usize) -> Vec<&'static str> {
        self.decision.effects[dwelling].1.iter().map(Event::type_name).collect()
    }
}

/// A notification with what every one has.
pub(super) fn told(kind: &str, on: &str, by: &str, more: Value, details: Value) -> Value {
    let mut told = json!({
        "kind": kind, "effective_on": on, "declaration": true, "details": details,
        "submitted_by": {"role": "liable-person", "name": by, "email": "on.file@example.org", "phone": "01632 960001"}
    });
    told.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    told
}
