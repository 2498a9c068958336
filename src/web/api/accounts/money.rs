//! What is asked for and paid on an account, as it is shown.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, FinancialYear, Instalment, Money, Uprn};
use hearth_projections::{Billing, Penalty, RefundStatus};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::{ViewError, Views};

/// An instalment.
#[derive(Serialize, ToSchema)]
#[schema(as = Instalment)]
pub(crate) struct InstalmentView {
    #[schema(value_type = String, format = Date)]
    due: Date,
    #[schema(value_type = String)]
    amount: Money,
}

/// What was paid, and what is owed beyond the instalments.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountMoney)]
pub(crate) struct MoneyView {
    /// What was asked for and is not paid, with penalties; below nothing where it is in credit.
    #[schema(value_type = String, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    balance: Money,
    /// Payments as the income system told them.
    payments: Vec<PaymentView>,
    /// Credits that came from another account or from earlier years, or (below nothing) went there.
    transfers: Vec<TransferView>,
    refunds: Vec<RefundView>,
    penalties: Vec<PenaltyView>,
}

/// A payment.
#[derive(Serialize, ToSchema)]
#[schema(as = Payment)]
pub(crate) struct PaymentView {
    #[schema(value_type = String)]
    financial_year: FinancialYear,
    /// Below nothing where an earlier one was returned unpaid.
    #[schema(value_type = String)]
    amount: Money,
    #[schema(value_type = String, format = Date)]
    received_on: Date,
    reference: String,
}

/// A credit that passed between accounts, or from earlier years of one to a later.
#[derive(Serialize, ToSchema)]
#[schema(as = CreditTransfer)]
pub(crate) struct TransferView {
    /// The other account; the same where it passed between its years; null where that is not for whoever asks.
    #[schema(value_type = Option<String>, required)]
    other: Option<AccountRef>,
    /// The year that it came to, or went from.
    #[schema(value_type = String)]
    financial_year: FinancialYear,
    #[schema(value_type = String)]
    amount: Money,
}

/// A refund.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountRefund)]
pub(crate) struct RefundView {
    refund: String,
    #[schema(value_type = String)]
    amount: Money,
    #[schema(value_type = String, pattern = "^(requested|approved|refused|paid)$")]
    status: RefundStatus,
}

/// A penalty.
#[derive(Serialize, ToSchema)]
#[schema(as = Penalty)]
pub(crate) struct PenaltyView {
    penalty: String,
    #[schema(value_type = String)]
    amount: Money,
    #[schema(value_type = String, format = Date)]
    imposed_on: Date,
    /// Null while it is owed.
    #[schema(value_type = Option<String>, format = Date)]
    quashed_on: Option<Date>,
}

/// Instalments as they are shown.
pub(in crate::web::api) fn instalments(of: &[Instalment]) -> Vec<InstalmentView> {
    of.iter().map(|it| InstalmentView { due: it.due, amount: it.amount }).collect()
}

/// A penalty as it is shown.
pub(in crate::web::api) fn penalty_view(it: &Penalty) -> PenaltyView {
    PenaltyView { penalty: it.penalty.clone(), amount: it.amount, imposed_on: it.imposed_on, quashed_on: it.quashed_on }
}

impl MoneyView {
    /// Whether anything passed to or from another account, or another year.
    pub(super) const fn has_transfers(&self) -> bool {
        !self.transfers.is_empty()
    }

    /// Names no account on a dwelling that is fenced for whoever asks.
    pub(super) fn leave_out(&mut self, views: &Views, not_at: &BTreeSet<Uprn>) -> Result<(), ViewError> {
        for it in &mut self.transfers {
            let at = it.other.as_ref().map(|other| views.uprn_of_account(other)).transpose()?.flatten();
            it.other = it.other.take().filter(|_| at.is_none_or(|at| !not_at.contains(&at)));
        }
        Ok(())
    }
}

pub(super) fn money(billing: &Billing) -> MoneyView {
    let payments = billing.payments.iter().map(|it| PaymentView {
        financial_year: it.financial_year,
        amount: it.amount,
        received_on: it.received_on,
        reference: it.source_reference.clone(),
    });
    let transfers = billing.transfers.iter();
    let refunds = billing.refunds.iter();
    MoneyView {
        balance: billing.balance(),
        payments: payments.collect(),
        transfers: transfers
            .map(|it| TransferView {
                other: Some(it.other.clone()),
                financial_year: it.financial_year,
                amount: it.amount,
            })
            .collect(),
        refunds: refunds
            .map(|it| RefundView { refund: it.refund.clone(), amount: it.amount, status: it.status })
            .collect(),
        penalties: billing.penalties.iter().map(penalty_view).collect(),
    }
}
