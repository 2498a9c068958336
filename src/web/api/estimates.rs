//! Estimates: what a dwelling would cost, for facts that anybody gives. Nothing is recorded.

mod reading;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Request, State};
use hearth_events::{BandAmounts, ChargeLine, ChargingBand, FinancialYear, LineKind, Money};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use self::reading::{Asked, Given, escaped};
use crate::rules::estimate::{YearEstimate, estimate};
use crate::rules::{Council, NoRule};
use crate::web::App;
use crate::web::body::json_body;
use crate::web::problem::{Fault, Kind, Problem};
use crate::web::query::Params;

/// What is asked: one dwelling, one liability, one or more financial years.
#[derive(ToSchema)]
#[schema(as = EstimateRequest)]
#[expect(dead_code, reason = "it only describes what reading::read reads for the OpenAPI document")]
pub(crate) struct QuestionDocument {
    /// Amounts by financial year and band (`AR`, `A` to `H`); for years that are not given, the council's own.
    #[schema(example = json!({"2024/25": {"C": "1845.08", "D": "2075.71"}}))]
    bands: Option<BTreeMap<String, BTreeMap<String, String>>>,
    /// The category of dwelling, in practice the parish, whose amounts of the council's are meant, where they differ.
    category: Option<String>,
    /// The band by its first day.
    band: Vec<BandDocument>,
    liable: PeriodDocument,
    awards: Option<Vec<AwardDocument>>,
    #[schema(example = json!(["2024/25"]))]
    financial_years: Vec<String>,
    billing: Option<BillingDocument>,
}

/// A band from a day on.
#[derive(ToSchema)]
#[schema(as = EstimateBand)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct BandDocument {
    #[schema(pattern = "^[A-H]$")]
    band: String,
    #[schema(format = Date)]
    from: String,
}

/// Days from the first in to the first out.
#[derive(ToSchema)]
#[schema(as = EstimatePeriod)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct PeriodDocument {
    #[schema(format = Date)]
    from: String,
    #[schema(format = Date)]
    to: Option<String>,
}

/// An award; which figures it needs follows from its code.
#[derive(ToSchema)]
#[schema(as = EstimateAward)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct AwardDocument {
    /// `D-SPD`, `D-50`, `D-NORES`, `D-DBR`, `D-ANX`, `D-LOC-A` to `D-LOC-D`, `D-CTR`, `D-CL`, `D-13A`; `X-A` to `X-W`;
    /// `P-EMPTY`, `P-SECOND`, and `P-EXC-E` to `P-EXC-M`, which spare a premium; `DR-…`, which change nothing by themselves.
    #[schema(example = "D-SPD")]
    code: String,
    #[schema(format = Date)]
    from: String,
    #[schema(format = Date)]
    to: Option<String>,
    /// Of local discounts and of `P-SECOND`.
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 100, example = json!(50))]
    percent: (),
    /// Pounds a week, of `D-CTR`.
    weekly: Option<String>,
    /// Pounds off the bill of each year, of `D-13A` and `D-CL`.
    amount: Option<String>,
    /// The first empty day, of `P-EMPTY`.
    #[schema(format = Date)]
    empty_since: Option<String>,
    /// By whole years empty, of `P-EMPTY`; never more than the law allows.
    tiers: Option<Vec<TierDocument>>,
}

/// A tier of the empty homes premium.
#[derive(ToSchema)]
#[schema(as = EstimateTier)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct TierDocument {
    years: u16,
    #[schema(value_type = f64, minimum = 0, example = json!(100))]
    percent: (),
}

/// How it would be billed.
#[derive(ToSchema)]
#[schema(as = EstimateBilling)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct BillingDocument {
    /// 10 or 12 for a whole year; 10 where absent.
    instalments: Option<u8>,
    #[schema(format = Date)]
    issued_on: String,
}

/// The answer, year by year in the order asked.
#[derive(Serialize, ToSchema)]
#[schema(as = Estimate)]
pub(crate) struct EstimateView {
    years: Vec<YearView>,
}

/// What one year would cost.
#[derive(Serialize, ToSchema)]
#[schema(as = EstimateYear)]
pub(crate) struct YearView {
    #[schema(value_type = String, pattern = "^[0-9]{4}/[0-9]{2}$")]
    financial_year: FinancialYear,
    /// One for each longest run of the same, rounded once.
    lines: Vec<LineView>,
    /// The sum of the lines.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    net: Money,
    /// What would be due when; empty where nothing is, or where `billing` was not given.
    instalments: Vec<InstalmentView>,
}

/// One line of an estimate.
#[derive(Serialize, ToSchema)]
#[schema(as = EstimateLine)]
pub(crate) struct LineView {
    #[schema(value_type = String, pattern = "^(charge|reduction|premium)$")]
    kind: LineKind,
    /// The listed band of a charge; the award of a reduction or premium.
    code: String,
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The first day after.
    #[schema(value_type = String, format = Date)]
    to: Date,
    days: i32,
    /// Negative where it reduces.
    #[schema(value_type = String, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    amount: Money,
}

/// One instalment of an estimate.
#[derive(Serialize, ToSchema)]
#[schema(as = EstimateInstalment)]
pub(crate) struct InstalmentView {
    #[schema(value_type = String, format = Date)]
    due: Date,
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount: Money,
}

