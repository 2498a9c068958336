//! The figures of a period, one after the other.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::drawn::{Bars, Stands};
use super::period::Asked;
use super::shown::{Figure, figure, words};
use crate::figures::table::of_figures;
use crate::figures::{Established, Figures, Volume};
use crate::web::App;
use crate::web::api::figures::figures_for;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::problem::Problem;

const HERE: &str = "/staff/figures";

/// What else is counted, on pages of its own.
const OTHERS: [(&str, &str); 2] =
    [("/staff/work/figures", "Queues and officers"), ("/staff/work/samples", "Decisions to be checked")];

/// Shows them.
pub(in crate::web) async fn show(State(app): State<App>, staff: StaffVisit, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri);
    let period = asked.period(&app);
    let it = figures_for(&app, &staff.holder.name, period).await?;
    let text = staff.visit.text;
    let parts = [
        straight_through(&it, &asked),
        by_channel(&it, &asked),
        by_kind(&it, &asked),
        outcomes(&it, &asked),
        open_work(&it, &asked, text.instant(it.as_of)),
        established(&it, &asked),
        promises(&it, &asked),
        contacts(&it, &asked),
        reversals(&it, &asked),
    ];
    let body = html! {
        h1 class="govuk-heading-l" { "Figures" }
        p class="govuk-body" { (asked.words(text)) "." }
        ul class="hearth-inline hearth-no-print" {
            @for (path, name) in OTHERS { li { (staff.link(path, name)) } }
        }
        (asked.form(HERE, &html! {}))
        @for part in parts { (part) }
        (govuk::details("How this is counted", &html! { p class="govuk-body" { (it.straight_through.definition) } }))
    };
    Ok(staff.show(Page::new("Figures", body).with_errors(asked.errors)))
}

fn counted(it: u64) -> Decimal {
    Decimal::from(it)
}

fn percent(it: Option<Decimal>) -> String {
    it.map_or_else(|| "none".to_owned(), |it| format!("{it}%"))
}

/// One part: its table by name, with what is said and drawn of it.
fn part(it: &Figures, asked: &Asked, name: &str, title: &str, message: String, bars: Option<Bars>) -> Markup {
    let Some(table) = of_figures(name, it) else { return Markup::default() };
    let csv = Some(asked.link(&format!("{HERE}/tables/{name}")));
    figure(&Figure { title, message, bars, table: &table, without: &["definition"], csv })
}

fn straight_through(it: &Figures, asked: &Asked) -> Markup {
    let Volume { received, straight_through, percent_of_received, percent_of_eligible, eligible, .. } =
        it.straight_through.volume;
    let message = format!(
        "{straight_through} of {received} went straight through: {} of what was received, {} of the {eligible} that a machine may decide and that came to something. {} in all were settled without an officer.",
        percent(percent_of_received),
        percent(percent_of_eligible),
        it.straight_through.settled_without_officer,
    );
    part(it, asked, "straight-through", "Straight through", message, None)
}

fn volumes(rows: Vec<(String, Volume)>) -> Bars {
    let of = |get: fn(&Volume) -> u64| rows.iter().map(|(_, it)| counted(get(it))).collect::<Vec<_>>();
    let mut series = vec![("received", of(|it| it.received)), ("straight through", of(|it| it.straight_through))];
    if rows.iter().any(|(_, it)| it.received_year_before.is_some()) {
        series.push(("received the year before", of(|it| it.received_year_before.unwrap_or_default())));
    }
    Bars { series, stands: Stands::Beside, rows: rows.into_iter().map(|(name, _)| name).collect() }
}

fn beside_last_year(it: &Figures) -> String {
    let before = it.received_year_before.map(|before| format!(", {before} in the same days of the year before"));
    format!("{} were received{}.", it.received, before.unwrap_or_default())
}

fn by_channel(it: &Figures, asked: &Asked) -> Markup {
    let rows = it.by_channel.iter().map(|it| (words(it.channel.as_str()), it.volume)).collect();
    part(it, asked, "volumes-by-channel", "By channel", beside_last_year(it), Some(volumes(rows)))
}

fn by_kind(it: &Figures, asked: &Asked) -> Markup {
    let rows: Vec<_> = it.by_kind.iter().map(|it| (words(it.kind.as_str()), it.volume)).collect();
    let most = rows.iter().max_by_key(|(_, it)| it.received);
    let message = most.map_or_else(
        || "Nothing was received.".to_owned(),
        |(kind, it)| format!("Most often people told of a {kind}: {} times.", it.received),
    );
    part(it, asked, "volumes-by-kind", "By kind", message, Some(volumes(rows)))
}

