//! The list of work items: filtered, sorted, a page at a time, counted; all from the indexes of the list.

use std::fmt;
use std::str::FromStr;

use hearth_events::{AccountRef, Channel, NotificationKind, NotificationRef, Priority, ReasonCode, Status, Uprn};
use hearth_projections::{Entry, Flag, Projection as _, Work, WorkStatus, Workload, WorkloadRow, rank};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::listing::nanoseconds;
use super::register::{count, row};
use super::workload::british_day;
use super::{ViewError, Views};

/// How many references may be looked up one by one; where there are more, the list is gone through instead.
const FEW: usize = 200;

/// Which work items to list. An empty or absent field asks for any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkItemFilter {
    /// The instant at which the status counts: what was put off until then, and what was left alone, is open again.
    pub at: Timestamp,
    /// Whose work it is.
    pub queues: Vec<String>,
    /// What the notification has come to, see [`Status::as_str`], or how far the item has, see [`WorkStatus::as_str`].
    pub status: Option<String>,
    /// Whether something, or nothing, is left to do.
    pub done: Option<bool>,
    /// A reason among theirs.
    pub reasons: Vec<ReasonCode>,
    /// How soon.
    pub priorities: Vec<Priority>,
    /// What it tells.
    pub kinds: Vec<NotificationKind>,
    /// How it came.
    pub channels: Vec<Channel>,
    /// Who has it.
    pub assigned: Option<Assigned>,
    /// Only what should have been dealt with by the day before, and was not.
    pub overdue: bool,
    /// Only what waits for a supervisor, or only what does not.
    pub escalated: Option<bool>,
    /// All of these, as far as a notification tells them itself: [`Flag::LISTED`].
    pub flags: Vec<Flag>,
    /// Only what came before this instant.
    pub received_before: Option<Timestamp>,
    /// Only these.
    pub only: Option<Vec<NotificationRef>>,
    /// In which order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// Where the page before ended.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: usize,
}

/// Who has an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// Whoever is called so.
    To(String),
    /// Nobody.
    ToNobody,
}

/// The order of a list. What is alike stands in the order of the references.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By reference.
    #[default]
    Reference,
    /// What is due first, then what came first.
    Due,
    /// What came first.
    Received,
    /// The most urgent, then what is due first, then what came first: the order of work.
    Priority,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Reference, Self::Due, Self::Received, Self::Priority];

    /// As written in a query.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Due => "due",
            Self::Received => "received",
            Self::Priority => "priority",
        }
    }

    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Reference => &["key"],
            Self::Due => &["due", "received", "key"],
            Self::Received => &["received", "key"],
            Self::Priority => &["rank", "due", "received", "key"],
        }
    }
}

/// Where an item stands, in whatever order: what a page that follows begins after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    rank: u8,
    due: Date,
    received: i64,
    reference: NotificationRef,
}

impl Place {
    fn value(&self, column: &str) -> Value {
        match column {
            "rank" => Value::Integer(self.rank.into()),
            "due" => Value::Text(self.due.to_string()),
            "received" => Value::Integer(self.received),
            _ => Value::Text(self.reference.to_string()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.rank, self.due, self.received, self.reference)
    }
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const NOT_ONE: &str = "is not a place in a list";
        let mut parts = text.splitn(4, ' ');
        let mut next = || parts.next().ok_or(NOT_ONE);
        Ok(Self {
            rank: next()?.parse().map_err(|_| NOT_ONE)?,
            due: next()?.parse().map_err(|_| NOT_ONE)?,
            received: next()?.parse().map_err(|_| NOT_ONE)?,
            reference: next()?.parse().map_err(|_| NOT_ONE)?,
        })
    }
}

/// One notification that was referred to an officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItem {
    /// What the item is called: the notification's reference.
    pub id: NotificationRef,
    /// The notification.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// Whose work it is.
    pub queue: String,
    /// Why a machine must not decide.
    pub reasons: Vec<ReasonCode>,
    /// How soon.
    pub priority: Priority,
    /// The last working day of the service standard.
    pub due_on: Date,
    /// What it is estimated to take an officer.
    pub minutes_estimated: Decimal,
    /// The accounts concerned.
    pub accounts: Vec<AccountRef>,
    /// The dwellings it lays claim to.
    pub dwellings: Vec<Uprn>,
    /// Other notifications that tell of the same change.
    pub linked: Vec<NotificationRef>,
    /// Who has it, and how far it has come.
    pub work: Work,
    /// What the notification has come to.
    pub status: Status,
    /// When it had its outcome; none while it waits.
    pub completed_at: Option<Timestamp>,
    /// What is remarkable about it, as far as it tells itself.
    pub flags: Vec<Flag>,
    /// How often somebody made contact about it that would not have, had all gone well.
    pub failure_contacts: u32,
}

