//! The list of event types: **add one here**, and its golden file, and the build shows every fold that must consider it.

use crate::{
    AccountCorrected, AdjustmentNoticeIssued, AmountSet, AwardExpired, AwardExpiryScheduled, BandsCorrected,
    BillCopied, BudgetReduced, ChargeCalculated, ClosingNoticeIssued, CodecError, ConfirmationAsked,
    ConfirmationLapsed, ContactDetailsChanged, ContactLinked, CostModelAdopted, CouncilRegistered, CreditTransferred,
    DecisionChecked, DecisionRecorded, DeliveryPreferenceChanged, DemandNoticeIssued, DiscountAwarded, DiscountEnded,
    DwellingListed, EventId, EvidenceReceived, EvidenceRefused, EvidenceRequested, HouseholdStated, InstalmentPlanSet,
    LiabilityEnded, LiabilityStarted, LogStarted, ModulusTableAdopted, NotSealed, NotificationCompleted,
    NotificationReceived, NotificationReferred, NotificationReversed, NotificationWithdrawn, OccupantAdded,
    OccupantRemoved, PassphraseSet, PaymentMethodChanged, PaymentReceived, PenaltyImposed, PenaltyQuashed,
    PersonRenamed, PolicyAdopted, QuestionAnswered, RecordRestricted, RecordViewed, RecoveryHeld, RecoveryResumed,
    RecoveryStepTaken, ReferralTakenUp, RefundApproved, RefundPaid, RefundRefused, RefundRequested, RelationDeclared,
    RelationEnded, RestrictionLifted, ScenarioRecorded, Sealer, SetUpLinkMade, StaffEnrolled, StaffLeft, StaffSignedIn,
    TokenIssued, TokenRevoked, WorkItemAuthorised, WorkItemClaimed, WorkItemDecided, WorkItemDeferred,
    WorkItemEscalated, WorkItemHandedOver, WorkItemReallocated, WorkItemReleased,
};

macro_rules! events {
    ($($name:ident),* $(,)?) => {
        /// Something that happened; the names are the storage format and are never changed.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each variant is the struct of its name")]
        pub enum Event {
            $($name($name),)*
        }

        impl Event {
            /// The name of every event type.
            pub const TYPES: &[&str] = &[$(stringify!($name)),*];

            /// The name of its type, as stored.
            pub const fn type_name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                }
            }

            /// The `data` object as JSON.
            pub(crate) fn data(&self) -> Result<String, serde_json::Error> {
                match self {
                    $(Self::$name(it) => serde_json::to_string(it),)*
                }
            }

            /// The event of this type with this data.
            pub(crate) fn from_data(type_name: &str, data: &str) -> Result<Self, CodecError> {
                match type_name {
                    $(stringify!($name) => {
                        serde_json::from_str(data).map(Self::$name).map_err(|error| CodecError::Data {
                            type_name: type_name.to_owned(),
                            error: error.to_string(),
                        })
                    })*
                    _ => Err(CodecError::UnknownType(type_name.to_owned())),
                }
            }
        }

        $(impl From<$name> for Event {
            fn from(it: $name) -> Self {
                Self::$name(it)
            }
        })*
    };
}

events! {
    LogStarted,
    CouncilRegistered,
    PolicyAdopted,
    CostModelAdopted,
    ScenarioRecorded,
    AmountSet,
    ModulusTableAdopted,
    TokenIssued,
    TokenRevoked,
    DwellingListed,
    LiabilityStarted,
    LiabilityEnded,
    DiscountAwarded,
    DiscountEnded,
    OccupantAdded,
    OccupantRemoved,
    HouseholdStated,
    PersonRenamed,
    ContactDetailsChanged,
    PaymentMethodChanged,
    DeliveryPreferenceChanged,
    InstalmentPlanSet,
    ChargeCalculated,
    NotificationReceived,
    DecisionRecorded,
    NotificationReferred,
    NotificationCompleted,
    WorkItemClaimed,
    WorkItemReleased,
    WorkItemDeferred,
    EvidenceRequested,
    WorkItemDecided,
    WorkItemAuthorised,
    DemandNoticeIssued,
    AdjustmentNoticeIssued,
    ClosingNoticeIssued,
    BillCopied,
    PaymentReceived,
    CreditTransferred,
    RefundRequested,
    RefundApproved,
    RefundRefused,
    RefundPaid,
    PenaltyImposed,
    PenaltyQuashed,
    RecoveryStepTaken,
    AwardExpiryScheduled,
    AwardExpired,
    AccountCorrected,
    BandsCorrected,
    RecoveryHeld,
    RecoveryResumed,
    ConfirmationAsked,
    ConfirmationLapsed,
    ReferralTakenUp,
    NotificationReversed,
    EvidenceReceived,
    EvidenceRefused,
    QuestionAnswered,
    NotificationWithdrawn,
    StaffEnrolled,
    StaffLeft,
    StaffSignedIn,
    RelationDeclared,
    RelationEnded,
    RecordRestricted,
    RestrictionLifted,
    RecordViewed,
    WorkItemReallocated,
    WorkItemHandedOver,
    WorkItemEscalated,
    DecisionChecked,
    ContactLinked,
    BudgetReduced,
    SetUpLinkMade,
    PassphraseSet,
}

