//! An account as of any day and as known at any time; every figure opens into how it came about.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use hearth_events::{AccountRef, Opener};
use hearth_projections::{AccountState, DwellingState};
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};

use super::dwelling::name;
use super::figures;
use super::history::{self, History, Until};
use super::search::escaped;
use crate::views::british_day;
use crate::web::App;
use crate::web::pages::govuk::{self, Row};
use crate::web::pages::layout::Page;
use crate::web::pages::staff::day::{self, Typed};
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::pages::text::Text;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// Shows an account.
pub(in crate::web) async fn show(
    State(app): State<App>,
    staff: StaffVisit,
    Path(account): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("There is no such account, or it was not known then.");
    let account: AccountRef = account.parse().map_err(|_| unknown())?;
    let uprn = app.backend().views().uprn_of_account(&account)?.ok_or_else(unknown)?;
    let mut params = Params::of(&uri, &["step", "known_at", "as_of", "because"]);
    let step = params.number("step").and_then(|it| usize::try_from(it).ok());
    let until = Until { step, known_at: params.instant("known_at") };
    let typed = Typed::of("as_of", |name| asked_for(&uri, name));
    let mut errors = Vec::new();
    let as_of = typed.read("as_of", &mut errors);
    let on = as_of.unwrap_or_else(|| british_day(app.backend().now()));
    let history = history::read(&app, &staff.holder.name, &uprn, until).await?.ok_or_else(unknown)?;
    let text = staff.visit.text;
    let path = format!("/staff/accounts/{}", escaped(&account));
    let kept: Vec<_> = as_of.map(|it| ("as_of", it.to_string())).into_iter().collect();
    let years = match history.state.account(&account) {
        Some(state) => figures::years(&app, &history, state, text).await?,
        None => Markup::default(),
    };
    let body = html! {
        h1 class="govuk-heading-l" { "Account " (account) }
        (history.slider(&path, &kept, text))
        form method="get" action=(path) class="hearth-no-print" {
            input type="hidden" name="step" value=(history.at);
            (day::input("as_of", "As of which day?", None, &if typed.is_empty() { on.into() } else { typed }, &errors))
            button type="submit" class="govuk-button govuk-button--secondary" { "Show that day" }
        }
        @if let Some(state) = history.state.account(&account) {
            (facts(&history.state, state, on, app.backend().opener(), text))
            (awards(&history, state, on, text))
            (years)
            (money(state, text))
        } @else {
            p class="govuk-body" { "This account was not known after that step." }
        }
    };
    let page = Page::new(format!("Account {account}"), body).back_to(format!("/staff/dwellings/{uprn}"));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(staff.show(page.with_errors(errors).with_status(status)))
}

/// What an address says of a parameter.
fn asked_for(uri: &Uri, name: &str) -> String {
    let query = uri.query().unwrap_or_default();
    let found = form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn facts(dwelling: &DwellingState, it: &AccountState, day: Date, opener: &dyn Opener, text: &Text) -> Markup {
    let stands = match (it.period.from > day, it.period.contains(day)) {
        (true, _) => "begins later",
        (false, true) => "open",
        (false, false) => "closed",
    };
    let place = dwelling.listing.as_ref().map(|it| format!("{}, {}", it.address, it.postcode)).unwrap_or_default();
    let to = it.period.to.map_or_else(|| "goes on".to_owned(), |to| text.date(to.saturating_sub(1.day())));
    let adults = it.adults_on(day).map_or_else(|| "nobody has said".to_owned(), |it| it.to_string());
    let band = dwelling.band_on(day).map_or_else(|| "none yet".to_owned(), |it| it.to_string());
    let persons = it.liable_persons.iter().map(|it| name(it, opener)).collect();
    let rows = [
        ("Dwelling", vec![place]),
        ("On that day", vec![stands.to_owned()]),
        ("Liable", persons),
        ("From and to", vec![format!("{} – {to}", text.date(it.period.from))]),
        ("Adults on that day", vec![adults]),
        ("Band on that day", vec![band]),
        ("Pays by", vec![it.payment_method.as_str().replace('-', " ")]),
        ("Bills by e-mail", vec![if it.paperless { "yes" } else { "no" }.to_owned()]),
    ];
    let rows = rows.map(|(key, values)| Row { key: key.to_owned(), values, ..Row::default() });
    govuk::summary_list(&rows, "")
}

fn awards(history: &History, it: &AccountState, day: Date, text: &Text) -> Markup {
    html! {
        h2 class="govuk-heading-m" { "Discounts, exemptions and premiums" }
        @if it.awards.is_empty() { p class="govuk-body" { "None." } }
        ul class="govuk-list" {
            @for award in &it.awards {
                li {
                    strong { (award.code) } " from " (text.date(award.period.from))
                    @if let Some(to) = award.period.to { " to " (text.date(to.saturating_sub(1.day()))) }
                    @if award.period.contains(day) { " " (govuk::tag("in force", Some("green"))) }
                    (govuk::details("Where it comes from", &figures::because(history, &award.because, text)))
                }
            }
        }
    }
}

fn money(it: &AccountState, text: &Text) -> Markup {
    let billing = &it.billing;
    html! {
        h2 class="govuk-heading-m" { "Asked for and paid" }
        p class="govuk-body" { "Balance: " strong { (text.money(billing.balance())) } @if !it.knows_balance() { " – not everything is on record, so this is not what is owed." } }
        @if !billing.payments.is_empty() {
            div class="hearth-wide" tabindex="0" role="region" aria-label="Payments" {
                table class="govuk-table" {
                    caption class="govuk-table__caption govuk-table__caption--s" { "Payments" }
                    thead class="govuk-table__head" { tr class="govuk-table__row" { @for it in ["Received", "Year", "Reference", "Amount"] { th scope="col" class="govuk-table__header" { (it) } } } }
                    tbody class="govuk-table__body" {
                        @for it in &billing.payments {
                            tr class="govuk-table__row" {
                                td class="govuk-table__cell" { (text.date(it.received_on)) }
                                td class="govuk-table__cell" { (it.financial_year) }
                                td class="govuk-table__cell" { (it.source_reference) }
                                td class="govuk-table__cell govuk-table__cell--numeric" { (text.money(it.amount)) }
                            }
                        }
                    }
                }
            }
        }
        @for it in &billing.penalties {
            p class="govuk-body" { "Penalty " (it.penalty) ", " (text.money(it.amount)) ", imposed on " (text.date(it.imposed_on)) @if let Some(day) = it.quashed_on { ", quashed on " (text.date(day)) } }
        }
    }
}
