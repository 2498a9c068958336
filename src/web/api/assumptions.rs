//! The figures that savings rest on: how they came to be, and changing them one by one.

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::Uri;
use hearth_events::{BudgetLine, BudgetReduced, Money};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::work_item::reading::{Fields, malformed};
use crate::savings::{Assumption, Change, history, statement};
use crate::service::assumptions::{SavingsAction, SavingsRefused};
use crate::views::SavingsRows;
use crate::web::App;
use crate::web::guard::Caller;
use crate::web::problem::{Fault, Kind, Problem};
use crate::web::query::Params;

/// The figures that savings rest on.
#[derive(Serialize, ToSchema)]
#[schema(as = Assumptions)]
pub(crate) struct AssumptionsView {
    /// The cost model in force; null where there is none.
    model: Option<String>,
    /// Every figure of the statement of the whole log under that model.
    #[schema(value_type = Vec<super::savings::AssumptionDocument>)]
    figures: Vec<Assumption>,
    /// Every change, the latest first.
    history: Vec<ChangeView>,
    /// Lines of the budget that fell: what cash-releasing rests on.
    budgets: Vec<BudgetView>,
}

/// One figure, set or changed.
#[derive(Serialize, ToSchema)]
#[schema(as = AssumptionChange)]
struct ChangeView {
    model: String,
    name: String,
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]+)?$")]
    value: Decimal,
    /// Where it was published or measured, or `assumed`.
    source: String,
    /// The first day for which it is so.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// What it would have been on that day otherwise; null where the model did not say.
    #[schema(value_type = Option<String>, pattern = r"^-?[0-9]+(\.[0-9]+)?$")]
    before: Option<Decimal>,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    by: String,
}

/// A line of the budget that fell.
#[derive(Serialize, ToSchema)]
#[schema(as = BudgetReduction)]
struct BudgetView {
    decision: String,
    #[schema(value_type = String, pattern = "^(postage|print|agency|overtime|licence|post|other)$")]
    line: BudgetLine,
    /// By how much in a whole year.
    #[schema(value_type = String, example = "1200.00")]
    yearly: Money,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    by: String,
}

/// A figure to be changed.
#[derive(ToSchema)]
#[schema(as = AssumptionRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct AssumeDocument {
    /// The cost model; the one in force on the day where absent.
    #[schema(min_length = 1, max_length = 500)]
    model: Option<String>,
    /// The figure, as `GET` names it: `manual_minutes`, `contact.telephone`.
    #[schema(min_length = 1, max_length = 500, example = "manual_minutes")]
    name: String,
    #[schema(pattern = r"^[0-9]+(\.[0-9]+)?$", example = "5.1")]
    value: String,
    /// Where it was published or measured, or `assumed`.
    #[schema(min_length = 1, max_length = 500)]
    source: String,
    /// The first day for which it is so.
    #[schema(value_type = String, format = Date)]
    from: String,
}

/// A line of the budget that fell.
#[derive(ToSchema)]
#[schema(as = BudgetReductionRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct ReduceDocument {
    /// What the decision is called, so that it can be looked up. The same decision and line again replaces what was
    /// recorded; an amount of 0 takes it back.
    #[schema(min_length = 1, max_length = 500)]
    decision: String,
    #[schema(pattern = "^(postage|print|agency|overtime|licence|post|other)$")]
    line: String,
    /// By how much in a whole year.
    #[schema(pattern = r"^[0-9]+(\.[0-9]{1,2})?$", example = "1200.00")]
    yearly: String,
    #[schema(value_type = String, format = Date)]
    from: String,
    /// The first day for which it is as before.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<String>,
}

/// Shows the figures that savings rest on, with every change that was made to them.
#[utoipa::path(
    get, path = "/api/v1/assumptions", tag = "savings", operation_id = "show_assumptions",
    responses((status = 200, description = "The figures and their history", body = AssumptionsView))
)]
pub(crate) async fn show(State(app): State<App>, uri: Uri) -> Result<Json<AssumptionsView>, Problem> {
    Params::of(&uri, &[]).finish()?;
    current(&app).await
}

