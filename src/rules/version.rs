//! The rules as a value: which version, and what it does where versions differ or the law leaves a choice.
//!
//! A [`Council`](super::Council) carries them beside its own policy, so that one case can be decided under two of either, side by
//! side and without either knowing of the other. What versions have in common stands in the code of the rules and nowhere here.

/// What a version of the rules does that an earlier one did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Practice {
    /// A change of payment goes to an officer once recovery has come before a court.
    StopAtCourt,
    /// A decision issues the notices that its charges call for.
    IssueNotices,
    /// Awards that a decision makes are scheduled to be looked at again, as policy says.
    ScheduleReviews,
    /// A discount after a death begins on the day that policy says, and not always on the day itself.
    HeedDeathPolicy,
    /// A copy of a bill goes to who is liable without an officer.
    CopyBills,
    /// What moves a bill goes to an officer once recovery has come before a court, and what ends or moves a liability while a
    /// council tax reduction runs, which has to be assessed anew.
    HeedMarkers,
}

/// The day on which a tier of the empty homes premium begins (ADR 20).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PremiumBegins {
    /// On the anniversary of the first empty day, when whole years lie behind.
    #[default]
    OnTheAnniversary,
    /// On the day before, by a strict reading of "ending with that day".
    OnItsEve,
}

/// A version of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What decisions and charges taken under it are recorded with.
    pub version: &'static str,
    /// What it does that an earlier one did not.
    pub practices: &'static [Practice],
    /// When a tier of the empty homes premium begins.
    pub premium_begins: PremiumBegins,
}

impl Rules {
    /// Every version that can be run, earliest first. An earlier one does as it did in what is named here, and as the latest
    /// does in everything else (ADR 26).
    pub const ALL: [Self; 4] = [
        Self { version: "2026.11-2", practices: &[], premium_begins: PremiumBegins::OnTheAnniversary },
        Self {
            version: "2026.11-3",
            practices: &[
                Practice::StopAtCourt,
                Practice::IssueNotices,
                Practice::ScheduleReviews,
                Practice::HeedDeathPolicy,
            ],
            premium_begins: PremiumBegins::OnTheAnniversary,
        },
        Self {
            version: "2026.11-4",
            practices: &[
                Practice::StopAtCourt,
                Practice::IssueNotices,
                Practice::ScheduleReviews,
                Practice::HeedDeathPolicy,
                Practice::CopyBills,
            ],
            premium_begins: PremiumBegins::OnTheAnniversary,
        },
        Self {
            version: "2026.11-5",
            practices: &[
                Practice::StopAtCourt,
                Practice::IssueNotices,
                Practice::ScheduleReviews,
                Practice::HeedDeathPolicy,
                Practice::CopyBills,
                Practice::HeedMarkers,
            ],
            premium_begins: PremiumBegins::OnTheAnniversary,
        },
    ];

    /// The version that is in force: everything is recorded under it.
    pub const fn current() -> Self {
        let [.., latest] = Self::ALL;
        latest
    }

    /// A version by its name.
    pub fn of(version: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.version == version)
    }

    /// Whether it does that.
    pub fn does(&self, practice: Practice) -> bool {
        self.practices.contains(&practice)
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::current()
    }
}
