//! Every kind and every gate of the table: a scene that passes, and for each way in which a gate can come out one change to
//! that scene after which this gate alone does not pass.

mod awards;
mod dwellings;
mod foretold;
mod households;
mod moves;
mod records;
mod shared;

use std::collections::BTreeSet;

use hearth_events::{
    AmountSet, BandAmounts, Event, FinancialYear, Finding, FindingOutcome, Money, NotificationKind, Outcome,
    PolicyAdopted, Position, ReasonCode,
};
use hearth_projections::AccountState;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::table::{self, Fails, Kind};
use super::super::{Case, Findings, Premises, decide, decide_by_officer, gates as deciders};
use super::{Home, TODAY, adopted, case_of};
use crate::rules::Council;

/// What is given and told.
struct Scene {
    homes: Vec<Home>,
    told: Value,
    policy: PolicyAdopted,
    /// The years for which amounts are set.
    years: &'static [&'static str],
    received_on: Date,
    was_told_before: bool,
    has_modulus_table: bool,
    /// What is changed at the dwellings as they stand.
    touches: Vec<fn(&mut [Premises])>,
    /// What is changed once that is charged.
    touches_after: Vec<fn(&mut [Premises])>,
}

/// A scene under a policy that reviews awards and gives half off an empty dwelling.
fn scene(homes: Vec<Home>, told: Value) -> Scene {
    let review_months = ["D-SPD", "D-DBR", "D-ANX", "D-CTR", "D-LOC-C"].map(|code| (code.to_owned(), 12)).into();
    let policy = PolicyAdopted {
        review_months: Some(review_months),
        empty_discount_percent: Some(Decimal::from(50)),
        ..PolicyAdopted::default()
    };
    Scene {
        homes,
        told,
        policy,
        years: &["2014/15", "2015/16", "2016/17"],
        received_on: TODAY,
        was_told_before: false,
        has_modulus_table: true,
        touches: Vec::new(),
        touches_after: Vec::new(),
    }
}

impl Scene {
    fn details(&mut self) -> &mut Value {
        &mut self.told["details"]
    }

    fn touch(&mut self, touch: fn(&mut [Premises])) {
        self.touches.push(touch);
    }

    /// Band D costs £10.00 a day, the others their ninths.
    fn council(&self) -> Council {
        let mut council = Council::default();
        for year in self.years {
            let year: FinancialYear = year.parse().unwrap();
            let of = |ninths: i64| {
                let band_d = Decimal::from(10 * year.days());
                Money::rounded(band_d * Decimal::from(ninths) / Decimal::from(9))
            };
            let amounts = BandAmounts {
                AR: of(5),
                A: of(6),
                B: of(7),
                C: of(8),
                D: of(9),
                E: of(11),
                F: of(13),
                G: of(15),
                H: of(18),
            };
            let (category, component) = ("Andover".into(), "all".into());
            council.set(&AmountSet { financial_year: year, category, component, amounts }, Position(1));
        }
        council.apply(&adopted(PolicyAdopted { from: "2013-04-01".parse().unwrap(), ..self.policy.clone() }));
        council
    }

