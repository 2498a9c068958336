//! What another policy or other costs would change: asked for in a form, answered on the same page. Nothing is recorded.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::drawn::{Bars, Stands};
use super::period::Asked;
use super::shown::{Figure, figure, table};
use crate::figures::table::{of_changed, of_comparison};
use crate::figures::{Comparison, Period};
use crate::rules::Policy;
use crate::service::what_if::{InputFault, WhatIfAsked, WhatIfRefused};
use crate::views::british_day;
use crate::web::App;
use crate::web::api::what_if::{MOST, refused, tried};
use crate::web::body::form_body;
use crate::web::pages::govuk::{self, Line};
use crate::web::pages::layout::Page;
use crate::web::pages::staff::day::first_of;
use crate::web::pages::staff::layout::{StaffVisit, asked as question};
use crate::web::problem::Problem;

const HERE: &str = "/staff/what-if";

/// The limits of policy that the form asks for: the key in a pack, and what it is called.
const LIMITS: [(&str, &str); 4] = [
    ("backdate_limit_days", "Days back that a change may reach"),
    ("future_limit_days", "Days ahead that a change may be told"),
    ("charge_movement_limit", "Greatest movement of a year\u{2019}s charge without an officer, pounds"),
    ("refund_limit", "Greatest refund without an officer, pounds"),
];

/// What was filled in.
#[derive(Debug, Default)]
struct Given {
    limits: [String; 4],
    rules: String,
    costs: String,
    errors: Vec<(String, String)>,
}

/// Asks.
pub(in crate::web) async fn ask(State(app): State<App>, staff: StaffVisit) -> Result<Response, Problem> {
    shown(&app, &staff, &Asked::default(), &Given::default(), None).await
}

/// Answers.
pub(in crate::web) async fn answer(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let fields = form_body(&app, request).await?;
    let text = |name: &str| fields.get(name).and_then(|it| it.first()).cloned().unwrap_or_default();
    let asked = Asked::read(text);
    let mut given = Given {
        limits: LIMITS.map(|(key, _)| text(key).trim().to_owned()),
        rules: text("rules"),
        costs: text("costs"),
        errors: Vec::new(),
    };
    let rules = given.all_rules(&asked.period(&app), &app).await?;
    let costs = (!given.costs.trim().is_empty()).then(|| given.costs.clone());
    if rules.is_none() && costs.is_none() && asked.errors.is_empty() {
        given.errors.push((
            "backdate_limit_days".to_owned(),
            "Enter another limit, a policy or a cost model to try".to_owned(),
        ));
    }
    if !given.errors.is_empty() || !asked.errors.is_empty() {
        return shown(&app, &staff, &asked, &given, None).await;
    }
    let (from, to) = asked.days;
    match tried(&app, &staff.holder.name, WhatIfAsked { rules, costs, from, to, most: MOST }).await? {
        Ok(found) => shown(&app, &staff, &asked, &given, Some(&found)).await,
        Err(error @ WhatIfRefused::Service(_)) => Err(refused(error)),
        Err(error) => {
            given.errors = told(&error);
            shown(&app, &staff, &asked, &given, None).await
        }
    }
}

/// Faults where they stand; the limits of the form are checked as a policy is.
fn told(error: &WhatIfRefused) -> Vec<(String, String)> {
    let WhatIfRefused::Unreadable(faults) = error else {
        return vec![(first_of("from"), format!("Give a shorter period: {error}"))];
    };
    let field = |field: Option<&str>, file: &str| {
        let limit = LIMITS.iter().find(|(key, _)| field == Some(*key));
        limit.map_or_else(|| file.to_owned(), |(key, _)| (*key).to_owned())
    };
    let fault = |it: &InputFault| {
        let line = it.line.map(|it| format!("line {it}, ")).unwrap_or_default();
        let named = it.field.as_ref().map(|it| format!("{it}: ")).unwrap_or_default();
        (field(it.field.as_deref(), it.file), format!("{line}{named}{}", it.problem))
    };
    faults.iter().map(fault).collect()
}

impl Given {
    /// The limits of the form as a policy from the first day of the period, then what was pasted; none where nothing was.
    async fn all_rules(&self, period: &Period, app: &App) -> Result<Option<String>, Problem> {
        let mut lines = Vec::new();
        for ((key, _), value) in LIMITS.iter().zip(&self.limits).filter(|(_, value)| !value.is_empty()) {
            // Quotation marks would end the text; a number has none.
            let value = value.replace(['"', '\\'], "");
            let is_days = key.ends_with("_days");
            lines.push(if is_days { format!("{key} = {value}") } else { format!("{key} = \"{value}\"") });
        }
        let mut rules = self.rules.trim().to_owned();
        if !lines.is_empty() {
            let from = match period.from {
                Some(from) => from,
                None => first_day(app).await?,
            };
            rules = format!("[[policy]]\nfrom = \"{from}\"\n{}\n\n{rules}", lines.join("\n"));
        }
        Ok((!rules.is_empty()).then_some(rules))
    }
}