impl Event {
    /// The name of the type as it is written in this program, where it is one that this program knows.
    pub fn known_type(name: &str) -> Option<&'static str> {
        Self::TYPES.iter().copied().find(|it| *it == name)
    }

    /// Seals every piece of personal data in it, within the event called `id`.
    ///
    /// # Errors
    /// When a person's key cannot be made or kept.
    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    pub fn seal(&mut self, id: EventId, sealer: &mut dyn Sealer) -> Result<(), NotSealed> {
        match self {
            Self::DwellingListed(it) => it.owner.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::LiabilityStarted(it) => {
                it.liable_persons.iter_mut().try_for_each(|it| it.seal(id, sealer))?;
                it.bank_details.iter_mut().try_for_each(|it| it.seal(id, sealer))
            }
            Self::LiabilityEnded(it) => it.left_to.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::OccupantAdded(it) => it.person.seal(id, sealer),
            Self::OccupantRemoved(it) => it.person.seal(id, sealer),
            Self::PersonRenamed(it) => it.person.seal(id, sealer),
            Self::ContactDetailsChanged(it) => it.person.seal(id, sealer),
            Self::PaymentMethodChanged(it) => it.bank_details.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::DeliveryPreferenceChanged(it) => it.person.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::NotificationReceived(it) => it.body.seal(id, sealer),
            Self::WorkItemDeferred(it) => it.note.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::EvidenceRequested(it) => it.asked.seal(id, sealer),
            Self::WorkItemDecided(it) => {
                it.amended.iter_mut().chain(&mut it.explanation).try_for_each(|it| it.seal(id, sealer))
            }
            Self::RefundRequested(it) => it.bank_details.seal(id, sealer),
            Self::AccountCorrected(it) => {
                it.liable_persons.iter_mut().try_for_each(|it| it.seal(id, sealer))?;
                it.bank_details.iter_mut().try_for_each(|it| it.seal(id, sealer))
            }
            Self::NotificationReversed(it) => it.explanation.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::EvidenceReceived(it) => it.file_name.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::QuestionAnswered(it) => it.text.seal(id, sealer),
            Self::WorkItemHandedOver(it) => it.note.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::WorkItemEscalated(it) => it.note.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::DecisionChecked(it) => it.note.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::ContactLinked(it) => it.note.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::WorkItemReallocated(it) => it.note.iter_mut().try_for_each(|it| it.seal(id, sealer)),
            Self::LogStarted(_)
            | Self::CouncilRegistered(_)
            | Self::PolicyAdopted(_)
            | Self::CostModelAdopted(_)
            | Self::ScenarioRecorded(_)
            | Self::AmountSet(_)
            | Self::ModulusTableAdopted(_)
            | Self::TokenIssued(_)
            | Self::TokenRevoked(_)
            | Self::DiscountAwarded(_)
            | Self::DiscountEnded(_)
            | Self::HouseholdStated(_)
            | Self::InstalmentPlanSet(_)
            | Self::ChargeCalculated(_)
            | Self::DecisionRecorded(_)
            | Self::NotificationReferred(_)
            | Self::NotificationCompleted(_)
            | Self::WorkItemClaimed(_)
            | Self::WorkItemReleased(_)
            | Self::WorkItemAuthorised(_)
            | Self::DemandNoticeIssued(_)
            | Self::AdjustmentNoticeIssued(_)
            | Self::ClosingNoticeIssued(_)
            | Self::BillCopied(_)
            | Self::PaymentReceived(_)
            | Self::CreditTransferred(_)
            | Self::RefundApproved(_)
            | Self::RefundRefused(_)
            | Self::RefundPaid(_)
            | Self::PenaltyImposed(_)
            | Self::PenaltyQuashed(_)
            | Self::RecoveryStepTaken(_)
            | Self::AwardExpiryScheduled(_)
            | Self::AwardExpired(_)
            | Self::BandsCorrected(_)
            | Self::RecoveryHeld(_)
            | Self::RecoveryResumed(_)
            | Self::ConfirmationAsked(_)
            | Self::ConfirmationLapsed(_)
            | Self::ReferralTakenUp(_)
            | Self::EvidenceRefused(_)
            | Self::NotificationWithdrawn(_)
            | Self::StaffEnrolled(_)
            | Self::StaffLeft(_)
            | Self::StaffSignedIn(_)
            | Self::RelationDeclared(_)
            | Self::RelationEnded(_)
            | Self::RecordRestricted(_)
            | Self::RestrictionLifted(_)
            | Self::RecordViewed(_)
            | Self::SetUpLinkMade(_)
            | Self::PassphraseSet(_)
            | Self::BudgetReduced(_) => Ok(()),
        }
    }
}
