//! Random histories, decided by the real deciders: what always holds, whatever is told in whatever order.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use hearth_events::{AmountSet, BandAmounts, FinancialYear, FindingOutcome, Money, Outcome, PolicyAdopted, Position};
use hearth_projections::DwellingState;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use super::slow::{self, Set};
use super::stories::{DAYS, SORTS, Step, tell};
use super::world::{Stands, World};
use super::{Home, empty, home, under};
use crate::rules::Council;

const UPRNS: [&str; 3] = ["100000000001", "100000000002", "100000000003"];
const YEARS: [i16; 3] = [2014, 2015, 2016];

/// Awards that households had before anything was told.
const AWARDS: [&str; 6] = ["D-SPD", "D-DBR", "D-ANX", "D-50", "D-NORES", "X-F"];

/// What has to be among what is applied, so that the histories tell something.
const ALL_SEEN: &[&str] = &[
    "move-in",
    "move-out",
    "move-within",
    "tenancy-change",
    "single-person-discount-claim",
    "single-person-discount-end",
    "occupier-joined",
    "occupier-left",
    "liable-person-added",
    "liable-person-removed",
    "death",
    "band-change",
    "property-empty",
    "back-in-use",
    "instalment-choice",
    "contact-details",
    "second-home",
    "reversed",
    "restored",
];

/// A history before it happens.
#[derive(Clone, Debug)]
struct Plan {
    band_d: [i64; 3],
    empty: [u16; 2],
    changed_on: Date,
    awards: [Option<usize>; 3],
    couple: bool,
    froms: [Date; 3],
    steps: Vec<Step>,
}

fn plan(longest: usize) -> impl Strategy<Value = Plan> {
    let step = (0..SORTS + 4, 0..3_usize, 0..DAYS, any::<u8>());
    let step = step.prop_map(|(what, at, day, variant)| Step { what, at, day, variant });
    let day = |first: Date, days: i32| (0..days).prop_map(move |it| first.saturating_add(jiff::Span::new().days(it)));
    (
        prop::array::uniform3(50_000..300_000_i64),
        prop::array::uniform2(prop::sample::select(vec![0_u16, 25, 33, 50, 100])),
        day(date(2014, 5, 1), 600),
        prop::array::uniform3(prop::option::weighted(0.3, 0..AWARDS.len())),
        any::<bool>(),
        prop::array::uniform3(prop::sample::select(vec![
            date(2010, 5, 1),
            date(2010, 5, 1),
            date(2014, 6, 15),
            date(2015, 7, 1),
        ])),
        (prop::collection::vec(step, 1..longest), prop::bool::weighted(0.7)),
    )
        .prop_map(|(band_d, empty, changed_on, awards, couple, froms, (mut steps, in_order))| {
            if in_order {
                steps.sort_by_key(|it| it.day);
            }
            Plan { band_d, empty, changed_on, awards, couple, froms, steps }
        })
}

impl Plan {
    fn amounts(&self, year: usize) -> [i64; 9] {
        // Each band rounded for itself, and a penny off for some: they are set, not worked out.
        let band = |(place, ninths): (usize, i64)| (self.band_d[year] * ninths + 4) / 9 + i64::from(place == 5);
        let all: Vec<_> = [5, 6, 7, 8, 9, 11, 13, 15, 18].into_iter().enumerate().map(band).collect();
        all.try_into().unwrap()
    }

    fn council(&self) -> Council {
        let policy = |from: Date, percent: u16| PolicyAdopted {
            from,
            empty_discount_percent: Some(Decimal::from(percent)),
            ..PolicyAdopted::default()
        };
        let mut council = under(policy(date(2013, 4, 1), self.empty[0]));
        let later = super::adopted(policy(self.changed_on, self.empty[1]));
        council.apply(&later);
        for (number, year) in YEARS.into_iter().enumerate() {
            let amounts = self.amounts(number);
            let of = |place: usize| Money::rounded(Decimal::new(amounts[place], 2));

            let amounts = BandAmounts {
                AR: of(0),
                A: of(1),
                B: of(2),
                C: of(3),
                D: of(4),
                E: of(5),
                F: of(6),
                G: of(7),
                H: of(8),
            };
            let financial_year = FinancialYear::of(date(year, 4, 1));
            let set = AmountSet { financial_year, category: "Andover".into(), component: "all".into(), amounts };
            council.set(&set, Position(1));
        }
        council
    }

