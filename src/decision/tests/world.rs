//! Dwellings with their streams in memory: what is told is decided and recorded, and reversed again; nothing is written.

use std::collections::BTreeMap;

use hearth_events::{
    CreditTransferred, Event, EventId, FinancialYear, Metadata, Money, NotificationRef, Opener, Outcome, Period,
    PersonId, Position, Recorded, StreamName, Uprn,
};
use hearth_projections::DwellingState;
use serde_json::Value;

use super::super::{Case, Decision, NotReversible, Premises, Reversal, Working, decide, decide_by_officer};
use super::{Home, case_called, people};
use crate::rules::Council;

/// Nothing here is sealed.
struct NothingSealed;

impl Opener for NothingSealed {
    fn open(&self, _: PersonId, _: EventId, _: &str) -> Option<Vec<u8>> {
        None
    }
}

#[derive(Clone)]
pub(super) struct World {
    pub(super) council: Council,
    streams: Vec<(Uprn, Vec<Recorded>)>,
    next: u64,
    /// The day on which everything is received.
    pub(super) today: jiff::civil::Date,
    /// What was told and took effect, and whether it was reversed.
    told: Vec<(NotificationRef, Value, bool)>,
}

/// How an account stands, but for what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stands {
    pub(super) period: Period,
    pub(super) persons: Vec<String>,
    pub(super) adults: Vec<(jiff::civil::Date, Option<u16>)>,
    pub(super) awards: Vec<(String, Period)>,
    pub(super) paid: String,
    pub(super) nets: BTreeMap<FinancialYear, Money>,
}

impl World {
    pub(super) fn new(council: Council, homes: &[Home]) -> Self {
        let mut world = Self { council, streams: Vec::new(), next: 1, today: super::TODAY, told: Vec::new() };
        for home in homes {
            let uprn: Uprn = home.uprn.parse().unwrap();
            world.streams.push((uprn.clone(), Vec::new()));
            world.record(&uprn, "import", home.events());
            let mut working = Working::of(uprn.clone(), world.state(&uprn));
            working.charge(&world.council).unwrap();
            world.record(&uprn, "import", working.into_events().1);
        }
        world
    }

    pub(super) fn record(&mut self, uprn: &Uprn, causation: &str, events: Vec<Event>) {
        let (_, stream) = self.streams.iter_mut().find(|(it, _)| it == uprn).unwrap();
        for event in events {
            let metadata = Metadata {
                actor: "test".into(),
                causation: causation.into(),
                correlation: causation.into(),
                rules_version: String::new(),
                schema: 1,
            };
            stream.push(Recorded {
                position: Position(self.next),
                stream: StreamName::dwelling(uprn),
                revision: stream.len() as u64,
                id: EventId::from_bits(self.next.into()),
                recorded_at: "2016-01-20T10:00:00Z".parse().unwrap(),
                event,
                metadata,
            });
            self.next += 1;
        }
    }

    pub(super) fn state(&self, uprn: &Uprn) -> DwellingState {
        let mut state = DwellingState::default();
        let (_, stream) = self.streams.iter().find(|(it, _)| it == uprn).unwrap();
        for it in stream {
            state.apply(it).unwrap();
        }
        state
    }

    pub(super) fn at(&self, uprn: &str) -> DwellingState {
        self.state(&uprn.parse().unwrap())
    }

    pub(super) fn states(&self) -> Vec<DwellingState> {
        self.streams.iter().map(|(uprn, _)| self.state(uprn)).collect()
    }

    pub(super) fn stream(&self, uprn: &str) -> &[Recorded] {
        &self.streams.iter().find(|(it, _)| it.as_str() == uprn).unwrap().1
    }

    fn premises(&self) -> Vec<Premises> {
        let premises = |(uprn, _): &(Uprn, _)| {
            let state = self.state(uprn);
            let people = people(&state);
            Premises { uprn: uprn.clone(), state, people }
        };
        self.streams.iter().map(premises).collect()
    }

