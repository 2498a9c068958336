//! A refund goes with the notification that asked for it: withdrawn where that is reversed, asked for anew where it is restored.

use hearth_events::{Event, Recorded, RefundRefused, RefundRequested};
use hearth_projections::{DwellingState, Refund, RefundStatus};

use super::{NotReversible, Reversal};

impl Reversal<'_> {
    /// What becomes of the refund that the notification asked for; nothing where it asked for none or it is so already.
    ///
    /// # Errors
    /// When the money has gone out; when it is to be asked for anew and is in credit no more.
    pub(super) fn refund(&self, history: &[Recorded], now: &DwellingState) -> Result<Option<Event>, NotReversible> {
        let mut asked = now.accounts.iter().flat_map(|it| it.billing.refunds.iter().map(move |refund| (it, refund)));
        let Some((account, refund)) = asked.find(|(_, it)| it.refund == self.notification.as_str()) else {
            return Ok(None);
        };
        let (of, name) = (account.account.clone(), refund.refund.clone());
        if !self.restored {
            return match refund.status {
                RefundStatus::Paid => Err(NotReversible::RefundPaid { account: of, amount: refund.amount }),
                RefundStatus::Refused => Ok(None),
                RefundStatus::Requested | RefundStatus::Approved => {
                    let refused_by = self.by.to_owned();
                    Ok(Some(RefundRefused { account: of, refund: name, refused_by, on: self.on }.into()))
                }
            };
        }
        if !self.was_withdrawn(refund, history) {
            return Ok(None);
        }
        if refund.amount > -account.billing.balance() {
            return Err(NotReversible::NoCredit { account: of, amount: refund.amount });
        }
        let (amount, bank_details) = (refund.amount, self.open(&refund.bank_details));
        Ok(Some(RefundRequested { account: of, refund: name, amount, bank_details, on: self.on }.into()))
    }

    /// Whether it was refused because of a reversal, and not by who decides on refunds.
    fn was_withdrawn(&self, refund: &Refund, history: &[Recorded]) -> bool {
        let refused = |it: &&Recorded| matches!(&it.event, Event::RefundRefused(it) if it.refund == refund.refund);
        refund.status == RefundStatus::Refused && history.iter().rfind(refused).is_some_and(|it| self.is_own(it))
    }
}
