//! N25: the valuation list has changed.

use hearth_events::{Band, Channel, DwellingListed, FinancialYear, Period, PersonDetails, Personal, ReasonCode};
use jiff::civil::Date;

use super::gates::{self, GATES};
use super::{Case, DwellingMatch, Findings, Premises, Working};
use crate::intake::details::{BandChange, ListChange};
use crate::rules::sources::LISTS as LIST;

/// Decides a change of the list.
pub(super) fn band_change(case: &Case<'_>, details: &BandChange, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let is_open = FinancialYear::of(on) == FinancialYear::of(case.received_on);
    gates::dates_of_open_year(case, on, is_open, findings);
    findings.need(
        "told-by-the-agency",
        case.came_from(Channel::Voa),
        ReasonCode::R22,
        ("told by the Valuation Office Agency", "only the Valuation Office Agency changes the list: it is asked"),
        LIST,
    );
    let band = details.band.filter(|_| details.change == ListChange::Amended);
    findings.need(
        "one-entry-amended",
        band.is_some(),
        ReasonCode::R22,
        ("one entry has another band", "entries that come, go, split or merge are an officer's"),
        LIST,
    );
    let matched = match &case.matched.dwelling {
        DwellingMatch::One(uprn) => case.premises(uprn).filter(|it| it.state.listing.is_some()),
        DwellingMatch::NotGiven | DwellingMatch::Unknown | DwellingMatch::Several(_) => None,
    };
    let Some(premises) = matched else {
        findings.lack("dwelling-matched", ReasonCode::R22, "the entry is not one dwelling of the council", LIST);
        return Vec::new();
    };
    findings.pass("dwelling-matched", format!("dwelling {}", premises.uprn), GATES);
    let Some(band) = band else { return Vec::new() };
    fits_the_list(premises, details, (band, on), findings);
    let concerned = premises.state.accounts_within(Period::starting(on));
    gates::no_reduction_to_assess(case, concerned.iter().copied(), on, findings);
    let relisted = relisted(premises, (band, on), findings);
    let (Some(relisted), true) = (relisted, findings.all_passed()) else { return Vec::new() };
    let mut working = premises.working();
    working.record(relisted);
    vec![working]
}

fn fits_the_list(premises: &Premises, details: &BandChange, (band, on): (Band, Date), findings: &mut Findings) {
    let held = premises.state.band_on(on);
    if held == Some(band) {
        findings.duplicate("not-already-so", format!("band {band} is on record from that day"), LIST);
    }
    // A band of the very day is the one that is altered, back to the first day of the list where it has to be.
    let is_last = premises.state.listing.as_ref().is_some_and(|it| it.bands.iter().all(|(from, _)| *from <= on));
    findings.need(
        "fits-the-list-on-record",
        is_last && held.is_some() && details.previous_band.is_none_or(|it| held == Some(it)),
        ReasonCode::R19,
        (
            "the band before is the one on record, and no later one is known",
            "the band before is not the one on record, or a band from a later day is known",
        ),
        LIST,
    );
}

/// The listing with another band and nothing else changed.
fn relisted(premises: &Premises, (band, on): (Band, Date), findings: &mut Findings) -> Option<DwellingListed> {
    let listing = premises.state.listing.as_ref()?;
    let owner = listing.owner.as_ref().map(|it| {
        let details: Option<&PersonDetails> = premises.details(it);
        details.map(|details| Personal::open_for(it.person(), details.clone()))
    });
    if owner == Some(None) {
        findings.lack("record-readable", ReasonCode::R20, "the owner on record has been forgotten", GATES);
        return None;
    }
    Some(DwellingListed {
        uprn: listing.uprn.clone(),
        property_reference: listing.property_reference.clone(),
        address: listing.address.clone(),
        postcode: listing.postcode.clone(),
        category: listing.category.clone(),
        band,
        listed_from: on,
        tenure: listing.tenure,
        owner: owner.flatten(),
        furnished: listing.furnished,
        hmo: listing.hmo,
        imported_row: listing.imported_row.clone(),
    })
}
