//! A working copy of a dwelling: what a decision would record there, and how the dwelling would then stand.

use hearth_events::{
    AccountRef, AwardCode, BankDetails, Capacity, DiscountAwarded, DiscountEnded, Event, FinancialYear, LiabilityEnded,
    LiabilityStarted, Money, PaymentMethod, Period, PersonDetails, Personal, Position, Uprn,
};
use hearth_projections::{AccountState, DwellingState, Unapplicable};
use jiff::civil::Date;

use crate::rules::billing::{self, Rearranged};
use crate::rules::{Council, NoRule, recalculated};

/// The events of a decision at one dwelling, and the dwelling with them.
#[derive(Clone, Debug)]
pub struct Working {
    uprn: Uprn,
    before: DwellingState,
    now: DwellingState,
    events: Vec<Event>,
    misfit: Option<Unapplicable>,
}

/// Who becomes liable, and how.
pub struct NewLiability {
    /// The first day.
    pub from: Date,
    /// The first day after, where somebody else follows at once.
    pub to: Option<Date>,
    /// Who.
    pub persons: Vec<Personal<PersonDetails>>,
    /// As a resident or as the owner.
    pub capacity: Capacity,
    /// Adults who live there; none where nobody has said.
    pub adults: Option<u16>,
    /// How they pay.
    pub payment_method: PaymentMethod,
    /// The bank account, where one is carried over.
    pub bank_details: Option<Personal<BankDetails>>,
}

impl Working {
    /// Nothing has happened yet.
    pub fn of(uprn: Uprn, state: DwellingState) -> Self {
        Self { uprn, before: state.clone(), now: state, events: Vec::new(), misfit: None }
    }

    /// Which dwelling.
    pub fn uprn(&self) -> &Uprn {
        &self.uprn
    }

    /// The dwelling before any of it.
    pub fn before(&self) -> &DwellingState {
        &self.before
    }

    /// The dwelling with all of it.
    pub fn now(&self) -> &DwellingState {
        &self.now
    }

    /// Why an event did not fit; none where all did.
    pub fn misfit(&self) -> Option<&Unapplicable> {
        self.misfit.as_ref()
    }

    /// Adds an event.
    pub fn record(&mut self, event: impl Into<Event>) {
        let event = event.into();
        match self.now.take(Position::START, &event) {
            Ok(()) => self.events.push(event),
            Err(error) => self.misfit = Some(error),
        }
    }

    /// Ends awards that go on beyond a day, then the liability itself: what clashes ends before anything new begins.
    pub fn end_liability(&mut self, account: &AccountRef, to: Date, left_to: Vec<Personal<PersonDetails>>) {
        let awards: Vec<_> = self
            .now
            .account(account)
            .map(|it| it.awards.iter().filter(|award| award.period.goes_beyond(to)).collect())
            .unwrap_or_default();
        let ends: Vec<_> = awards
            .into_iter()
            .map(|award| DiscountEnded {
                account: account.clone(),
                code: award.code.clone(),
                to: to.max(award.period.from),
            })
            .collect();
        for end in ends {
            self.record(end);
        }
        self.record(LiabilityEnded { account: account.clone(), to, left_to });
    }

    /// Opens an account.
    pub fn start_liability(&mut self, new: NewLiability) -> AccountRef {
        let number = u32::try_from(self.now.accounts.len()).unwrap_or(u32::MAX).saturating_add(1);
        let account = AccountRef::nth_of(&self.uprn, number);
        self.record(LiabilityStarted {
            account: account.clone(),
            liable_persons: new.persons,
            period: Period { from: new.from, to: new.to },
            capacity: new.capacity,
            adults: new.adults,
            payment_method: new.payment_method,
            bank_details: new.bank_details,
            imported_row: None,
        });
        account
    }

    /// Awards the single person discount from a day on, to the end of liability at most.
    pub fn award_single_person(&mut self, account: &AccountRef, from: Date) {
        let to = self.now.account(account).and_then(|it| it.period.to);
        let period = Period { from, to };
        self.record(DiscountAwarded {
            account: account.clone(),
            code: AwardCode::single_person(),
            period,
            terms: None,
        });
    }

    /// Works out every charge that is no longer as it was recorded.
    ///
    /// # Errors
    /// When there is no rule for what the facts hold.
    pub fn charge(&mut self, council: &Council) -> Result<(), NoRule> {
        self.charge_what_has_a_rule(council).into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Works out every charge that there is a rule for; the accounts for which there is none are left uncharged and named.
    pub fn charge_what_has_a_rule(&mut self, council: &Council) -> Vec<(AccountRef, NoRule)> {
        let accounts = self.now.accounts.clone();
        let mut without = Vec::new();
        for account in &accounts {
            match recalculated(&self.now, account, council) {
                Ok(charges) => charges.into_iter().for_each(|charge| self.record(charge)),
                Err(error) => without.push((account.account.clone(), error)),
            }
        }
        without
    }

    /// Issues the notices that are due: what is asked for comes to what is owed.
    ///
    /// A year that was charged before and never billed here had been billed by another system.
    pub fn bill(&mut self, council: &Council, issued_on: Date, which: impl Fn(&AccountState) -> bool) {
        for account in self.now.accounts.clone().iter().filter(|it| which(it)) {
            let before = self.before.account(&account.account).cloned();
            let rearranged = billing::rearranged(before.as_ref(), account);
            for (year, charge) in &account.charges {
                let year = *year;
                let charged = before.as_ref().and_then(|it| it.charges.get(&year)).map_or(Money::ZERO, |it| it.net);
                let is_unbilled = charged > Money::ZERO && !account.billing.bills.contains_key(&year);
                if let Some(before) = before.as_ref().filter(|_| is_unbilled) {
                    if charged == charge.net && before.period == account.period && rearranged == Rearranged::Nothing {
                        continue;
                    }
                    self.take_over_bill(before, year, charged, council, issued_on);
                }
                let now = self.now.account(&account.account);
                if let Some(brought_in) = now.and_then(|it| billing::brought_in(it, year, issued_on)) {
                    self.record(brought_in);
                }
                let now = self.now.account(&account.account);
                let notice = now.and_then(|it| billing::notice(it, year, council, issued_on, rearranged));
                if let Some(notice) = notice {
                    self.record(notice);
                }
            }
        }
    }

    /// Takes over the bills of the years that had begun by a day, as another system had issued them; then issues the others.
    pub fn take_over_bills(&mut self, council: &Council, today: Date) {
        for account in self.now.accounts.clone() {
            let is_new = self.before.account(&account.account).is_none();
            for (year, charge) in &account.charges {
                if is_new && year.first_day() <= today && charge.net > Money::ZERO {
                    self.take_over_bill(&account, *year, charge.net, council, today);
                }
            }
        }
        self.bill(council, today, |_| true);
    }

    fn take_over_bill(
        &mut self,
        account: &AccountState,
        year: FinancialYear,
        net: Money,
        council: &Council,
        today: Date,
    ) {
        let is_billed = self.now.account(&account.account).is_some_and(|it| it.billing.bills.contains_key(&year));
        if !is_billed {
            self.record(billing::taken_over(account, year, net, council, today));
        }
    }

    /// The accounts that were opened.
    pub fn accounts_opened(&self) -> Vec<AccountRef> {
        self.now.accounts.iter().skip(self.before.accounts.len()).map(|it| it.account.clone()).collect()
    }

    /// What is to be recorded so far.
    pub fn recorded(&self) -> &[Event] {
        &self.events
    }

    /// What is to be recorded.
    pub fn into_events(self) -> (Uprn, Vec<Event>) {
        (self.uprn, self.events)
    }
}