/// Works out what a dwelling would cost; nothing is recorded.
#[utoipa::path(
    post, path = "/api/v1/estimates", tag = "estimates", operation_id = "estimate",
    request_body(content = QuestionDocument, content_type = "application/json", description = "The facts"),
    responses((status = 200, description = "The estimate", body = EstimateView))
)]
pub(crate) async fn answer(State(app): State<App>, request: Request) -> Result<Json<EstimateView>, Problem> {
    Params::of(request.uri(), &[]).finish()?;
    let body = json_body(&app, request).await?;
    let body: Value = serde_json::from_slice(&body)
        .map_err(|_| Problem::new(Kind::BadRequest, "The body is not JSON in UTF-8: send one JSON object."))?;
    let years = estimated(&app, &body).await?.map_err(refused)?;
    Ok(Json(EstimateView { years: years.into_iter().map(view).collect() }))
}

/// The estimate for facts that are written as in a request of the API; what is wrong with them otherwise.
pub(in crate::web) async fn estimated(
    app: &App,
    body: &Value,
) -> Result<Result<Vec<YearEstimate>, Vec<Fault>>, Problem> {
    let asked = match reading::read(body) {
        Ok(asked) => asked,
        Err(faults) => return Ok(Err(faults)),
    };
    let now = app.backend().council().await.map_err(|error| Problem::unavailable(&error))?;
    let worked = tokio::task::spawn_blocking(move || work_out(asked, &now.council)).await;
    worked.map_err(|error| Problem::internal(&error))
}

fn refused(faults: Vec<Fault>) -> Problem {
    Problem::new(Kind::Unprocessable, "Correct what is listed under errors and ask again.").with_errors(faults)
}

/// Answers with the council's own amounts, premium and ties, where nothing else was given.
fn work_out(mut asked: Asked, council: &Council) -> Result<Vec<YearEstimate>, Vec<Fault>> {
    let own = own_tables(&asked, council)?;
    if asked.bands.is_empty() {
        let adopted = council.empty_premiums();
        for award in asked.question.awards.iter_mut().filter(|it| it.terms.empty_since.is_some() && !adopted.is_empty())
        {
            award.terms.tiers.get_or_insert_with(|| adopted.clone());
        }
    }
    if let Some(billing) = &mut asked.question.billing {
        billing.division.ties = council.half_pound_on(billing.issued_on);
    }
    let amount_of = |year, band: ChargingBand| match asked.bands.get(&year) {
        Some(given) => given.get(&band).copied(),
        None => own.get(&year).map(|it| it.of(band)),
    };
    estimate(&asked.question, &amount_of).map_err(|error| vec![fault_of(error, &asked.bands)])
}

/// The council's own amounts for every year for which none were given: of the category asked for, or of all where they agree.
fn own_tables(asked: &Asked, council: &Council) -> Result<BTreeMap<FinancialYear, BandAmounts>, Vec<Fault>> {
    let mut own = BTreeMap::new();
    let mut faults = Vec::new();
    for (place, year) in asked.question.years.iter().enumerate() {
        if asked.bands.contains_key(year) {
            continue;
        }
        let set = council.categories_set(*year);
        let meant = set.iter().copied().filter(|it| asked.category.as_deref().is_none_or(|asked| asked == *it));
        let mut tables = meant.filter_map(|it| council.amounts(*year, it));
        let first = tables.next();
        match first {
            Some(table) if tables.all(|it| it == table) => drop(own.insert(*year, table)),
            Some(_) => faults.push(Fault {
                pointer: "/category".to_owned(),
                detail: format!("amounts for {year} differ by category: give one of {}", set.join(", ")),
            }),
            None if set.is_empty() => faults.push(Fault {
                pointer: format!("/financial_years/{place}"),
                detail: format!("the council has set no amounts for {year}: give them under bands"),
            }),
            None => faults.push(Fault {
                pointer: "/category".to_owned(),
                detail: format!("is none of {year}: give one of {}", set.join(", ")),
            }),
        }
    }
    if faults.is_empty() { Ok(own) } else { Err(faults) }
}

fn fault_of(error: NoRule, given: &Given) -> Fault {
    let (pointer, then) = match &error {
        NoRule::Amount(year, _) if given.contains_key(year) => {
            (format!("/bands/{}", escaped(&year.to_string())), "give it with the others of the year")
        }
        NoRule::Amount(..) => ("/financial_years".to_owned(), "give it under bands"),
        NoRule::Band(_) => ("/band".to_owned(), "give the one from that day or before"),
        NoRule::Terms { .. } | NoRule::UnknownAward(_) => ("/awards".to_owned(), "correct the award"),
    };
    Fault { pointer, detail: format!("{error}: {then}") }
}

fn view(it: YearEstimate) -> YearView {
    let line = |it: ChargeLine| {
        let ChargeLine { kind, code, from, to, days, amount } = it;
        LineView { kind, code, from, to, days, amount }
    };
    YearView {
        financial_year: it.year,
        lines: it.lines.into_iter().map(line).collect(),
        net: it.net,
        instalments: it.instalments.into_iter().map(|it| InstalmentView { due: it.due, amount: it.amount }).collect(),
    }
}
