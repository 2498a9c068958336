//! A `[[policy]]` of `council.toml`: what the council adopted with effect from a day.

use hearth_events::PolicyAdopted;
use rust_decimal::Decimal;
use serde_json::Value;

use super::Defect;
use super::council::FILE;
use crate::decision::table::{CHECKS, fails_of};
use crate::rules::{Council, awards};

pub(super) const KEYS: [&str; 24] = [
    "from",
    "future_limit_days",
    "backdate_limit_days",
    "refund_limit",
    "charge_movement_limit",
    "service_standard_working_days",
    "empty_discount_percent",
    "care_leaver_percent",
    "empty_premium",
    "instalment_rounding",
    "death_discount_starts",
    "local_discounts",
    "second_home_premium_percent",
    "review_months",
    "instalments",
    "instalment_day",
    "third_party_wait_days",
    "third_party_silence",
    "recovery_hold_days",
    "contact_days",
    "claim_minutes",
    "checked_percent",
    "alert_working_days",
    "second_person_checks",
];

/// The local discounts that a council determines (s.11A), with the most that the law allows.
const LOCAL: [(&str, u16); 4] = [("D-LOC-A", 50), ("D-LOC-B", 50), ("D-LOC-C", 100), ("D-LOC-D", 100)];

/// What is wrong with a value, by its key.
type Fault = (Option<&'static str>, String);

/// Reads the `number`-th policy of the file.
pub(super) fn read(
    number: usize,
    table: &toml::Table,
    text: &str,
    defects: &mut Vec<Defect>,
    warnings: &mut Vec<String>,
) -> Option<PolicyAdopted> {
    for key in table.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        warnings.push(format!("{FILE}, policy, key {key}: is not known to this version and has no effect"));
    }
    // Percentages may stand bare in the file; events hold them as decimals, so they pass through text.
    let as_event = serde_json::to_value(table).map(percentages_as_text);
    let read = as_event.map_err(|error| vec![(None, error.to_string())]).and_then(|value| {
        let policy = serde_path_to_error::deserialize::<_, PolicyAdopted>(value).map_err(|error| {
            let (path, problem) = (error.path().to_string(), error.into_inner().to_string());
            vec![(named(&path).or_else(|| named_in(&problem)), problem)]
        })?;
        let faults = faults(&policy);
        if faults.is_empty() { Ok(policy) } else { Err(faults) }
    });
    let defect = |(key, problem): Fault| Defect {
        file: FILE.to_owned(),
        line: line_of(text, number, key),
        column: key.map(str::to_owned),
        problem: format!("policy: {problem}"),
    };
    read.map_err(|faults| defects.extend(faults.into_iter().map(defect))).ok()
}

/// The key that a path leads into.
fn named(path: &str) -> Option<&'static str> {
    let first = path.split(['.', '[']).next().unwrap_or_default();
    KEYS.into_iter().find(|key| *key == first)
}

fn named_in(problem: &str) -> Option<&'static str> {
    KEYS.into_iter().find(|key| problem.contains(&format!("`{key}`")))
}

