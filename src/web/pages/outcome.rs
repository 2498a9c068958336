//! What became of a notification, in words: what happened already, what comes next and when, who was told and who was not.

use hearth_events::{ChargeLine, DemandNoticeIssued, LineKind, Money, Status};
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};

use super::govuk::{self, Row};
use super::text::Text;
use super::told::Told;
use crate::service::preview::ToldBefore;

/// Why something would not be done at once, each reason once. What a check says is for officers: here it is said in our own words, or
/// its reason is.
pub(super) fn said_before(told: &[ToldBefore], text: &Text) -> Vec<String> {
    let why = |it: &ToldBefore| {
        let reason = || it.reason.map(|it| text.say(&format!("reason-{}", it.as_str().to_lowercase())));
        let own = text.maybe(&format!("before-{}", it.check), &[]);
        own.or_else(reason).unwrap_or_else(|| text.say("before-other"))
    };
    let mut said: Vec<String> = Vec::new();
    for it in told.iter().map(why) {
        if !said.contains(&it) {
            said.push(it);
        }
    }
    said
}

/// What happened and what comes next.
pub(super) fn outcome(told: &Told, text: &Text) -> Markup {
    let stands = told.status == Status::Applied && !told.reversed;
    let facts = [
        ("outcome-what", text.say(&format!("told-{}", told.kind))),
        ("track-reference", told.reference.to_string()),
        ("outcome-day", text.date(told.effective_on)),
        ("outcome-received-on", text.instant(told.received_at)),
    ];
    let facts = facts.map(|(name, value)| Row { key: text.say(name), values: vec![value], ..Row::default() });
    html! {
        p class="govuk-body" { (tag(told, text)) }
        (govuk::summary_list(&facts, ""))
        p class="govuk-body" { (text.say(&format!("outcome-{}", state(told)))) }
        @if let Some((account, from)) = told.opened.as_ref().filter(|_| stands) {
            p class="govuk-body" {
                (text.with("outcome-opened", &[("account", account.as_str()), ("date", &text.date(*from))]))
            }
        }
        @for bill in told.bills.iter().filter(|_| stands) { (bill_shown(bill, text)) }
        @if let Some(message) = &told.message {
            (govuk::inset(&html! {
                p class="govuk-body" { strong { (text.say("outcome-message")) } }
                @for line in message.lines() { p class="govuk-body" { (line) } }
                @if let Some(day) = told.respond_by {
                    p class="govuk-body" { (text.with("outcome-respond-by", &[("date", &text.date(day))])) }
                }
            }))
        }
        @if told.status == Status::Referred {
            @if told.is_doubtful() {
                p class="govuk-body" { (text.say("outcome-why-records")) }
            } @else if !told.reasons.is_empty() {
                p class="govuk-body" { (text.say("outcome-why")) }
                ul class="govuk-list govuk-list--bullet" {
                    @for reason in &told.reasons { li { (text.say(&format!("reason-{}", reason.as_str().to_lowercase()))) } }
                }
            }
            @if let Some(day) = told.promised_by {
                p class="govuk-body" {
                    strong { (text.with("outcome-promised", &[("date", &text.date(day))])) } " "
                    (text.say("outcome-promised-from"))
                }
            }
        }
        @if told.status == Status::Referred || told.status == Status::AwaitingEvidence {
            p class="govuk-body" { (text.say("outcome-hold")) }
        }
        @if told.status == Status::Rejected {
            @for reason in &told.reasons { p class="govuk-body" { (text.say(&format!("reason-{}", reason.as_str().to_lowercase()))) } }
            @for check in &told.refused {
                p class="govuk-body" {
                    (text.maybe(&format!("before-{check}"), &[]).unwrap_or_else(|| text.say("before-other")))
                }
            }
            p class="govuk-body" { (text.say("outcome-rejected-next")) }
        }
    }
}

fn state(told: &Told) -> &'static str {
    match told.status {
        Status::Applied if told.reversed => "reversed",
        Status::Received => "received",
        Status::Applied => "applied",
        Status::Referred => "referred",
        Status::AwaitingEvidence => "awaiting-evidence",
        Status::Rejected => "rejected",
        Status::Duplicate => "duplicate",
        Status::Withdrawn => "withdrawn",
    }
}

fn tag(told: &Told, text: &Text) -> Markup {
    let colour = match told.status {
        Status::Applied if !told.reversed => Some("green"),
        Status::Referred | Status::Received => Some("blue"),
        Status::AwaitingEvidence => Some("yellow"),
        Status::Rejected => Some("red"),
        Status::Applied | Status::Duplicate | Status::Withdrawn => Some("grey"),
    };
    govuk::tag(&text.say(&format!("state-{}", state(told))), colour)
}

