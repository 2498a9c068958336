//! A small council, made from a seed.

use std::fmt::Write as _;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Numbers that look random and are always the same.
pub(super) struct Seed(u64);

impl Seed {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn of<'a>(&mut self, these: &[&'a str]) -> &'a str {
        these[usize::try_from(self.below(these.len() as u64)).unwrap()]
    }
}

/// How a dwelling is held and who lives there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A couple in their own home.
    Couple,
    /// Somebody alone in their own home, with the discount.
    Alone,
    /// Somebody alone in their own home, who never claimed the discount.
    Unclaimed,
    /// Tenants, a couple.
    Tenants,
    /// A tenant alone, with the discount.
    Tenant,
    /// A landlord's, empty: the landlord is liable.
    Void,
    /// A landlord's house in multiple occupation, empty.
    Hmo,
    /// An owner's own, for sale and empty.
    ForSale,
}

const SORTS: [Sort; 8] =
    [Sort::Couple, Sort::Alone, Sort::Unclaimed, Sort::Tenants, Sort::Tenant, Sort::Void, Sort::Hmo, Sort::ForSale];
pub(super) const CATEGORIES: [&str; 2] = ["Northam", "Southam, \"Old\" Town"];
const COMPONENTS: [(&str, i64); 2] = [("County", 103_788), ("Borough & Parish", 34_331)];
const NINTHS: [(&str, i64); 9] =
    [("AR", 5), ("A", 6), ("B", 7), ("C", 8), ("D", 9), ("E", 11), ("F", 13), ("G", 15), ("H", 18)];
const TITLES: [&str; 5] = ["Mr", "Mrs", "Ms", "Dr", "Mx"];
const FIRST: [&str; 10] = ["Zoë", "Tomos", "Wendy", "Aoife", "Björn", "Chidi", "Mary Ann", "Ravi", "Siân", "Olu"];
const LAST: [&str; 10] =
    ["O'Neill", "Zielińska", "van der Berg", "Smith-Jones", "Okonkwo", "Fforde", "MacLeod", "Ünal", "D'Souza", "Quirk"];
pub(super) const YEARS: [i16; 3] = [2014, 2015, 2016];

#[derive(Clone, Debug)]
pub(super) struct Dwelling {
    pub(super) uprn: String,
    pub(super) reference: String,
    pub(super) address: String,
    pub(super) postcode: String,
    pub(super) category: usize,
    pub(super) band: &'static str,
    pub(super) sort: Sort,
    pub(super) owner: Option<String>,
    pub(super) account: String,
    pub(super) from: Date,
    pub(super) persons: Vec<String>,
    pub(super) email: String,
    pub(super) phone: String,
    method: &'static str,
}

/// A council of so many dwellings.
pub(super) struct Pack {
    pub(super) dwellings: Vec<Dwelling>,
}

impl Pack {
    pub(super) fn new(seed: u64, dwellings: usize) -> Self {
        let mut seed = Seed::new(seed);
        Self { dwellings: (0..dwellings).map(|number| dwelling(&mut seed, number)).collect() }
    }

    /// The `nth` dwelling of this sort.
    pub(super) fn nth(&self, sort: Sort, nth: usize) -> &Dwelling {
        self.dwellings.iter().filter(|it| it.sort == sort).nth(nth).unwrap()
    }

    /// Writes the folder.
    pub(super) fn write(&self, folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        for (name, text) in
            [("council.toml", COUNCIL.to_owned()), ("bands.csv", bands()), ("dwellings.csv", self.listing())]
        {
            std::fs::write(folder.join(name), text).unwrap();
        }
        std::fs::write(folder.join("accounts.csv"), self.accounts()).unwrap();
    }

    fn listing(&self) -> String {
        let mut text =
            "uprn,property_reference,address,postcode,category,band,listed_from,tenure,owner,furnished,hmo\n"
                .to_owned();
        for it in &self.dwellings {
            let tenure = if it.owner.is_some() { "private-landlord" } else { "owner-occupied" };
            let hmo = if it.sort == Sort::Hmo { "yes" } else { "no" };
            let cells = [
                &it.uprn,
                &it.reference,
                &it.address,
                &it.postcode,
                CATEGORIES[it.category],
                it.band,
                "1993-04-01",
                tenure,
                it.owner.as_deref().unwrap_or_default(),
                "no",
                hmo,
            ];
            text += &line(&cells);
        }
        text
    }

    fn accounts(&self) -> String {
        let mut text =
            "account,uprn,liable_from,liable_to,liable_persons,adults,awards,payment_method,email,phone\n".to_owned();
        for it in &self.dwellings {
            let award = if it.has_discount() { format!("D-SPD:{}", it.from) } else { String::new() };
            let cells = [
                &it.account,
                &it.uprn,
                &it.from.to_string(),
                "",
                &it.persons.join("; "),
                &it.adults().to_string(),
                &award,
                it.method,
                &it.email,
                &it.phone,
            ];
            text += &line(&cells);
        }
        text
    }
}