/// What the law or good sense does not allow, by key.
fn faults(policy: &PolicyAdopted) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut within = |key: &'static str, what: &str, value: Option<Decimal>, least: u16, most: u16| {
        if value.is_some_and(|it| it < Decimal::from(least) || it > Decimal::from(most)) {
            faults.push((Some(key), format!("{what} must be from {least} to {most}")));
        }
    };
    within("empty_discount_percent", "the percent", policy.empty_discount_percent, 0, 100);
    within("care_leaver_percent", "the percent", policy.care_leaver_percent, 0, 100);
    within("second_home_premium_percent", "the percent", policy.second_home_premium_percent, 0, 100);
    within("instalment_day", "the day of the month", policy.instalment_day.map(Decimal::from), 1, 28);
    within("third_party_wait_days", "the days", policy.third_party_wait_days.map(Decimal::from), 1, 60);
    within("recovery_hold_days", "the days", policy.recovery_hold_days.map(Decimal::from), 1, 366);
    within("contact_days", "the days", policy.contact_days.map(Decimal::from), 1, 366);
    within("claim_minutes", "the minutes", policy.claim_minutes.map(Decimal::from), 5, 1_440);
    within("checked_percent", "the percent", policy.checked_percent.map(Decimal::from), 0, 100);
    within("alert_working_days", "the working days", policy.alert_working_days.map(Decimal::from), 1, 250);
    for tier in policy.empty_premium.iter().flatten() {
        within("empty_premium", "the percent of a tier", Some(tier.percent), 0, 300);
        within("empty_premium", "the years of a tier", Some(tier.years.into()), 1, 100);
    }
    for (code, percent) in policy.local_discounts.iter().flatten() {
        if let Some((_, most)) = LOCAL.iter().find(|(it, _)| it == code) {
            within("local_discounts", &format!("the percent of {code}"), Some(*percent), 0, *most);
        }
    }
    for (code, months) in policy.review_months.iter().flatten() {
        within("review_months", &format!("the months of {code}"), Some(Decimal::from(*months)), 1, 120);
    }
    if policy.death_discount_starts.as_deref().is_some_and(|it| !Council::DEATH_DISCOUNT.contains(&it)) {
        faults.push((Some("death_discount_starts"), format!("must be {}", Council::DEATH_DISCOUNT.join(" or "))));
    }
    if policy.instalments.is_some_and(|it| it != 10 && it != 12) {
        faults.push((Some("instalments"), "must be 10 or 12".to_owned()));
    }
    for code in policy.local_discounts.iter().flat_map(|it| it.keys()) {
        if LOCAL.iter().all(|(it, _)| it != code) {
            let known = LOCAL.map(|(code, _)| code).join(", ");
            faults.push((Some("local_discounts"), format!("{code} is no local discount: give one of {known}")));
        }
    }
    for code in policy.review_months.iter().flat_map(|it| it.keys()) {
        if code.parse().ok().and_then(|code| awards::row(&code)).is_none() {
            let problem = format!("{code} is no award: give the code of one, such as D-SPD or X-F");
            faults.push((Some("review_months"), problem));
        }
    }
    let can_be_passed_over = |check: &str| fails_of(check).iter().any(|it| it.is_overridable());
    for check in policy.second_person_checks.iter().flatten().filter(|it| !can_be_passed_over(it)) {
        let known: Vec<_> = CHECKS.iter().map(|it| it.check).filter(|it| can_be_passed_over(it)).collect();
        let problem = format!("{check} is no check that an officer can pass over: give one of {}", known.join(", "));
        faults.push((Some("second_person_checks"), problem));
    }
    let tabled = policy.local_discounts.as_ref().and_then(|it| it.get("D-LOC-C").copied());
    if tabled.zip(policy.empty_discount_percent).is_some_and(|(one, other)| one != other) {
        let problem = "D-LOC-C is not what empty_discount_percent says: leave one of them out";
        faults.push((Some("local_discounts"), problem.to_owned()));
    }
    faults
}

/// The line of a key of the `number`-th policy, or of the policy itself.
pub(super) fn line_of(text: &str, number: usize, key: Option<&str>) -> Option<u64> {
    let lines = text.lines().map(str::trim_start).zip(1..);
    let mut from = lines.filter(|(line, _)| line.starts_with("[[policy]]")).skip(number);
    let (_, heading) = from.next()?;
    let within = text.lines().map(str::trim_start).zip(1..).skip_while(|(_, line)| *line <= heading);
    let mut within = within.take_while(|(line, _)| !line.starts_with("[["));
    let is_key = |line: &str, key: &str| {
        // `key = …`, `key.CODE = …` or a table of its own, `[policy.key]`.
        let rest = line.strip_prefix("[policy.").unwrap_or(line).strip_prefix(key);
        rest.is_some_and(|it| it.starts_with(|it: char| it.is_whitespace() || matches!(it, '=' | '.' | ']')))
    };
    Some(key.and_then(|key| within.find(|(line, _)| is_key(line, key))).map_or(heading, |(_, line)| line))
}

