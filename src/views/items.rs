//! The list of work items: filtered, sorted, a page at a time, counted; all from the indexes of the list.

use std::collections::BTreeSet;
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

/// How many references are looked up one by one; where there are more, the list is gone through instead.
const FEW: usize = 2_000;

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
    /// Nothing that lays claim to one of these dwellings: they are fenced for whoever asks.
    pub not_at: BTreeSet<Uprn>,
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
            Self::Reference => &["listed.key"],
            Self::Due => &["due", "received", "listed.key"],
            Self::Received => &["received", "listed.key"],
            Self::Priority => &["rank", "due", "received", "listed.key"],
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
        self.view(Workload::NAME)?.read(|conn| counted(conn, filter))
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
    // Each index begins with whether the item is done, so where both are asked for it is asked twice, and merged.
    let halves: &[Option<bool>] = match (done(filter), source(filter)) {
        (None, Source::Index(_)) => &[Some(false), Some(true)],
        (_, _) => &[None],
    };
    let mut found: Vec<(Vec<Value>, String)> = Vec::new();
    for half in halves {
        found.extend(half_of(conn, filter, *half)?);
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

/// From where a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// From the references that are asked for, one by one.
    Few,
    /// From the table itself, which is in the order of the references.
    Table,
    /// From this index, which is in the order that is asked for.
    Index(&'static str),
}

fn source(filter: &WorkItemFilter) -> Source {
    if filter.only.as_ref().is_some_and(|it| it.len() <= FEW) {
        return Source::Few;
    }
    match filter.sort {
        Sort::Reference => Source::Table,
        Sort::Due => Source::Index("listed INDEXED BY listed_by_due"),
        Sort::Received => Source::Index("listed INDEXED BY listed_by_received"),
        Sort::Priority => Source::Index("listed INDEXED BY listed_by_priority"),
    }
}

impl Source {
    /// The table with how it is gone through, and its condition on `done`, which is one of an index or of none.
    const fn sql(self) -> (&'static str, &'static str) {
        match self {
            Self::Few => ("json_each(?) few CROSS JOIN listed ON listed.key = few.value", "+done"),
            Self::Table => ("listed", "+done"),
            Self::Index(table) => (table, "done"),
        }
    }
}

/// The places and keys of a page of what is done, of what is not, or of both.
fn half_of(
    conn: &Connection,
    filter: &WorkItemFilter,
    half: Option<bool>,
) -> rusqlite::Result<Vec<(Vec<Value>, String)>> {
    let (source, direction) = (source(filter), if filter.descending { " DESC" } else { "" });
    let (columns, (table, done)) = (filter.sort.columns(), source.sql());
    let Asked { conditions, values } = asked(filter, half, (source, done));
    let order = columns.iter().map(|it| format!("{it}{direction}")).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT {}, listed.key FROM {table} WHERE {conditions} ORDER BY {order}", columns.join(", "));
    let only = wanted(filter, source);
    let mut find = conn.prepare_cached(&sql)?;
    let mut rows = find.query(params_from_iter(values))?;
    let mut found = Vec::new();
    // What is left out here is left out before it is read: the rows come from the index one by one.
    while found.len() < filter.limit {
        let Some(row) = rows.next()? else { break };
        let key = row.get_ref(columns.len())?.as_str()?;
        if only.as_ref().is_none_or(|only| only.contains(key)) {
            let place = (0..columns.len()).map(|it| row.get(it)).collect::<Result<_, _>>()?;
            found.push((place, key.to_owned()));
        }
    }
    Ok(found)
}

/// The references that are asked for, where the list is gone through for them.
fn wanted(filter: &WorkItemFilter, source: Source) -> Option<BTreeSet<&str>> {
    let only = filter.only.as_ref().filter(|_| source != Source::Few)?;
    Some(only.iter().map(NotificationRef::as_str).collect())
}

fn counted(conn: &Connection, filter: &WorkItemFilter) -> rusqlite::Result<u64> {
    // In the order of the references nothing is sorted, and the narrowest index is chosen where there is nothing to look up.
    let filter = WorkItemFilter { after: None, sort: Sort::Reference, ..filter.clone() };
    let source = source(&filter);
    let (table, done) = if source == Source::Few { source.sql() } else { ("listed", "done") };
    let Asked { conditions, values } = asked(&filter, None, (source, done));
    let Some(only) = wanted(&filter, source) else {
        let sql = format!("SELECT count(*) FROM {table} WHERE {conditions}");
        return conn.prepare_cached(&sql)?.query_row(params_from_iter(values), count);
    };
    let mut find = conn.prepare_cached(&format!("SELECT listed.key FROM {table} WHERE {conditions}"))?;
    let mut rows = find.query(params_from_iter(values))?;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += u64::from(only.contains(row.get_ref(0)?.as_str()?));
    }
    Ok(number)
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

/// What a filter asks for, of what is read from a source under its condition on `done`.
fn asked(filter: &WorkItemFilter, half: Option<bool>, (source, done_is): (Source, &str)) -> Asked {
    let text = |it: &str| Value::Text(it.to_owned());
    let mut asked = Asked { conditions: String::new(), values: Vec::new() };
    if let Some(only) = filter.only.as_ref().filter(|_| source == Source::Few) {
        // It stands before the conditions in the query; each reference once, as each gives a row.
        let only: BTreeSet<_> = only.iter().collect();
        asked.values.push(Value::Text(serde_json::to_string(&only).unwrap_or_default()));
    }
    let (day, now) = (british_day(filter.at).to_string(), nanoseconds(filter.at));
    match half.or_else(|| done(filter)) {
        Some(done) => asked.add(&format!("{done_is} = ?"), [Value::Integer(done.into())]),
        None => asked.add("+done IN (0, 1)", []),
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
    if !filter.not_at.is_empty() {
        let (index, list) = (text(Workload::AT), serde_json::to_string(&filter.not_at).unwrap_or_default());
        asked.add(
            "listed.key NOT IN (SELECT l.key FROM json_each(?) f CROSS JOIN links l ON l.name = ? AND l.value = f.value)",
            [Value::Text(list), index],
        );
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
