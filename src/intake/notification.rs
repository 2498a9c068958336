//! A notification: well-formed news of a change.

use hearth_events::{AccountRef, Channel, NotificationKind, Uprn};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::Details;

/// Well-formed news of a change, as somebody told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// What it tells.
    pub kind: NotificationKind,
    /// What its sender calls it; none where the sender gave no reference.
    pub source_reference: Option<String>,
    /// How it came.
    pub channel: Channel,
    /// When it came; none where the sender does not say.
    pub received_at: Option<Timestamp>,
    /// The day the change took place.
    pub effective_on: Date,
    /// Whether the submitter declared it to be true.
    pub declaration: bool,
    /// Who tells it.
    pub submitted_by: Submitter,
    /// The account it names.
    pub account: Option<AccountRef>,
    /// The dwelling it is about.
    pub dwelling: Option<DwellingGiven>,
    /// What the submitter wrote beside the form; a machine cannot read it.
    pub free_text: Option<String>,
    /// What is particular to the kind.
    pub details: Details,
}

impl Notification {
    /// The notification in one form, however it was written: what is told, then what its sender says about it.
    ///
    /// `details` are the details as they came; they stand for themselves where the kind has no struct of its own.
    pub fn canonical(&self, details: &Value) -> Value {
        let details = self.details.canonical().unwrap_or_else(|| details.clone());
        json!({
            "kind": self.kind, "effective_on": self.effective_on, "declaration": self.declaration,
            "submitted_by": self.submitted_by, "account": self.account, "dwelling": self.dwelling,
            "free_text": self.free_text, "details": details,
        })
    }
}

/// How a dwelling is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DwellingGiven {
    /// By its national key.
    Uprn(Uprn),
    /// By the council's key.
    PropertyReference(String),
    /// In words.
    Address {
        /// The address as written.
        address: String,
        /// The postcode as written.
        postcode: String,
    },
}

/// Who submits a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submitter {
    /// In what role.
    pub role: SubmitterRole,
    /// Title and names.
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// The role of a submitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubmitterRole {
    /// Liable, or becoming liable.
    LiablePerson,
    /// Liable together with others.
    Joint,
    /// A tenant.
    Tenant,
    /// The owner who lets.
    Landlord,
    /// Somebody who acts for the owner or for a resident.
    Agent,
    /// The executor of somebody who died.
    Executor,
    /// A solicitor.
    Solicitor,
    /// Somebody else with authority.
    ThirdParty,
}

impl SubmitterRole {
    /// Whether the submitter speaks for themselves.
    pub fn speaks_for_themselves(self) -> bool {
        match self {
            Self::LiablePerson | Self::Joint | Self::Tenant => true,
            Self::Landlord | Self::Agent | Self::Executor | Self::Solicitor | Self::ThirdParty => false,
        }
    }
}

const TITLES: [&str; 12] = ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "lord", "lady"];

/// Whether two names are the same but for case, blanks, full stops, and a title that only one of them has.
///
/// ```
/// use hearth::intake::same_name;
/// assert!(same_name("Ms Grace Hughes", "grace  hughes"));
/// assert!(!same_name("Ms Grace Hughes", "Mr Grace Hughes"));
/// ```
pub fn same_name(one: &str, other: &str) -> bool {
    let (first_title, first) = split_title(one);
    let (second_title, second) = split_title(other);
    !first.is_empty()
        && first == second
        && (first_title.is_none() || second_title.is_none() || first_title == second_title)
}

/// The title of a name, where it begins with one, and the rest; in small letters, with single blanks.
pub fn split_title(name: &str) -> (Option<String>, String) {
    let words: Vec<String> = name.to_lowercase().replace('.', " ").split_whitespace().map(str::to_owned).collect();
    match words.split_first() {
        Some((title, rest)) if TITLES.contains(&title.as_str()) && !rest.is_empty() => {
            (Some(title.clone()), rest.join(" "))
        }
        _ => (None, words.join(" ")),
    }
}
