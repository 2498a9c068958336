//! What figures of a period are counted from, and what savings are valued with.

use hearth_events::{BudgetReduced, CostModelAdopted, ScenarioRecorded};
use hearth_projections::{Adoption, NotificationRow, Performance, Projection, Savings, SavingsRow, instant_key};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, params};

use super::error::ViewError;
use super::register::body;
use super::{Views, british_day, start_of_day};

/// For how many days a contact counts as caused by what came before it, where policy does not say.
const CONTACT_DAYS: u16 = 30;

/// What savings of a period are worked out from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavingsRows {
    /// The first day of the period; none where it has no beginning.
    pub from: Option<Date>,
    /// The first day after the period; none where it has no end.
    pub to: Option<Date>,
    /// The notifications received in the period and in the days after it in which a contact may be a repeat.
    pub notifications: Vec<NotificationRow>,
    /// Cost models by their first day; each name has one from a day, as last adopted.
    pub cost_models: Vec<CostModelAdopted>,
    /// Every adoption of a cost model, in the order in which they were recorded, name by name.
    pub adoptions: Vec<Adoption>,
    /// Every scenario, by name.
    pub scenarios: Vec<ScenarioRecorded>,
    /// Lines of the budget that fell.
    pub budgets: Vec<BudgetReduced>,
    /// For how many days a contact counts, from each day on, earliest first.
    pub contact_days: Vec<(Date, u16)>,
    /// The days of the first and of the last notification that ever came; none before the first. The service was in use on these.
    pub in_use: Option<(Date, Date)>,
}

impl SavingsRows {
    /// For how many days a contact counts as caused by what came before it, by the policy of a day.
    pub fn contact_days_on(&self, day: Date) -> u16 {
        self.contact_days.iter().rev().find(|(from, _)| *from <= day).map_or(CONTACT_DAYS, |(_, days)| *days)
    }

    /// Cost models as adopted, whatever was adopted before.
    pub fn adopt(&mut self, it: CostModelAdopted) {
        self.cost_models.retain(|model| (&model.name, model.from) != (&it.name, it.from));
        self.cost_models.push(it);
        self.cost_models.sort_by_key(|model| model.from);
    }

    fn take(&mut self, row: SavingsRow) {
        match row {
            SavingsRow::CostModel(adoptions) => {
                for it in &adoptions {
                    self.adopt(it.model.clone());
                }
                self.adoptions.extend(adoptions);
            }
            SavingsRow::Scenario(it) => self.scenarios.push(it),
            SavingsRow::Budget(it) => self.budgets.push(it),
            SavingsRow::ContactDays(all) => self.contact_days = all,
        }
    }
}

impl Views {
    /// What the savings of the days `from` up to, but not including, `to` are worked out from.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn savings(&self, from: Option<Date>, to: Option<Date>) -> Result<SavingsRows, ViewError> {
        let mut rows = SavingsRows { from, to, ..self.savings_basis()? };
        // A contact counts for as many days as the policy of its own day says: the most that any policy says reach them all.
        let longest = rows.contact_days.iter().map(|(_, days)| *days).fold(CONTACT_DAYS, u16::max);
        let end = to.map(|to| to.saturating_add(i64::from(longest).days()));
        rows.notifications = self.notifications_received(from, end)?;
        rows.in_use = self.first_and_last_day()?;
        Ok(rows)
    }

    fn first_and_last_day(&self) -> Result<Option<(Date, Date)>, ViewError> {
        let ends: Vec<NotificationRow> = self.view(Performance::NAME)?.read(|conn| {
            let one = |order: &str| -> rusqlite::Result<Vec<NotificationRow>> {
                conn.prepare_cached(&format!(
                    "SELECT r.body FROM links l JOIN rows r ON r.key = l.key WHERE l.name = ?1 ORDER BY l.value {order} LIMIT 1"
                ))?
                .query_map([Performance::RECEIVED], |row| body(row.get_ref(0)?.as_bytes()?))?
                .collect()
            };
            Ok([one("ASC")?, one("DESC")?].concat())
        })?;
        let days: Vec<_> = ends.iter().map(|it| british_day(it.received_at)).collect();
        Ok(days.first().copied().zip(days.last().copied()))
    }

    /// The same without any notifications: what savings are valued with.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn savings_basis(&self) -> Result<SavingsRows, ViewError> {
        let mut rows = SavingsRows::default();
        let basis: Vec<SavingsRow> = self.view(Savings::NAME)?.read(|conn| within(conn, Savings::BASIS, "", "~"))?;
        for it in basis {
            rows.take(it);
        }
        Ok(rows)
    }

    /// The notifications received on the days `from` up to, but not including, `to`, in the order in which they came.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn notifications_received(
        &self,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<Vec<NotificationRow>, ViewError> {
        let (from, to) = (first_key(from), end_key(to));
        self.view(Performance::NAME)?.read(|conn| within(conn, Performance::RECEIVED, &from, &to))
    }

    /// The notifications that waited for an officer at an instant.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn waiting_at(&self, instant: Timestamp) -> Result<Vec<NotificationRow>, ViewError> {
        let mut rows: Vec<NotificationRow> = self.view(Performance::NAME)?.read(|conn| {
            // What was open then is open now, or was completed since.
            let snapshot = conn.unchecked_transaction()?;
            let mut open = within(&snapshot, Performance::OPEN, "", "~")?;
            open.extend(within(&snapshot, Performance::COMPLETED, &instant_key(instant), "~")?);
            Ok(open)
        })?;
        rows.retain(|it| it.is_open_at(instant));
        rows.sort_by(|one, other| (one.received_at, &one.reference).cmp(&(other.received_at, &other.reference)));
        Ok(rows)
    }

    /// The notifications that had waited for an officer and had their outcome between two instants, the second excluded.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn done_between(&self, from: Timestamp, to: Timestamp) -> Result<Vec<NotificationRow>, ViewError> {
        let (from, to) = (instant_key(from), instant_key(to));
        self.view(Performance::NAME)?.read(|conn| within(conn, Performance::COMPLETED, &from, &to))
    }

    /// The notifications whose submitters were promised one of the days `from` up to, but not including, `to`.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn promised_within(&self, from: Option<Date>, to: Option<Date>) -> Result<Vec<NotificationRow>, ViewError> {
        let from = from.map_or_else(String::new, |it| it.to_string());
        let to = to.map_or_else(|| "~".to_owned(), |it| it.to_string());
        self.view(Performance::NAME)?.read(|conn| within(conn, Performance::PROMISED, &from, &to))
    }
}

fn first_key(from: Option<Date>) -> String {
    from.map_or_else(String::new, |it| instant_key(start_of_day(it)))
}

fn end_key(to: Option<Date>) -> String {
    to.map_or_else(|| "~".to_owned(), |it| instant_key(start_of_day(it)))
}

/// The rows that an index finds from a value up to, but not including, another.
fn within<T: serde::de::DeserializeOwned>(
    conn: &Connection,
    index: &str,
    from: &str,
    to: &str,
) -> rusqlite::Result<Vec<T>> {
    conn.prepare_cached(
        "SELECT r.body FROM links l JOIN rows r ON r.key = l.key
         WHERE l.name = ?1 AND l.value >= ?2 AND l.value < ?3 ORDER BY l.value, l.key",
    )?
    .query_map(params![index, from, to], |row| body(row.get_ref(0)?.as_bytes()?))?
    .collect()
}
