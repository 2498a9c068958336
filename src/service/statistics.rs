//! Figures of the queue: what came, what was done, what is left and how old it is, whose work took how long, how often it
//! was wrong. Ages are in working days, minutes are measured from the claim to the decision.

use std::collections::BTreeMap;

use hearth_events::{ErrorClass, Money, NotificationKind};
use hearth_projections::WorkloadRow;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Service, ServiceError};
use crate::rules::working_days::{working_days_before, working_days_between};
use crate::views::{ViewError, Views, Waiting, british_day};

/// Over how many working days the daily output is taken.
pub const OUTPUT_WORKING_DAYS: u16 = 20;

/// The last working day of each band of age but the last one, which has no end.
pub const AGE_BANDS: [i32; 4] = [5, 10, 20, 30];

/// The figures of a period, and of what waits at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// The instant at which what waits was counted.
    pub as_of: Timestamp,
    /// The first day of the period.
    pub from: Date,
    /// The first day after it.
    pub to: Date,
    /// All queues together.
    pub all: QueueFigures,
    /// Each queue.
    pub queues: BTreeMap<String, QueueFigures>,
    /// Each officer who decided something in the period.
    pub officers: BTreeMap<String, WorkFigures>,
    /// Each kind of which something was decided in the period.
    pub kinds: BTreeMap<&'static str, WorkFigures>,
    /// What checking the machine's decisions came to.
    pub checks_of_machine: CheckFigures,
    /// What checking officers' decisions came to.
    pub checks_of_officers: CheckFigures,
}

/// A queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFigures {
    /// Items that came in the period.
    pub received: u64,
    /// Items that were done in it.
    pub completed: u64,
    /// Items that wait.
    pub outstanding: u64,
    /// How old these are on average, in working days, to one decimal; none where nothing waits.
    pub average_age: Option<Decimal>,
    /// The age that half of them are not above.
    pub median_age: Option<i32>,
    /// When the oldest of them came.
    pub oldest_received: Option<Timestamp>,
    /// How many are of each band of age, see [`AGE_BANDS`].
    pub age_bands: [u64; 5],
    /// For how many working days there is work at the output of late; none where there was none.
    pub days_of_work: Option<Decimal>,
    /// Percent of what waits that was put off or waits for somebody outside.
    pub pend_percent: Option<Decimal>,
    /// Percent of what was done in the period that was done after its day.
    pub breach_percent: Option<Decimal>,
    /// What it took.
    pub work: WorkFigures,
}

/// What the work took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkFigures {
    /// Items that officers decided.
    pub decided: u64,
    /// Steps an item, on average, to one decimal.
    pub touches: Option<Decimal>,
    /// Percent of them that were claimed and decided and nothing else.
    pub first_time_percent: Option<Decimal>,
    /// Minutes an item from the claim to the decision, on average, to one decimal.
    pub average_minutes: Option<Decimal>,
    /// The minutes that half of them are not above.
    pub median_minutes: Option<i64>,
}

/// What checks came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckFigures {
    /// Decisions that were checked in the period.
    pub checked: u64,
    /// How many had which fault.
    pub by_class: BTreeMap<ErrorClass, u64>,
    /// Percent of them that had any.
    pub error_percent: Option<Decimal>,
    /// How much money was wrong.
    pub value: Money,
}

impl Service {
    /// The figures of the days `from` up to, but not including, `to`: the last twenty working days where nothing is said.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn statistics(&self, from: Option<Date>, to: Option<Date>) -> Result<Statistics, ServiceError> {
        let (views, now) = (self.views.clone(), self.clock.now());
        let read = tokio::task::spawn_blocking(move || figures(&views, now, from, to));
        Ok(read.await.map_err(|error| ServiceError::Log(error.to_string()))??)
    }
}