    /// Looks at the case.
    fn cased<T>(&self, look: impl FnOnce(&Case<'_>) -> T) -> T {
        let council = self.council();
        let mut premises: Vec<_> = self.homes.iter().map(Home::premises).collect();
        self.touches.iter().for_each(|touch| touch(&mut premises));
        for it in &mut premises {
            // What was changed is charged as it then is.
            let mut working = it.working();
            working.charge_what_has_a_rule(&council);
            it.state = working.now().clone();
        }
        self.touches_after.iter().for_each(|touch| touch(&mut premises));
        case_of(&council, &premises, &self.told, |case| {
            look(&Case {
                received_on: self.received_on,
                decided_on: self.received_on,
                modulus: case.modulus.filter(|_| self.has_modulus_table),
                told_before: self.was_told_before.then(|| "HN-TEST-0000-0009".parse().unwrap()),
                ..case.clone()
            })
        })
    }

    /// What the machine decides, and what an officer would.
    fn decided(&self) -> Decided {
        self.cased(|case| {
            super::table::fits(case);
            let (machine, officer) = (decide(case), decide_by_officer(case));
            let effects = machine.effects.iter().chain(&officer.decision.effects);
            Decided {
                events: effects.flat_map(|(_, events)| events).map(Event::type_name).collect(),
                machine: By { outcome: machine.outcome, reasons: machine.reasons, failing: failing(machine.findings) },
                officer: By {
                    outcome: officer.decision.outcome,
                    reasons: officer.decision.reasons,
                    failing: failing(officer.decision.findings),
                },
                satisfied: officer.satisfied.into_iter().map(|it| (it.check, it.reason)).collect(),
            }
        })
    }
}

struct Decided {
    machine: By,
    officer: By,
    /// What an officer was satisfied about.
    satisfied: Vec<(String, Option<ReasonCode>)>,
    events: BTreeSet<&'static str>,
}

struct By {
    outcome: Outcome,
    reasons: Vec<ReasonCode>,
    failing: Vec<Finding>,
}

impl By {
    fn checks(&self) -> BTreeSet<&str> {
        self.failing.iter().map(|it| it.check.as_str()).collect()
    }

    fn comes_out(&self, check: &str, fails: Fails) -> bool {
        let mut found = self.failing.iter().filter(|it| it.check == check).peekable();
        found.peek().is_some() && found.all(|it| (it.outcome, it.reason) == (fails.outcome(), fails.reason()))
    }
}

fn failing(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|it| it.outcome != FindingOutcome::Passed).collect()
}

/// A change to a scene after which one gate does not pass.
#[derive(Clone, Copy)]
struct Spoil {
    check: &'static str,
    fails: Fails,
    /// Checks that cannot pass either then.
    also: &'static [&'static str],
    by: fn(&mut Scene),
}

const fn fails(check: &'static str, fails: Fails, by: fn(&mut Scene)) -> Spoil {
    Spoil { check, fails, also: &[], by }
}

impl Spoil {
    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }
}

/// The scenes of a kind.
struct Suite {
    kind: NotificationKind,
    /// Scenes that pass every gate, or every gate but those that no machine passes. The first is the one that is spoiled.
    passes: &'static [fn() -> Scene],
    /// Spoils that the machine meets.
    machine: &'static [&'static [Spoil]],
    /// Spoils that are met only once an officer is satisfied of what no machine passes.
    officer: &'static [&'static [Spoil]],
}

/// A check of this name needs a decider that is wrong: it is tried by itself below.
const GUARD: &str = "effects-fit-the-record";

impl Suite {
    /// Everything that is not as the table says.
    fn faults(&self) -> Vec<String> {
        let row = table::kind(self.kind).unwrap();
        let mut events = BTreeSet::new();
        let mut faults = Vec::new();
        for passes in self.passes {
            let decided = passes().decided();
            faults.extend(passes_every_gate(row, &decided));
            events.extend(decided.events);
        }
        // Told of an account that ends on a later day, where that may be.
        let mut ended = (self.passes[0])();
        ended.touch(shared::ended_later);
        events.extend(ended.decided().events);
        let base = (self.passes[0])().decided();
        for spoil in self.machine.iter().copied().flatten() {
            let decided = self.spoilt(spoil);
            faults.extend(fails_by_machine(&base, &decided, spoil));
            events.extend(decided.events);
        }
        for spoil in self.officer.iter().copied().flatten() {
            let decided = self.spoilt(spoil);
            faults.extend(fails_by_officer(&decided, spoil));
            events.extend(decided.events);
        }
        faults.extend(self.left_untried(row));
        let says: BTreeSet<_> = row.events().collect();
        faults.extend(says.symmetric_difference(&events).map(|it| format!("{it}: in the row or in a scene, not both")));
        faults.into_iter().map(|it| format!("{}: {it}", self.kind)).collect()
    }