/// One bill with how it was worked out.
fn bill_shown(bill: &DemandNoticeIssued, text: &Text) -> Markup {
    let year = bill.financial_year.to_string();
    let amount = text.money(bill.net);
    html! {
        h3 class="govuk-heading-s" { (text.with("bill-title", &[("year", &year), ("amount", &amount)])) }
        @if !bill.instalments.is_empty() {
            (instalments(&year, bill.instalments.iter().map(|it| (it.due, it.amount)), text))
        }
        (govuk::details(&text.say("bill-how"), &html! {
            (lines(&bill.lines, text))
            p class="govuk-body" { (text.say("bill-rounding")) }
        }))
    }
}

/// What is payable when.
pub(super) fn instalments(year: &str, payable: impl Iterator<Item = (Date, Money)>, text: &Text) -> Markup {
    html! {
        table class="govuk-table" {
            caption class="govuk-table__caption govuk-visually-hidden" { (text.with("bill-instalments", &[("year", year)])) }
            thead class="govuk-table__head" {
                tr class="govuk-table__row" {
                    th scope="col" class="govuk-table__header" { (text.say("bill-due")) }
                    th scope="col" class="govuk-table__header govuk-table__header--numeric" { (text.say("bill-amount")) }
                }
            }
            tbody class="govuk-table__body" {
                @for (due, amount) in payable {
                    tr class="govuk-table__row" {
                        td class="govuk-table__cell" { (text.date(due)) }
                        td class="govuk-table__cell govuk-table__cell--numeric" { (text.money(amount)) }
                    }
                }
            }
        }
    }
}

/// What an amount is made of, line by line, each with its law.
pub(super) fn lines(lines: &[ChargeLine], text: &Text) -> Markup {
    html! {
        table class="govuk-table" {
            caption class="govuk-table__caption govuk-visually-hidden" { (text.say("bill-lines")) }
            thead class="govuk-table__head" {
                tr class="govuk-table__row" {
                    th scope="col" class="govuk-table__header" { (text.say("bill-what")) }
                    th scope="col" class="govuk-table__header govuk-table__header--numeric" { (text.say("bill-amount")) }
                }
            }
            tbody class="govuk-table__body" {
                @for it in lines {
                    tr class="govuk-table__row" {
                        th scope="row" class="govuk-table__header govuk-!-font-weight-regular" {
                            (what(it, text)) br;
                            span class="govuk-hint" {
                                (text.with("bill-days", &[
                                    ("from", &text.date(it.from)),
                                    ("to", &text.date(it.to.saturating_sub(1.day()))),
                                    ("days", &it.days.to_string()),
                                ])) " " (law(it, text))
                            }
                        }
                        td class="govuk-table__cell govuk-table__cell--numeric" { (text.money(it.amount)) }
                    }
                }
            }
        }
    }
}

pub(in crate::web::pages) fn what(line: &ChargeLine, text: &Text) -> String {
    match line.kind {
        LineKind::Charge => text.with("line-charge", &[("band", &line.code)]),
        LineKind::Reduction | LineKind::Premium => text
            .maybe(&format!("line-{}", line.code.to_lowercase()), &[])
            .or_else(|| line.code.strip_prefix("X-").map(|class| text.with("line-exempt", &[("class", class)])))
            .unwrap_or_else(|| line.code.clone()),
    }
}

pub(in crate::web::pages) fn law(line: &ChargeLine, text: &Text) -> String {
    let name = if line.kind == LineKind::Charge {
        "law-charge".to_owned()
    } else {
        format!("law-{}", line.code.to_lowercase())
    };
    let exempt = || if line.code.starts_with("X-") { text.maybe("law-exempt", &[]) } else { None };
    text.maybe(&name, &[]).or_else(exempt).unwrap_or_default()
}

/// Who knows of it now, and who has to be told by its sender.
pub(super) fn who_was_told(text: &Text) -> Markup {
    html! {
        h2 class="govuk-heading-m" { (text.say("told-title")) }
        p class="govuk-body" { (text.say("told-yes")) }
        p class="govuk-body" { (text.say("told-no")) }
        ul class="govuk-list govuk-list--bullet" {
            @for it in ["benefits", "voters", "others"] { li { (text.say(&format!("told-no-{it}"))) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use hearth_events::{NotificationKind, ReasonCode};

    use crate::web::pages::text::Lang;

    #[test]
    fn there_is_a_text_for_every_kind_every_reason_and_whatever_a_line_can_be() {
        let text = Lang::En.text();
        let has = |name: String| assert!(text.maybe(&name, &[]).is_some(), "{name}");
        for kind in NotificationKind::ALL {
            has(format!("told-{kind}"));
        }
        for reason in ReasonCode::ALL {
            has(format!("reason-{}", reason.as_str().to_lowercase()));
        }
        for state in
            ["received", "applied", "referred", "awaiting-evidence", "rejected", "duplicate", "withdrawn", "reversed"]
        {
            has(format!("state-{state}"));
            has(format!("outcome-{state}"));
        }
        for code in ["d-spd", "d-50", "d-nores", "d-dbr", "d-anx", "d-ctr", "d-13a", "d-cl", "p-empty", "p-second"] {
            has(format!("line-{code}"));
            has(format!("law-{code}"));
        }
    }
}