fn percentages_as_text(mut value: Value) -> Value {
    let to_text = |slot: &mut Value| {
        if let Value::Number(number) = slot {
            *slot = Value::String(number.to_string());
        }
    };
    for key in ["care_leaver_percent", "empty_discount_percent", "second_home_premium_percent"] {
        value.get_mut(key).into_iter().for_each(to_text);
    }
    let tiers = value.get_mut("empty_premium").and_then(Value::as_array_mut);
    tiers.into_iter().flatten().filter_map(|it| it.get_mut("percent")).for_each(to_text);
    let discounts = value.get_mut("local_discounts").and_then(Value::as_object_mut);
    discounts.into_iter().flat_map(|it| it.values_mut()).for_each(to_text);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adopted(keys: &str) -> Result<PolicyAdopted, Vec<String>> {
        let text =
            format!("name = \"x\"\n\n[[policy]]\nfrom = \"2013-04-01\"\n\n[[policy]]\nfrom = \"2024-04-01\"\n{keys}\n");
        let whole: toml::Table = toml::from_str(&text).unwrap();
        let table = whole["policy"][1].as_table().unwrap();
        let (mut defects, mut warnings) = (Vec::new(), Vec::new());
        let policy = read(1, table, &text, &mut defects, &mut warnings);
        assert_eq!(warnings, Vec::<String>::new());
        policy.ok_or_else(|| defects.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_key_is_read_as_the_event_holds_it() {
        let keys = "local_discounts = { D-LOC-A = 50, D-LOC-D = 12.5 }\nsecond_home_premium_percent = 100\n\
            review_months = { D-SPD = 24, X-E = 12 }\ninstalments = 12\ninstalment_day = 28\nthird_party_wait_days = 14\n\
            third_party_silence = \"apply\"\nrecovery_hold_days = 28\ncare_leaver_percent = 100\n\
            second_person_checks = [\"evidence-present\"]";
        let it = adopted(keys).unwrap();
        let discounts = it.local_discounts.unwrap();
        assert_eq!((discounts["D-LOC-A"].to_string(), discounts["D-LOC-D"].to_string()), ("50".into(), "12.5".into()));
        assert_eq!(it.second_home_premium_percent, Some(Decimal::ONE_HUNDRED));
        assert_eq!(it.review_months.unwrap()["X-E"], 12);
        assert_eq!((it.instalments, it.instalment_day, it.third_party_wait_days), (Some(12), Some(28), Some(14)));
        assert_eq!((it.third_party_silence, it.recovery_hold_days), (Some(hearth_events::Silence::Apply), Some(28)));
        assert_eq!(it.care_leaver_percent, Some(Decimal::ONE_HUNDRED));
        assert_eq!(it.second_person_checks, Some(vec!["evidence-present".to_owned()]));
        assert_eq!(adopted("second_person_checks = []").unwrap().second_person_checks, Some(Vec::new()));
        assert!(adopted("[policy.local_discounts]\nD-LOC-C = 100").is_ok());
    }

    #[test]
    fn what_care_leavers_are_given_is_a_percent() {
        for (value, expected) in [("101", "the percent must be from 0 to 100"), ("\"all\"", "")] {
            let defects = adopted(&format!("care_leaver_percent = {value}")).unwrap_err();
            let expected = format!("line 8, column care_leaver_percent: policy: {expected}");
            assert!(defects[0].contains(&expected), "{value}: {defects:?}");
        }
    }

    #[test]
    fn what_takes_a_second_person_is_a_check_that_can_be_passed_over() {
        for (keys, expected) in [
            (
                "checked_percent = 5\nsecond_person_checks = [\"submitter-identified\", \"account-open\"]",
                "line 9, column second_person_checks: policy: account-open is no check that an officer can pass over: give one of ",
            ),
            ("second_person_checks = \"all\"", "line 8, column second_person_checks: policy: "),
        ] {
            let defects = adopted(keys).unwrap_err();
            assert!(defects[0].contains(expected), "{keys}: {defects:?}");
        }
    }

    #[test]
    fn what_cannot_be_adopted_is_named_by_line_and_key() {
        for (keys, expected) in [
            (
                "local_discounts = { D-LOC-B = 51 }",
                "line 8, column local_discounts: policy: the percent of D-LOC-B must be from 0 to 50",
            ),
            (
                "local_discounts = { D-SPD = 25 }",
                "line 8, column local_discounts: policy: D-SPD is no local discount: give one of D-LOC-A",
            ),
            ("local_discounts = { D-LOC-C = \"much\" }", "line 8, column local_discounts: policy: "),
            (
                "\n[policy.local_discounts]\nD-LOC-D = 101",
                "line 9, column local_discounts: policy: the percent of D-LOC-D must be from 0 to 100",
            ),
            (
                "empty_discount_percent = 5\nlocal_discounts.D-LOC-C = 6",
                "line 9, column local_discounts: policy: D-LOC-C is not what",
            ),
            (
                "second_home_premium_percent = 101",
                "line 8, column second_home_premium_percent: policy: the percent must be from 0 to 100",
            ),
            (
                "empty_premium = [{ years = 0, percent = 50 }]",
                "line 8, column empty_premium: policy: the years of a tier must be",
            ),
            (
                "review_months = { Q-1 = 12 }",
                "line 8, column review_months: policy: Q-1 is no award: give the code of one",
            ),
            (
                "review_months = { X-E = 0 }",
                "line 8, column review_months: policy: the months of X-E must be from 1 to 120",
            ),
            (
                "instalment_day = 29\ninstalments = 11",
                "line 8, column instalment_day: policy: the day of the month must be from 1 to 28",
            ),
            ("instalment_day = 1\ninstalments = 11", "line 9, column instalments: policy: must be 10 or 12"),
            (
                "third_party_wait_days = 0",
                "line 8, column third_party_wait_days: policy: the days must be from 1 to 60",
            ),
            (
                "third_party_wait_days = 61",
                "line 8, column third_party_wait_days: policy: the days must be from 1 to 60",
            ),
            (
                "death_discount_starts = \"later\"",
                "line 8, column death_discount_starts: policy: must be day-of-death or day-after",
            ),
            ("third_party_silence = \"maybe\"", "line 8, column third_party_silence: policy: "),
            ("recovery_hold_days = 0", "line 8, column recovery_hold_days: policy: the days must be from 1 to 366"),
        ] {
            let defects = adopted(keys).unwrap_err();
            assert!(defects[0].contains(expected), "{keys}: {defects:?}");
        }
    }
}
