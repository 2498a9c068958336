//! What happened to the access of members of staff, as they and whoever gives access are shown it.

use hearth_events::{Event, Recorded, Role};
use jiff::Timestamp;

/// Something that happened to somebody's access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessStep {
    /// When it was recorded.
    pub at: Timestamp,
    /// Whose access it is.
    pub staff: String,
    /// Who did it; none where that cannot be told, as whoever has a link sets up a passphrase.
    pub by: Option<String>,
    /// What happened.
    pub what: Happened,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// They may sign in, with this role and for these queues.
    Enrolled(Role, Vec<String>),
    /// They may sign in no more.
    Left,
    /// A link was made to set up a passphrase; whether it takes away one that they had.
    LinkMade {
        /// Whether they had one.
        replaces: bool,
    },
    /// A passphrase was set up with a link.
    PassphraseSet {
        /// Whether they had one.
        replaces: bool,
    },
}

impl Happened {
    /// Whether somebody else may have come to sign in by their name with it.
    pub const fn is_to_be_told(&self) -> bool {
        match self {
            Self::LinkMade { replaces } | Self::PassphraseSet { replaces } => *replaces,
            Self::Enrolled(..) | Self::Left => false,
        }
    }
}

/// What an event of the stream `access` says of somebody's access; none where it is about something else.
pub(super) fn step(recorded: &Recorded) -> Option<AccessStep> {
    let (staff, by, what) = if let Event::StaffEnrolled(it) = &recorded.event {
        (&it.staff, Some(&it.by), Happened::Enrolled(it.role, it.queues.clone()))
    } else if let Event::StaffLeft(it) = &recorded.event {
        (&it.staff, Some(&it.by), Happened::Left)
    } else if let Event::SetUpLinkMade(it) = &recorded.event {
        (&it.staff, Some(&it.by), Happened::LinkMade { replaces: it.replaces })
    } else if let Event::PassphraseSet(it) = &recorded.event {
        (&it.staff, None, Happened::PassphraseSet { replaces: it.replaces })
    } else {
        return None;
    };
    Some(AccessStep { at: recorded.recorded_at, staff: staff.clone(), by: by.cloned(), what })
}
