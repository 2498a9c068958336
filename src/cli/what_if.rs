//! `hearth what-if`.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::output::{complain, progress, say, say_json};
use super::{Common, Failure};
use crate::figures::{Comparison, Would, compare};
use crate::pack::{Fragment, fragment};
use crate::processor::replay;
use crate::views::british_day;

/// Shows what another policy or other costs would change. Nothing is recorded.
#[derive(Debug, Args)]
pub(super) struct WhatIf {
    /// A file with policies as in council.toml: from, and what is to be tried.
    #[arg(long, value_name = "FILE", required_unless_present = "costs")]
    rules: Option<PathBuf>,
    /// A file with cost models as in council.toml.
    #[arg(long, value_name = "FILE")]
    costs: Option<PathBuf>,
    /// Only notifications received from this day on.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Only those received before this day.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
}

pub(super) async fn run(common: &Common, args: WhatIf) -> Result<(), Failure> {
    if let (Some(from), Some(to)) = (args.from, args.to)
        && to <= from
    {
        return Err(Failure::usage("--to must be after --from: it is the first day that no longer counts"));
    }
    let rules = args.rules.as_deref().map(|it| part(it, "policy", |it| !it.policies.is_empty())).transpose()?;
    let costs = args.costs.as_deref().map(|it| part(it, "costs", |it| !it.costs.is_empty())).transpose()?;
    let service = common.open().await?;
    service.catch_up().await?;
    let rows = service.views.savings(args.from, args.to)?;
    let again = match &rules {
        None => Vec::new(),
        Some(rules) => {
            let is_within = |at| args.to.is_none_or(|to| british_day(at) < to);
            let received = rows.notifications.iter().filter(|it| is_within(it.received_at));
            let references: Vec<_> = received.map(|it| it.reference.clone()).collect();
            let shown = |done, of| progress("notifications", done, of);
            replay(&service, &references, &rules.policies, &shown).await?
        }
    };
    let found = compare(&rows, &again, &costs.map(|it| it.costs).unwrap_or_default());
    if common.json { say_json(&found) } else { say(&text(&found, rules.is_some())) }
}

/// What a file says, where it says what it is given for.
fn part(path: &Path, heading: &str, says: impl Fn(&Fragment) -> bool) -> Result<Fragment, Failure> {
    let shown = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{shown}: cannot be read: {error}")))?;
    let found = fragment(&shown, &text).map_err(|defects| {
        for it in &defects {
            complain(&it.to_string());
        }
        Failure::usage(format!("{shown} holds {} defects; nothing was tried", defects.len()))
    })?;
    if says(&found) {
        return Ok(found);
    }
    Err(Failure::usage(format!("{shown}: there is no [[{heading}]] in it: write one as in council.toml")))
}

fn text(it: &Comparison, with_rules: bool) -> String {
    let mut lines = Vec::new();
    if with_rules {
        lines.push(format!("{} notifications decided again, of {} received", it.decided_again, it.received));
        lines.push(format!("{:<10} {:>6} {:>8}", "", "now", "instead"));
        lines.extend(it.outcomes.iter().map(|it| format!("{:<10} {:>6} {:>8}", it.outcome, it.now, it.instead)));
        let points = it.points.map(|it| format!(", {it:+} points of received")).unwrap_or_default();
        lines.push(format!(
            "straight through: {} now, {} instead{points}",
            it.straight_through, it.straight_through_instead
        ));
        lines.push(format!("tax charged without an officer: {} more", it.charged_difference));
        if it.not_as_recorded > 0 {
            lines.push(format!(
                "{} come to something else today than was recorded even as things are, as rules or policy have changed since",
                it.not_as_recorded
            ));
        }
        lines.push(String::new());
        lines.push(format!("{} would be decided otherwise", it.changed.len()));
        lines.extend(it.changed.iter().map(changed));
        lines.push(String::new());
    }
    let saved = &it.savings;
    lines.push(format!("savings: {} now, {} instead", saved.scenario, saved.scenario_instead));
    for (name, now, instead) in [
        ("potential", saved.potential, saved.potential_instead),
        ("forecast", saved.forecast, saved.forecast_instead),
        ("realised", saved.realised, saved.realised_instead),
        ("net", saved.net, saved.net_instead),
    ] {
        let amount = |it: Option<hearth_events::Money>| it.map_or_else(|| "not known".to_owned(), |it| it.to_string());
        lines.push(format!("  {name:<10} {:>12} {:>12}", amount(now), amount(instead)));
    }
    lines.push(String::new());
    lines.push(it.note.to_owned());
    lines.join("\n")
}

fn changed(it: &Would) -> String {
    let with = |outcome: &str, reasons: &[String]| {
        if reasons.is_empty() { outcome.to_owned() } else { format!("{outcome} {}", reasons.join(" ")) }
    };
    let (was, would_be) = (with(it.was, &it.was_reasons), with(it.would_be, &it.would_be_reasons));
    format!("  {} {}: {was} -> {would_be}; {}", it.reference, it.kind, it.because.join("; "))
}