impl WorkItem {
    /// The item that a notification is; none where it was never referred.
    pub(super) fn of(row: WorkloadRow) -> Option<Self> {
        let flags = row.flags();
        let referral = row.referral?;
        Some(Self {
            id: row.reference.clone(),
            reference: row.reference,
            kind: row.kind,
            channel: row.channel,
            received_at: row.received_at,
            queue: referral.queue,
            reasons: row.reasons,
            priority: referral.priority,
            due_on: referral.due_on,
            minutes_estimated: referral.minutes_estimated,
            accounts: row.accounts,
            dwellings: referral.dwellings,
            linked: row.linked,
            work: referral.work,
            status: row.status,
            completed_at: row.completed_at,
            flags,
            failure_contacts: row.failure_contacts,
        })
    }

    /// Where it stands in a list.
    pub fn place(&self) -> Place {
        Place {
            rank: rank(self.priority),
            due: self.due_on,
            received: nanoseconds(self.received_at),
            reference: self.reference.clone(),
        }
    }
}

impl Views {
    /// What was referred to officers, a page at a time.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn work_items(&self, filter: &WorkItemFilter) -> Result<Vec<WorkItem>, ViewError> {
        self.view(Workload::NAME)?.read(|conn| {
            let snapshot = conn.unchecked_transaction()?;
            let mut items = Vec::new();
            for key in keys(&snapshot, filter)? {
                items.extend(row::<WorkloadRow>(&snapshot, &key)?.and_then(WorkItem::of));
            }
            Ok(items)
        })
    }

    /// How many there are on all pages.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn count_work_items(&self, filter: &WorkItemFilter) -> Result<u64, ViewError> {
        let counted = WorkItemFilter { after: None, ..filter.clone() };
        self.view(Workload::NAME)?.read(|conn| {
            let Asked { conditions, values } = asked(&counted, None);
            let sql = format!("SELECT count(*) FROM listed WHERE {conditions}");
            conn.prepare_cached(&sql)?.query_row(params_from_iter(values), count)
        })
    }

    /// The work item of this reference; none where it was never referred.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn item(&self, reference: &NotificationRef) -> Result<Option<WorkItem>, ViewError> {
        let found = self.view(Workload::NAME)?.read(|conn| row::<WorkloadRow>(conn, reference.as_str()))?;
        Ok(found.and_then(WorkItem::of))
    }
}

/// The keys of a page, in order.
fn keys(conn: &Connection, filter: &WorkItemFilter) -> rusqlite::Result<Vec<String>> {
    let is_few = filter.only.as_ref().is_some_and(|it| it.len() <= FEW);
    // Each index begins with whether the item is done, so where both are asked for it is asked twice, and merged.
    let halves: &[Option<bool>] = match (done(filter), filter.sort) {
        (None, Sort::Due | Sort::Received | Sort::Priority) if !is_few => &[Some(false), Some(true)],
        (_, _) => &[None],
    };
    let order = filter.sort.columns();
    let direction = if filter.descending { " DESC" } else { "" };
    let sorted: Vec<_> = order.iter().map(|it| format!("{it}{direction}")).collect();
    let index = match filter.sort {
        Sort::Reference => "",
        Sort::Due | Sort::Received | Sort::Priority if is_few => "",
        Sort::Due => "INDEXED BY listed_by_due",
        Sort::Received => "INDEXED BY listed_by_received",
        Sort::Priority => "INDEXED BY listed_by_priority",
    };
    let mut found: Vec<(Vec<Value>, String)> = Vec::new();
    for half in halves {
        let Asked { conditions, mut values } = asked(filter, *half);
        let (columns, order) = (order.join(", "), sorted.join(", "));
        let sql = format!("SELECT {columns} FROM listed {index} WHERE {conditions} ORDER BY {order} LIMIT ?");
        values.push(Value::Integer(i64::try_from(filter.limit).unwrap_or(i64::MAX)));
        let mut find = conn.prepare_cached(&sql)?;
        let mut rows = find.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let place: Vec<Value> = (0..filter.sort.columns().len()).map(|it| row.get(it)).collect::<Result<_, _>>()?;
            let last = filter.sort.columns().len().saturating_sub(1);
            found.push((place, row.get(last)?));
        }
    }
    if halves.len() > 1 {
        found.sort_by(|(one, _), (other, _)| before(one, other));
        if filter.descending {
            found.reverse();
        }
        found.truncate(filter.limit);
    }
    Ok(found.into_iter().map(|(_, key)| key).collect())
}

