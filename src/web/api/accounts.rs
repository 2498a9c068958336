//! Accounts: who is liable for which dwelling, with which awards and charges, on any day and as known at any instant.

mod money;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::Uri;
use hearth_events::{
    AccountRef, AwardCode, AwardTerms, Band, ChargeLine, FinancialYear, LineKind, Money, Opener, PaymentMethod,
    PersonDetails, Personal, Position, StreamName, Uprn, decode,
};
use hearth_projections::{AccountState, Award, Bill, Charge, DwellingState, ExplainedLine};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use money::{InstalmentView, PenaltyView, instalments, penalty_view};
use money::{MoneyView, money};

use crate::views::{ViewError, british_day};
use crate::web::guard::Caller;
use crate::web::looked::not_for;
use crate::web::problem::Problem;
use crate::web::query::{Named, Page, Params, decoded};
use crate::web::{App, Backend};

/// How many dwellings one search by name looks through before it gives a cursor to go on from.
const SCANNED: usize = 20_000;
/// How many dwellings are read at once.
const CHUNK: usize = 500;

/// An account.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct AccountView {
    #[schema(value_type = String)]
    account: AccountRef,
    status: AccountStatus,
    dwelling: AccountDwelling,
    /// Who is liable, jointly and severally.
    liable_persons: Vec<PersonView>,
    /// The first day of liability.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The first day no longer liable; null while it lasts.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// Adults on the day; null where nobody has said.
    adults: Option<u16>,
    /// Awards that began on the day or before.
    awards: Vec<AwardView>,
    #[schema(value_type = String, pattern = "^(direct-debit|cash)$")]
    payment_method: PaymentMethod,
    /// The charge by financial year.
    charges: Vec<ChargeView>,
    money: MoneyView,
}

/// Where an account stands on the day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AccountStatus {
    /// Liable on the day.
    Open,
    /// Liability ended on the day or before.
    Closed,
    /// Liability begins after the day.
    Future,
}

/// The dwelling of an account.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountDwelling {
    #[schema(value_type = String, pattern = "^[0-9]{1,12}$")]
    uprn: Uprn,
    property_reference: String,
    address: String,
    postcode: String,
    category: String,
    /// The band on the day; null before it was listed.
    #[schema(value_type = Option<String>, pattern = "^[A-H]$")]
    band: Option<Band>,
}

/// A person.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonView {
    /// Title and names; null where the person was forgotten.
    name: Option<String>,
}

/// An award.
#[derive(Serialize, ToSchema)]
#[schema(as = Award)]
pub(crate) struct AwardView {
    #[schema(value_type = String, example = "D-SPD")]
    code: AwardCode,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// Percent, where the award itself says it; what it does not say is the council's policy, day by day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+(\.[0-9]+)?$")]
    percent: Option<Decimal>,
    /// Pounds a week.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+\.[0-9]{2}$")]
    weekly: Option<Money>,
    /// Pounds off each year.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount: Option<Money>,
    /// The first day on which the dwelling was empty and unfurnished.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    empty_since: Option<Date>,
}

/// The charge for one year.
#[derive(Serialize, ToSchema)]
#[schema(as = Charge)]
pub(crate) struct ChargeView {
    #[schema(value_type = String, pattern = "^[0-9]{4}/[0-9]{2}$")]
    financial_year: FinancialYear,
    lines: Vec<LineView>,
    #[schema(value_type = String, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    net: Money,
    /// The day on which the last notice was issued; null before the first.
    #[schema(value_type = Option<String>, format = Date)]
    issued_on: Option<Date>,
    /// What is payable when, and what was payable already, as last billed; empty where nothing has been asked for.
    instalments: Vec<InstalmentView>,
    /// What was paid before any instalment asked for it; null where no bill was issued. With the instalments it comes to what
    /// the bill asks for.
    #[schema(value_type = Option<String>)]
    paid_ahead: Option<Money>,
}

