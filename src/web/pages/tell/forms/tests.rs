//! Every kind in every role that tells it: each choice is taken once, all the way to a notification that the intake takes.

mod told;

use std::collections::{BTreeMap, BTreeSet};

use hearth_events::NotificationKind;
use jiff::civil::date;

use super::super::about::{KINDS_IN, WHAT};
use super::super::answers::Answers;
use super::super::body::body;
use super::super::fields::Shown;
use super::super::question::{ABOUT, Field, Input, YOU};
use super::super::steps::{Step, kinds, looks_up, steps};
use super::super::values::MISSING;
use super::super::{Form as Sent, put, typed};
use super::FORMS;
use crate::intake::details::schema;
use crate::intake::parse;
use crate::web::pages::text::Lang;

const ROLES: [&str; 6] = ["own", "landlord", "agent", "executor", "solicitor", "third-party"];
/// What comes from the valuation office and the benefits system.
const OF_SERVICES: [NotificationKind; 2] = [NotificationKind::BandChange, NotificationKind::CouncilTaxReduction];
/// What no form can say, or asks nobody for: nothing here verifies an address.
const NOT_ASKED: [(&str, &str); 2] = [("paperless", "email_verified"), ("property-empty", "plans")];

/// What was answered to which field.
type Chosen = BTreeMap<String, Vec<String>>;

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|it| (*it).to_owned()).collect()
}

/// The first answer there is to a field, the kind where kinds are chosen.
fn first_answer(field: &Field, kind: NotificationKind) -> Vec<String> {
    match field.input {
        Input::Line | Input::Text => texts(&["Something"]),
        Input::Name => texts(&["Ms Ada Test"]),
        Input::Email => texts(&["ada@example.org"]),
        Input::Phone => texts(&["01632 960001"]),
        Input::Address => texts(&["9 Elsewhere Street\r\nOtherton"]),
        Input::Number(least, _) => vec![least.to_string()],
        Input::Money => texts(&["12.50"]),
        Input::Digits(count) => vec!["0123456789".chars().take(count.into()).collect()],
        Input::Date => texts(&["1", "12", "2015"]),
        Input::Birthday | Input::LongAgo => texts(&["27", "3", "1981"]),
        Input::YesNo => texts(&["yes"]),
        Input::OneOf(all) | Input::AnyOf(all) => {
            let chosen = all.iter().find(|it| **it == kind.as_str()).or_else(|| all.first());
            chosen.map(|it| (*it).to_owned()).into_iter().collect()
        }
        Input::People | Input::Names => texts(&["Ms Bea Test", "Mr Cy Test"]),
        Input::Postcode => texts(&["SP10 1AA"]),
        // Nobody moves from a home to the same one.
        Input::Dwelling(_) if field.name == "from-dwelling" => texts(&["999000000004"]),
        Input::Dwelling(_) => texts(&["999000000003"]),
        Input::Account => texts(&["30000001"]),
    }
}

/// Every other answer that leads elsewhere.
fn other_answers(field: &Field) -> Vec<Vec<String>> {
    let one = |it: &&str| texts(&[it]);
    let mut all: Vec<Vec<String>> = match field.input {
        Input::OneOf(all) => all.iter().map(one).collect(),
        Input::AnyOf(all) => all.iter().map(one).chain([texts(all)]).collect(),
        Input::YesNo => vec![texts(&["yes"]), texts(&["no"])],
        Input::People | Input::Names => vec![texts(&["Ms Bea Test"])],
        Input::Dwelling(_) => vec![texts(&["other"])],
        Input::Line
        | Input::Name
        | Input::Email
        | Input::Phone
        | Input::Address
        | Input::Text
        | Input::Number(..)
        | Input::Money
        | Input::Digits(_)
        | Input::Date
        | Input::Birthday
        | Input::LongAgo
        | Input::Postcode
        | Input::Account => Vec::new(),
    };
    if field.optional {
        all.push(texts(&[""]));
    }
    all
}