    fn set(&self) -> Set {
        let amounts = YEARS.iter().enumerate().map(|(number, year)| (*year, self.amounts(number).map(i128::from)));
        let empty = vec![(date(2013, 4, 1), self.empty[0].into()), (self.changed_on, self.empty[1].into())];
        Set { amounts: amounts.collect(), empty }
    }

    fn homes(&self) -> Vec<Home> {
        let names: &[&str] = if self.couple { &["Ms Grace Hughes", "Mr Leo Gibbs"] } else { &["Ms Grace Hughes"] };
        let owner_occupied = Home { uprn: UPRNS[0], account: "30000001", ..home(names) };
        let void = Home { uprn: UPRNS[1], account: "30000002", ..empty("Mr Tomos Fforde") };
        let tenants =
            Home { uprn: UPRNS[2], account: "30000003", ..home(&["Ms Aoife Quirk"]).let_by("Quirk Lettings Ltd") };
        let homes = [owner_occupied, void, tenants].into_iter().enumerate().map(|(number, it)| {
            let it = Home { from: self.froms[number], ..it };
            match self.awards[number] {
                Some(award) => it.award(AWARDS[award]),
                None => it,
            }
        });
        homes.collect()
    }
}

/// The days on which somebody is liable; on no day two are.
fn covered(dwelling: &DwellingState) -> Result<BTreeSet<Date>, TestCaseError> {
    let mut days = BTreeSet::new();
    for account in &dwelling.accounts {
        let (mut day, end) = (account.period.from.max(date(2013, 4, 1)), account.period.to.unwrap_or(date(2017, 4, 1)));
        while day < end.min(date(2017, 4, 1)) {
            prop_assert!(days.insert(day), "two are liable on {day}: {:?}", super::periods(dwelling));
            day = day.tomorrow().unwrap();
        }
    }
    Ok(days)
}

/// Every charge is what the second opinion says, line by line, and none is below nothing.
fn charged(world: &World, set: &Set) -> Result<(), TestCaseError> {
    for dwelling in world.states() {
        for account in &dwelling.accounts {
            for year in YEARS {
                let year = FinancialYear::of(date(year, 4, 1));
                let expected = slow::lines(&dwelling, account, year, set);
                let found = account.charges.get(&year);
                let pence = |it: Money| (it.pounds() * Decimal::ONE_HUNDRED).trunc().mantissa();
                let net = found.map(|it| pence(it.net)).unwrap_or_default();
                prop_assert!(net >= 0, "{year} {account:#?}");
                prop_assert_eq!(net, slow::net(&expected), "{} {:#?} {:#?}", year, account, expected);
                let line = |it: &hearth_events::ChargeLine| {
                    (it.code.clone(), it.from, it.to, i128::from(it.days), pence(it.amount))
                };
                let found: Vec<_> = found.iter().flat_map(|it| it.lines.iter().map(|it| line(&it.line))).collect();
                let expected: Vec<_> =
                    expected.into_iter().map(|it| (it.code, it.from, it.to, it.days, it.pence)).collect();
                prop_assert_eq!(found, expected, "{} of {}", year, &account.account);
            }
        }
    }
    Ok(())
}

/// What stands, whatever number an account has and however it is paid.
fn unnumbered(world: &World) -> Vec<Stands> {
    let mut all: Vec<_> = world.stands().into_values().map(|it| Stands { paid: String::new(), ..it }).collect();
    all.sort_by_key(|it| format!("{it:?}"));
    all
}

fn of(number: usize) -> String {
    format!("HN-TEST-0000-{number:04}")
}

/// Something that was told and applied.
#[derive(Clone)]
struct Applied {
    reference: String,
    told: Value,
    reversed: bool,
}

/// A history as it happens, with everything that is checked of each step.
struct Running {
    first: World,
    world: World,
    set: Set,
    applied: Vec<Applied>,
    seen: BTreeMap<String, usize>,
}

impl Running {
    fn new(plan: &Plan) -> Self {
        let world = World::new(plan.council(), &plan.homes());
        Self { first: world.clone(), world, set: plan.set(), applied: Vec::new(), seen: BTreeMap::new() }
    }

    fn step(&mut self, step: Step, number: usize) -> Result<(), TestCaseError> {
        if step.what < SORTS {
            if let Some(told) = tell(&self.world, &UPRNS, step, number) {
                self.told(&of(number), &told)?;
            }
        } else if !self.applied.is_empty() {
            let which = usize::from(step.variant) % self.applied.len();
            self.reversed(which)?;
        }
        charged(&self.world, &self.set)
    }