/// Changes one figure from a day on. What was changed before stays in the history.
#[utoipa::path(
    post, path = "/api/v1/assumptions", tag = "savings", operation_id = "change_assumption",
    request_body(content = AssumeDocument, content_type = "application/json"),
    responses((status = 200, description = "The figures as they then are", body = AssumptionsView))
)]
pub(crate) async fn assume(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<AssumptionsView>, Problem> {
    let mut fields = Fields::read(&app, request).await?;
    let model = fields.text("model");
    let (name, source) = (fields.needed_text("name"), fields.needed_text("source"));
    let (value, from) = (decimal(&mut fields, "value"), fields.needed_day("from"));
    fields.finish()?;
    let (Some(name), Some(source), Some(value), Some(from)) = (name, source, value, from) else {
        return Err(Problem::internal(&"a field that is needed was not there"));
    };
    done(&app, &caller, SavingsAction::Assume { model, name, value, source, from }).await
}

/// Records that a line of the budget fell by a decision: only that releases cash.
#[utoipa::path(
    post, path = "/api/v1/budget-reductions", tag = "savings", operation_id = "reduce_budget",
    request_body(content = ReduceDocument, content_type = "application/json"),
    responses((status = 200, description = "The figures as they then are", body = AssumptionsView))
)]
pub(crate) async fn reduce(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<AssumptionsView>, Problem> {
    let mut fields = Fields::read(&app, request).await?;
    let (decision, line) = (fields.needed_text("decision"), fields.needed_text("line"));
    let known = line.as_deref().and_then(|line| BudgetLine::ALL.into_iter().find(|it| it.as_str() == line));
    if line.is_some() && known.is_none() {
        fields.fault("line", format!("must be one of {}", BudgetLine::ALL.map(BudgetLine::as_str).join(", ")));
    }
    let yearly = fields.needed_text("yearly");
    let amount = yearly.as_deref().and_then(|it| it.parse::<Money>().ok());
    if yearly.is_some() && amount.is_none() {
        fields.fault("yearly", "must be an amount in pounds and pence, such as 1200.00");
    }
    let (from, to) = (fields.needed_day("from"), fields.day("to"));
    fields.finish()?;
    let (Some(decision), Some(line), Some(yearly), Some(from)) = (decision, known, amount, from) else {
        return Err(Problem::internal(&"a field that is needed was not there"));
    };
    done(&app, &caller, SavingsAction::ReduceBudget { decision, line, yearly, from, to }).await
}

/// A figure without a sign; as text, so that no fraction is lost.
fn decimal(fields: &mut Fields, name: &str) -> Option<Decimal> {
    let text = fields.needed_text(name)?;
    let value = text.parse().ok().filter(|it: &Decimal| text.len() <= 20 && it.scale() <= 6);
    if value.is_none() {
        fields.fault(name, "must be a number with at most six decimals, in quotation marks, such as \"5.1\"");
    }
    value
}

async fn done(app: &App, caller: &Caller, action: SavingsAction) -> Result<Json<AssumptionsView>, Problem> {
    let Caller::Holder(holder) = caller else {
        return Err(Problem::internal(&"a manager's action without a manager"));
    };
    app.backend().on_savings(&action, &holder.name).await.map_err(|error| refused(error, &action))?;
    current(app).await
}

fn refused(error: SavingsRefused, action: &SavingsAction) -> Problem {
    let pointer = match action {
        SavingsAction::Assume { .. } => "/value",
        SavingsAction::ReduceBudget { .. } => "/yearly",
    };
    match error {
        SavingsRefused::Unknown(name) => {
            Problem::not_found(format!("There is no cost model {name}: look at the history of assumptions."))
        }
        SavingsRefused::NoModel => Problem::new(
            Kind::Conflict,
            "Nothing was recorded, as the council has adopted no cost model: import a pack with one first.",
        ),
        SavingsRefused::Unfit(problems) => {
            let fault = |detail| Fault { pointer: pointer.to_owned(), detail };
            malformed(problems.into_iter().map(fault).collect())
        }
        SavingsRefused::Service(error) if error.will_pass() => Problem::unavailable(&error),
        SavingsRefused::Service(error) => Problem::internal(&error),
    }
}

async fn current(app: &App) -> Result<Json<AssumptionsView>, Problem> {
    let rows = app.read(|it| it.views().savings(None, None)).await?;
    let statement = statement(&rows, None, None, None)?;
    let model = statement.decomposed.then_some(statement.scenario);
    let history = history(&rows).into_iter().map(change).collect();
    Ok(Json(AssumptionsView { model, figures: statement.assumptions, history, budgets: budgets(rows) }))
}

fn change(it: Change) -> ChangeView {
    let Change { model, name, value, source, from, before, recorded_at, by } = it;
    ChangeView { model, name, value, source, from, before, recorded_at, by }
}

fn budgets(rows: SavingsRows) -> Vec<BudgetView> {
    let view = |it: BudgetReduced| {
        let BudgetReduced { decision, line, yearly, from, to, by } = it;
        BudgetView { decision, line, yearly, from, to, by }
    };
    rows.budgets.into_iter().map(view).collect()
}
