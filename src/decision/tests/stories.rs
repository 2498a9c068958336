//! What people tell in random histories: from a few numbers a notification that fits a dwelling as it stands, more or less.

use hearth_projections::{AccountState, DwellingState};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::world::World;
use super::{people, told};

/// One step: what is told of which dwelling, from which day, in which variant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) what: u8,
    pub(super) at: usize,
    pub(super) day: i32,
    pub(super) variant: u8,
}

/// How many sorts of steps there are that tell something.
pub(super) const SORTS: u8 = 17;

/// The first day that anything is told of.
pub(super) const FIRST: Date = date(2014, 4, 1);
/// How many days after that, at most: a fortnight after receipt.
pub(super) const DAYS: i32 = 670;

/// What lodgers are called.
const LETTERS: [char; 8] = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];

/// A dwelling as somebody sees it who tells of it.
struct Seen<'a> {
    uprn: &'a str,
    state: &'a DwellingState,
    account: Option<&'a AccountState>,
    names: Vec<String>,
    owner: Option<String>,
    on: Date,
    number: usize,
    variant: u8,
}

/// What is told in a step; nothing where nobody could.
pub(super) fn tell(world: &World, uprns: &[&'static str], step: Step, number: usize) -> Option<Value> {
    let uprn = uprns[step.at % uprns.len()];
    let state = world.at(uprn);
    let on = FIRST.saturating_add(step.day.days());
    let account = state.liable_on(on).or_else(|| state.accounts.iter().rfind(|it| !it.period.is_empty()));
    let people = people(&state);
    let names = account.iter().flat_map(|it| &it.liable_persons).map(|it| people[&it.person()].name.clone()).collect();
    let owner = state.listing.as_ref()?.owner.as_ref().map(|it| people[&it.person()].name.clone());
    let seen = Seen { uprn, state: &state, account, names, owner, on, number, variant: step.variant };
    seen.tells(step.what, uprns[(step.at + 1) % uprns.len()])
}

impl Seen<'_> {
    /// What can be told of it: of two things that exclude each other mostly the one that fits.
    fn tells(&self, what: u8, other: &str) -> Option<Value> {
        let fits = !self.variant.is_multiple_of(8);
        let alone = self.account.is_some_and(|it| it.award_on("D-SPD", self.on).is_some()) == fits;
        let lived_in = self.account.is_some_and(|it| it.is_occupied_on(self.on)) == fits;
        let joined = || json!({"person": {"name": self.somebody("Joined")}});
        match what % SORTS {
            0 | 1 => Some(self.move_in()),
            2 => self.move_out(),
            3 => self.move_within(other),
            4 | 5 if alone => {
                self.by_holder("single-person-discount-end", json!({"adult_joined": {"name": self.somebody("Joined")}}))
            }
            4 | 5 => self.claim(),
            6 | 7 if (self.adults() > self.names.len()) == fits => {
                self.by_holder("occupier-left", json!({"name": self.somebody("Gone")}))
            }
            6 | 7 => self.by_holder("occupier-joined", joined()),
            8 if self.names.len() > 1 => self.removed(),
            9 if self.names.len() > 1 => self.death(),
            8 | 9 => self.added(),
            10 | 11 => Some(self.band_change()),
            12 | 13 if !lived_in => self.by_holder("back-in-use", json!({"persons": self.persons()})),
            12 => self.by_holder(
                "property-empty",
                json!({"reason": "for-sale", "furnished": self.variant.is_multiple_of(4)}),
            ),
            13 => self.by_holder("second-home", json!({"main_home_address": "9 Elsewhere", "furnished": true})),
            14 => self.tenancy_change().or_else(|| Some(self.move_in())),
            15 => {
                self.by_holder("instalment-choice", json!({"instalments": 12, "collection_day": 1 + self.variant % 28}))
            }
            _ => {
                let phone = format!("01632 96{:04}", self.number % 10_000);
                self.by_holder("contact-details", json!({"phone": phone, "email": "on.file@example.org"}))
            }
        }
    }

    /// The name of somebody whom nobody knows yet.
    fn somebody(&self, what: &str) -> String {
        let letters: String = self.number.to_string().bytes().map(|it| char::from(b'a' + (it - b'0'))).collect();
        format!("Mx {what} Q{letters}")
    }

    fn persons(&self) -> Vec<Value> {
        self.names.iter().map(|it| json!({"name": it})).collect()
    }

    fn adults(&self) -> usize {
        self.account.and_then(|it| it.adults_on(self.on)).unwrap_or(0).into()
    }

    /// Everybody who lives there: who is liable, and others by any name.
    fn household(&self) -> Vec<String> {
        let others = (self.names.len()..self.adults()).map(|it| format!("Mx Lodger {}", LETTERS[it % LETTERS.len()]));
        self.names.iter().cloned().chain(others).collect()
    }

    fn by_holder(&self, kind: &str, details: Value) -> Option<Value> {
        let more = json!({"account": self.account?.account, "dwelling": {"uprn": self.uprn}});
        Some(told(kind, &self.on.to_string(), self.names.first()?, more, details))
    }

    fn move_in(&self) -> Value {
        let names = if self.variant.is_multiple_of(2) { vec!["Tenant"] } else { vec!["Tenant", "Partner"] };
        let persons: Vec<_> =
            names.iter().map(|it| json!({"name": self.somebody(it), "email": "on.file@example.org"})).collect();
        let details = json!({"persons": persons, "tenure": if self.variant.is_multiple_of(3) { "owner" } else { "tenant" },
            "sole_adult": names.len() == 1, "previous_occupiers_left": true});
        told(
            "move-in",
            &self.on.to_string(),
            &self.somebody(names[0]),
            json!({"dwelling": {"uprn": self.uprn}}),
            details,
        )
    }

    fn successor(&self) -> Value {
        match &self.owner {
            Some(name) => json!({"kind": "owner", "name": name}),
            None => json!({"kind": "buyer", "name": self.somebody("Buyer")}),
        }
    }

    fn move_out(&self) -> Option<Value> {
        let details = json!({"persons_leaving": self.household(), "forwarding_address": "not-known", "successor": self.successor()});
        self.by_holder("move-out", details)
    }

    fn move_within(&self, to: &str) -> Option<Value> {
        let persons: Vec<_> = self.household().iter().map(|it| json!({"name": it})).collect();
        let details = json!({"from_dwelling": {"uprn": self.uprn}, "moved_out_on": self.on, "persons": persons,
            "tenure": "tenant", "sole_adult": persons.len() == 1, "everyone_moved": true, "successor": self.successor()});
        let mut told = self.by_holder("move-within", details)?;
        told["dwelling"]["uprn"] = json!(to);
        Some(told)
    }

    fn claim(&self) -> Option<Value> {
        let left: Vec<_> = self.household().iter().skip(1).map(|it| json!({"name": it, "left_on": self.on})).collect();
        self.by_holder("single-person-discount-claim", json!({"adults_left": left, "other_adults_remaining": 0}))
    }

    fn added(&self) -> Option<Value> {
        let details = json!({"person": {"name": self.somebody("Spouse"), "email": "on.file@example.org"}, "relationship": "spouse",
            "lived_there_before": self.variant.is_multiple_of(2), "evidence": [{"kind": "marriage-certificate", "file_name": "m.pdf"}]});
        self.by_holder("liable-person-added", details)
    }

    fn removed(&self) -> Option<Value> {
        let leaver = self.names.get(1)?;
        let mut told = self.by_holder("liable-person-removed", json!({"name": leaver}))?;
        told["submitted_by"]["name"] = json!(leaver);
        Some(told)
    }

    fn death(&self) -> Option<Value> {
        let mut told = self.by_holder("death", json!({"name": self.names.last()?}))?;
        told["channel"] = json!("tell-us-once");
        told["submitted_by"] = json!({"role": "third-party", "name": "A Service"});
        told.as_object_mut()?.remove("account");
        Some(told)
    }

    fn band_change(&self) -> Value {
        let held = self.state.band_on(self.on).map(|it| it.to_string());
        let bands = ["A", "B", "C", "D", "E", "F", "G", "H"];
        let bands: Vec<_> = bands.into_iter().cycle().skip((self.variant % 8).into()).take(8).collect();
        let band = bands.into_iter().find(|it| Some(*it) != held.as_deref());
        let details = json!({"change": "amended", "band": band});
        let mut told =
            told("band-change", &self.on.to_string(), "A Service", json!({"dwelling": {"uprn": self.uprn}}), details);
        told["channel"] = json!("voa");
        told["submitted_by"] = json!({"role": "third-party", "name": "A Service"});
        told
    }

    fn tenancy_change(&self) -> Option<Value> {
        let owner = self.owner.as_ref()?;
        let starts = self.on.saturating_add(i64::from(self.variant % 40).days());
        let details = json!({"tenancy_ended_on": self.on.yesterday().ok()?, "outgoing": self.names, "forwarding_address": "not-known",
            "incoming": [{"name": self.somebody("Tenant"), "email": "on.file@example.org"}], "joint_tenancy": true, "furnished": false,
            "tenancy_starts_on": starts});
        let mut told =
            told("tenancy-change", &self.on.to_string(), owner, json!({"dwelling": {"uprn": self.uprn}}), details);
        told["submitted_by"]["role"] = json!("landlord");
        Some(told)
    }
}