fn figures(views: &Views, now: Timestamp, from: Option<Date>, to: Option<Date>) -> Result<Statistics, ViewError> {
    let today = british_day(now);
    let tomorrow = today.tomorrow().unwrap_or(Date::MAX);
    let to = to.unwrap_or(tomorrow);
    let from = from.unwrap_or_else(|| working_days_before(to, OUTPUT_WORKING_DAYS));
    let is_item = |it: &WorkloadRow| it.referral.is_some();
    let completed: Vec<_> = views.completed_between(from, to)?.into_iter().filter(is_item).collect();
    let late_from = working_days_before(tomorrow, OUTPUT_WORKING_DAYS);
    let lately =
        if (late_from, tomorrow) == (from, to) { None } else { Some(views.completed_between(late_from, tomorrow)?) };
    let lately: Vec<_> = lately.map_or_else(|| completed.clone(), |all| all.into_iter().filter(is_item).collect());
    let mut all = Gathered::default();
    let mut queues: BTreeMap<String, Gathered> = BTreeMap::new();
    for (queue, received) in views.received_between(from, to)? {
        all.received += received;
        queues.entry(queue).or_default().received += received;
    }
    let mut ages = Ages { today, known: BTreeMap::new() };
    for it in views.waiting(now)? {
        let age = ages.of(it.received_at);
        all.wait(&it, age);
        queues.entry(it.queue.clone()).or_default().wait(&it, age);
    }
    for it in &lately {
        all.output += 1;
        queues.entry(queue_of(it)).or_default().output += 1;
    }
    let (mut officers, mut kinds) = (BTreeMap::<String, Taken>::new(), BTreeMap::<&'static str, Taken>::new());
    for it in &completed {
        all.complete(it);
        queues.entry(queue_of(it)).or_default().complete(it);
        if let Some(ruled) = &it.decided {
            officers.entry(ruled.officer.clone()).or_default().add(it);
            kinds.entry(NotificationKind::as_str(it.kind)).or_default().add(it);
        }
    }
    let (machine, by_officers): (Vec<_>, Vec<_>) =
        views.checked_between(from, to)?.into_iter().partition(|it| it.decided.is_none());
    Ok(Statistics {
        as_of: now,
        from,
        to,
        all: all.figures(),
        queues: queues.into_iter().map(|(queue, it)| (queue, it.figures())).collect(),
        officers: officers.into_iter().map(|(officer, it)| (officer, it.figures())).collect(),
        kinds: kinds.into_iter().map(|(kind, it)| (kind, it.figures())).collect(),
        checks_of_machine: checks(&machine),
        checks_of_officers: checks(&by_officers),
    })
}

fn queue_of(row: &WorkloadRow) -> String {
    row.referral.as_ref().map(|it| it.queue.clone()).unwrap_or_default()
}

/// Ages in working days; each day of receipt is counted once.
struct Ages {
    today: Date,
    known: BTreeMap<Date, i32>,
}

impl Ages {
    fn of(&mut self, received_at: Timestamp) -> i32 {
        let (day, today) = (british_day(received_at), self.today);
        *self.known.entry(day).or_insert_with(|| working_days_between(day, today).max(0))
    }
}

/// What a queue's figures are worked out from.
#[derive(Default)]
struct Gathered {
    received: u64,
    completed: u64,
    late: u64,
    output: u64,
    ages: Vec<i32>,
    oldest: Option<Timestamp>,
    pended: u64,
    taken: Taken,
}

impl Gathered {
    fn wait(&mut self, it: &Waiting, age: i32) {
        self.ages.push(age);
        self.oldest = Some(self.oldest.map_or(it.received_at, |oldest| oldest.min(it.received_at)));
        self.pended += u64::from(it.pended);
    }

    fn complete(&mut self, row: &WorkloadRow) {
        self.completed += 1;
        let on = row.completed_at.map(british_day);
        let is_late = row.referral.as_ref().zip(on).is_some_and(|(referral, on)| referral.due_on < on);
        self.late += u64::from(is_late);
        if row.decided.is_some() {
            self.taken.add(row);
        }
    }

    fn figures(mut self) -> QueueFigures {
        self.ages.sort_unstable();
        let outstanding = number(self.ages.len());
        let mut age_bands = [0; 5];
        for age in &self.ages {
            let band = AGE_BANDS.iter().position(|last| age <= last).unwrap_or(AGE_BANDS.len());
            age_bands.iter_mut().skip(band).take(1).for_each(|it| *it += 1);
        }
        let sum: i64 = self.ages.iter().copied().map(i64::from).sum();
        QueueFigures {
            received: self.received,
            completed: self.completed,
            outstanding,
            average_age: ratio(Decimal::from(sum), outstanding),
            median_age: middle(&self.ages),
            oldest_received: self.oldest,
            age_bands,
            days_of_work: ratio(Decimal::from(outstanding) * Decimal::from(OUTPUT_WORKING_DAYS), self.output),
            pend_percent: percent(self.pended, outstanding),
            breach_percent: percent(self.late, self.completed),
            work: self.taken.figures(),
        }
    }
}

/// What officers' decisions took.
#[derive(Default)]
struct Taken {
    seconds: Vec<i64>,
    touches: u64,
    first_time: u64,
}

/// A claim and a decision.
const FIRST_TIME: u32 = 2;

impl Taken {
    fn add(&mut self, row: &WorkloadRow) {
        let Some(ruled) = &row.decided else { return };
        self.seconds.push(ruled.decided_at.duration_since(ruled.claimed_at).as_secs().max(0));
        let touches = row.referral.as_ref().map_or(0, |it| it.work.touches);
        self.touches += u64::from(touches);
        self.first_time += u64::from(touches <= FIRST_TIME);
    }

    fn figures(mut self) -> WorkFigures {
        self.seconds.sort_unstable();
        let decided = number(self.seconds.len());
        let minutes = Decimal::from(self.seconds.iter().sum::<i64>()) / Decimal::from(60);
        WorkFigures {
            decided,
            touches: ratio(Decimal::from(self.touches), decided),
            first_time_percent: percent(self.first_time, decided),
            average_minutes: ratio(minutes, decided),
            median_minutes: middle(&self.seconds).map(|it| it / 60),
        }
    }
}

fn checks(rows: &[WorkloadRow]) -> CheckFigures {
    let mut figures = CheckFigures::default();
    for it in rows.iter().filter_map(|it| it.checked.as_ref()) {
        figures.checked += 1;
        *figures.by_class.entry(it.error).or_default() += 1;
        figures.value = figures.value + it.value.unwrap_or(Money::ZERO);
    }
    let right = figures.by_class.get(&ErrorClass::None).copied().unwrap_or_default();
    figures.error_percent = percent(figures.checked - right, figures.checked);
    figures
}

fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

fn middle<T: Copy>(sorted: &[T]) -> Option<T> {
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

fn percent(part: u64, of: u64) -> Option<Decimal> {
    ratio(Decimal::from(part) * Decimal::ONE_HUNDRED, of)
}

/// So much for each, to one decimal; none where there is none.
fn ratio(sum: Decimal, of: u64) -> Option<Decimal> {
    let each = sum.checked_div(Decimal::from(of))?;
    let mut each = each.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    each.rescale(1);
    Some(each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ages_fall_into_their_bands_and_work_lasts_as_long_as_output_has_it() {
        let now: Timestamp = "2016-03-14T12:00:00Z".parse().unwrap();
        let mut ages = Ages { today: british_day(now), known: BTreeMap::new() };
        let mut queue = Gathered { output: 10, ..Gathered::default() };
        for day in [date(2016, 3, 14), date(2016, 3, 7), date(2016, 3, 4), date(2016, 2, 29), date(2016, 1, 4)] {
            let received_at = crate::views::start_of_day(day);
            let waiting = Waiting { queue: "moves".into(), received_at, due_on: day, pended: day.day() == 4 };
            let age = ages.of(received_at);
            queue.wait(&waiting, age);
        }
        let figures = queue.figures();
        assert_eq!(figures.age_bands, [2, 2, 0, 0, 1]);
        assert_eq!((figures.outstanding, figures.median_age), (5, Some(6)));
        assert_eq!(figures.average_age.unwrap().to_string(), "14.2", "0, 5, 6, 10 and 50");
        assert_eq!(figures.days_of_work.unwrap().to_string(), "10.0", "five at half a one a day");
        assert_eq!(figures.pend_percent.unwrap().to_string(), "40.0");
        assert_eq!(figures.breach_percent, None, "nothing was completed");
    }

    #[test]
    fn a_middle_is_of_the_lower_half() {
        assert_eq!(middle::<i32>(&[]), None);
        assert_eq!(middle(&[1]), Some(1));
        assert_eq!(middle(&[1, 2]), Some(1));
        assert_eq!(middle(&[1, 2, 3]), Some(2));
    }
}