/// One line of a charge.
#[derive(Serialize, ToSchema)]
#[schema(as = ChargeLine)]
pub(crate) struct LineView {
    #[schema(value_type = String, pattern = "^(charge|reduction|premium)$")]
    kind: LineKind,
    /// The charging band of a charge; the award of a reduction.
    code: String,
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The first day after.
    #[schema(value_type = String, format = Date)]
    to: Date,
    days: i32,
    /// Negative where it reduces.
    #[schema(value_type = String, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    amount: Money,
    /// The positions of the events that the figure rests on.
    #[schema(value_type = Vec<u64>)]
    because: Vec<Position>,
}

/// A page of accounts.
#[derive(ToSchema)]
#[schema(as = AccountPage)]
#[expect(dead_code, reason = "it only describes Page<AccountView> for the OpenAPI document")]
pub(crate) struct AccountPage {
    items: Vec<AccountView>,
    /// What to pass as `cursor` for the next page; null at the end. A page may be short and have a next one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Shows an account.
#[utoipa::path(
    get, path = "/api/v1/accounts/{account}", tag = "accounts", operation_id = "show_account",
    params(
        ("account" = String, Path, description = "Its reference; a / in it is written %2F", pattern = "^[A-Za-z0-9./-]{1,32}$"),
        ("as_of" = Option<String>, Query, format = Date, description = "The day it is shown for; today where absent"),
        ("known_at" = Option<String>, Query, format = DateTime,
            description = "The instant up to which what was recorded counts; now where absent"),
    ),
    responses((status = 200, description = "The account", body = AccountView))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Named(account): Named<AccountRef>,
    uri: Uri,
) -> Result<Json<AccountView>, Problem> {
    let mut params = Params::of(&uri, &["as_of", "known_at"]);
    let (as_of, known_at) = (params.day("as_of"), params.instant("known_at"));
    params.finish()?;
    let dwelling = match known_at {
        // One row by its index: handing it to another thread costs more than reading it.
        None => app.backend().views().dwelling_of_account(&account)?,
        Some(known_at) => known_then(&app, &account, known_at).await?.map(Arc::new),
    };
    let unknown = || Problem::not_found(format!("There is no account {account}, or it was not known then."));
    let dwelling = dwelling.ok_or_else(unknown)?;
    let state = dwelling.account(&account).ok_or_else(unknown)?;
    let day = Shown::on(as_of, app.backend().now());
    let mut shown = view(&dwelling, state, day, app.backend().opener()).ok_or_else(unknown)?;
    if shown.money.has_transfers() {
        shown.money.leave_out(app.backend().views(), &not_for(&app, caller.officer()?).await?)?;
    }
    Ok(Json(shown))
}

/// The dwelling of an account from what had been recorded by an instant.
async fn known_then(app: &App, account: &AccountRef, known_at: Timestamp) -> Result<Option<DwellingState>, Problem> {
    let named = account.clone();
    let Some(uprn) = app.read(move |it| it.views().uprn_of_account(&named)).await? else {
        return Ok(None);
    };
    let mut dwelling = DwellingState::default();
    for stored in app.backend().store().read_stream(&StreamName::dwelling(&uprn), 0).await? {
        let recorded = decode(&stored).map_err(|error| Problem::internal(&error))?;
        if recorded.recorded_at > known_at {
            break;
        }
        dwelling.apply(&recorded).map_err(|error| Problem::internal(&error))?;
    }
    Ok(Some(dwelling))
}

