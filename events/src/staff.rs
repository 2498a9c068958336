//! Who of the council's staff may sign in, what they must not touch, and what they looked at. Staff are called by their
//! sign-in names, which are labels and never sealed: who did what has to be readable for as long as the log is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Role, Uprn};

/// A member of staff may sign in; enrolled again, with another role or other queues from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEnrolled {
    /// The name they sign in by.
    pub staff: String,
    /// What they may do.
    pub role: Role,
    /// The queues whose work they are trained for; every queue where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<String>,
    /// Who enrolled them, by their sign-in name, or `system` on the command line.
    pub by: String,
}

/// A member of staff may sign in no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffLeft {
    /// The name they signed in by.
    pub staff: String,
    /// Who took their access away.
    pub by: String,
}

/// A link was made with which somebody sets up a passphrase and signs in from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUpLinkMade {
    /// Whose passphrase it sets up, by their sign-in name.
    pub staff: String,
    /// Who made it, by their sign-in name, or `command line`.
    pub by: String,
    /// Until when it can be used, by the clock of the machine.
    pub until: Timestamp,
    /// Whether they had a passphrase, which the link takes away.
    #[serde(default, skip_serializing_if = "is_false")]
    pub replaces: bool,
}

/// Somebody set up a passphrase with a link. Whoever has the link can: it says of whom it is, not who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassphraseSet {
    /// Whose, by their sign-in name.
    pub staff: String,
    /// Whether they had one, which it takes the place of.
    #[serde(default, skip_serializing_if = "is_false")]
    pub replaces: bool,
}

/// How somebody showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInBy {
    /// By a passphrase that is kept here.
    Passphrase,
    /// By the council's identity provider.
    Provider,
}

/// A member of staff signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffSignedIn {
    /// The name they sign in by.
    pub staff: String,
    /// How.
    pub by: SignInBy,
}

/// A member of staff lives at a dwelling, owns it, or is close to who does: they never touch what is told about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationDeclared {
    /// Whose relation it is.
    pub staff: String,
    /// The dwelling.
    pub uprn: Uprn,
    /// Who declared it: they themselves, or whoever gives access.
    pub by: String,
}

/// A relation that was declared is there no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationEnded {
    /// Whose relation it was.
    pub staff: String,
    /// The dwelling.
    pub uprn: Uprn,
    /// Who says so; never they themselves.
    pub by: String,
}

/// A dwelling, its accounts and what is told about it are open to named members of staff only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRestricted {
    /// The dwelling.
    pub uprn: Uprn,
    /// To whom it is open, by their sign-in names.
    pub open_to: Vec<String>,
    /// Who restricted it.
    pub by: String,
}

/// A dwelling that was restricted is open to all whose work it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictionLifted {
    /// The dwelling.
    pub uprn: Uprn,
    /// Who lifted it.
    pub by: String,
}

/// Why somebody looks at a record. No free text: it would hold personal data that nobody could forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookedBecause {
    /// A work item that they have is about it.
    WorkItem,
    /// The person is on the telephone.
    Telephone,
    /// The person is at the counter.
    Counter,
    /// The person wrote.
    Post,
    /// A complaint or an appeal is about it.
    Complaint,
    /// It is checked, as an audit or for quality.
    Check,
    /// The person asked what is held about them.
    AccessRequest,
}

impl LookedBecause {
    /// Every reason.
    pub const ALL: [Self; 7] =
        [Self::WorkItem, Self::Telephone, Self::Counter, Self::Post, Self::Complaint, Self::Check, Self::AccessRequest];

    /// As written in JSON and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkItem => "work-item",
            Self::Telephone => "telephone",
            Self::Counter => "counter",
            Self::Post => "post",
            Self::Complaint => "complaint",
            Self::Check => "check",
            Self::AccessRequest => "access-request",
        }
    }
}

/// What kind of record was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// A dwelling with who lives and lived there.
    Dwelling,
    /// An account.
    Account,
    /// A notification, or the work item that it is.
    Notification,
    /// A list that names persons; its `record` says what was searched for, as far as that is no personal data.
    List,
}

impl RecordKind {
    /// As written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dwelling => "dwelling",
            Self::Account => "account",
            Self::Notification => "notification",
            Self::List => "list",
        }
    }
}

/// A member of staff, or the holder of a token, looked at a person's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordViewed {
    /// Who looked, by the name they sign in by or the name of their token.
    pub staff: String,
    /// What kind of record.
    pub kind: RecordKind,
    /// Its reference: a UPRN, an account, a notification.
    pub record: String,
    /// Why; none where it was said before in the same session, or nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<LookedBecause>,
    /// Where the log's clock is simulated, when it really was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub really_at: Option<Timestamp>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_false(it: &bool) -> bool {
    !*it
}