fn outcomes(it: &Figures, asked: &Asked) -> Markup {
    let rows = it.outcomes.iter().map(|it| words(it.status.as_str())).collect();
    let values = it.outcomes.iter().map(|it| counted(it.notifications)).collect();
    let bars = Bars { rows, series: vec![("notifications", values)], stands: Stands::Beside };
    let all: Vec<_> =
        it.outcomes.iter().map(|it| format!("{} {}", it.notifications, words(it.status.as_str()))).collect();
    let message = format!("What was received has come to this by now: {}.", all.join(", "));
    part(it, asked, "outcomes", "What became of it", message, Some(bars))
}

fn open_work(it: &Figures, asked: &Asked, as_of: String) -> Markup {
    let open = &it.open;
    let label =
        |from: u16, to: Option<u16>| to.map_or_else(|| format!("{from} or more"), |to| format!("{from} to {to}"));
    let rows = open.ages.iter().map(|it| format!("{} working days", label(it.from_days, it.to_days))).collect();
    let values = open.ages.iter().map(|it| counted(it.open)).collect();
    let bars = Bars { rows, series: vec![("open items", values)], stands: Stands::Beside };
    let oldest = open.oldest.as_ref().map(|it| format!(" The oldest is {it}.")).unwrap_or_default();
    let pace = open.days_of_work.map_or_else(
        || " Officers completed none in the twenty working days before, so nobody can say how many days of work that is.".to_owned(),
        |days| format!(" Officers completed {} in the twenty working days before: at that pace these are {days} days of work.", open.completed_lately),
    );
    let message = format!("{} items waited for officers at {as_of}.{oldest}{pace}", open.open);
    part(it, asked, "age-of-work", "Age of work", message, Some(bars))
}

fn established(it: &Figures, asked: &Asked) -> Markup {
    let all = it.time_to_establish.first();
    let message = all.map_or_else(String::new, |all| {
        let minutes = |it: Option<Decimal>| it.map_or_else(|| "unknown".to_owned(), |it| format!("{it} minutes"));
        let Established { accounts, median_minutes, p90_minutes, percent_same_day, waiting, .. } = all;
        if *accounts == 0 {
            return format!("No accounts were opened. {waiting} moves in wait still.");
        }
        format!(
            "{accounts} accounts were opened: half of them within {}, nine in ten within {}, {} on the day on which it was told. {waiting} moves in wait still.",
            minutes(*median_minutes),
            minutes(*p90_minutes),
            percent(*percent_same_day),
        )
    });
    part(it, asked, "time-to-establish", "Time to establish an account", message, None)
}

fn promises(it: &Figures, asked: &Asked) -> Markup {
    let kept = &it.promises;
    let rows = ["kept", "late", "overdue", "pending"].map(str::to_owned).to_vec();
    let values = [kept.kept, kept.late, kept.overdue, kept.pending].map(counted).to_vec();
    let bars = Bars { rows, series: vec![("promises", values)], stands: Stands::Beside };
    let message = format!(
        "{} dates in the period were promised. {} were kept, {} were done later, {} are over and not done, {} are not over yet: {} kept of those that are over or done.",
        kept.promised,
        kept.kept,
        kept.late,
        kept.overdue,
        kept.pending,
        percent(kept.percent_kept)
    );
    part(it, asked, "promises", "Promised dates", message, Some(bars))
}

fn contacts(it: &Figures, asked: &Asked) -> Markup {
    let rows = it.contacts.by_reason.iter().map(|it| words(it.about.as_str())).collect();
    let values = it.contacts.by_reason.iter().map(|it| counted(it.contacts)).collect();
    let bars = Bars { rows, series: vec![("contacts", values)], stands: Stands::Beside };
    let rate = it.contacts.failures_per_hundred.map(|it| format!(", {it} for a hundred notifications"));
    let message = format!(
        "Officers linked {} contacts with what was told. {} need not have been, had all gone well the first time{}.",
        it.contacts.linked,
        it.contacts.failures,
        rate.unwrap_or_default()
    );
    part(it, asked, "contacts", "Contacts about it", message, Some(bars))
}

fn reversals(it: &Figures, asked: &Asked) -> Markup {
    let message = format!(
        "{} of {} automatic decisions were reversed. {} decisions were checked, and {} checks found an error.",
        it.reversals.reversed, it.reversals.automatic, it.reversals.checked, it.reversals.errors
    );
    part(it, asked, "reversals", "Reversals and checks", message, None)
}