/// Lists accounts of a dwelling, or of persons whose name contains a text.
#[utoipa::path(
    get, path = "/api/v1/accounts", tag = "accounts", operation_id = "list_accounts",
    description = "Give exactly one of uprn and name. A search by name opens the names one by one, as they are sealed: \
                   it looks through so many dwellings at once, so follow next_cursor to the end.",
    params(
        ("uprn" = Option<String>, Query, description = "Those of this dwelling", pattern = "^[0-9]{1,12}$"),
        ("name" = Option<String>, Query, description = "Those with this in a name, in whatever case", min_length = 1, max_length = 100, pattern = r"\S"),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of accounts", body = AccountPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Page<AccountView>>, Problem> {
    let mut params = Params::of(&uri, &["uprn", "name", "limit", "cursor"]);
    if params.has("uprn") == params.has("name") {
        params.fault("uprn", "give either uprn or name");
    }
    let (uprn, name) = (params.parsed::<Uprn>("uprn"), params.text("name"));
    if name.as_deref().is_some_and(|it| it.trim().is_empty()) {
        params.fault("name", "must have a letter in it");
    }
    let (limit, after) = (params.limit(), params.cursor::<Place>());
    params.finish()?;
    let not_at = not_for(&app, caller.officer()?).await?;
    let found = app.read(move |it| {
        let mut found = match (uprn, name) {
            // The guard has asked the fences for it.
            (Some(uprn), _) => of_dwelling(it, uprn, limit, after)?,
            (None, name) => of_name(it, &name.unwrap_or_default().trim().to_lowercase(), limit, (after, &not_at))?,
        };
        found.items.iter_mut().try_for_each(|account| account.money.leave_out(it.views(), &not_at))?;
        Ok(found)
    });
    found.await.map(Json)
}

/// Where a page of accounts ended: the dwelling, and how many of its accounts were given.
struct Place {
    uprn: Uprn,
    given: usize,
}

impl std::str::FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (uprn, given) = text.split_once(':').ok_or("not a place")?;
        Ok(Self { uprn: uprn.parse().map_err(|_| "not a place")?, given: given.parse().map_err(|_| "not a place")? })
    }
}

fn of_dwelling(
    backend: &dyn Backend,
    uprn: Uprn,
    limit: usize,
    after: Option<Place>,
) -> Result<Page<AccountView>, ViewError> {
    let given = after.filter(|it| it.uprn == uprn).map_or(0, |it| it.given);
    let Some(dwelling) = backend.views().dwelling(&uprn)? else {
        return Ok(Page::until(Vec::new(), None));
    };
    let day = Shown::on(None, backend.now());
    let rest = dwelling.accounts.iter().skip(given);
    let items: Vec<_> = rest.take(limit).filter_map(|it| view(&dwelling, it, day, backend.opener())).collect();
    let reached = given.saturating_add(limit);
    let more = reached < dwelling.accounts.len();
    Ok(Page::until(items, more.then(|| format!("{uprn}:{reached}"))))
}

fn of_name(
    backend: &dyn Backend,
    name: &str,
    limit: usize,
    (after, not_at): (Option<Place>, &BTreeSet<Uprn>),
) -> Result<Page<AccountView>, ViewError> {
    let day = Shown::on(None, backend.now());
    let is_named = |person: &Personal<PersonDetails>| {
        person.opened(backend.opener()).is_some_and(|it| it.name.to_lowercase().contains(name))
    };
    let mut items = Vec::new();
    let mut scanned = 0;
    // A dwelling of which some accounts were given is looked at again first.
    let begun = after.map(|it| (it.uprn, it.given));
    let mut chunk: Vec<(Uprn, DwellingState)> = match &begun {
        Some((uprn, _)) => backend.views().dwelling(uprn)?.map(|it| (uprn.clone(), it)).into_iter().collect(),
        None => Vec::new(),
    };
    let (mut last, mut skip) = begun.map_or((None, 0), |(uprn, given)| (Some(uprn), given));
    // Where a page ends is told: never with a dwelling that is not for whoever asks.
    let mut told = None;
    loop {
        for (uprn, dwelling) in &chunk {
            last = Some(uprn.clone());
            if not_at.contains(uprn) {
                skip = 0;
                continue;
            }
            for (place, account) in dwelling.accounts.iter().enumerate().skip(skip) {
                if items.len() == limit {
                    return Ok(Page::until(items, Some(format!("{uprn}:{place}"))));
                }
                if account.liable_persons.iter().any(is_named) {
                    items.extend(view(dwelling, account, day, backend.opener()));
                }
            }
            skip = 0;
            scanned += 1;
            told = Some(uprn.clone());
        }
        if scanned >= SCANNED {
            return Ok(Page::until(items, told.map(|uprn| format!("{uprn}:{}", usize::MAX))));
        }
        chunk = backend.views().dwellings_after(last.as_ref(), CHUNK)?;
        if chunk.is_empty() {
            return Ok(Page::until(items, None));
        }
    }
}

