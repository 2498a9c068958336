//! The facts of an estimate as they are sent: every fault is found and named, nothing is taken for what it is not.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use hearth_events::{AwardCode, Band, ChargingBand, EmptyPremiumTier, FinancialYear, HalfPound, Money, Period};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::rules::awards::{self, Award, Term, Terms, TiersFrom};
use crate::rules::estimate::{Billing, FIRST_YEAR, LAST_YEAR, Question};
use crate::rules::instalments::{Division, Scheme};
use crate::web::problem::Fault;

/// How many of each are taken, so that one question cannot keep the service busy.
const MOST_BANDS: usize = 50;
const MOST_AWARDS: usize = 50;
const MOST_TIERS: usize = 10;
/// The greatest amount of a band, or off a bill, in pounds.
const MOST_POUNDS: u32 = 1_000_000;
/// The greatest premium that is read, in percent; what the law allows is less.
const MOST_PREMIUM: u16 = 1_000;
/// The day of the month on which instalments are due.
const FIRST_OF_THE_MONTH: i8 = 1;
/// No empty home stands longer, in years.
const MOST_YEARS: u16 = 200;

/// Amounts by year and band, as given.
pub(super) type Given = BTreeMap<FinancialYear, BTreeMap<ChargingBand, Money>>;

/// What was asked.
pub(super) struct Asked {
    pub(super) bands: Given,
    pub(super) category: Option<String>,
    pub(super) question: Question,
}

/// Reads the facts.
///
/// # Errors
/// With every fault there is.
pub(super) fn read(body: &Value) -> Result<Asked, Vec<Fault>> {
    let mut reader = Reader::default();
    let asked = reader.asked(body);
    match asked {
        Some(asked) if reader.faults.is_empty() => Ok(asked),
        _ => Err(reader.faults),
    }
}

/// A name as it is written in a JSON pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[derive(Default)]
struct Reader {
    faults: Vec<Fault>,
}

/// A JSON object and where it stands.
struct Object<'a> {
    fields: &'a Map<String, Value>,
    at: String,
}

impl Object<'_> {
    fn at(&self, name: &str) -> String {
        format!("{}/{}", self.at, escaped(name))
    }

    /// The field, where it is there and not null.
    fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|it| !it.is_null())
    }
}

