//! Awards in `accounts.csv`: `CODE:from[:to[:figure=value…]]`, separated by `;`.

use hearth_events::{AwardCode, AwardTerms, Money, Period};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::table::Row;
use crate::rules::awards::{self, Term};

const COLUMN: &str = "awards";

/// An award as the file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardGiven {
    /// Which.
    pub code: AwardCode,
    /// Its days.
    pub period: Period,
    /// Its figures, where the file says any.
    pub terms: Option<AwardTerms>,
}

/// The awards of a line; what cannot be read is a defect.
pub(super) fn read(row: &mut Row<'_>) -> Option<Vec<AwardGiven>> {
    let text = row.text(COLUMN).to_owned();
    let given = text.split(';').map(str::trim).filter(|it| !it.is_empty());
    let awards: Result<Vec<_>, _> = given.map(award).collect();
    let awards = match awards {
        Ok(awards) => awards,
        Err(problem) => {
            row.defect(COLUMN, problem);
            return None;
        }
    };
    if awards.iter().any(|it| it.period.to.is_some_and(|to| to < it.period.from)) {
        row.defect(COLUMN, "must not end before they begin");
        return None;
    }
    let overlap = |(number, it): (usize, &AwardGiven)| {
        let mut others = awards.iter().skip(number + 1);
        others.any(|other| other.code == it.code && other.period.intersection(it.period).is_some())
    };
    if awards.iter().enumerate().any(overlap) {
        row.defect(COLUMN, "must not hold the same award twice for the same day");
        return None;
    }
    Some(awards)
}

fn award(text: &str) -> Result<AwardGiven, String> {
    const SHAPE: &str = "must be CODE:from, CODE:from:to or CODE:from:to:figure=value, such as D-SPD:2015-04-01 or \
                         D-CTR:2024-01-01::weekly=14.50, separated by ';'";
    let mut parts = text.split(':').map(str::trim);
    let code: Option<AwardCode> = parts.next().and_then(|it| it.parse().ok());
    let from: Option<Date> = parts.next().and_then(|it| it.parse().ok());
    let to: Option<Date> =
        parts.next().filter(|it| !it.is_empty()).map(str::parse).transpose().map_err(|_| SHAPE.to_owned())?;
    let (Some(code), Some(from)) = (code, from) else { return Err(SHAPE.to_owned()) };
    let mut terms = AwardTerms::default();
    for figure in parts {
        let (name, value) = figure.split_once('=').ok_or(SHAPE)?;
        read_figure(&code, name.trim(), value.trim(), &mut terms)?;
    }
    let terms = (terms != AwardTerms::default()).then_some(terms);
    Ok(AwardGiven { code, period: Period { from, to }, terms })
}

/// One figure of an award that can have it. An award that there is not is named when the charge is worked out.
fn read_figure(code: &AwardCode, name: &str, value: &str, terms: &mut AwardTerms) -> Result<(), String> {
    let row = awards::row(code);
    // The tiers of a premium are the council's, never one award's.
    let has = row.iter().flat_map(|it| it.terms()).flat_map(|it| it.iter());
    let term = has.clone().find(|it| it.name() == name);
    let Some(term) = term else {
        let known: Vec<_> = has.map(|it| it.name()).collect();
        let can = if known.is_empty() { "no figure".to_owned() } else { format!("only {}", known.join(" or ")) };
        return Err(format!("{code} can have {can}, not {name}: leave it out"));
    };
    let says = |what: &str| format!("the {name} of {code} must be {what}");
    let twice = || format!("the {name} of {code} stands there twice: leave one out");
    let pounds = |slot: &mut Option<Money>| {
        let amount: Money = value.parse().map_err(|_| says("pounds and pence, such as 14.50"))?;
        let amount = Some(amount).filter(|it| *it >= Money::ZERO).ok_or_else(|| says("nothing or more"))?;
        slot.replace(amount).map_or(Ok(()), |_| Err(twice()))
    };
    match term {
        Term::Percent(most) => {
            let percent: Option<Decimal> = value.parse().ok();
            let percent = percent.filter(|it| *it >= Decimal::ZERO && *it <= Decimal::from(*most));
            let percent = percent.ok_or_else(|| says(&format!("a number from 0 to {most}, such as 25")))?;
            terms.percent.replace(percent).map_or(Ok(()), |_| Err(twice()))
        }
        Term::Weekly => pounds(&mut terms.weekly),
        Term::Amount => pounds(&mut terms.amount),
        Term::EmptySince => {
            let since: Date = value.parse().map_err(|_| says("a date such as 2023-06-20"))?;
            terms.empty_since.replace(since).map_or(Ok(()), |_| Err(twice()))
        }
        Term::Tiers => Err(says("the council's: adopt them in council.toml")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_alone_are_read_as_ever_and_figures_follow_them() {
        for (text, to, terms) in [
            ("D-SPD:2015-04-01", None, None),
            ("D-SPD:2015-04-01:", None, None),
            ("D-SPD:2015-04-01:2015-06-01", Some("2015-06-01"), None),
            ("D-CTR:2024-01-01:2024-04-01:weekly=14.50", Some("2024-04-01"), Some("weekly")),
            ("P-EMPTY:2024-06-20::empty_since=2023-06-20", None, Some("empty_since")),
            ("D-LOC-A:2024-04-01::percent=10", None, Some("percent")),
            ("D-13A:2024-04-01:: amount = 100.00", None, Some("amount")),
        ] {
            let it = award(text).unwrap();
            assert_eq!(it.period.to.map(|it| it.to_string()).as_deref(), to, "{text}");
            let json = serde_json::to_value(&it.terms).unwrap();
            let held: Vec<_> = json.as_object().into_iter().flat_map(|it| it.keys()).map(String::as_str).collect();
            assert_eq!(held, terms.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_what_to_write() {
        for (text, says) in [
            ("D-SPD", "must be CODE:from"),
            ("spd:2015-04-01", "must be CODE:from"),
            ("D-SPD:2015-04-01:soon", "must be CODE:from"),
            ("D-CTR:2024-01-01::14.50", "must be CODE:from"),
            ("D-SPD:2015-04-01::percent=25", "D-SPD can have no figure, not percent: leave it out"),
            ("D-CTR:2024-01-01::percent=25", "D-CTR can have only weekly, not percent"),
            ("D-13A:2024-01-01::weekly=1.00", "D-13A can have only percent or amount, not weekly"),
            ("D-CTR:2024-01-01::weekly=fourteen", "the weekly of D-CTR must be pounds and pence, such as 14.50"),
            ("D-CTR:2024-01-01::weekly=-1.00", "the weekly of D-CTR must be nothing or more"),
            ("D-LOC-A:2024-04-01::percent=51", "the percent of D-LOC-A must be a number from 0 to 50, such as 25"),
            ("P-EMPTY:2024-06-20::empty_since=2023", "the empty_since of P-EMPTY must be a date such as 2023-06-20"),
            ("D-CTR:2024-01-01::weekly=1.00:weekly=2.00", "the weekly of D-CTR stands there twice"),
        ] {
            let problem = award(text).unwrap_err();
            assert!(problem.starts_with(says), "{text}: {problem}");
        }
    }
}
