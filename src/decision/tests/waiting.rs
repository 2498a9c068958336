//! What waits: by when it is promised, what it holds from recovery, what it is linked with, who is asked first.

use hearth_events::{NotificationKind, Outcome, PolicyAdopted, Priority, ReasonCode, RecoveryStep, Silence};
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::{QueueNow, Unanswered, Waiting, decide, held, linked, promised_by, referral, to_be_asked};
use super::{ACCOUNT, HOME, Home, NEW_HOME, cased, council, empty, home, tell, told, under};
use ReasonCode::{R04, R07, R14};

const LANDLORD: &str = "Mx Landlord";

fn moves_in(uprn: &str, on: &str) -> Value {
    let details = json!({"persons": [{"name": "Ms New"}, {"name": "Mr New"}], "tenure": "tenant", "sole_adult": false,
        "previous_occupiers_left": true});
    told("move-in", on, "Ms New", json!({"dwelling": {"uprn": uprn}}), details)
}

fn moves_out(on: &str) -> Value {
    let details = json!({"persons_leaving": ["Mr Old"], "forwarding_address": "9 Elsewhere",
        "successor": {"kind": "owner"}});
    told("move-out", on, "Mr Old", json!({"account": ACCOUNT}), details)
}

fn lets_anew() -> Value {
    let details = json!({"tenancy_ended_on": "2016-01-09", "outgoing": ["Mr Old"], "tenancy_starts_on": "2016-01-10",
        "incoming": [{"name": "Ms New"}, {"name": "Mr New"}], "joint_tenancy": true});
    let mut told = told("tenancy-change", "2016-01-10", LANDLORD, json!({"dwelling": {"uprn": HOME}}), details);
    told["submitted_by"]["role"] = json!("landlord");
    told
}

fn tenants() -> Home {
    home(&["Mr Old"]).let_by(LANDLORD)
}

fn asking(silence: Option<Silence>) -> PolicyAdopted {
    PolicyAdopted { third_party_wait_days: Some(14), third_party_silence: silence, ..PolicyAdopted::default() }
}

#[test]
fn the_promise_follows_the_pace_of_the_queue() {
    let (today, due) = (date(2016, 1, 20), date(2016, 2, 3));
    let promised = |ahead, completed_lately| promised_by(today, due, QueueNow { ahead, completed_lately });
    // Wednesday; 20 a month are one a working day.
    assert_eq!(promised(0, 20), date(2016, 1, 21));
    assert_eq!(promised(1, 20), date(2016, 1, 22));
    assert_eq!(promised(2, 20), date(2016, 1, 25), "not at the weekend");
    assert_eq!(promised(0, 5_000), date(2016, 1, 21), "never before the next working day");
    assert_eq!(promised(2, 40), date(2016, 1, 22), "what is begun on a day counts for it");
    assert_eq!(promised(49, 1), promised_by(today, today, QueueNow { ahead: 999, completed_lately: 20 }));
    assert_eq!(promised(7, 0), due, "where nobody has completed anything nobody knows the pace");
    assert_eq!(promised_by(due, today, QueueNow::default()), date(2016, 2, 4), "the standard has passed");
    assert!(promised(u64::MAX, 1) > date(2200, 1, 1), "it does not overflow");
}

#[test]
fn what_waits_holds_recovery_for_every_account_that_it_may_change() {
    let until = |council: &crate::rules::Council, homes: &[Home], told: &Value| {
        let mut found = None;
        cased(council, homes, told, |case| {
            let due_on = referral(case, &[R04]).due_on;
            found = held(case, due_on).map(|it| {
                let accounts: Vec<_> = it.accounts.iter().map(ToString::to_string).collect();
                (accounts.join(" "), it.from, it.until)
            });
        });
        found
    };
    let default = council();
    let on = date(2016, 1, 20);
    let for_days = |days| under(PolicyAdopted { recovery_hold_days: Some(days), ..PolicyAdopted::default() });
    let named = Some((ACCOUNT.to_owned(), on, date(2016, 2, 17)));
    assert_eq!(until(&default, &[tenants()], &moves_out("2016-01-10")), named);
    assert_eq!(until(&default, &[tenants()], &moves_in(HOME, "2016-01-10")), named, "though nobody named it");
    let (short, long) = (for_days(3), for_days(60));
    let until_due = Some((ACCOUNT.to_owned(), on, date(2016, 2, 4)));
    assert_eq!(until(&short, &[tenants()], &moves_out("2016-01-10")), until_due, "not before it is due");
    assert_eq!(until(&long, &[tenants()], &moves_out("2016-01-10")).unwrap().2, date(2016, 3, 20));
    assert_eq!(until(&default, &[], &moves_in("5", "2016-01-10")), None, "no dwelling, no account");
    assert_eq!(until(&default, &[tenants()], &moves_out("2009-01-10")), named, "backdated, too");
}

