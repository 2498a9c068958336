//! Why what an officer asked for was not done, in sentences that say what to do instead.

use hearth_events::Status;

use super::{FieldFault, ServiceError};

/// Why an officer's action was not taken; nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum ActionRefused {
    /// No item of this reference ever waited for an officer.
    #[error("there is no such work item")]
    Unknown,
    /// Nobody has claimed it.
    #[error("it is not claimed")]
    NotClaimed,
    /// Somebody else has it.
    #[error("{0} has it")]
    HeldBy(String),
    /// It has been decided.
    #[error("it is done")]
    Done(Status),
    /// It is decided and waits for another person.
    #[error("what {0} decided waits to be authorised")]
    AwaitsAuthorisation(String),
    /// Only a supervisor takes it.
    #[error("it was escalated")]
    ForSupervisors,
    /// It is about a dwelling that is fenced for whoever asks.
    #[error("it is fenced")]
    Fenced,
    /// It waits for somebody outside.
    #[error("it waits for an answer")]
    AwaitsAnswer,
    /// There is nothing to authorise.
    #[error("nothing waits to be authorised")]
    NothingToAuthorise,
    /// The one who decided cannot authorise it.
    #[error("it was decided by the same person")]
    SamePerson,
    /// Nothing can be proposed, so nothing can be accepted.
    #[error("nothing can be proposed: {0}")]
    NothingProposed(String),
    /// No decision has been carried out, so there is nothing to check.
    #[error("it is not decided")]
    NotDecided,
    /// Somebody has checked the decision.
    #[error("{0} has checked it")]
    AlreadyChecked(String),
    /// The one who decided, or authorised, cannot check it.
    #[error("it was decided by the same person")]
    OwnDecision,
    /// What was ordered for many cannot be undone for this one.
    #[error("it cannot be undone: {0}")]
    NotUndone(&'static str),
    /// What was sent cannot be used.
    #[error("it is not well formed")]
    Malformed(Vec<FieldFault>),
    /// The service cannot do it now.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl ActionRefused {
    /// Why, and what to do instead.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unknown => {
                "No notification of this reference was ever referred to officers: take the id from GET \
                 /api/v1/work-items."
            }
            Self::NotClaimed => "Nobody has claimed this item: claim it first.",
            Self::HeldBy(officer) => {
                return format!("{officer} has claimed this item: wait until it is released, or take another one.");
            }
            Self::Done(Status::Referred) => {
                "This item has been decided, and the decision is being carried out: look again in a moment."
            }
            Self::Done(status) => {
                let status = status.as_str();
                return format!("This item is done, its notification is {status}: take another one.");
            }
            Self::AwaitsAuthorisation(officer) => {
                return format!(
                    "{officer} has decided this item, and that waits to be authorised: a supervisor authorises it or \
                     sends it back, or {officer} releases it."
                );
            }
            Self::ForSupervisors => "This item was escalated and waits for a supervisor: take another one.",
            Self::Fenced => {
                "This item is about a dwelling that is not for you, as it is close to you or restricted: a colleague \
                 deals with it."
            }
            Self::AwaitsAnswer => "This item waits for an answer, and comes back by itself: claim it if it cannot wait.",
            Self::NothingToAuthorise => {
                "Nothing about this item waits to be authorised: it has to be decided first."
            }
            Self::SamePerson => "You decided this yourself: another supervisor has to authorise it.",
            Self::NothingProposed(because) => {
                return format!(
                    "Nothing can take effect as it stands, because {because}. Amend what is wrong, ask for evidence, or \
                     reject it."
                );
            }
            Self::NotDecided => "Nothing has been decided here that could be checked: look again once it is.",
            Self::AlreadyChecked(by) => {
                return format!("{by} has checked this decision: take another one from the sample.");
            }
            Self::OwnDecision => "You decided or authorised this yourself: somebody else has to check it.",
            Self::NotUndone(because) => return format!("It stays as it is, because {because}."),
            Self::Malformed(faults) => {
                let told: Vec<_> = faults.iter().map(|it| format!("{} {}", it.pointer, it.detail)).collect();
                return format!("What was sent cannot be used: {}.", told.join("; "));
            }
            Self::Service(error) if error.will_pass() => "The log is out of reach: try again in a moment.",
            Self::Service(_) => "Something is wrong with the service itself: tell whoever runs it.",
        }
        .to_owned()
    }

    /// The refusal of an order that names too many items, or none.
    pub fn number_of_items(most: usize) -> Self {
        let detail = format!("must name 1 to {most} items");
        Self::Malformed(vec![FieldFault { pointer: "/references".to_owned(), detail }])
    }

    /// That nobody gave such an order, or it named nothing.
    pub fn no_such_order(order: &str) -> Self {
        let detail = format!("{order} is no order to many items that is known here");
        Self::Malformed(vec![FieldFault { pointer: "/order".to_owned(), detail }])
    }
}