    fn told(&mut self, reference: &str, told: &Value) -> Result<(), TestCaseError> {
        let before = self.world.clone();
        let days: Vec<_> = before.states().iter().map(covered).collect::<Result<_, _>>()?;
        let decision = self.world.settle(reference, told);
        if decision.outcome != Outcome::Apply {
            prop_assert_eq!(self.world.stands(), before.stands(), "nothing happens unless it is applied");
            return Ok(());
        }
        for (now, before) in self.world.states().iter().zip(days) {
            let now_covered = covered(now)?;
            let lost: Vec<_> = before.difference(&now_covered).take(3).collect();
            prop_assert!(
                lost.is_empty(),
                "nobody is liable any more on {:?} after {}: {:?}",
                lost,
                told,
                super::periods(now)
            );
        }
        *self.seen.entry(told["kind"].as_str().unwrap().to_owned()).or_default() += 1;
        // Reversed at once, it is as if it had not been told; restored, as if it had not been reversed.
        let mut other = self.world.clone();
        other.reverse(reference, false).map_err(|error| TestCaseError::fail(format!("{error} {told}")))?;
        prop_assert_eq!(other.stands(), before.stands(), "reversing {}", told);
        other.reverse(reference, true).map_err(|error| TestCaseError::fail(format!("{error} {told}")))?;
        prop_assert_eq!(other.stands(), self.world.stands(), "restoring {}", told);
        // Told again in the same words it changes nothing, and no officer is offered that it would.
        let decision = self.world.clone().settle("HN-TEST-0000-9999", told);
        prop_assert!(decision.outcome == Outcome::Duplicate || decision.effects.is_empty(), "{told} {decision:#?}");
        self.applied.push(Applied { reference: reference.to_owned(), told: told.clone(), reversed: false });
        Ok(())
    }

    /// Reversed later, it is as if it had been reversed at once and all the rest been told then.
    fn reversed(&mut self, which: usize) -> Result<(), TestCaseError> {
        let it = self.applied[which].clone();
        let mut world = self.world.clone();
        if world.reverse(&it.reference, it.reversed).is_err() {
            prop_assert_eq!(world.stands(), self.world.stands());
            return Ok(());
        }
        self.world = world;
        self.applied[which].reversed = !it.reversed;
        *self.seen.entry(if it.reversed { "restored" } else { "reversed" }.to_owned()).or_default() += 1;
        for state in self.world.states() {
            covered(&state)?;
        }
        let mut anew = self.first.clone();
        for it in &self.applied {
            let decision = anew.settle(&it.reference, &it.told);
            let told = &it.told;
            // What is said of an account stays with it, whatever else becomes of the account; and a band that was changed and
            // changed back is already so.
            let is_record = ["instalment-choice", "contact-details"].iter().any(|kind| told["kind"] == *kind);
            prop_assert!(
                it.reversed || is_record || matches!(decision.outcome, Outcome::Apply | Outcome::Duplicate),
                "{told} is no longer applied: {:#?}",
                decision.findings.iter().filter(|it| it.outcome != FindingOutcome::Passed).collect::<Vec<_>>()
            );
            if it.reversed {
                anew.reverse(&it.reference, false).map_err(|error| TestCaseError::fail(error.to_string()))?;
            }
        }
        prop_assert_eq!(
            unnumbered(&self.world),
            unnumbered(&anew),
            "{:?} of {:#?}",
            it.reference,
            self.applied.iter().map(|it| format!("{} {} {}", it.reference, it.reversed, it.told)).collect::<Vec<_>>()
        );
        Ok(())
    }
}

#[test]
fn a_history_holds_at_every_step() {
    let (mut runner, seen) = (super::runner(48), RefCell::new(BTreeMap::<String, usize>::new()));
    let held = runner.run(&plan(20), |plan| {
        let mut running = Running::new(&plan);
        charged(&running.world, &running.set)?;
        for (number, step) in plan.steps.iter().enumerate() {
            running.step(*step, number)?;
        }
        for (what, times) in running.seen {
            *seen.borrow_mut().entry(what).or_default() += times;
        }
        Ok(())
    });
    held.unwrap_or_else(|error| panic!("{error}"));
    let seen = seen.into_inner();
    for what in ALL_SEEN {
        assert!(seen.contains_key(*what), "no {what} among what was applied: {seen:?}");
    }
}
