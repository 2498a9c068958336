//! What may be told before anything is sent: true whatever is on record, and the same whoever lives there.

use std::collections::BTreeSet;

use hearth_events::ReasonCode::{R01, R02, R06, R10, R13, R19};
use hearth_events::{Outcome, RecoveryStep};
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;

use super::super::super::table::{self, Fails, Foretells};
use super::super::super::{Foretold, decide, foretell};
use super::super::{ACCOUNT, HOME, home, runner, told};
use super::{SUITES, Scene, Suite};

/// Every scene of a kind, with the check that was spoiled in it.
fn scenes(suite: &Suite) -> Vec<(Option<(&'static str, Fails)>, Scene)> {
    let passes = suite.passes.iter().map(|it| (None, it()));
    let changes = suite.machine.iter().chain(suite.officer).copied().flatten();
    let spoilt = changes.map(|spoil| {
        let mut scene = (suite.passes[0])();
        (spoil.by)(&mut scene);
        (Some((spoil.check, spoil.fails)), scene)
    });
    passes.chain(spoilt).collect()
}

fn failing(foretold: &Foretold) -> BTreeSet<&str> {
    foretold.certain.iter().chain(&foretold.unless_on_record).map(|it| it.check.as_str()).collect()
}

#[test]
fn what_agrees_with_the_record_is_foretold_to_go_through() {
    let mut faults = Vec::new();
    for suite in SUITES {
        let goes_through = table::kind(suite.kind).unwrap().straight_through_when.is_some();
        for (number, pass) in suite.passes.iter().enumerate() {
            let foretold = pass().cased(foretell);
            if (foretold.outcome == Outcome::Apply) != goes_through {
                faults.push(format!("{} {number}: {:?}", suite.kind, failing(&foretold)));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Ways of failing that rest on the record, of checks that have others: there is no such account, it is another dwelling's, the
/// e-mail is not the one on file, the landlord is not the owner on file.
const ON_RECORD: &[(&str, Fails)] = &[
    ("account-matched", Fails::Lacks(R01)),
    ("dwelling-of-account", Fails::Judged(R19)),
    ("submitter-identified", Fails::Judged(R02)),
    ("submitter-has-authority", Fails::Judged(R13)),
    ("next-liable-party-known", Fails::Lacks(R19)),
];

#[test]
fn what_is_foretold_comes_true_and_what_can_be_foretold_is() {
    let mut faults = Vec::new();
    for suite in SUITES {
        for (spoilt, scene) in scenes(suite) {
            let (foretold, decision) = scene.cased(|case| (foretell(case), decide(case)));
            let comes_true = match foretold.outcome {
                Outcome::Apply => foretold.certain.is_empty(),
                // Where identity is in doubt even what would be sent back goes to an officer.
                Outcome::Reject => matches!(decision.outcome, Outcome::Reject | Outcome::Refer | Outcome::Duplicate),
                Outcome::Refer | Outcome::Duplicate => decision.outcome != Outcome::Apply,
            };
            let can_be = |(check, fails): (&str, Fails)| {
                let failed = decision.findings.iter().any(|it| it.check == check && it.outcome == fails.outcome());
                let says = table::check(check).unwrap().foretold != Foretells::Nothing;
                failed && says && !ON_RECORD.contains(&(check, fails))
            };
            let missed = spoilt.is_some_and(|it| can_be(it) && !failing(&foretold).contains(it.0));
            if !comes_true || missed {
                faults.push(format!("{} {spoilt:?}: foretold {:?}", suite.kind, failing(&foretold)));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Other people in the same dwellings, of whom something else is on record.
fn others_live_there(scene: &mut Scene, other: &Others) {
    for home in &mut scene.homes {
        home.names = other.names.clone();
        home.adults = other.adults;
        home.awards = other.awards.iter().map(|code| (*code, date(2012, 1, 1))).collect();
        home.owner = other.owner;
        home.hmo = other.hmo;
        home.chosen = other.chosen;
        home.stage = other.at_court.then_some(RecoveryStep::LiabilityOrder);
        home.from = date(other.since, 5, 1);
        home.account = if other.has_other_account { "30009999" } else { home.account };
    }
    scene.was_told_before = other.told_before;
}

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what may be on record or not")]
struct Others {
    names: Vec<&'static str>,
    adults: u16,
    awards: Vec<&'static str>,
    owner: Option<&'static str>,
    hmo: bool,
    chosen: bool,
    at_court: bool,
    since: i16,
    has_other_account: bool,
    told_before: bool,
}

fn others() -> impl Strategy<Value = Others> {
    let name = || prop::sample::select(vec!["Mr A", "Ms New", "Ms B", "Mx L", "Mr Z", "Ms Executor", "Ms Buyer"]);
    let some = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let awards = prop::sample::subsequence(vec!["D-SPD", "X-F", "X-N", "D-50"], 0..3);
    let who = (prop::collection::vec(name(), 1..4), prop::option::of(name()), 0_u16..5, awards, 2005_i16..2016, some);
    who.prop_map(|(names, owner, adults, awards, since, (hmo, chosen, at_court, has_other_account, told_before))| {
        Others { names, adults, awards, owner, hmo, chosen, at_court, since, has_other_account, told_before }
    })
}

/// Somebody who tries names against an address learns nothing.
#[test]
fn the_same_words_have_the_same_answer_whoever_lives_there() {
    let how_many: Vec<_> = SUITES.iter().map(|suite| scenes(suite).len()).collect();
    let which = (0..SUITES.len()).prop_flat_map(move |suite| (Just(suite), 0..how_many[suite]));
    let run = runner(150).run(&(which, others()), |((suite, number), other)| {
        let told = || {
            let (_, mut scene) = scenes(SUITES[suite]).swap_remove(number);
            // What the list says of the dwelling is public, so it has to be the same at both.
            scene.touches.clear();
            scene.touches_after.clear();
            scene
        };
        let (here, mut elsewhere) = (told(), told());
        others_live_there(&mut elsewhere, &other);
        prop_assert_eq!(here.cased(foretell), elsewhere.cased(foretell));
        Ok(())
    });
    run.unwrap();
}

#[test]
fn what_is_certain_is_told_with_its_reasons_and_comes_to_the_worst_of_it() {
    let claim = |more: serde_json::Value| {
        let details = json!({"adults_left": [], "other_adults_remaining": 1});
        let scene = super::scene(
            vec![home(&["Mr A"])],
            told("single-person-discount-claim", "2016-01-10", "Mr A", more, details),
        );
        scene.cased(foretell)
    };
    let referred = claim(json!({"account": ACCOUNT}));
    assert_eq!((referred.outcome, referred.reasons()), (Outcome::Refer, vec![R10]));
    let undeclared = claim(json!({"account": ACCOUNT, "declaration": false}));
    assert_eq!((undeclared.outcome, undeclared.reasons()), (Outcome::Reject, vec![R10]));
    let unnamed = claim(json!({"dwelling": {"uprn": HOME}}));
    let said =
        unnamed.certain.iter().chain(&unnamed.unless_on_record).find(|it| it.check == "account-matched").unwrap();
    assert_eq!(said.because, "no account was named");
    assert!(claim(json!({"account": ACCOUNT, "effective_on": "2015-10-01"})).reasons().contains(&R06));
}
