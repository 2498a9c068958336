//! Dwellings: the facts, and who was liable when.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::Uri;
use hearth_events::{
    AccountRef, Band, Capacity, NotificationKind, NotificationRef, Opener, Position, ReasonCode, Tenure, Uprn,
};
use hearth_projections::{DwellingState, Listing};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::{PersonView, persons};
use crate::views::british_day;
use crate::web::App;
use crate::web::fenced::closed;
use crate::web::guard::Caller;
use crate::web::problem::Problem;
use crate::web::query::{Named, Params};

/// A dwelling.
#[derive(Serialize, ToSchema)]
#[schema(as = Dwelling)]
pub(crate) struct DwellingView {
    #[schema(value_type = String, pattern = "^[0-9]{1,12}$")]
    uprn: Uprn,
    property_reference: String,
    address: String,
    postcode: String,
    category: String,
    /// Today's band; null where the first begins later.
    #[schema(value_type = Option<String>, pattern = "^[A-H]$")]
    band: Option<Band>,
    /// Every band there has been.
    bands: Vec<BandView>,
    #[schema(value_type = String, pattern = "^(owner-occupied|private-landlord|housing-association)$")]
    tenure: Tenure,
    furnished: bool,
    /// Whether it is a house in multiple occupation.
    hmo: bool,
    /// The owner on file, where that is not the liable person.
    owner: Option<PersonView>,
    /// Every liability and every gap between, in order; then every claim that waits for an officer.
    timeline: Vec<Occupancy>,
}

/// A band from a day on.
#[derive(Serialize, ToSchema)]
pub(crate) struct BandView {
    #[schema(value_type = String, pattern = "^[A-H]$")]
    band: Band,
    #[schema(value_type = String, format = Date)]
    from: Date,
}

/// Days in the life of a dwelling.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Occupancy {
    /// Somebody was liable.
    Liability {
        #[schema(value_type = String, format = Date)]
        from: Date,
        #[schema(value_type = Option<String>, format = Date)]
        to: Option<Date>,
        #[schema(value_type = String)]
        account: AccountRef,
        #[schema(value_type = String, pattern = "^(resident|owner)$")]
        capacity: Capacity,
        liable_persons: Vec<PersonView>,
        /// The positions of the events that it rests on.
        #[schema(value_type = Vec<u64>)]
        because: Vec<Position>,
    },
    /// A notification that waits for an officer says that something changed here.
    Claim {
        #[schema(value_type = String, format = Date)]
        from: Date,
        #[schema(value_type = String)]
        reference: NotificationRef,
        #[schema(value_type = String)]
        notification_kind: NotificationKind,
        #[schema(value_type = Vec<String>)]
        reasons: Vec<ReasonCode>,
    },
    /// Nobody is known to have been liable.
    Gap {
        #[schema(value_type = String, format = Date)]
        from: Date,
        #[schema(value_type = Option<String>, format = Date)]
        to: Option<Date>,
    },
}

/// Shows a dwelling.
#[utoipa::path(
    get, path = "/api/v1/dwellings/{uprn}", tag = "dwellings", operation_id = "show_dwelling",
    params(("uprn" = String, Path, description = "Its Unique Property Reference Number", pattern = "^[0-9]{1,12}$")),
    responses((status = 200, description = "The dwelling", body = DwellingView))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Named(uprn): Named<Uprn>,
    uri: Uri,
) -> Result<Json<DwellingView>, Problem> {
    Params::of(&uri, &[]).finish()?;
    let unknown = || Problem::not_found(format!("There is no dwelling with the UPRN {uprn}: check the number."));
    let asked = uprn.clone();
    let dwelling = app.read(move |it| it.views().dwelling(&asked)).await?.ok_or_else(unknown)?;
    let listing = dwelling.listing.as_ref().ok_or_else(unknown)?;
    let today = british_day(app.backend().now());
    let mut shown = view(&dwelling, listing, today, app.backend().opener());
    let claimed = app.read(move |it| it.views().claims_on(&uprn)).await?;
    // A move may be about another dwelling too, which is not for whoever looks.
    let closed = closed(&app, caller.officer()?, claimed.iter().map(|it| &it.reference)).await?;
    let open = claimed.into_iter().filter(|it| !closed.contains(&it.reference));
    shown.timeline.extend(open.filter_map(|row| {
        let from = row.referral?.effective_on;
        Some(Occupancy::Claim { from, reference: row.reference, notification_kind: row.kind, reasons: row.reasons })
    }));
    Ok(Json(shown))
}

fn view(dwelling: &DwellingState, listing: &Listing, today: Date, opener: &dyn Opener) -> DwellingView {
    let owner = listing.owner.as_ref().and_then(|it| persons(std::slice::from_ref(it), opener).pop());
    DwellingView {
        uprn: listing.uprn.clone(),
        property_reference: listing.property_reference.clone(),
        address: listing.address.clone(),
        postcode: listing.postcode.clone(),
        category: listing.category.clone(),
        band: dwelling.band_on(today),
        bands: listing.bands.iter().map(|(from, band)| BandView { band: *band, from: *from }).collect(),
        tenure: listing.tenure,
        furnished: listing.furnished,
        hmo: listing.hmo,
        owner,
        timeline: timeline(dwelling, listing, opener),
    }
}

/// Every liability in the order of its first day, with the days between two, and after the last, that nobody is liable for.
///
/// Before the first account nothing is known, so there is no gap there; a dwelling without any account is all gap.
fn timeline(dwelling: &DwellingState, listing: &Listing, opener: &dyn Opener) -> Vec<Occupancy> {
    let listed = listing.bands.first().map(|(from, _)| *from);
    let mut accounts: Vec<_> = dwelling.accounts.iter().filter(|it| !it.period.is_empty()).collect();
    accounts.sort_by_key(|it| it.period.from);
    let mut entries = Vec::new();
    // The first day not yet accounted for; none before the first account, and once an account is open.
    let mut free = if accounts.is_empty() { listed } else { None };
    for account in accounts {
        let (from, to) = (account.period.from, account.period.to);
        if let Some(begin) = free.filter(|begin| *begin < from) {
            entries.push(Occupancy::Gap { from: listed.map_or(begin, |it| begin.max(it)), to: Some(from) });
        }
        entries.push(Occupancy::Liability {
            from,
            to,
            account: account.account.clone(),
            capacity: account.capacity,
            liable_persons: persons(&account.liable_persons, opener),
            because: account.because.clone(),
        });
        free = to.map(|to| free.map_or(to, |begin| begin.max(to)));
    }
    entries.extend(free.map(|from| Occupancy::Gap { from, to: None }));
    entries
}