/// One line of a table, every cell in quotation marks.
fn line(cells: &[&str]) -> String {
    let cells: Vec<_> = cells.iter().map(|it| format!("\"{}\"", it.replace('"', "\"\""))).collect();
    cells.join(",") + "\n"
}

impl Dwelling {
    pub(super) fn has_discount(&self) -> bool {
        matches!(self.sort, Sort::Alone | Sort::Tenant)
    }

    pub(super) fn adults(&self) -> usize {
        if matches!(self.sort, Sort::Void | Sort::Hmo | Sort::ForSale) { 0 } else { self.persons.len() }
    }

    /// What the year costs, in pence, all components together.
    pub(super) fn amount(&self, year: i16) -> i64 {
        let ninths = NINTHS.iter().find(|it| it.0 == self.band).unwrap().1;
        COMPONENTS.iter().map(|it| component(it.1, self.category, year, ninths)).sum()
    }

    /// The `n`-th account that Hearth opens here.
    pub(super) fn opened(&self, n: usize) -> String {
        format!("{}-{n}", self.uprn)
    }
}

fn component(band_d: i64, category: usize, year: i16, ninths: i64) -> i64 {
    let band_d = band_d + i64::from(year - 2014) * 1_993 + i64::try_from(category).unwrap() * 707;
    (2 * band_d * ninths + 9) / 18
}

fn bands() -> String {
    let mut text = "financial_year,category,component,AR,A,B,C,D,E,F,G,H\n".to_owned();
    for year in YEARS {
        for (number, category) in CATEGORIES.iter().enumerate() {
            for (name, band_d) in COMPONENTS {
                let name_of_year = super::money::year(year).0;
                let amounts = NINTHS.map(|(_, ninths)| super::money::written(component(band_d, number, year, ninths)));
                let mut cells = vec![name_of_year.as_str(), category, name];
                cells.extend(amounts.iter().map(String::as_str));
                text += &line(&cells);
            }
        }
    }
    text
}

fn dwelling(seed: &mut Seed, number: usize) -> Dwelling {
    let sort = SORTS[number % SORTS.len()];
    let name = |seed: &mut Seed| format!("{} {} {}", seed.of(&TITLES), seed.of(&FIRST), seed.of(&LAST));
    let is_let = matches!(sort, Sort::Tenants | Sort::Tenant | Sort::Void | Sort::Hmo);
    let owner = is_let.then(|| format!("{} Lettings No {number} Ltd", seed.of(&LAST)));
    let household = if matches!(sort, Sort::Couple | Sort::Tenants) { 2 } else { 1 };
    let persons = match (&owner, sort) {
        (Some(owner), Sort::Void | Sort::Hmo) => vec![owner.clone()],
        // Two of one name in one household would be nobody's test.
        _ => (0..household).map(|it| format!("{} {}", name(seed), ["Elder", "Younger"][it])).collect(),
    };
    let lived_in = !matches!(sort, Sort::Void | Sort::Hmo | Sort::ForSale);
    let from = date(2005, 1, 1) + i64::try_from(seed.below(3_300)).unwrap().days();
    let mut phone = String::new();
    let _ = write!(phone, "0118 4960{number:03}");
    Dwelling {
        uprn: format!("{}", 100_000_000_000 + u64::try_from(number).unwrap() * 7_919),
        reference: format!("NS/{number:05}"),
        address: format!("Flat {number}, {} Œuvre Row", 1 + seed.below(200)),
        postcode: format!("ZY{} {}QX", 1 + number / 9, number % 9),
        category: usize::try_from(seed.below(2)).unwrap(),
        band: ["A", "B", "C", "D", "E", "F", "G"][usize::try_from(seed.below(7)).unwrap()],
        sort,
        owner,
        account: format!("{}", 70_000_000 + number * 3),
        from,
        persons,
        email: if lived_in { format!("house{number}@mail.example.net") } else { String::new() },
        phone: if lived_in { phone } else { String::new() },
        method: if number.is_multiple_of(3) { "direct-debit" } else { "cash" },
    }
}

const COUNCIL: &str = r#"
name = "Northam & Southam Borough Council"
gss_code = "E07999999"
ba_code = "9999"

[[policy]]
from = "2013-04-01"
future_limit_days = 14
backdate_limit_days = 90
refund_limit = "500.00"
charge_movement_limit = "1500.00"
service_standard_working_days = 10
empty_discount_percent = 0
empty_premium = [{ years = 2, percent = 50 }]
instalment_rounding = "half-up"
death_discount_starts = "day-of-death"

[[costs]]
name = "assumed"
from = "2014-04-01"
officer_hourly_cost = { value = "20.00", source = "assumed" }
manual_minutes = { value = "6.24", source = "assumed" }
contact = { telephone = { value = "2.83", source = "assumed" }, web = { value = "0.15", source = "assumed" } }
counterfactual = { telephone = "1.0" }
"#;
