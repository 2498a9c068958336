//! Worked examples, published tables and properties of the rules.
//!
//! Amounts are those that the councils named published; steps and answers were worked out with exact fractions, independently
//! of this program. An id such as `E4` or `B12` names one example for good.

mod account;
mod billing;
mod bills;
mod charges;
mod council;
mod edges;
mod premiums;
mod properties;
mod published;
mod reference;
mod sums;

use hearth_events::{Band, ChargingBand, EmptyPremiumTier, FinancialYear, LineKind, Money, Period};
use jiff::civil::Date;

use super::NoRule;
use super::awards::{Award, BEGAN, Terms, TiersFrom};
use super::charge::{ChargeFacts, calculate};

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `2024-08-14..2024-09-01`, the end first day out; open without it.
fn period(text: &str) -> Period {
    let (from, to) = text.split_once("..").unwrap();
    Period { from: day(from), to: (!to.is_empty()).then(|| day(to)) }
}

/// `D-LOC-C 2024-05-01..2024-06-01 percent=100`; tiers as `tiers=1:100/5:200`.
fn award(text: &str) -> Award {
    let mut words = text.split(' ');
    let code = words.next().unwrap().parse().unwrap();
    let mut award = Award { code, period: period(words.next().unwrap()), terms: Terms::default() };
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        match name {
            "percent" => award.terms.percent = Some(value.parse().unwrap()),
            "weekly" => award.terms.weekly = Some(money(value)),
            "amount" => award.terms.amount = Some(money(value)),
            "since" => award.terms.empty_since = Some(day(value)),
            "tiers" => {
                let tier = |it: &str| {
                    let (years, percent) = it.split_once(':').unwrap();
                    EmptyPremiumTier { years: years.parse().unwrap(), percent: percent.parse().unwrap() }
                };
                award.terms.tiers = Some(vec![TiersFrom { from: BEGAN, tiers: value.split('/').map(tier).collect() }]);
            }
            other => panic!("{other}"),
        }
    }
    award
}

fn charging(text: &str) -> ChargingBand {
    ChargingBand::ALL.into_iter().find(|it| format!("{it:?}") == text).unwrap()
}

/// One year of one liable party.
struct Case {
    id: &'static str,
    year: &'static str,
    /// `C=1845.08 D=2075.71`.
    amounts: &'static str,
    /// `D`, or with later bands `D 2024-11-01=C`.
    band: &'static str,
    liable: &'static str,
    awards: &'static [&'static str],
    /// `charge C 230 1162.65`, in order; not looked at where empty.
    lines: &'static [&'static str],
    net: &'static str,
}

impl Case {
    fn bands(&self) -> Vec<(Date, Band)> {
        let band = |it: &str| it.parse::<Band>().unwrap();
        let mut words = self.band.split(' ');
        let first = (BEGAN, band(words.next().unwrap()));
        let later = words.map(|it| it.split_once('=').unwrap()).map(|(from, it)| (day(from), band(it)));
        std::iter::once(first).chain(later).collect()
    }

    fn calculated(&self) -> Result<Vec<hearth_events::ChargeLine>, NoRule> {
        let awards: Vec<_> = self.awards.iter().map(|it| award(it)).collect();
        let amounts: Vec<_> = self.amounts.split(' ').map(|it| it.split_once('=').unwrap()).collect();
        let amount_of = |band| amounts.iter().find(|(it, _)| charging(it) == band).map(|(_, amount)| money(amount));
        let bands = self.bands();
        let facts = ChargeFacts { period: period(self.liable), bands: &bands, awards: &awards };
        calculate(self.year(), facts, &amount_of)
    }

    fn year(&self) -> FinancialYear {
        self.year.parse().unwrap()
    }

    #[track_caller]
    fn holds(&self) {
        let lines = self.calculated().unwrap_or_else(|error| panic!("{}: {error}", self.id));
        let kind = |it| match it {
            LineKind::Charge => "charge",
            LineKind::Reduction => "reduction",
            LineKind::Premium => "premium",
        };
        let shown: Vec<_> =
            lines.iter().map(|it| format!("{} {} {} {}", kind(it.kind), it.code, it.days, it.amount)).collect();
        let net: Money = lines.iter().map(|it| it.amount).sum();
        if !self.lines.is_empty() {
            assert_eq!(shown, self.lines, "{}", self.id);
        }
        assert_eq!(net.to_string(), self.net, "{}: {shown:?}", self.id);
    }
}
