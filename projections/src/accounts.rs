//! Accounts: one row a dwelling, found by its UPRN, by its accounts, by the council's key and by where it is.

use hearth_events::{Recorded, StreamName};

use crate::{AccountState, DwellingState, Link, Projection, Unapplicable};

/// The state of every dwelling and its accounts.
#[derive(Clone, Copy, Debug)]
pub struct Accounts;

impl Accounts {
    /// The index by account.
    pub const ACCOUNT: &str = "account";
    /// The index by the council's own key of the dwelling.
    pub const PROPERTY_REFERENCE: &str = "property-reference";
    /// The index by refund.
    pub const REFUND: &str = "refund";
    /// The index by how far refunds have come, see [`crate::RefundStatus::as_str`].
    pub const REFUND_STATUS: &str = "refund-status";
    /// The index by place, see [`place_key`].
    pub const PLACE: &str = "place";
    /// The index by the days on which awards end by themselves.
    pub const EXPIRES: &str = "expires";
    /// The index by the days of everything that is scheduled: those ends, and reviews.
    pub const SCHEDULED: &str = "scheduled";
}

impl Projection for Accounts {
    const NAME: &'static str = "accounts";
    const VERSION: u32 = 4;
    type Row = DwellingState;

    fn concerns(stream: &StreamName) -> bool {
        stream.as_dwelling().is_some()
    }

    fn keys(event: &Recorded) -> Vec<String> {
        event.stream.as_dwelling().map(|uprn| uprn.to_string()).into_iter().collect()
    }

    fn apply(row: &mut Option<DwellingState>, _: &str, event: &Recorded) -> Result<(), Unapplicable> {
        let row = row.get_or_insert_default();
        let next = row.revision.map_or(0, |it| it + 1);
        if event.revision != next {
            let (got, stream) = (event.revision, &event.stream);
            return Err(Unapplicable(format!("{stream} goes on with revision {got}, but {next} was to come")));
        }
        row.apply(event)
    }

    fn links(row: &DwellingState) -> Vec<Link> {
        let mut links: Vec<Link> = row.accounts.iter().map(|it| (Self::ACCOUNT, it.account.to_string())).collect();
        for expiry in row.accounts.iter().flat_map(AccountState::expiries_ahead) {
            links.push((Self::SCHEDULED, expiry.on.to_string()));
            links.extend(expiry.is_end().then(|| (Self::EXPIRES, expiry.on.to_string())));
        }
        for refund in row.accounts.iter().flat_map(|it| &it.billing.refunds) {
            links.push((Self::REFUND, refund.refund.clone()));
            links.push((Self::REFUND_STATUS, refund.status.as_str().to_owned()));
        }
        if let Some(listing) = &row.listing {
            links.push((Self::PROPERTY_REFERENCE, listing.property_reference.clone()));
            links.push((Self::PLACE, place_key(&listing.address, &listing.postcode)));
        }
        links
    }
}

/// Where something is, written so that the same place is the same text however it was typed: the postcode without
/// blanks, then the address in capitals, without punctuation and repeated blanks, and without the postcode at its end.
///
/// ```
/// use hearth_projections::place_key;
/// assert_eq!(place_key("1 St. Mary's  Close, Andover", "sp10 1aa"), "SP101AA 1 ST MARYS CLOSE ANDOVER");
/// ```
pub fn place_key(address: &str, postcode: &str) -> String {
    let postcode: String = postcode.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let text: String = address
        .chars()
        .filter(|it| !matches!(it, '\'' | '\u{2019}' | '.'))
        .map(|it| if it.is_alphanumeric() { it } else { ' ' })
        .flat_map(char::to_uppercase)
        .collect();
    let mut words: Vec<&str> = text.split_whitespace().collect();
    for last in [2, 1] {
        let keep = words.len().saturating_sub(last);
        let is_postcode = words.get(keep..).is_some_and(|end| !end.is_empty() && end.concat() == postcode);
        if keep > 0 && is_postcode {
            words.truncate(keep);
        }
    }
    words.insert(0, &postcode);
    words.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{listed, recorded, started};

    fn folded(events: &[Recorded]) -> Result<DwellingState, Unapplicable> {
        let mut row = None;
        for event in events {
            Accounts::apply(&mut row, "999000000001", event)?;
        }
        Ok(row.unwrap_or_default())
    }

    #[test]
    fn a_dwelling_is_found_by_account_by_reference_and_by_place() {
        let stream = "dwelling-999000000001";
        let events = [recorded(1, stream, 0, listed("999000000001")), recorded(2, stream, 1, started("30000001"))];
        assert_eq!(Accounts::keys(&events[0]), ["999000000001"]);
        let links = Accounts::links(&folded(&events).unwrap());
        assert_eq!(
            links,
            [
                (Accounts::ACCOUNT, "30000001".to_owned()),
                (Accounts::PROPERTY_REFERENCE, "PR-999000000001".to_owned()),
                (Accounts::PLACE, "SP101AA 1 HIGH STREET ANDOVER".to_owned()),
            ]
        );
    }

    #[test]
    fn an_event_that_is_missing_is_noticed_at_the_next() {
        let stream = "dwelling-999000000001";
        let events = [recorded(1, stream, 0, listed("999000000001")), recorded(3, stream, 2, started("30000001"))];
        assert!(folded(&events).is_err());
    }

    #[test]
    fn a_place_is_the_same_however_it_is_typed() {
        let key = place_key("Flat 2, 12-14 High Street, Andover", "SP10 1AA");
        for (address, postcode) in [
            ("FLAT 2  12-14 High Street Andover", "sp101aa"),
            ("Flat 2, 12-14 High Street, Andover, SP10 1AA", "SP10 1AA"),
            ("flat 2,12 14 high street,andover.", " SP10  1AA "),
        ] {
            assert_eq!(place_key(address, postcode), key, "{address:?}");
        }
        assert_ne!(place_key("Flat 21, 2-14 High Street, Andover", "SP10 1AA"), key);
        assert_eq!(place_key("SP10 1AA", "SP10 1AA"), "SP101AA SP10 1AA", "an address is never emptied");
    }
}
