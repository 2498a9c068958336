//! Copies of bills: a letter each, with the notice as it was issued.

use std::fmt::Write as _;

use hearth_events::{
    AccountRef, BillCopied, Capacity, ChargeLine, DecisionRecorded, Event, EventId, Instalment, LineKind, Money,
    NotificationRef, StreamName, Uprn, decode, decode_event,
};
use hearth_projections::AccountState;
use jiff::civil::Date;

use super::{letters, load};
use crate::decision::Premises;
use crate::rules::awards;
use crate::service::{Service, ServiceError};

/// Writes the copies that a plan asks for and that are not written yet. It is done before the notification has its outcome, so
/// that after a crash it is done as well, and once it was done it is not done again.
///
/// # Errors
/// When the log cannot be read or the outbox not be written.
pub(super) async fn write(
    service: &Service,
    reference: &NotificationRef,
    decision: &DecisionRecorded,
) -> Result<(), ServiceError> {
    for step in &decision.plan {
        for planned in step.events.iter().filter(|it| it.type_name == "BillCopied") {
            let Event::BillCopied(copied) = decode_event(&planned.type_name, 1, planned.data.get())? else {
                continue;
            };
            let name = format!("{}-bill", letters::name(reference, &copied.account));
            let dwelling = step.stream.as_dwelling().filter(|_| !letters::is_written(&service.outbox, &name));
            let Some(uprn) = dwelling else { continue };
            let text = letter(service, reference, uprn, (planned.id, &copied)).await?;
            let failed = |error| ServiceError::Log(format!("the letter {name} cannot be written: {error}"));
            letters::write(&service.outbox, &name, &text).map_err(failed)?;
            tracing::info!(notification = %reference, "wrote the letter {name} into the outbox");
        }
    }
    Ok(())
}

async fn letter(
    service: &Service,
    reference: &NotificationRef,
    uprn: Uprn,
    (id, copied): (EventId, &BillCopied),
) -> Result<String, ServiceError> {
    let account = &copied.account;
    let lost = || ServiceError::Log(format!("account {account} has no bill for {}", copied.financial_year));
    let notice = last_notice(service, &uprn, id, copied).await?.ok_or_else(lost)?;
    let premises = load::premises_of(service, uprn).await?;
    let council = service.council().await?;
    let council = council.council.registered.as_ref().map_or("The council", |it| &it.name);
    let head = letterhead(&premises, account).ok_or_else(lost)?;
    let (year, issued_on) = (copied.financial_year, in_words(copied.issued_on));
    Ok(format!(
        "{council}\n\n{head}\n\nCouncil tax account {account}\nOur reference {reference}\n\nCOPY OF YOUR COUNCIL TAX BILL FOR \
         {year}\n\nThis is a copy of the bill of {issued_on}, which you asked for. It is as it was issued: what was\npaid since \
         then is not in it.\n\n{}",
        notice.printed()
    ))
}

/// The last notice of the year that stands before the copy was asked for.
async fn last_notice(
    service: &Service,
    uprn: &Uprn,
    id: EventId,
    copied: &BillCopied,
) -> Result<Option<Notice>, ServiceError> {
    let mut last = None;
    for stored in service.store.read_stream(&StreamName::dwelling(uprn), 0).await? {
        let recorded = decode(&stored)?;
        if recorded.id == id {
            break;
        }
        last = Notice::of(recorded.event, copied).or(last);
    }
    Ok(last)
}

/// Who is written to, and where: residents at home, an owner where they live, as far as that is on file.
fn letterhead(premises: &Premises, account: &AccountRef) -> Option<String> {
    let listing = premises.state.listing.as_ref()?;
    let account: &AccountState = premises.state.account(account)?;
    let persons = || account.liable_persons.iter().filter_map(|it| premises.details(it));
    let names: Vec<_> = persons().map(|it| it.name.as_str()).collect();
    let names = if names.is_empty() { "The council tax payer".to_owned() } else { names.join("\n") };
    let home = format!("{}\n{}", listing.address, listing.postcode);
    let elsewhere = persons().find_map(|it| it.address.clone()).filter(|_| account.capacity == Capacity::Owner);
    Some(match elsewhere {
        Some(address) => format!("{names}\n{address}\n\nFor {}, {}", listing.address, listing.postcode),
        None => format!("{names}\n{home}"),
    })
}

/// What a notice says.
struct Notice {
    lines: Vec<ChargeLine>,
    net: Money,
    /// What is said before the instalments.
    before: String,
    instalments: Vec<Instalment>,
    credit: Money,
}

impl Notice {
    /// What an event says, where it is a notice of the year that is copied.
    fn of(event: Event, copied: &BillCopied) -> Option<Self> {
        let (account, year, notice) = if let Event::DemandNoticeIssued(it) = event {
            let (lines, net, instalments) = (it.lines, it.net, it.instalments);
            let notice = Self { lines, net, before: String::new(), instalments, credit: Money::ZERO };
            (it.account, it.financial_year, notice)
        } else if let Event::AdjustmentNoticeIssued(it) = event {
            let day = in_words(it.adjustment_day);
            let before = format!("£{} of it was accounted for before {day}.\n\n", it.accounted_for);
            let (lines, net, instalments, credit) = (it.lines, it.net, it.instalments, it.credit);
            (it.account, it.financial_year, Self { lines, net, before, instalments, credit })
        } else if let Event::ClosingNoticeIssued(it) = event {
            let day = in_words(it.ended_on);
            let before = format!("You are not charged from {day} on. £{} had fallen due by then.\n\n", it.fallen_due);
            let (lines, net, instalments, credit) = (it.lines, it.net, it.instalments, it.credit);
            (it.account, it.financial_year, Self { lines, net, before, instalments, credit })
        } else {
            return None;
        };
        (account == copied.account && year == copied.financial_year).then_some(notice)
    }

    fn printed(&self) -> String {
        let mut text = String::new();
        for it in &self.lines {
            let last = in_words(it.to.yesterday().unwrap_or(it.to));
            // Writing to a string does not fail.
            let _ = writeln!(text, "{}, {} to {last} ({} days): £{}", what(it), in_words(it.from), it.days, it.amount);
        }
        let _ = writeln!(text, "\nFor the year: £{}\n", self.net);
        text.push_str(&self.before);
        if self.instalments.is_empty() {
            text.push_str("Nothing more was asked for.\n");
        } else {
            text.push_str("To be paid:\n");
        }
        for it in &self.instalments {
            let _ = writeln!(text, "{}: £{}", in_words(it.due), it.amount);
        }
        if self.credit > Money::ZERO {
            let _ = writeln!(text, "\nIn your favour: £{}", self.credit);
        }
        text
    }
}

fn what(line: &ChargeLine) -> String {
    match line.kind {
        LineKind::Charge => format!("Council tax, band {}", line.code),
        LineKind::Reduction | LineKind::Premium => {
            let row = line.code.parse().ok().and_then(|code| awards::row(&code));
            row.map_or_else(|| line.code.clone(), |row| format!("{} ({})", row.what, line.code))
        }
    }
}

fn in_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}