#[test]
fn what_is_agreed_with_a_debtor_before_a_court_is_for_a_person() {
    let debit = || {
        let details = json!({"action": "cancel"});
        told("direct-debit", "2016-01-21", "Mr Old", json!({"account": ACCOUNT}), details)
    };
    let choice = || {
        let details = json!({"instalments": 12});
        told("instalment-choice", "2016-01-21", "Mr Old", json!({"account": ACCOUNT}), details)
    };
    for step in RecoveryStep::ALL {
        let at = |told| tell(&[tenants().pursued(step)], told);
        if matches!(step, RecoveryStep::Reminder | RecoveryStep::FinalNotice) {
            at(debit()).applied();
            at(choice()).applied();
            at(moves_out("2016-01-10")).applied();
        } else {
            assert_eq!(at(debit()).referral.priority, Priority::High);
            at(debit()).referred(&[R14]);
            at(choice()).referred(&[R14]);
            at(moves_out("2016-01-10")).referred(&[R14]);
        }
    }
    let copy = told("copy-bill", "2016-01-20", "Mr Old", json!({"account": ACCOUNT}), json!({"request": "copy-bill"}));
    tell(&[tenants()], copy.clone()).referred(&[ReasonCode::R10]);
    tell(&[tenants().pursued(RecoveryStep::Summons)], copy).referred(&[ReasonCode::R10, R14]);
}

#[test]
fn those_who_live_there_are_asked_where_nothing_but_their_word_is_missing() {
    let asked = |policy: PolicyAdopted, homes: &[Home], told: &Value| {
        let mut accounts = Vec::new();
        cased(&under(policy), homes, told, |case| {
            accounts = to_be_asked(case).iter().map(ToString::to_string).collect();
        });
        accounts
    };
    let none = Vec::<String>::new();
    assert_eq!(asked(asking(None), &[tenants()], &moves_in(HOME, "2016-01-10")), [ACCOUNT]);
    assert_eq!(asked(asking(None), &[tenants()], &lets_anew()), [ACCOUNT]);
    assert_eq!(asked(PolicyAdopted::default(), &[tenants()], &moves_in(HOME, "2016-01-10")), none, "not adopted");
    assert_eq!(asked(asking(None), &[tenants()], &moves_in(HOME, "2016-03-10")), none, "R07 as well");
    assert_eq!(
        asked(asking(None), &[empty("Mr Owner")], &moves_in(NEW_HOME, "2016-01-10")),
        none,
        "nobody lives there"
    );
    assert_eq!(asked(asking(None), &[tenants()], &moves_out("2016-01-10")), none, "they say so themselves");
    let mut stayed = moves_in(HOME, "2016-01-10");
    stayed["details"]["previous_occupiers_left"] = json!(false);
    assert_eq!(asked(asking(None), &[tenants()], &stayed), none, "it is said that they have not left");
}

#[test]
fn silence_is_consent_only_once_the_day_has_passed() {
    let unanswered = Unanswered { told_on: date(2016, 1, 20), respond_by: date(2016, 2, 3) };
    for told in [moves_in(HOME, "2016-01-10"), lets_anew()] {
        cased(&under(asking(Some(Silence::Apply))), &[tenants()], &told, |case| {
            let before = decide(case);
            assert_eq!((before.outcome, &before.reasons[..]), (Outcome::Refer, &[R04][..]));
            let after = decide(&super::Case { unanswered: Some(unanswered), ..case.clone() });
            assert_eq!(after.outcome, Outcome::Apply, "{:#?}", after.findings);
            let finding = after.findings.iter().find(|it| it.check == "confirmation-lapsed").unwrap();
            assert!(finding.because.contains("told on 2016-01-20") && finding.because.contains("by 2016-02-03"));
        });
    }
    tell(&[tenants()], lets_anew()).applied();
    tell(&[tenants()], moves_in(HOME, "2016-03-10")).referred(&[R04, R07]);
}

#[test]
fn a_move_is_linked_with_what_told_of_it_and_with_nothing_else() {
    let reference = |text: &str| text.parse::<hearth_events::NotificationRef>().unwrap();
    let links = |told: &Value, (ended, to): (&str, jiff::civil::Date), waiting: &[Waiting]| {
        let mut found = Vec::new();
        cased(&council(), &[tenants()], told, |case| {
            let mut case = case.clone();
            let account = &mut case.matched.premises[0].state.accounts[0];
            account.opened_by = Some(reference("HN-LONG-AGO"));
            account.ended_by = Some(reference(ended));
            account.period = account.period.ended(to);
            found = linked(&case, waiting).iter().map(ToString::to_string).collect();
        });
        found
    };
    let none = Vec::<String>::new();
    let at = |day| ("HN-OUT", day);
    assert_eq!(links(&moves_in(HOME, "2016-01-10"), at(date(2016, 1, 10)), &[]), ["HN-OUT"], "on the very day");
    assert_eq!(links(&moves_in(HOME, "2016-01-10"), at(date(2016, 1, 12)), &[]), none, "another day, other names");
    assert_eq!(links(&lets_anew(), at(date(2016, 1, 12)), &[]), ["HN-OUT"], "the tenant is named, two days later");
    assert_eq!(links(&lets_anew(), at(date(2015, 11, 1)), &[]), none, "long before");
    let waits = |kind, on| [Waiting { reference: reference("HN-WAITS"), kind, effective_on: on }];
    let then = date(2016, 2, 7);
    let long_ago = at(date(2015, 11, 1));
    assert_eq!(links(&lets_anew(), long_ago, &waits(NotificationKind::MoveIn, then)), ["HN-WAITS"]);
    assert_eq!(links(&lets_anew(), long_ago, &waits(NotificationKind::MoveIn, date(2016, 2, 8))), none);
    assert_eq!(links(&lets_anew(), long_ago, &waits(NotificationKind::ContactDetails, then)), none);
    let contact = told("contact-details", "2016-01-10", "Mr Old", json!({"account": ACCOUNT}), json!({"phone": "1"}));
    assert_eq!(links(&contact, at(date(2016, 1, 10)), &waits(NotificationKind::MoveIn, then)), none, "no move");
}
