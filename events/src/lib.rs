//! What happened: the events of Hearth, the words they are made of, and the bytes they are stored as.
//!
//! This crate depends on nothing else of ours and does no I/O. Everything that reads or writes the log
//! speaks in these types:
//!
//! * [`Event`] — one variant a fact, named in the past tense; **a new event type is added in `event.rs`**;
//! * [`Recorded`] — an event together with where and when it was recorded;
//! * [`StoredEvent`] and [`NewEvent`] — the same as bytes, after and before the store has given it a place;
//! * [`Personal`] — personal data, which can only be written once it has been sealed for its person.

mod award;
mod band;
mod bill;
mod channel;
mod codec;
mod correction;
mod council;
mod dwelling;
mod event;
mod kind;
mod money;
mod notification;
mod period;
mod personal;
mod reason;
mod recorded;
mod recovery;
mod reference;
mod staff;
mod submitter;
mod work;
mod year;

pub use award::AwardCode;
pub use band::{Band, BandAmounts, ChargingBand};
pub use bill::{
    AdjustmentNoticeIssued, BillCopied, ClosingNoticeIssued, CreditTransferred, DemandNoticeIssued, Instalment,
    PaymentReceived, PenaltyImposed, PenaltyQuashed, RefundApproved, RefundPaid, RefundRefused, RefundRequested,
};
pub use channel::Channel;
pub use codec::{CodecError, decode, decode_event, draft};
pub use correction::{
    AccountCorrected, AdultsHeld, AwardExpired, AwardExpiryScheduled, AwardHeld, AwardTerms, BandsCorrected,
    ExpiryReason, NotificationReversed,
};
pub use council::{
    AmountSet, BudgetLine, BudgetReduced, CostModelAdopted, CouncilRegistered, EmptyPremiumTier, HalfPound, LogClock,
    LogStarted, ModulusTableAdopted, PolicyAdopted, Role, ScenarioRecorded, ServiceCosts, Silence, SourcedValue,
    TokenIssued, TokenRevoked,
};
pub use dwelling::{
    BankDetails, Capacity, ChargeCalculated, ChargeLine, ContactDetailsChanged, DeliveryPreferenceChanged,
    DiscountAwarded, DiscountEnded, DwellingListed, HouseholdStated, InstalmentPlanSet, LiabilityEnded,
    LiabilityStarted, LineKind, OccupantAdded, OccupantRemoved, PaymentMethod, PaymentMethodChanged, PersonDetails,
    PersonRenamed, Tenure,
};
pub use event::Event;
pub use kind::NotificationKind;
pub use money::{Money, NotMoney};
pub use notification::{
    DecisionRecorded, Finding, FindingOutcome, NotificationCompleted, NotificationReceived, NotificationReferred,
    Outcome, PlannedEvent, PlannedStep, Priority, Status,
};
pub use period::Period;
pub use personal::{NotSealed, Opener, Personal, Sealer};
pub use reason::ReasonCode;
pub use recorded::{Metadata, NewEvent, Parts, Position, Recorded, StoredEvent, StreamName, hex, leaf_hash};
pub use recovery::{
    ConfirmationAsked, ConfirmationLapsed, RecoveryHeld, RecoveryResumed, RecoveryStep, RecoveryStepTaken,
    ReferralTakenUp,
};
pub use reference::{AccountRef, EventId, NotAReference, NotificationRef, PersonId, Uprn};
pub use staff::{
    LookedBecause, RecordKind, RecordRestricted, RecordViewed, RelationDeclared, RelationEnded, RestrictionLifted,
    SignInBy, StaffEnrolled, StaffLeft, StaffSignedIn,
};
pub use submitter::{EvidenceReceived, EvidenceRefused, MediaType, NotificationWithdrawn, QuestionAnswered};
pub use work::{
    ContactAbout, ContactLinked, DecisionChecked, ErrorClass, EvidenceRequested, Verdict, WorkItemAuthorised,
    WorkItemClaimed, WorkItemDecided, WorkItemDeferred, WorkItemEscalated, WorkItemHandedOver, WorkItemReallocated,
    WorkItemReleased,
};
pub use year::{FinancialYear, NotAFinancialYear};