    /// Decides a notification as the machine does, and records what follows.
    #[track_caller]
    pub(super) fn tell(&mut self, reference: &str, told: &Value) -> Decision {
        let decision = self.decided(reference, told, decide);
        self.follow(reference, told, &decision);
        decision
    }

    /// Decides it as an officer does who is satisfied of all that a person can be satisfied of.
    #[track_caller]
    pub(super) fn accept(&mut self, reference: &str, told: &Value) -> Decision {
        let weighed = self.decided(reference, told, decide_by_officer);
        self.follow(reference, told, &weighed.decision);
        weighed.decision
    }

    /// As the machine, then as an officer where the machine refers it.
    #[track_caller]
    pub(super) fn settle(&mut self, reference: &str, told: &Value) -> Decision {
        let decision = self.tell(reference, told);
        if decision.outcome == Outcome::Refer { self.accept(reference, told) } else { decision }
    }

    #[track_caller]
    fn decided<T>(&self, reference: &str, told: &Value, decide: impl Fn(&Case<'_>) -> T) -> T {
        let same = self.told.iter().find(|(of, it, reversed)| of.as_str() != reference && it == told && !reversed);
        let told_before = same.map(|(of, ..)| of.clone());
        case_called(reference, &self.council, &self.premises(), told, |case| {
            decide(&Case {
                told_before: told_before.clone(),
                received_on: self.today,
                decided_on: self.today,
                ..case.clone()
            })
        })
    }

    fn follow(&mut self, reference: &str, told: &Value, decision: &Decision) {
        if decision.outcome == Outcome::Apply {
            self.told.push((reference.parse().unwrap(), told.clone(), false));
            for (uprn, events) in decision.effects.clone() {
                self.record(&uprn, reference, events);
            }
        }
    }

    /// Reverses what a notification changed at all dwellings, or restores it.
    pub(super) fn reverse(&mut self, reference: &str, restored: bool) -> Result<(), NotReversible> {
        let notification: NotificationRef = reference.parse().unwrap();
        let (on, opener) = (self.today, &NothingSealed);
        let reversal = Reversal { notification: &notification, restored, on, by: "north", opener };
        let mut done = Vec::new();
        for (uprn, stream) in &self.streams {
            done.extend(reversal.at(uprn, stream, &self.council)?.map(Working::into_events));
        }
        for (uprn, events) in done {
            self.record(&uprn, reference, events);
        }
        for (of, _, reversed) in &mut self.told {
            *reversed = if *of == notification { !restored } else { *reversed };
        }
        Ok(())
    }

    /// The credit that passed with a notification and is to come back.
    pub(super) fn credit_back(&self, uprn: &str, reference: &str) -> Option<CreditTransferred> {
        let notification: NotificationRef = reference.parse().unwrap();
        let (restored, on, by, opener) = (false, self.today, "north", &NothingSealed);
        Reversal { notification: &notification, restored, on, by, opener }.credit_back(self.stream(uprn))
    }

    /// Everything that is known of the accounts that have a day, and the bands.
    pub(super) fn stands(&self) -> BTreeMap<String, Stands> {
        self.states().iter().flat_map(stands).collect()
    }
}

fn stands(state: &DwellingState) -> BTreeMap<String, Stands> {
    let people = people(state);
    let lasting = state.accounts.iter().filter(|it| !it.period.is_empty());
    let one = |it: &hearth_projections::AccountState| {
        let mut awards: Vec<_> = it.awards.iter().map(|it| (it.code.to_string(), it.period)).collect();
        awards.sort_by_key(|(code, period)| (code.clone(), period.from));
        let nets = it.charges.iter().filter(|(_, it)| it.net != Money::ZERO).map(|(year, it)| (*year, it.net));
        let mut persons: Vec<_> = it.liable_persons.iter().map(|it| people[&it.person()].name.clone()).collect();
        persons.sort();
        let paid = format!("{:?} {:?} {} {:?}", it.payment_method, it.collection_day, it.paperless, it.instalments);
        let adults = it.adults.iter().map(|it| (it.from, it.adults)).collect();
        (it.account.to_string(), Stands { period: it.period, persons, adults, awards, paid, nets: nets.collect() })
    };
    lasting.map(one).collect()
}