/// Of each topic, the field in which a kind is chosen by a role.
fn chosen_in(role: &str, kind: NotificationKind) -> Option<&'static str> {
    let is_for = |id: &str| match role {
        "landlord" | "agent" => id == "letting",
        "executor" | "solicitor" => id == "estate",
        _ => !["letting", "estate"].contains(&id),
    };
    let offers =
        |field: &Field| matches!(field.input, Input::OneOf(all) | Input::AnyOf(all) if all.contains(&kind.as_str()));
    let asked = WHAT.iter().filter(|it| is_for(it.id)).flat_map(|it| it.fields);
    asked.filter(|it| KINDS_IN.contains(&it.name)).find(|it| offers(it)).map(|it| it.name)
}

/// Answers every question as it comes, as was chosen and otherwise with the first answer there is.
fn walk(role: &str, kind: NotificationKind, chosen: &Chosen) -> (Answers, Vec<Step>) {
    let topic = chosen_in(role, kind).unwrap();
    let mut answers = Answers { day: Some(date(2015, 12, 1)), ..Answers::default() };
    let mut seen = Vec::new();
    loop {
        let all = steps(&answers);
        let paths: BTreeSet<_> = all.iter().map(Step::path).collect();
        assert_eq!(paths.len(), all.len(), "{role} {kind}: two pages of one path in {paths:?}");
        let Some(step) = all.iter().find(|it| !it.is_answered(&answers)).copied() else { break };
        assert!(seen.len() < 60, "{role} {kind}: {} is never answered", step.path());
        seen.push(step);
        for field in step.question.fields {
            let full = step.facts(&answers).full(field.name);
            let typed = match (step.scope, field.name) {
                (ABOUT, "who") => texts(&[role]),
                (ABOUT, "topics") => texts(&[topic]),
                _ => chosen.get(&full).cloned().unwrap_or_else(|| first_answer(field, kind)),
            };
            if matches!(field.input, Input::People | Input::Names) {
                answers.put_list(&full, typed);
            } else {
                answers.put(&full, typed);
            }
        }
        if let Some(field) = looks_up(&step) {
            answers.put(
                &format!("{field}-found"),
                chosen.get(&format!("{field}-found")).cloned().unwrap_or(texts(&["2"])),
            );
        }
    }
    (answers, seen)
}

/// Every way through a kind in a role on which some answer is given for the first time.
fn every_way(role: &str, kind: NotificationKind) -> Vec<(Answers, Vec<Step>)> {
    let mut waiting = vec![Chosen::new()];
    let mut tried = BTreeSet::new();
    let mut ways = Vec::new();
    while let Some(chosen) = waiting.pop() {
        let (answers, seen) = walk(role, kind, &chosen);
        for step in seen.iter().filter(|it| it.scope != ABOUT || it.question.id == "dwelling") {
            for field in step.question.fields {
                let full = step.facts(&answers).full(field.name);
                for other in other_answers(field) {
                    if tried.insert((full.clone(), other.clone())) && answers.all(&full) != other {
                        let mut chosen = chosen.clone();
                        chosen.insert(full.clone(), other);
                        waiting.push(chosen);
                    }
                }
            }
            if let Some(field) = looks_up(step).filter(|it| tried.insert((it.clone(), Vec::new()))) {
                waiting.push(Chosen::from([(format!("{field}-found"), texts(&["0"]))]));
            }
        }
        ways.push((answers, seen));
    }
    ways
}

fn offered() -> impl Iterator<Item = (&'static str, NotificationKind)> {
    let of = |role: &'static str| NotificationKind::ALL.iter().map(move |kind| (role, *kind));
    ROLES.into_iter().flat_map(of).filter(|(role, kind)| chosen_in(role, *kind).is_some())
}

#[test]
fn every_kind_but_those_of_services_is_offered_and_has_a_form() {
    let offered: BTreeSet<_> = offered().map(|(_, kind)| kind.as_str()).collect();
    let with_a_form: BTreeSet<_> = FORMS.iter().map(|it| it.kind.as_str()).collect();
    let all = NotificationKind::ALL.iter().filter(|it| !OF_SERVICES.contains(it));
    assert_eq!(offered, all.map(|it| it.as_str()).collect());
    assert_eq!(offered, with_a_form);
    assert_eq!(with_a_form.len(), FORMS.len());
}