/// Which of two places comes first. The columns of an order are numbers or texts, each always the same.
fn before(one: &[Value], other: &[Value]) -> std::cmp::Ordering {
    let compared = one.iter().zip(other).map(|pair| match pair {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (_, _) => std::cmp::Ordering::Equal,
    });
    compared.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

/// That whoever has an item has it still.
const HELD: &str = "(work != 'claimed' OR until IS NULL OR until > ?)";

/// What a filter asks for, in SQL.
struct Asked {
    conditions: String,
    values: Vec<Value>,
}

impl Asked {
    fn add(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        if !self.conditions.is_empty() {
            self.conditions += " AND ";
        }
        self.conditions += condition;
        self.values.extend(values);
    }

    fn one_of(&mut self, column: &str, values: Vec<Value>) {
        if !values.is_empty() {
            let places = vec!["?"; values.len()].join(", ");
            self.add(&format!("{column} IN ({places})"), values);
        }
    }
}

/// Whether something is left to do with what is asked for; none where either may be.
fn done(filter: &WorkItemFilter) -> Option<bool> {
    let by_status = filter.status.as_deref().and_then(|text| {
        let is_waiting = WorkStatus::ALL.iter().any(|it| it.as_str() == text && *it != WorkStatus::Done);
        let is_done = ["done", "applied", "rejected", "duplicate", "withdrawn"].contains(&text);
        if is_waiting { Some(false) } else { is_done.then_some(true) }
    });
    filter.done.or(filter.overdue.then_some(false)).or(by_status)
}

fn asked(filter: &WorkItemFilter, half: Option<bool>) -> Asked {
    let text = |it: &str| Value::Text(it.to_owned());
    let mut asked = Asked { conditions: String::new(), values: Vec::new() };
    let (day, now) = (british_day(filter.at).to_string(), nanoseconds(filter.at));
    match half.or_else(|| done(filter)) {
        Some(done) => asked.add("done = ?", [Value::Integer(done.into())]),
        None => asked.add("done IN (0, 1)", []),
    }
    asked.one_of("queue", filter.queues.iter().map(|it| text(it)).collect());
    asked.one_of("rank", filter.priorities.iter().map(|it| Value::Integer(rank(*it).into())).collect());
    asked.one_of("kind", filter.kinds.iter().map(|it| text(it.as_str())).collect());
    asked.one_of("channel", filter.channels.iter().map(|it| text(it.as_str())).collect());
    if let Some(status) = filter.status.as_deref() {
        with_status(&mut asked, status, &day, now);
    }
    if !filter.reasons.is_empty() {
        asked.add("reasons & ? != 0", [Value::Integer(Entry::reason_bits(&filter.reasons))]);
    }
    if !filter.flags.is_empty() {
        let bits = Value::Integer(Entry::flag_bits(&filter.flags));
        asked.add("flags & ? = ?", [bits.clone(), bits]);
    }
    match &filter.assigned {
        None => {}
        Some(Assigned::To(officer)) => {
            asked.add(&format!("holder = ? AND {HELD}"), [text(officer), Value::Integer(now)]);
        }
        Some(Assigned::ToNobody) => asked.add(&format!("(holder IS NULL OR NOT {HELD})"), [Value::Integer(now)]),
    }
    if filter.overdue {
        asked.add("due < ?", [text(&day)]);
    }
    if let Some(escalated) = filter.escalated {
        asked.add("escalated = ?", [Value::Integer(escalated.into())]);
    }
    if let Some(before) = filter.received_before {
        asked.add("received < ?", [Value::Integer(nanoseconds(before))]);
    }
    if let Some(only) = &filter.only {
        let list = serde_json::to_string(only).unwrap_or_default();
        asked.add("key IN (SELECT value FROM json_each(?))", [Value::Text(list)]);
    }
    if let Some(after) = &filter.after {
        let columns = filter.sort.columns();
        let (sign, places) = (if filter.descending { "<" } else { ">" }, vec!["?"; columns.len()].join(", "));
        let values: Vec<_> = columns.iter().map(|it| after.value(it)).collect();
        asked.add(&format!("({}) {sign} ({places})", columns.join(", ")), values);
    }
    asked
}

/// What has this status at an instant, as an item; as a notification where no item has such a one.
fn with_status(asked: &mut Asked, status: &str, day: &str, now: i64) {
    let (day, now) = (Value::Text(day.to_owned()), Value::Integer(now));
    let named = || Value::Text(status.to_owned());
    match WorkStatus::ALL.into_iter().find(|it| it.as_str() == status) {
        Some(WorkStatus::Open) => asked.add(
            "(work = 'open' OR (work IN ('deferred', 'awaiting-evidence', 'awaiting-confirmation') AND back_on <= ?) \
             OR (work = 'claimed' AND until <= ?))",
            [day, now],
        ),
        Some(WorkStatus::Claimed) => asked.add("work = 'claimed' AND (until IS NULL OR until > ?)", [now]),
        Some(WorkStatus::Deferred | WorkStatus::AwaitingEvidence | WorkStatus::AwaitingConfirmation) => {
            asked.add("work = ? AND (back_on IS NULL OR back_on > ?)", [named(), day]);
        }
        Some(WorkStatus::AwaitingAuthorisation | WorkStatus::Done) => asked.add("work = ?", [named()]),
        None => asked.add("status = ?", [named()]),
    }
}