    fn spoilt(&self, spoil: &Spoil) -> Decided {
        let mut scene = (self.passes[0])();
        (spoil.by)(&mut scene);
        scene.decided()
    }

    fn left_untried(&self, row: &Kind) -> Vec<String> {
        let spoils = self.machine.iter().chain(self.officer).copied().flatten();
        let tried: BTreeSet<_> = spoils.map(|it| (it.check, it.fails)).collect();
        let says = row.gates().filter(|it| it.check != GUARD);
        let says: BTreeSet<_> = says.flat_map(|gate| gate.fails.iter().map(|it| (gate.check, *it))).collect();
        says.symmetric_difference(&tried).map(|it| format!("{it:?}: in the row or tried, not both")).collect()
    }
}

/// What goes straight through has no failing check; what never does has some, and what an officer can accept has none then.
fn passes_every_gate(row: &Kind, decided: &Decided) -> Vec<String> {
    let mut faults = Vec::new();
    let goes_through = decided.machine.failing.is_empty() && decided.machine.outcome == Outcome::Apply;
    if goes_through != row.straight_through_when.is_some() {
        faults.push(format!("goes straight through or not: {:#?}", decided.machine.failing));
    }
    let can_be_accepted = row.events().next().is_some();
    if can_be_accepted != decided.officer.failing.is_empty() {
        faults.push(format!("can be accepted or not: {:#?}", decided.officer.failing));
    }
    faults
}

fn fails_by_machine(base: &Decided, decided: &Decided, spoil: &Spoil) -> Option<String> {
    let Spoil { check, fails, also, .. } = *spoil;
    let of_base = base.machine.checks();
    let mut others = decided.machine.checks();
    others.retain(|it| *it != check && !of_base.contains(it));
    let alone = others == also.iter().copied().collect();
    let mut right = decided.machine.comes_out(check, fails) && alone;
    right &= match fails.outcome() {
        FindingOutcome::Rejected => decided.machine.outcome == Outcome::Reject,
        FindingOutcome::Duplicate => decided.machine.outcome == Outcome::Duplicate,
        FindingOutcome::Referred => decided.machine.outcome == Outcome::Refer || !also.is_empty(),
        FindingOutcome::Passed => false,
    };
    let reasons = decided.machine.failing.iter().filter(|it| it.outcome == fails.outcome()).filter_map(|it| it.reason);
    let reasons: BTreeSet<_> = reasons.collect();
    right &=
        fails == Fails::Rejected || reasons == decided.machine.reasons.iter().copied().collect() || !also.is_empty();
    right &= if fails.is_overridable() {
        decided.satisfied.contains(&(check.to_owned(), fails.reason())) && !decided.officer.checks().contains(check)
    } else {
        decided.officer.comes_out(check, fails)
    };
    (!right).then(|| told_of(spoil, &decided.machine, &decided.satisfied))
}

fn fails_by_officer(decided: &Decided, spoil: &Spoil) -> Option<String> {
    let Spoil { check, fails, also, .. } = *spoil;
    let expected: BTreeSet<_> = also.iter().copied().chain((!fails.is_overridable()).then_some(check)).collect();
    let mut right = decided.officer.checks() == expected && !decided.machine.checks().contains(check);
    right &= if fails.is_overridable() {
        decided.satisfied.contains(&(check.to_owned(), fails.reason()))
    } else {
        decided.officer.comes_out(check, fails) && decided.officer.outcome != Outcome::Apply
    };
    (!right).then(|| told_of(spoil, &decided.officer, &decided.satisfied))
}

fn told_of(spoil: &Spoil, by: &By, satisfied: &[(String, Option<ReasonCode>)]) -> String {
    let found: Vec<_> = by.failing.iter().map(|it| format!("{} {:?} {:?}", it.check, it.outcome, it.reason)).collect();
    format!(
        "{} {:?}: came to {:?} {:?} by {found:?}, an officer satisfied of {satisfied:?}",
        spoil.check, spoil.fails, by.outcome, by.reasons
    )
}

