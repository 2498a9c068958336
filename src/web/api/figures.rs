//! Figures for managers: of a period, as JSON and as tables.

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::figures::{self, Figures, Period, WhyNotAutomatic, table};
use crate::savings::statement;
use crate::web::fenced::closed;
use crate::web::guard::Caller;
use crate::web::problem::Problem;
use crate::web::query::Params;
use crate::web::{App, Backend};

const PERIOD: [&str; 3] = ["from", "to", "month"];

/// The period that is asked for: from and to, or a month.
fn period(params: &mut Params, backend: &dyn Backend) -> Period {
    let (mut from, mut to) = (params.day("from"), params.day("to"));
    if let Some(month) = params.text("month") {
        let first: Option<Date> = format!("{month}-01").parse().ok().filter(|_| month.len() == 7);
        if from.is_some() || to.is_some() {
            params.fault("month", "give a month, or from and to, not both");
        } else if first.is_none() {
            params.fault("month", "must be a month as year-month, with four and two digits");
        }
        (from, to) = (first, first.map(|it| it.saturating_add(1.month())));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        params.fault("to", "must be after from: it is the first day that no longer counts");
    }
    Period::of(from, to, backend.now())
}

/// Shows volumes, what went straight through, open work, time to establish an account, promises, reversals and contacts.
#[utoipa::path(
    get, path = "/api/v1/figures", tag = "figures", operation_id = "show_figures",
    params(
        ("from" = Option<String>, Query, format = Date, description = "From this day on"),
        ("to" = Option<String>, Query, format = Date, description = "Up to, not including, this day"),
        ("month" = Option<String>, Query, description = "This month, instead of from and to", pattern = "^[0-9]{4}-[0-9]{2}$"),
    ),
    responses((status = 200, description = "The figures", body = Figures))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Figures>, Problem> {
    let mut params = Params::of(&uri, &PERIOD);
    let period = period(&mut params, app.backend());
    params.finish()?;
    figures_for(&app, caller.officer()?, period).await.map(Json)
}

/// The figures as somebody may see them: everything is counted, and nothing named that is not for them.
pub(in crate::web) async fn figures_for(app: &App, name: &str, period: Period) -> Result<Figures, Problem> {
    let mut found = app.read(move |it| figures::figures(it.views(), &period)).await?;
    let closed = closed(app, name, &found.open.oldest).await?;
    found.open.oldest = found.open.oldest.filter(|it| !closed.contains(it));
    Ok(found)
}

/// Why not automatic, in the same way.
pub(in crate::web) async fn why_for(app: &App, name: &str, period: Period) -> Result<WhyNotAutomatic, Problem> {
    let mut found = app.read(move |it| figures::why_not_automatic(it.views(), &period)).await?;
    let closed = closed(app, name, found.rules.iter().flat_map(|it| &it.examples)).await?;
    found.rules.iter_mut().for_each(|it| it.examples.retain(|it| !closed.contains(it)));
    Ok(found)
}

/// Shows for each rule the cases it stopped, and what would be gained if it, or the data behind it, were put right.
#[utoipa::path(
    get, path = "/api/v1/why-not-automatic", tag = "figures", operation_id = "show_why_not_automatic",
    params(
        ("from" = Option<String>, Query, format = Date, description = "From this day on"),
        ("to" = Option<String>, Query, format = Date, description = "Up to, not including, this day"),
        ("month" = Option<String>, Query, description = "This month, instead of from and to", pattern = "^[0-9]{4}-[0-9]{2}$"),
    ),
    responses((status = 200, description = "The rules", body = WhyNotAutomatic))
)]
pub(crate) async fn why(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<WhyNotAutomatic>, Problem> {
    let mut params = Params::of(&uri, &PERIOD);
    let period = period(&mut params, app.backend());
    params.finish()?;
    why_for(&app, caller.officer()?, period).await.map(Json)
}

/// Shows one table of the figures as CSV.
#[utoipa::path(
    get, path = "/api/v1/figures/{table}", tag = "figures", operation_id = "show_table",
    params(
        ("table" = String, Path, description = "Its name", example = "volumes-by-channel"),
        ("from" = Option<String>, Query, format = Date, description = "From this day on"),
        ("to" = Option<String>, Query, format = Date, description = "Up to, not including, this day"),
        ("month" = Option<String>, Query, description = "This month, instead of from and to", pattern = "^[0-9]{4}-[0-9]{2}$"),
    ),
    responses((status = 200, description = "The table", body = String, content_type = "text/csv"))
)]
pub(crate) async fn csv(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let mut params = Params::of(&uri, &PERIOD);
    let period = period(&mut params, app.backend());
    params.finish()?;
    attached(&table_of(&app, caller.officer()?, &name, period).await?)
}

/// Shows as CSV how what could be saved came to what was.
#[utoipa::path(
    get, path = "/api/v1/savings/waterfall", tag = "savings", operation_id = "show_waterfall",
    params(
        ("from" = Option<String>, Query, format = Date, description = "From this day on"),
        ("to" = Option<String>, Query, format = Date, description = "Up to, not including, this day"),
        ("month" = Option<String>, Query, description = "This month, instead of from and to", pattern = "^[0-9]{4}-[0-9]{2}$"),
    ),
    responses((status = 200, description = "The steps", body = String, content_type = "text/csv"))
)]
pub(crate) async fn waterfall(State(app): State<App>, uri: Uri) -> Result<Response, Problem> {
    let mut params = Params::of(&uri, &PERIOD);
    let period = period(&mut params, app.backend());
    params.finish()?;
    attached(&waterfall_of(&app, period).await?)
}

/// A table as a file.
pub(in crate::web) fn attached(it: &table::Table) -> Result<Response, Problem> {
    let bytes = it.csv().map_err(|error| Problem::internal(&error))?;
    let attached = format!("attachment; filename=\"{}.csv\"", it.name);
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, attached)];
    Ok((headers, bytes).into_response())
}

/// The table of a period that has this name.
pub(in crate::web) async fn table_of(
    app: &App,
    who: &str,
    name: &str,
    period: Period,
) -> Result<table::Table, Problem> {
    let Some(name) = table::TABLES.into_iter().find(|it| *it == name) else {
        return Err(Problem::not_found(format!("There are these tables: {}.", table::TABLES.join(", "))));
    };
    if name == table::WHY {
        return Ok(table::of_why(&why_for(app, who, period).await?));
    }
    let found = table::of_figures(name, &figures_for(app, who, period).await?);
    found.ok_or_else(|| Problem::internal(&"a table of the list is not there"))
}

/// The way from what could be saved to what was, in a period.
pub(in crate::web) async fn waterfall_of(app: &App, period: Period) -> Result<table::Table, Problem> {
    let rows = app.read(move |backend| backend.views().savings(period.from, period.to)).await?;
    Ok(table::of_savings(&statement(&rows, period.from, period.to, None)?))
}