impl Reader {
    /// Notes a fault; what stood there is then missing.
    fn fault<T>(&mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Option<T> {
        self.faults.push(Fault { pointer: pointer.into(), detail: detail.into() });
        None
    }

    fn asked(&mut self, body: &Value) -> Option<Asked> {
        const FIELDS: &[&str] = &["bands", "category", "band", "liable", "awards", "financial_years", "billing"];
        let body = self.object(body, String::new(), FIELDS)?;
        let given = body.get("bands").map_or_else(|| Some(Given::new()), |it| self.tables(it));
        let category = body.get("category").and_then(|it| self.text(it, body.at("category")));
        let bands = self.needed(&body, "band").and_then(|it| self.bands(it));
        let liable = self.needed(&body, "liable").and_then(|it| {
            let it = self.object(it, body.at("liable"), &["from", "to"])?;
            self.period(&it)
        });
        let awards = body.get("awards").map_or_else(|| Some(Vec::new()), |it| self.awards(it));
        let years = self.needed(&body, "financial_years").and_then(|it| self.years(it));
        let billing = body.get("billing").and_then(|it| self.billing(it));
        let question = Question { bands: bands?, liable: liable?, awards: awards?, years: years?, billing };
        Some(Asked { bands: given?, category, question })
    }

    fn tables(&mut self, value: &Value) -> Option<Given> {
        let Value::Object(fields) = value else {
            return self.fault("/bands", "must be an object of financial years with their amounts");
        };
        let mut given = Given::new();
        for (name, table) in fields {
            let at = format!("/bands/{}", escaped(name));
            let year = self.year(name, &at);
            let bands: Vec<_> = ChargingBand::ALL.into_iter().map(|it| (it, format!("{it:?}"))).collect();
            let names: Vec<_> = bands.iter().map(|(_, name)| name.as_str()).collect();
            let Some(table) = self.object(table, at, &names) else { continue };
            let mut amounts = BTreeMap::new();
            for (band, name) in &bands {
                let amount = table.get(name).and_then(|it| self.money(it, table.at(name)));
                amounts.extend(amount.map(|it| (*band, it)));
            }
            given.extend(year.map(|it| (it, amounts)));
        }
        Some(given)
    }

    fn bands(&mut self, value: &Value) -> Option<Vec<(Date, Band)>> {
        let items = self.list(value, "/band", 1..=MOST_BANDS)?;
        let mut bands = BTreeMap::new();
        for (place, item) in items.iter().enumerate() {
            let Some(item) = self.object(item, format!("/band/{place}"), &["band", "from"]) else { continue };
            let band = self.needed(&item, "band").and_then(|it| self.parsed::<Band>(it, item.at("band")));
            let from = self.needed(&item, "from").and_then(|it| self.day(it, item.at("from")));
            if let (Some(band), Some(from)) = (band, from)
                && bands.insert(from, band).is_some()
            {
                self.fault::<()>(item.at("from"), format!("is the first day of another band too: {from}"));
            }
        }
        Some(bands.into_iter().collect())
    }

    fn awards(&mut self, value: &Value) -> Option<Vec<Award>> {
        let items = self.list(value, "/awards", 0..=MOST_AWARDS)?;
        Some(items.iter().enumerate().filter_map(|(place, it)| self.award(it, format!("/awards/{place}"))).collect())
    }

    fn award(&mut self, value: &Value, at: String) -> Option<Award> {
        const FIELDS: &[&str] = &["code", "from", "to", "percent", "weekly", "amount", "empty_since", "tiers"];
        let item = self.object(value, at, FIELDS)?;
        let period = self.period(&item);
        let code = self.needed(&item, "code").and_then(|it| self.parsed::<AwardCode>(it, item.at("code")))?;
        let Some(row) = awards::row(&code) else {
            return self.fault(item.at("code"), format!("there is no award {code}"));
        };
        let terms = self.terms(&item, row);
        Some(Award { code, period: period?, terms: terms? })
    }

    /// The figures of an award: those that it needs, and none that mean nothing for it.
    fn terms(&mut self, item: &Object<'_>, row: &awards::Row) -> Option<Terms> {
        let mut terms = Terms::default();
        let all = [Term::Percent(100), Term::Weekly, Term::Amount, Term::EmptySince, Term::Tiers];
        let own = || row.terms().iter().flat_map(|it| it.iter()).chain(row.may_have());
        for term in all {
            let Some(value) = item.get(term.name()) else { continue };
            let at = item.at(term.name());
            match own().find(|it| it.name() == term.name()) {
                None => self.fault(at, format!("{} has no {}: leave it out", row.code, term.name()))?,
                Some(Term::Percent(most)) => terms.percent = Some(self.percent(value, at, *most)?),
                Some(Term::Weekly) => terms.weekly = Some(self.money(value, at)?),
                Some(Term::Amount) => terms.amount = Some(self.money(value, at)?),
                Some(Term::EmptySince) => terms.empty_since = Some(self.day(value, at)?),
                Some(Term::Tiers) => terms.tiers = Some(self.tiers(value, &at)?),
            }
        }
        for group in row.terms() {
            let given = group.iter().filter(|it| terms.has(**it)).count();
            let names: Vec<_> = group.iter().map(|it| it.name()).collect();
            let name = names.first().copied().unwrap_or_default();
            if given != 1 {
                let told = format!("{} needs {}: give it, and only one", row.code, names.join(" or "));
                self.fault::<()>(item.at(name), told);
            }
        }
        Some(terms)
    }

    fn tiers(&mut self, value: &Value, at: &str) -> Option<Vec<TiersFrom>> {
        let items = self.list(value, at, 1..=MOST_TIERS)?;
        let mut tiers = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let Some(item) = self.object(item, format!("{at}/{place}"), &["years", "percent"]) else { continue };
            let years = self.needed(&item, "years").and_then(|it| self.whole(it, item.at("years"), MOST_YEARS));
            let percent =
                self.needed(&item, "percent").and_then(|it| self.percent(it, item.at("percent"), MOST_PREMIUM));
            tiers.extend(years.zip(percent).map(|(years, percent)| EmptyPremiumTier { years, percent }));
        }
        Some(vec![TiersFrom { from: Date::MIN, tiers }])
    }