/// The account of the first dwelling.
fn account(premises: &mut [Premises]) -> &mut AccountState {
    &mut premises[0].state.accounts[0]
}

#[track_caller]
fn holds(suite: &Suite) {
    let faults = suite.faults();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

macro_rules! suites {
    ($($name:ident: $suite:path,)*) => {
        $(
            #[test]
            fn $name() {
                holds(&$suite);
            }
        )*

        const SUITES: &[&Suite] = &[$(&$suite),*];

        #[test]
        fn every_kind_is_tried() {
            let tried: Vec<_> = SUITES.iter().map(|it| it.kind).collect();
            assert_eq!(tried, NotificationKind::ALL);
        }
    };
}

suites! {
    n01_move_in: moves::MOVE_IN,
    n02_move_out: moves::MOVE_OUT,
    n03_move_within: moves::MOVE_WITHIN,
    n04_change_of_name: records::CHANGE_OF_NAME,
    n05_contact_details: records::CONTACT_DETAILS,
    n06_occupier_joined: households::OCCUPIER_JOINED,
    n07_occupier_left: households::OCCUPIER_LEFT,
    n08_liable_person_added: households::LIABLE_PERSON_ADDED,
    n09_liable_person_removed: households::LIABLE_PERSON_REMOVED,
    n10_single_person_discount_claim: awards::SINGLE_PERSON_DISCOUNT_CLAIM,
    n11_single_person_discount_end: awards::SINGLE_PERSON_DISCOUNT_END,
    n12_student: awards::STUDENT,
    n13_severe_mental_impairment: awards::SEVERE_MENTAL_IMPAIRMENT,
    n14_disregard_claim: awards::DISREGARD_CLAIM,
    n15_property_empty: dwellings::PROPERTY_EMPTY,
    n16_second_home: dwellings::SECOND_HOME,
    n17_back_in_use: dwellings::BACK_IN_USE,
    n18_disabled_band_reduction: awards::DISABLED_BAND_REDUCTION,
    n19_annexe: awards::ANNEXE,
    n20_death: households::DEATH,
    n21_probate: households::PROBATE,
    n22_tenancy_change: moves::TENANCY_CHANGE,
    n25_band_change: dwellings::BAND_CHANGE,
    n26_direct_debit: records::DIRECT_DEBIT,
    n27_instalment_choice: records::INSTALMENT_CHOICE,
    n28_paperless: records::PAPERLESS,
    n29_refund_request: records::REFUND_REQUEST,
    n30_council_tax_reduction: awards::COUNCIL_TAX_REDUCTION,
    n31_new_property: records::NEW_PROPERTY,
    n32_dispute: records::DISPUTE,
    n33_enquiry: records::ENQUIRY,
    n34_copy_bill: records::COPY_BILL,
}

#[test]
fn what_does_not_fit_the_record_is_never_applied() {
    let scene = (records::CONTACT_DETAILS.passes[0])();
    let mut premises: Vec<_> = scene.homes.iter().map(Home::premises).collect();
    case_of(&scene.council(), &premises.split_off(0), &scene.told, |case| {
        let mut working = case.matched.premises[0].working();
        let (account, code) = (super::ACCOUNT.parse().unwrap(), "D-SPD".parse().unwrap());
        working.record(hearth_events::DiscountEnded { account, code, to: TODAY });
        let mut findings = Findings::by_officer();
        assert_eq!(deciders::charges(case, &mut [working], &mut findings), None);
        let found = failing(findings.into_list());
        let it = Fails::Lacks(ReasonCode::R19);
        assert!(found.iter().all(|found| (found.outcome, found.reason) == (it.outcome(), it.reason())));
        assert_eq!(found.iter().map(|it| it.check.as_str()).collect::<Vec<_>>(), [GUARD]);
    });
}