/// An account as it is found by a name.
pub(in crate::web) struct Found {
    /// Itself.
    pub(in crate::web) account: AccountRef,
    /// Who is liable.
    pub(in crate::web) names: Vec<String>,
    /// Where.
    pub(in crate::web) address: String,
}

/// The first accounts with this in a name; none of a dwelling that is not for whoever asks.
pub(in crate::web) fn named(
    backend: &dyn Backend,
    name: &str,
    not_at: &BTreeSet<Uprn>,
    limit: usize,
) -> Result<Vec<Found>, ViewError> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = of_name(backend, name, limit - found.len(), (after, not_at))?;
        found.extend(page.items.into_iter().map(|it| Found {
            account: it.account,
            names: it.liable_persons.into_iter().filter_map(|it| it.name).collect(),
            address: it.dwelling.address,
        }));
        after = page.next_cursor.and_then(|it| decoded(&it));
        if after.is_none() || found.len() >= limit {
            return Ok(found);
        }
    }
}

/// The day things are shown for.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    day: Date,
    /// Whether it was asked for, so that what begins later is left out.
    asked: bool,
}

impl Shown {
    /// On this day, or today.
    pub(super) fn on(asked: Option<Date>, now: Timestamp) -> Self {
        Self { day: asked.unwrap_or_else(|| british_day(now)), asked: asked.is_some() }
    }
}

fn view(dwelling: &DwellingState, it: &AccountState, shown: Shown, opener: &dyn Opener) -> Option<AccountView> {
    let listing = dwelling.listing.as_ref()?;
    let status = match (it.period.from > shown.day, it.period.contains(shown.day)) {
        (true, _) => AccountStatus::Future,
        (false, true) => AccountStatus::Open,
        (false, false) => AccountStatus::Closed,
    };
    let awards = it.awards.iter().filter(|award| !shown.asked || award.period.from <= shown.day);
    Some(AccountView {
        account: it.account.clone(),
        status,
        dwelling: AccountDwelling {
            uprn: listing.uprn.clone(),
            property_reference: listing.property_reference.clone(),
            address: listing.address.clone(),
            postcode: listing.postcode.clone(),
            category: listing.category.clone(),
            band: dwelling.band_on(shown.day),
        },
        liable_persons: persons(&it.liable_persons, opener),
        from: it.period.from,
        to: it.period.to,
        adults: it.adults_on(shown.day),
        awards: awards.map(award_view).collect(),
        payment_method: it.payment_method,
        charges: it
            .charges
            .iter()
            .map(|(year, charge)| charge_view(*year, charge, it.billing.bills.get(year)))
            .collect(),
        money: money(&it.billing),
    })
}

fn award_view(it: &Award) -> AwardView {
    let AwardTerms { percent, weekly, amount, empty_since } = it.terms.clone().unwrap_or_default();
    let (code, from, to) = (it.code.clone(), it.period.from, it.period.to);
    AwardView { code, from, to, percent, weekly, amount, empty_since }
}

/// The names of persons; null for one that was forgotten.
pub(super) fn persons(persons: &[Personal<PersonDetails>], opener: &dyn Opener) -> Vec<PersonView> {
    persons.iter().map(|it| PersonView { name: it.opened(opener).map(|details| details.name) }).collect()
}

fn charge_view(financial_year: FinancialYear, charge: &Charge, bill: Option<&Bill>) -> ChargeView {
    let line = |ExplainedLine { line, because }: &ExplainedLine| {
        let ChargeLine { kind, code, from, to, days, amount } = line.clone();
        LineView { kind, code, from, to, days, amount, because: because.clone() }
    };
    ChargeView {
        financial_year,
        lines: charge.lines.iter().map(line).collect(),
        net: charge.net,
        issued_on: bill.map(|it| it.issued_on),
        instalments: bill.map(|it| instalments(&it.instalments)).unwrap_or_default(),
        paid_ahead: bill.map(|it| it.paid_ahead),
    }
}
