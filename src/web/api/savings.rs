//! The saving statement.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use utoipa::ToSchema;

use crate::savings::{SavingStatement, statement};
use crate::web::App;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// Shows what was saved, and from what it is worked out.
#[utoipa::path(
    get, path = "/api/v1/savings", tag = "savings", operation_id = "show_savings",
    params(
        ("from" = Option<String>, Query, format = Date, description = "From this day on"),
        ("to" = Option<String>, Query, format = Date, description = "Up to, not including, this day"),
        ("scenario" = Option<String>, Query, description = "Under this scenario; the council's own where absent",
            min_length = 1, max_length = 100),
    ),
    responses((status = 200, description = "The statement", body = SavingsDocument))
)]
pub(crate) async fn show(State(app): State<App>, uri: Uri) -> Result<Json<SavingStatement>, Problem> {
    let mut params = Params::of(&uri, &["from", "to", "scenario"]);
    let (from, to, scenario) = (params.day("from"), params.day("to"), params.text("scenario"));
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        params.fault("to", "must be after from: it is the first day that no longer counts");
    }
    params.finish()?;
    let rows = app.read(move |it| it.views().savings(from, to)).await?;
    Ok(Json(statement(&rows, from, to, scenario.as_deref())?))
}

/// The saving statement.
#[derive(ToSchema)]
#[schema(as = Savings)]
#[expect(dead_code, reason = "it only describes savings::SavingStatement for the OpenAPI document")]
pub(crate) struct SavingsDocument {
    scenario: String,
    /// `potential`, `forecast` or `estimate`.
    kind: String,
    /// The statement in plain sentences.
    statement: String,
    /// Whether it is known how the total comes about; the parts are null where not.
    decomposed: bool,
    #[schema(format = Date)]
    from: Option<String>,
    #[schema(format = Date)]
    to: Option<String>,
    notifications: Option<u64>,
    straight_through: Option<u64>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    reported_total: Option<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    potential: Option<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    forecast: Option<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    realised: Option<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    per_notification: Option<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    contact_saving: Option<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    back_office_saving: Option<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    cash_releasing: Option<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    time_releasing: Option<String>,
    /// What is realised, part by part; null where it was not measured.
    measured: Option<RealisedDocument>,
    /// What is left once the service itself is paid for; null where the cost model says nothing of what it costs.
    net: Option<NetDocument>,
    /// From what could be saved to what the log shows, step by step.
    waterfall: Vec<StepDocument>,
    /// What to know before these figures are used.
    cautions: Vec<String>,
    by_channel: Vec<ChannelDocument>,
    by_kind: Vec<KindDocument>,
    /// By the figures that each was valued by, those in force on its day of receipt; the amounts add up to the totals.
    by_model: Vec<ModelDocument>,
    time_to_establish: Vec<TimeDocument>,
    assumptions: Vec<AssumptionDocument>,
}

/// What the log shows, part by part.
#[derive(ToSchema)]
#[schema(as = SavingsMeasured)]
#[expect(dead_code, reason = "it only describes savings::Realised for the OpenAPI document")]
pub(crate) struct RealisedDocument {
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    contact_saving: String,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    back_office_saving: String,
    /// For which a budget line fell by a decision that is recorded.
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    cash_releasing: String,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    time_releasing: String,
    decided_by_officers: u64,
    #[schema(pattern = r"^-?[0-9]+(\.[0-9]+)?$")]
    officer_minutes: String,
    failure_contacts: u64,
    checked: u64,
}

/// What is left of a saving once the service itself is paid for.
#[derive(ToSchema)]
#[schema(as = SavingsNet)]
#[expect(dead_code, reason = "it only describes savings::Net for the OpenAPI document")]
pub(crate) struct NetDocument {
    /// What the service cost in the days of the period: by the year, and for each notification.
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    running_cost: String,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    one_off_cost: String,
    /// The figures of the cost that nobody has recorded; they count for nothing here.
    not_recorded: Vec<String>,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    forecast: String,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    realised: String,
    /// After so many months as forecast the one-off cost is paid back; null where nothing is left to pay it from.
    #[schema(pattern = r"^[0-9]+\.[0-9]$")]
    payback_months_forecast: Option<String>,
    /// The same, going on as it was realised.
    #[schema(pattern = r"^[0-9]+\.[0-9]$")]
    payback_months_realised: Option<String>,
}

/// One step on the way from what could be saved to what the log shows; those between the first and the last add up.
#[derive(ToSchema)]
#[schema(as = SavingsStep)]
#[expect(dead_code, reason = "it only describes savings::Step for the OpenAPI document")]
pub(crate) struct StepDocument {
    #[schema(
        pattern = "^(potential|contact-not-avoided|not-straight-through|officer-minutes|checks|failure-contacts|realised)$"
    )]
    step: String,
    /// Of which notifications: a reason code, or what became of them; null where it is all.
    of: Option<String>,
    because: String,
    count: u64,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    amount: String,
}

/// What one channel saves.
#[derive(ToSchema)]
#[schema(as = SavingsByChannel)]
#[expect(dead_code, reason = "it only describes savings::SavingStatement for the OpenAPI document")]
pub(crate) struct ChannelDocument {
    channel: String,
    notifications: u64,
    straight_through: u64,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    potential: String,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    realised: String,
}

/// What one kind of notification saves.
#[derive(ToSchema)]
#[schema(as = SavingsByKind)]
#[expect(dead_code, reason = "it only describes savings::SavingStatement for the OpenAPI document")]
pub(crate) struct KindDocument {
    kind: String,
    notifications: u64,
    straight_through: u64,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    potential: String,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    realised: String,
}

/// What came while the same figures were in force, valued by these.
#[derive(ToSchema)]
#[schema(as = SavingsByModel)]
#[expect(dead_code, reason = "it only describes savings::UnderModel for the OpenAPI document")]
pub(crate) struct ModelDocument {
    model: String,
    /// The first day of these figures of it.
    #[schema(format = Date)]
    adopted_from: String,
    /// The first day of the period that is valued by them; null where the period has no beginning.
    #[schema(format = Date)]
    from: Option<String>,
    notifications: u64,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    potential: String,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    forecast: String,
    #[schema(pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    realised: String,
}

/// How long it took until accounts stood.
#[derive(ToSchema)]
#[schema(as = TimeToEstablish)]
#[expect(dead_code, reason = "it only describes savings::SavingStatement for the OpenAPI document")]
pub(crate) struct TimeDocument {
    channel: String,
    accounts: u64,
    #[schema(pattern = r"^-?[0-9]+(\.[0-9]+)?$")]
    median_minutes: String,
    #[schema(pattern = r"^-?[0-9]+(\.[0-9]+)?$")]
    p90_minutes: String,
}

/// A figure that the statement rests on.
#[derive(ToSchema)]
#[schema(as = Assumption)]
#[expect(dead_code, reason = "it only describes savings::SavingStatement for the OpenAPI document")]
pub(crate) struct AssumptionDocument {
    name: String,
    #[schema(pattern = r"^-?[0-9]+(\.[0-9]+)?$")]
    value: String,
    /// Where it was published; `assumed`, or `measured`.
    source: String,
    #[schema(format = Date)]
    from: Option<String>,
}
