//! What another policy or other costs would change; nothing is recorded.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Request, State};
use tokio::runtime::Handle;
use utoipa::ToSchema;

use super::work_item::reading::Fields;
use crate::figures::{Comparison, compare};
use crate::service::ServiceError;
use crate::service::what_if::{InputFault, WhatIfAsked, WhatIfRefused};
use crate::web::App;
use crate::web::fenced::closed;
use crate::web::guard::Caller;
use crate::web::problem::{Fault, Kind, Problem};

/// How many notifications are decided again for one request: more are for `hearth what-if`.
pub(in crate::web) const MOST: usize = 2_000;

/// What is to be tried.
#[derive(ToSchema)]
#[schema(as = WhatIfRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct AskedDocument {
    /// Policies as in `council.toml`: `[[policy]]` with `from` and what is to be tried.
    #[schema(max_length = 20_000)]
    rules: Option<String>,
    /// Cost models as in `council.toml`: `[[costs]]`.
    #[schema(max_length = 20_000)]
    costs: Option<String>,
    /// From this day on.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Up to, not including, this day.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<String>,
}

/// Decides the notifications of a period again under another policy, or values them with other costs, and shows what would
/// change.
#[utoipa::path(
    post, path = "/api/v1/what-if", tag = "figures", operation_id = "what_if",
    request_body(content = AskedDocument, content_type = "application/json"),
    responses((status = 200, description = "What would change", body = Comparison))
)]
pub(crate) async fn answer(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<Comparison>, Problem> {
    let mut fields = Fields::read(&app, request).await?;
    let (rules, costs) = (fields.long_text("rules"), fields.long_text("costs"));
    let (from, to) = (fields.day("from"), fields.day("to"));
    if rules.is_none() && costs.is_none() {
        fields.fault("rules", "give rules, or costs, or both");
    }
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        fields.fault("to", "must be after from: it is the first day that no longer counts");
    }
    fields.finish()?;
    let asked = WhatIfAsked { rules, costs, from, to, most: MOST };
    tried(&app, caller.officer()?, asked).await?.map(Json).map_err(refused)
}

/// Tries it: one at a time, where nobody waits for it but who asked. Everything is counted, and nothing named that is not for
/// whoever asks.
pub(in crate::web) async fn tried(
    app: &App,
    name: &str,
    asked: WhatIfAsked,
) -> Result<Result<Comparison, WhatIfRefused>, Problem> {
    let busy = |_| Problem::unavailable(&"another what-if is under way");
    let turn = Arc::clone(&app.0.what_ifs).try_acquire_owned().map_err(busy)?;
    let (backend, handle) = (Arc::clone(&app.0.backend), Handle::current());
    let (from, to) = (asked.from, asked.to);
    let compared = tokio::task::spawn_blocking(move || {
        let _until_done = turn;
        let (again, costs) = handle.block_on(backend.what_if(&asked))?;
        let rows = backend.views().savings(from, to).map_err(ServiceError::from)?;
        Ok(compare(&rows, &again, &costs))
    });
    let mut compared = compared.await.map_err(|error| Problem::internal(&error))?;
    if let Ok(found) = &mut compared {
        let closed = closed(app, name, found.changed.iter().map(|it| &it.reference)).await?;
        found.changed.retain(|it| !closed.contains(&it.reference));
    }
    Ok(compared)
}

/// Why it was not tried, as a problem.
pub(in crate::web) fn refused(error: WhatIfRefused) -> Problem {
    match error {
        WhatIfRefused::Unreadable(faults) => {
            let told = "Nothing was tried. Correct what is listed under errors and send it again.";
            Problem::new(Kind::Unprocessable, told).with_errors(faults.into_iter().map(fault).collect())
        }
        WhatIfRefused::TooMany { .. } => Problem::new(
            Kind::Unprocessable,
            format!("Nothing was tried, as {error}: give a shorter period, or use `hearth what-if`."),
        ),
        WhatIfRefused::Service(error) if error.will_pass() => Problem::unavailable(&error),
        WhatIfRefused::Service(error) => Problem::internal(&error),
    }
}

fn fault(it: InputFault) -> Fault {
    let line = it.line.map(|it| format!("line {it}, ")).unwrap_or_default();
    let field = it.field.map(|it| format!("{it}: ")).unwrap_or_default();
    Fault { pointer: format!("/{}", it.file), detail: format!("{line}{field}{}", it.problem) }
}
