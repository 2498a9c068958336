//! The statement in words.

use hearth_events::Money;
use rust_decimal::Decimal;

use super::SavingStatement;
use super::stretch::Stretch;
use crate::rules::saving_model::Saving;
use crate::views::SavingsRows;

/// What was, is and could be saved, in plain sentences.
pub(super) fn sentences(
    rows: &SavingsRows,
    all: &[Stretch<'_>],
    answer: &SavingStatement,
    [potential, forecast, realised]: [&Saving; 3],
) -> String {
    let number = answer.notifications.unwrap_or_default();
    let money = |it: Decimal| pounds(Money::rounded(it));
    let each = potential.per_notification.map(|it| format!(", {} each", money(it))).unwrap_or_default();
    let mut text = format!(
        "If every one of the {} avoided a call and back-office work, {} could be saved{each}: {} of contacts and {} of \
         officers' time. That is the most there is, not what was saved. Realised, counting one contact avoided for each that took \
         effect and the minutes that officers were measured to take: {}, with {} of {} applied without an officer. Forecast: {}. Costs are those of {}.",
        counted(number).to_lowercase(),
        money(potential.gross),
        money(potential.contact_saving),
        money(potential.back_office_saving),
        money(realised.gross),
        answer.straight_through.unwrap_or_default(),
        number,
        money(forecast.gross),
        costs_of(all),
    );
    let same = rows.scenarios.iter().filter(|it| it.kind == "potential" && it.notifications == Some(number));
    for report in same {
        let also = format!(
            " For as many notifications, {} reported \u{201c}over {}\u{201d}, which is a potential too.",
            report.name,
            pounds(report.reported_total)
        );
        text.push_str(&also);
    }
    text
}

/// Which adoptions the costs are of, and what came from which day on is valued by each but the first.
fn costs_of(all: &[Stretch<'_>]) -> String {
    let of = |it: &Stretch<'_>| format!("{} from {}", it.basis.model.name, it.basis.model.from);
    let later = |it: &Stretch<'_>| {
        let first = it.first.map(|it| it.to_string()).unwrap_or_default();
        format!(", and of {} for what came from {first} on", of(it))
    };
    let (first, more) = all.split_first().map_or((String::new(), [].as_slice()), |(it, more)| (of(it), more));
    [first].into_iter().chain(more.iter().map(later)).collect()
}

/// So many electronic notifications.
pub(super) fn counted(notifications: u64) -> String {
    match notifications {
        1 => "1 electronic notification".to_owned(),
        many => format!("{} electronic notifications", grouped(&many.to_string())),
    }
}

/// An amount as people write it: `£1,999.20`, and `£2,000` where there are no pence.
pub fn pounds(amount: Money) -> String {
    let sign = if amount < Money::ZERO { "-" } else { "" };
    let text = amount.abs().to_string();
    let (whole, pence) = text.split_once('.').unwrap_or((&text, "00"));
    let pence = if pence == "00" { String::new() } else { format!(".{pence}") };
    format!("{sign}£{}{pence}", grouped(whole))
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