    fn years(&mut self, value: &Value) -> Option<Vec<FinancialYear>> {
        let items = self.list(value, "/financial_years", 1..=usize::MAX)?;
        let mut years = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, item) in items.iter().enumerate() {
            let at = format!("/financial_years/{place}");
            let text = self.text(item, at.clone());
            let Some(year) = text.and_then(|it| self.year(&it, &at)) else { continue };
            if !seen.insert(year) {
                self.fault::<()>(at, format!("{year} is asked for twice"));
            }
            years.push(year);
        }
        Some(years)
    }

    fn year(&mut self, text: &str, at: &str) -> Option<FinancialYear> {
        let (first, last) = (FinancialYear::of(FIRST_YEAR), FinancialYear::of(LAST_YEAR));
        let told = format!("must be a financial year from {first} to {last}, written so");
        let year = text.parse().ok().filter(|it| (first..=last).contains(it));
        year.or_else(|| self.fault(at, told))
    }

    fn billing(&mut self, value: &Value) -> Option<Billing> {
        let item = self.object(value, "/billing".to_owned(), &["instalments", "issued_on"])?;
        let scheme = match item.get("instalments") {
            None => Some(Scheme::Ten),
            Some(it) if it.as_u64() == Some(10) => Some(Scheme::Ten),
            Some(it) if it.as_u64() == Some(12) => Some(Scheme::Twelve),
            Some(_) => self.fault(item.at("instalments"), "must be 10 or 12"),
        };
        let issued_on = self.needed(&item, "issued_on").and_then(|it| self.day(it, item.at("issued_on")));
        let division = Division {
            scheme: scheme?,
            day: FIRST_OF_THE_MONTH,
            chosen: false,
            ties: HalfPound::HalfUp,
            by_direct_debit: false,
        };
        Some(Billing { division, issued_on: issued_on? })
    }

    fn period(&mut self, item: &Object<'_>) -> Option<Period> {
        let from = self.needed(item, "from").and_then(|it| self.day(it, item.at("from")));
        let to = item.get("to").and_then(|it| self.day(it, item.at("to")));
        let from = from?;
        if to.is_some_and(|to| to < from) {
            return self.fault(item.at("to"), "must not be before from: it is the first day that no longer counts");
        }
        Some(Period { from, to })
    }

    /// An object of these fields and no other.
    fn object<'a>(&mut self, value: &'a Value, at: String, known: &[&str]) -> Option<Object<'a>> {
        let Value::Object(fields) = value else {
            return self.fault(at, format!("must be an object with {}", known.join(", ")));
        };
        let object = Object { fields, at };
        for name in fields.keys().filter(|it| !known.contains(&it.as_str())) {
            self.fault::<()>(object.at(name), format!("there is no field {name} here; there is {}", known.join(", ")));
        }
        Some(object)
    }

    fn needed<'a>(&mut self, object: &Object<'a>, name: &str) -> Option<&'a Value> {
        let value = object.fields.get(name).filter(|it| !it.is_null());
        value.or_else(|| self.fault(object.at(name), "is needed"))
    }

    fn list<'a>(
        &mut self,
        value: &'a Value,
        at: &str,
        how_many: std::ops::RangeInclusive<usize>,
    ) -> Option<&'a [Value]> {
        match value {
            Value::Array(items) if how_many.contains(&items.len()) => Some(items),
            Value::Array(items) if items.is_empty() => self.fault(at, "must have at least one entry"),
            Value::Array(_) => self.fault(at, format!("must have at most {} entries", how_many.end())),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                self.fault(at, "must be a list")
            }
        }
    }

    fn text(&mut self, value: &Value, at: String) -> Option<String> {
        value.as_str().map(str::to_owned).or_else(|| self.fault(at, "must be text"))
    }

    fn parsed<T: FromStr<Err = &'static str>>(&mut self, value: &Value, at: String) -> Option<T> {
        match self.text(value, at.clone())?.parse() {
            Ok(parsed) => Some(parsed),
            Err(why) => self.fault(at, why),
        }
    }

    fn day(&mut self, value: &Value, at: String) -> Option<Date> {
        let day = value.as_str().filter(|it| it.len() == 10).and_then(|it| it.parse::<Date>().ok());
        let day = day.filter(|it| (FIRST_YEAR.year() - 200..=LAST_YEAR.year() + 100).contains(&it.year()));
        day.or_else(|| self.fault(at, "must be a day written year-month-day, such as 1993-04-01"))
    }

    fn money(&mut self, value: &Value, at: String) -> Option<Money> {
        let is_plain = |it: &str| it.bytes().all(|it| it.is_ascii_digit() || it == b'.');
        let money = value.as_str().filter(|it| is_plain(it)).and_then(|it| it.parse::<Money>().ok());
        let money = money.filter(|it| it.pounds() <= Decimal::from(MOST_POUNDS));
        let told = format!("must be pounds and pence in quotation marks, such as \"1162.65\", at most {MOST_POUNDS}");
        money.or_else(|| self.fault(at, told))
    }

    /// A number, or one in quotation marks, with at most four decimals.
    fn percent(&mut self, value: &Value, at: String, most: u16) -> Option<Decimal> {
        let text = match value {
            Value::Number(it) => Some(it.to_string()),
            Value::String(it) => Some(it.clone()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let percent = text.and_then(|it| it.parse::<Decimal>().ok()).map(|it| it.normalize());
        let fits = |it: &Decimal| (Decimal::ZERO..=Decimal::from(most)).contains(it) && it.scale() <= 4;
        percent.filter(fits).or_else(|| self.fault(at, format!("must be a number of percent from 0 to {most}")))
    }

    fn whole(&mut self, value: &Value, at: String, most: u16) -> Option<u16> {
        let whole = value.as_u64().and_then(|it| u16::try_from(it).ok()).filter(|it| *it <= most);
        whole.or_else(|| self.fault(at, format!("must be a whole number from 0 to {most}")))
    }
}