#[test]
fn whatever_is_answered_the_intake_takes_it_and_every_field_is_told_by_somebody() {
    let mut told: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut ways = 0;
    for (role, kind) in offered() {
        for (answers, seen) in every_way(role, kind) {
            ways += 1;
            assert_eq!(kinds(&answers), [kind], "{role}");
            assert!(seen.iter().any(|it| it.scope == kind.as_str()), "{role} {kind}");
            let body = body(&answers, kind, "page-1");
            let parsed = parse(&body);
            assert!(parsed.is_ok(), "{role} {kind}: {:?}\n{body:#}\n{:#?}", parsed.err(), answers.given);
            assert_eq!(parsed.unwrap().kind, kind);
            told.entry(kind.as_str()).or_default().extend(body["details"].as_object().unwrap().keys().cloned());
        }
    }
    assert!(ways > 500, "only {ways} ways were tried");
    for form in FORMS {
        let kind = form.kind.as_str();
        let known = schema(form.kind).unwrap()["properties"].as_object().unwrap().clone();
        let known: BTreeSet<String> = known
            .into_iter()
            .map(|it| it.0)
            .filter(|it| it != "evidence" && !NOT_ASKED.contains(&(kind, it.as_str())))
            .collect();
        assert_eq!(told[kind], known, "{kind}");
    }
}

/// What one page shows, without its tags.
fn read_out(shown: &Shown<'_>) -> String {
    let markup = shown.form().into_string();
    markup.split('<').filter_map(|it| it.split_once('>')).map(|(_, text)| text.trim()).collect::<Vec<_>>().join("\n")
}

/// What is said when nothing is answered, where nobody thought of the question.
const GENERAL: [&str; 12] = [
    "missing-choice",
    "missing-choices",
    "missing-yes-no",
    "missing-date",
    "missing-name",
    "missing-email",
    "missing-phone",
    "missing-address",
    "missing-account",
    "missing-money",
    "missing-number",
    "missing-text",
];

/// What may be said to whoever tells of others: it is about them.
const TO_ANYONE: [&str; 11] = [
    "I do not know",
    "You can add",
    "before you send",
    "you can add",
    "You need no proof",
    "write to you",
    "Leave yourself out",
    "with yourself",
    "you know it",
    "you think",
    "your question",
];

fn is_of_the_teller(text: &str) -> bool {
    let text = TO_ANYONE.iter().fold(text.to_owned(), |text, it| text.replace(it, ""));
    let mut words = text.split(|it: char| !it.is_alphanumeric() && it != '’');
    words.any(|it| ["I", "me", "my", "Me", "My", "you", "your", "You", "Your", "yours"].contains(&it))
}

#[test]
fn everything_that_is_asked_is_said_in_words_and_of_whom_it_is_about() {
    let general: Vec<_> = GENERAL.iter().map(|it| Lang::En.text().say(it)).collect();
    let mut faults = BTreeSet::new();
    let mut pages = BTreeSet::new();
    for (role, kind) in offered() {
        for (answers, seen) in every_way(role, kind) {
            for step in seen.into_iter().filter(|it| it.scope != ABOUT) {
                if !pages.insert((role, kind, step.path(), answers.one("disregard-claim:class").to_owned())) {
                    continue;
                }
                let facts = step.facts(&answers);
                let wrong: Vec<_> = step.question.fields.iter().map(|it| (facts.full(it.name), MISSING)).collect();
                let text = Lang::En.text();
                let shown = Shown { text, answers: &answers, step, wrong: &wrong, dwellings: &[], one_more: false };
                let base = format!("{}-{}", step.scope, step.question.id);
                if shown.title() == base {
                    faults.insert(format!("{base}: no question"));
                }
                for field in step.question.fields {
                    if shown.label(field).starts_with(&base) {
                        faults.insert(format!("{}: no label", shown.label(field)));
                    }
                    if let Input::OneOf(all) | Input::AnyOf(all) = field.input {
                        let unsaid = all.iter().filter(|it| shown.choice_text(field, it) == **it);
                        faults.extend(unsaid.map(|it| format!("{base}: no text for {it}")));
                    }
                }
                if step.scope == YOU {
                    continue;
                }
                let errors: Vec<_> = shown.errors().into_iter().map(|it| it.1).collect();
                for (field, error) in step.question.fields.iter().zip(&errors) {
                    if !field.optional && general.contains(error) {
                        faults.insert(format!("{base}: {} has no text of its own where it is missing", field.name));
                    }
                }
                let shown = Shown { wrong: &[], ..shown };
                let said = read_out(&shown) + "\n" + &errors.join("\n");
                let of_teller = said.lines().filter(|it| role != "own" && is_of_the_teller(it));
                faults.extend(of_teller.map(|it| format!("{base} to {role}: {it}")));
            }
        }
    }
    assert!(pages.len() > 300, "only {} pages were read", pages.len());
    assert_eq!(faults, BTreeSet::new(), "{faults:#?}");
}

