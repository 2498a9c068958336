//! What anybody may know of dwellings: where they are, and what they are charged as.

use hearth_events::{Band, Uprn};
use hearth_projections::{Accounts, DwellingState, Listing, Projection, place_key};
use jiff::civil::Date;
use rusqlite::params;

use super::register::{body, row};
use super::{ViewError, Views};

/// The most dwellings that are shown of a postcode; none has more than a hundred.
const MOST_AT_A_POSTCODE: i64 = 200;
/// The shortest that a whole postcode is, without its blank: no list of a whole town can be asked for.
const SHORTEST_POSTCODE: usize = 5;

/// A dwelling as anybody may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its national key.
    pub uprn: Uprn,
    /// Where it is, without the postcode.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
}

/// What a dwelling is charged as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its band in the valuation list.
    pub band: Band,
    /// The category whose amounts it is charged.
    pub category: String,
}

impl Views {
    /// The dwellings at a postcode, in whatever case and spacing it is typed, in the order of their numbers.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn places_at(&self, postcode: &str) -> Result<Vec<Place>, ViewError> {
        let key = place_key("", postcode);
        if key.len() < SHORTEST_POSTCODE {
            return Ok(Vec::new());
        }
        let states: Vec<DwellingState> = self.view(Accounts::NAME)?.read(|conn| {
            conn.prepare_cached(
                "SELECT r.body FROM links l JOIN rows r ON r.key = l.key
                 WHERE l.name = ?1 AND l.value >= ?2 || ' ' AND l.value < ?2 || '!' ORDER BY l.value LIMIT ?3",
            )?
            .query_map(params![Accounts::PLACE, key, MOST_AT_A_POSTCODE], |row| body(row.get_ref(0)?.as_bytes()?))?
            .collect()
        })?;
        let listings = states.into_iter().filter_map(|it| it.listing);
        let place = |it: Listing| Place { uprn: it.uprn, address: it.address, postcode: it.postcode };
        let mut places: Vec<Place> = listings.map(place).collect();
        places.sort_by_cached_key(|it| in_order(&it.address));
        Ok(places)
    }

    /// What a dwelling is charged as on a day; none where it is not in the list then.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn listed_on(&self, uprn: &Uprn, day: Date) -> Result<Option<Listed>, ViewError> {
        let state: Option<DwellingState> = self.view(Accounts::NAME)?.read(|conn| row(conn, uprn.as_str()))?;
        let listed = state.and_then(|it| Some((it.band_on(day)?, it.listing?.category)));
        Ok(listed.map(|(band, category)| Listed { band, category }))
    }
}

/// Numbers as numbers: 2 High Street before 2A High Street before 10 High Street, and what has a name after what has a number.
fn in_order(address: &str) -> Vec<(u64, String)> {
    let words = address.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let numbered = |word: &str| {
        let name = word.trim_start_matches(|it: char| it.is_ascii_digit());
        let number = word.strip_suffix(name).and_then(|it| it.parse().ok()).unwrap_or(u64::MAX);
        (number, name.to_lowercase())
    };
    words.map(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn houses_stand_in_the_order_of_their_numbers() {
        let mut street =
            ["10 High Street", "2 High Street", "Flat 11, 2a High Street", "2A High Street", "Flat 2, 2a High Street"];
        street.sort_by_cached_key(|it| in_order(it));
        let sorted =
            ["2 High Street", "2A High Street", "10 High Street", "Flat 2, 2a High Street", "Flat 11, 2a High Street"];
        assert_eq!(street, sorted);
    }
}
