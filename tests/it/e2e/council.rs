//! A small council at work: import, submit, look, and check everything that must always hold.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::http::Client;
use super::log;
use super::money::{charge, days, quarter, written, year};
use super::pack::{Dwelling, Pack, YEARS};
use super::run::{Hearth, Served};
use super::say;

pub(super) struct Council {
    pub(super) hearth: Hearth,
    pub(super) pack: Pack,
}

impl Council {
    /// Imported onto a simulated clock.
    pub(super) fn new(seed: u64, dwellings: usize) -> Self {
        Self::on_clock("file", seed, dwellings)
    }

    pub(super) fn on_clock(clock: &str, seed: u64, dwellings: usize) -> Self {
        let council = Self { hearth: Hearth::new(), pack: Pack::new(seed, dwellings) };
        let folder = council.hearth.folder().join("pack");
        council.pack.write(&folder);
        council.hearth.run(&["import", "pack", "--clock", clock]).ok();
        council
    }

    /// Submits a file of notifications; what the program counted.
    pub(super) fn submit(&self, notifications: &[Value]) -> Value {
        let file = self.hearth.write("notifications.ndjson", &say::lines(notifications));
        let done = self.hearth.run(&["submit", &file, "--json"]);
        assert!(matches!(done.code, Some(0 | 1)), "{done:?}");
        done.json()
    }

    pub(super) fn look(&self) -> Look<'_> {
        self.look_with(&[])
    }

    /// With a service that is started with these further arguments.
    pub(super) fn look_with(&self, arguments: &[&str]) -> Look<'_> {
        let token = self.hearth.token("officer");
        let events = self.hearth.events();
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let served = self.hearth.serve_with(&mut self.hearth.command(&arguments));
        let client = Client::new(served.address, &token);
        Look { references: log::references(&events), council: self, served, client }
    }
}

/// A council with a service to ask.
pub(super) struct Look<'a> {
    council: &'a Council,
    references: BTreeMap<String, String>,
    pub(super) served: Served,
    pub(super) client: Client,
}

/// Days of liability with the name of the first who is liable.
pub(super) type Liable<'a> = (&'a str, Date, Option<Date>);