/// What a form of one field would be sent with.
fn sent(full: &str, input: Input, value: &str) -> Sent {
    let name = full.replace([':', '.', '_'], "-");
    let value = vec![value.to_owned()];
    if matches!(input, Input::Date | Input::Birthday | Input::LongAgo) {
        ["day", "month", "year"].iter().map(|part| (format!("{name}-{part}"), value.clone())).collect()
    } else {
        Sent::from([(name, value)])
    }
}

#[test]
fn what_cannot_be_an_answer_is_refused_by_the_name_of_its_field() {
    let long = "a".repeat(5_000);
    let hostile = [long.as_str(), "a\u{0}b", "\u{1b}[31m"];
    let mut tried = 0;
    for (role, kind) in offered() {
        let (answers, seen) = walk(role, kind, &Chosen::new());
        for step in seen {
            for field in step.question.fields {
                let full = step.facts(&answers).full(field.name);
                let mut forms: Vec<Sent> = hostile.iter().map(|it| sent(&full, field.input, it)).collect();
                let name = full.replace([':', '.', '_'], "-");
                match field.input {
                    Input::Date | Input::Birthday | Input::LongAgo => {
                        let date = [("day", "30"), ("month", "2"), ("year", "2015")];
                        forms.push(date.map(|(part, it)| (format!("{name}-{part}"), texts(&[it]))).into());
                        let date = [("day", "1"), ("month", "1"), ("year", "0000")];
                        forms.push(date.map(|(part, it)| (format!("{name}-{part}"), texts(&[it]))).into());
                    }
                    Input::OneOf(_) | Input::AnyOf(_) | Input::YesNo | Input::Dwelling(_) => {
                        forms.push(sent(&full, field.input, "<script>no such option</script>"));
                    }
                    Input::Number(..) | Input::Digits(_) | Input::Money => {
                        forms.extend(["-1", "1e9", "99999999999999999999", "٣"].map(|it| sent(&full, field.input, it)));
                    }
                    Input::People | Input::Names => {
                        forms.push([(name, vec!["Ms A".to_owned(); 21])].into());
                    }
                    Input::Line
                    | Input::Name
                    | Input::Email
                    | Input::Phone
                    | Input::Address
                    | Input::Text
                    | Input::Postcode
                    | Input::Account => {}
                }
                for form in forms {
                    let mut answers = answers.clone();
                    let given = typed(&answers, &step, &form);
                    put(&mut answers, &step, &given);
                    let wrong = step.faults(&answers);
                    assert!(wrong.iter().any(|(it, _)| *it == full), "{role}: {full} took {form:.200?}");
                    let text = Lang::En.text();
                    let shown = Shown { text, answers: &answers, step, wrong: &wrong, dwellings: &[], one_more: false };
                    let page = shown.form().into_string();
                    assert!(page.contains("govuk-error-message") && !page.contains("<script"), "{full}");
                    assert!(shown.errors().iter().any(|(id, _)| page.contains(&format!("id=\"{id}\""))), "{full}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 1000, "only {tried} were tried");
}
