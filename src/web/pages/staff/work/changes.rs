//! What would change, or has changed, in liability, awards, money and bills: before beside after.

use hearth_events::{Instalment, Opener, Period};
use hearth_projections::Difference;
use jiff::ToSpan as _;
use maud::{Markup, html};

use super::words::{cell, head};
use crate::web::pages::staff::record::person;
use crate::web::pages::text::Text;

/// Each dwelling with what changes there, or what is said where nothing does.
pub(super) fn changes(all: &[Difference], (opener, text): (&dyn Opener, &Text), nothing: &str) -> Markup {
    let any = all.iter().any(|it| !(it.liability.is_empty() && it.awards.is_empty() && it.charges.is_empty()));
    html! {
        @if !any { p class="govuk-body" { (nothing) } }
        @for it in all { (dwelling(it, opener, text)) }
    }
}

fn dwelling(it: &Difference, opener: &dyn Opener, text: &Text) -> Markup {
    html! {
        @if !it.liability.is_empty() || !it.awards.is_empty() || !it.charges.is_empty() || !it.bills.is_empty() {
            div class="hearth-wide" tabindex="0" role="region" aria-label={ "What changes at " (it.uprn) } {
                table class="govuk-table" {
                    caption class="govuk-table__caption govuk-table__caption--s" { "Dwelling " a class="govuk-link" href={ "/staff/dwellings/" (it.uprn) } { (it.uprn) } }
                    (head(&["What", "Before", "After"]))
                    tbody class="govuk-table__body" {
                        @for it in &it.liability {
                            @let names: Vec<_> = it.liable_persons.iter().map(|it| person(it, opener)).collect();
                            (row(&format!("Liable on account {}: {}", it.account, names.join(" and ")), &period(it.before, text), &period(it.after, text)))
                        }
                        @for it in &it.awards {
                            (row(&format!("{} on account {}", it.code, it.account), &period(it.before, text), &period(it.after, text)))
                        }
                        @for it in &it.charges {
                            (row(&format!("Charge {} on account {}", it.financial_year, it.account), &text.money(it.before), &text.money(it.after)))
                        }
                        @for it in &it.bills {
                            @let line = |of: &[Instalment]| payments(of, text);
                            (row(&format!("Payable for {} on account {}", it.financial_year, it.account), &line(&it.before), &line(&it.after)))
                        }
                    }
                }
            }
        }
    }
}

fn row(what: &str, before: &str, after: &str) -> Markup {
    let or_nothing = |it: &str| if it.is_empty() { "nothing".to_owned() } else { it.to_owned() };
    html! {
        tr class="govuk-table__row" {
            th scope="row" class="govuk-table__header govuk-!-font-weight-regular" { (what) }
            (cell(&html! { del class="hearth-before" { (or_nothing(before)) } }))
            (cell(&html! { ins class="hearth-after" { (or_nothing(after)) } }))
        }
    }
}

/// How much is paid in how many payments: one by one they would fill the page.
fn payments(of: &[Instalment], text: &Text) -> String {
    match of {
        [] => String::new(),
        [it] => format!("{} on {}", text.money(it.amount), text.date(it.due)),
        [first, .., last] => {
            let together = text.money(of.iter().map(|it| it.amount).sum());
            format!("{together} in {} payments, {} to {}", of.len(), text.date(first.due), text.date(last.due))
        }
    }
}

fn period(it: Option<Period>, text: &Text) -> String {
    let Some(it) = it.filter(|it| !it.is_empty()) else { return String::new() };
    let to = it.to.map_or_else(|| "goes on".to_owned(), |to| text.date(to.saturating_sub(1.day())));
    format!("{} – {to}", text.date(it.from))
}