impl Look<'_> {
    /// What the council calls a notification.
    pub(super) fn reference(&self, source: &str) -> &str {
        &self.references[source]
    }

    pub(super) fn notification(&self, source: &str) -> Value {
        self.client.get(&format!("/api/v1/notifications/{}", self.references[source])).ok()
    }

    /// A notification came to this, with these reasons; every finding says how it came out and by what rule.
    #[track_caller]
    pub(super) fn came_to(&self, source: &str, status: &str, reasons: &[&str]) {
        let it = self.notification(source);
        assert_eq!(it["status"], status, "{source}: {it:#}");
        assert_eq!(it["reasons"], json!(reasons), "{source}: {it:#}");
        let findings = it["findings"].as_array().unwrap();
        assert!(!findings.is_empty());
        for finding in findings {
            for key in ["check", "outcome", "because", "source"] {
                assert!(!finding[key].as_str().unwrap().is_empty(), "{key} of {finding}");
            }
        }
        let all_passed = findings.iter().all(|it| it["outcome"] == "passed");
        assert_eq!(all_passed, status == "applied", "{it:#}");
        assert_eq!(it["promised_by"].is_string(), status == "referred", "{it:#}");
    }

    pub(super) fn account(&self, account: &str) -> Value {
        self.client.get(&format!("/api/v1/accounts/{account}")).ok()
    }

    /// These are liable for a dwelling, one after the other, without a gap; and all the money follows.
    #[track_caller]
    pub(super) fn liable(&self, at: &Dwelling, expected: &[Liable<'_>]) {
        let dwelling = self.client.get(&format!("/api/v1/dwellings/{}", at.uprn)).ok();
        let timeline = dwelling["timeline"].as_array().unwrap();
        let found: Vec<_> = timeline
            .iter()
            .map(|it| (it["liable_persons"][0]["name"].clone(), it["from"].clone(), it["to"].clone()))
            .collect();
        let expected: Vec<_> = expected.iter().map(|it| (json!(it.0), json!(it.1), json!(it.2))).collect();
        assert_eq!(found, expected, "{dwelling:#}");
        self.adds_up(at);
    }

    /// The charge of an account for a year.
    #[track_caller]
    pub(super) fn owes(&self, account: &str, first: i16, expected: &str) {
        let it = self.account(account);
        let charges = it["charges"].as_array().unwrap();
        let of_year = charges.iter().find(|it| it["financial_year"] == year(first).0);
        assert_eq!(of_year.map_or(&json!("0.00"), |it| &it["net"]), expected, "{it:#}");
    }

    /// Every account of a dwelling is charged what the law says of its days and its discounts, and the days of all of
    /// them together are those of the year.
    #[track_caller]
    pub(super) fn adds_up(&self, at: &Dwelling) {
        let listed = self.client.get(&format!("/api/v1/accounts?uprn={}&limit=500", at.uprn)).ok();
        for first in YEARS {
            let (name, begin, end) = year(first);
            let mut days_of_all: Vec<(Date, Date)> = Vec::new();
            for account in listed["items"].as_array().unwrap() {
                let lines = expected_lines(at, account, first);
                let charges = account["charges"].as_array().unwrap();
                let found = charges.iter().find(|it| it["financial_year"] == name.as_str());
                let found_lines = found.map_or_else(Vec::new, |it| {
                    let line = |it: &Value| {
                        assert!(!it["because"].as_array().unwrap().is_empty(), "{it}");
                        json!([it["kind"], it["code"], it["from"], it["to"], it["days"], it["amount"]])
                    };
                    it["lines"].as_array().unwrap().iter().map(line).collect()
                });
                let shown: Vec<_> = lines.iter().map(Line::shown).collect();
                assert_eq!(found_lines, shown, "{name} of {account:#}");
                let net: i64 = lines.iter().map(|it| it.pence).sum();
                assert_eq!(found.map_or(json!("0.00"), |it| it["net"].clone()), written(net), "{account:#}");
                days_of_all.extend(lines.iter().filter(|it| it.kind == "charge").map(|it| (it.from, it.to)));
            }
            days_of_all.sort_unstable();
            let mut next = begin;
            for (from, to) in days_of_all {
                assert_eq!(from, next, "{name} of {}: a gap or an overlap\n{listed:#}", at.uprn);
                next = to;
            }
            assert_eq!(next, end, "{name} of {}\n{listed:#}", at.uprn);
        }
    }

    /// As `adds_up`, for every dwelling there is.
    pub(super) fn all_add_up(&self) {
        for it in &self.council.pack.dwellings {
            self.adds_up(it);
        }
    }
}

struct Line {
    kind: &'static str,
    code: String,
    from: Date,
    to: Date,
    pence: i64,
}

impl Line {
    fn shown(&self) -> Value {
        json!([self.kind, self.code, self.from, self.to, days(self.from, self.to), written(self.pence)])
    }
}

fn day(value: &Value) -> Option<Date> {
    value.as_str().map(|it| it.parse().unwrap())
}

/// What an account owes for a year: a line for its days, and a line off for the days of its discount.
fn expected_lines(at: &Dwelling, account: &Value, first: i16) -> Vec<Line> {
    let (_, begin, end) = year(first);
    let within = |from: Date, to: Option<Date>| {
        let (from, to) = (from.max(begin), to.unwrap_or(end).min(end));
        (from < to).then_some((from, to))
    };
    let Some((from, to)) = within(day(&account["from"]).unwrap(), day(&account["to"])) else { return Vec::new() };
    let amount = at.amount(first);
    let mut lines =
        vec![Line { kind: "charge", code: at.band.to_owned(), from, to, pence: charge(amount, first, from, to) }];
    for award in account["awards"].as_array().unwrap() {
        if award["code"] == "P-EMPTY" {
            // In advance: the dwellings here are empty for less than the council's two years.
            assert!(day(&award["from"]) >= Some(year(YEARS[2]).2), "{award}");
            continue;
        }
        assert_eq!(award["code"], "D-SPD");
        let Some((starts, ends)) = within(day(&award["from"]).unwrap(), day(&award["to"])) else { continue };
        let (starts, ends) = (starts.max(from), ends.min(to));
        if starts < ends {
            let pence = -quarter(amount, first, starts, ends);
            lines.push(Line { kind: "reduction", code: "D-SPD".to_owned(), from: starts, to: ends, pence });
        }
    }
    lines
}