/// The day on which the first notification was received; the present one where there is none.
async fn first_day(app: &App) -> Result<jiff::civil::Date, Problem> {
    let rows = app.read(|backend| backend.views().notifications_received(None, None)).await?;
    let first = rows.first().map(|it| it.received_at);
    Ok(british_day(first.unwrap_or_else(|| app.backend().now())))
}

async fn shown(
    app: &App,
    staff: &StaffVisit,
    asked: &Asked,
    given: &Given,
    found: Option<&Comparison>,
) -> Result<Response, Problem> {
    let now = app.backend().council().await.map_err(|error| Problem::unavailable(&error))?;
    let policy = now.council.policy_on(british_day(app.backend().now()));
    let body = html! {
        h1 class="govuk-heading-l" { "What if" }
        p class="govuk-body" { "See what another policy or other costs would have changed. Nothing is recorded, and nobody is told." }
        @if let Some(found) = found { (answered(found)) }
        (form(asked, given, &policy))
    };
    let errors = [asked.errors.clone(), given.errors.clone()].concat();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if found.is_some() { "What would change" } else { "What if" };
    Ok(staff.show(Page::new(title, body).with_errors(errors).with_status(status)))
}

fn form(asked: &Asked, given: &Given, policy: &Policy) -> Markup {
    let now = [
        policy.backdate_limit_days.to_string(),
        policy.future_limit_days.to_string(),
        policy.charge_movement_limit.to_string(),
        policy.refund_limit.to_string(),
    ];
    let errors = &given.errors;
    html! {
        form method="post" action=(HERE) class="hearth-no-print" novalidate {
            h2 class="govuk-heading-m" { "Of which days" }
            (asked.lines())
            h2 class="govuk-heading-m" { "Other limits" }
            @for (((key, name), value), now) in LIMITS.iter().zip(&given.limits).zip(now) {
                @let hint = format!("{now} now; leave it empty to keep that");
                (govuk::line(&question(key, name, Some(&hint), errors), Line { width: Some(10), ..Line::default() }, value))
            }
            (govuk::details("Another policy or cost model, as in council.toml", &html! {
                (govuk::textarea(&question("rules", "Policy", Some("[[policy]] with from, and what is to be tried"), errors), 8, &given.rules))
                (govuk::textarea(&question("costs", "Cost model", Some("[[costs]] with every figure of it"), errors), 8, &given.costs))
            }))
            (govuk::button("Try it"))
        }
    }
}

fn answered(it: &Comparison) -> Markup {
    let points = it.points.map(|it| format!(", {it:+} points of what was received")).unwrap_or_default();
    let message = format!(
        "{} of {} decided again would be decided otherwise. {} go straight through now, {} would{points}. Without an officer, \u{a3}{} more tax would be charged.",
        it.changed.len(),
        it.decided_again,
        it.straight_through,
        it.straight_through_instead,
        it.charged_difference,
    );
    let of = |get: fn(&crate::figures::OutcomeCount) -> u64| it.outcomes.iter().map(|it| get(it).into()).collect();
    let bars = Bars {
        rows: it.outcomes.iter().map(|it| it.outcome.to_owned()).collect(),
        series: vec![("now", of(|it| it.now)), ("instead", of(|it| it.instead))],
        stands: Stands::Beside,
    };
    let saved = &it.savings;
    let amount = |it: Option<hearth_events::Money>| it.map_or_else(|| "not known".to_owned(), crate::savings::pounds);
    html! {
        @if it.decided_again > 0 {
            (figure(&Figure { title: "What would be decided", message, bars: Some(bars), table: &of_comparison(it), without: &[], csv: None }))
        }
        @if it.not_as_recorded > 0 {
            (govuk::inset(&html! { (it.not_as_recorded) " come to something else today even as things are, as rules or policy have changed since they were decided." }))
        }
        h2 class="govuk-heading-m" { "What would be saved" }
        p class="govuk-body" {
            "Realised: " (amount(saved.realised)) " now, " (amount(saved.realised_instead)) " instead. Could be saved: "
            (amount(saved.potential)) " now, " (amount(saved.potential_instead)) " instead. Left once the service is paid for: "
            (amount(saved.net)) " now, " (amount(saved.net_instead)) " instead. Under " (saved.scenario) " and " (saved.scenario_instead) "."
        }
        @if !it.changed.is_empty() {
            h2 class="govuk-heading-m" { "Which would be decided otherwise" }
            (table(&of_changed(it), &[], "Which would be decided otherwise"))
        }
        p class="govuk-body govuk-!-font-size-16" { (it.note) }
    }
}
