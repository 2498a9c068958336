//! What was recorded is put right: accounts and bands stand as an event says, whatever led to how they stood.

use hearth_events::{AccountCorrected, BandsCorrected, Position};

use super::{AdultsFrom, Award, DwellingState};
use crate::Unapplicable;

impl DwellingState {
    /// An account stands as it would without a change, or again with it. It rests on the correction and on all it rested on.
    pub(super) fn correct(&mut self, position: Position, it: &AccountCorrected) -> Result<(), Unapplicable> {
        let account = self.account_mut(&it.account)?;
        account.period = it.period;
        account.capacity = it.capacity;
        account.liable_persons.clone_from(&it.liable_persons);
        account.adults = it.adults.iter().map(|it| AdultsFrom { from: it.from, adults: it.adults }).collect();
        let before = std::mem::take(&mut account.awards);
        let award = |held: &hearth_events::AwardHeld| {
            let same = before.iter().find(|it| it.code == held.code && it.period.from == held.period.from);
            let mut because: Vec<_> = same.into_iter().flat_map(|it| it.because.iter().copied()).collect();
            because.extend(held.rests_on.iter().copied().chain([position]));
            because.sort_unstable();
            because.dedup();
            Award { code: held.code.clone(), period: held.period, terms: held.terms.clone(), because }
        };
        account.awards = it.awards.iter().map(award).collect();
        account.empty_since = account.awards.iter().rev().find_map(|it| it.terms.as_ref()?.empty_since);
        account.payment_method = it.payment_method;
        account.bank_details.clone_from(&it.bank_details);
        account.collection_day = it.collection_day;
        account.paperless = it.paperless;
        account.instalments = it.instalments;
        account.because.push(position);
        Ok(())
    }

    /// The bands stand as they would without a change, or again with it.
    pub(super) fn correct_bands(&mut self, position: Position, it: &BandsCorrected) -> Result<(), Unapplicable> {
        let listing = self.listing.as_mut();
        let listing = listing.ok_or_else(|| Unapplicable(format!("dwelling {} has not been listed", it.uprn)))?;
        listing.bands.clone_from(&it.bands);
        listing.because.push(position);
        Ok(())
    }
}
