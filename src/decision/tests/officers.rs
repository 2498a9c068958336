//! Kinds that an officer decides, each for its own reason.

use hearth_events::{Priority, ReasonCode};
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, home, tell, told};
use ReasonCode::{R02, R06, R08, R10, R12, R14, R15, R17, R18, R21, R22};

fn tells(kind: &str, details: Value) -> Decided {
    let more = json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}});
    tell(&[home(&["Ms Ann Lee", "Mr Bo Lee"])], told(kind, "2016-01-10", "Ms Ann Lee", more, details))
}

fn with(evidence: bool, mut details: Value) -> Value {
    if evidence {
        details["evidence"] = json!([{"kind": "letter", "file_name": "l.pdf"}]);
    }
    details
}

#[test]
fn an_award_that_needs_judgement_or_a_visit_says_what_is_missing() {
    let impaired = json!({"person": "Mr Bo Lee", "certified_from": "2015-12-01", "benefit": "attendance-allowance"});
    let disabled = json!({"disabled_person": "Mr Bo Lee", "feature": "wheelchair-space"});
    let annexe = json!({"used_as": "home-of-relative", "relative": "Ms Old Lee", "relation": "mother"});
    for (kind, details, reason) in [
        ("severe-mental-impairment", impaired, R10),
        ("disabled-band-reduction", disabled, R21),
        ("annexe", annexe, R10),
    ] {
        tells(kind, with(true, details.clone())).referred(&[reason]);
        let mut without = vec![R08, reason];
        without.sort_unstable();
        tells(kind, with(false, details.clone())).referred(&without);
        let stranger = told(kind, "2016-01-10", "Mx Who", json!({"account": ACCOUNT}), details.clone());
        let mut unknown = vec![R02, R08, reason];
        unknown.sort_unstable();
        tell(&[home(&["Ms Ann Lee"])], stranger).referred(&unknown);
    }
}

#[test]
fn whatever_only_a_person_can_decide_goes_to_one() {
    for (kind, details, reason) in [
        ("council-tax-reduction", json!({"weekly_amount": "14.50"}), R15),
        ("new-property", json!({"address": "Plot 3, New Road"}), R22),
        ("dispute", json!({"grounds": "the band is too high"}), R18),
        ("enquiry", json!({"question": "when is my bill due?"}), R10),
        ("copy-bill", json!({"request": "payment-arrangement"}), R14),
        ("copy-bill", json!({"request": "hardship"}), R10),
    ] {
        tells(kind, details.clone()).referred(&[reason]);
        let mut old = told(kind, "2015-10-21", "Ms Ann Lee", json!({"account": ACCOUNT}), details);
        old["submitted_by"]["role"] = json!("third-party");
        tell(&[home(&["Ms Ann Lee"])], old).referred(&[R06, reason]);
    }
}

#[test]
fn a_copy_of_a_bill_that_is_not_on_file_goes_to_an_officer() {
    let copy = |year: &str| tells("copy-bill", json!({"request": "copy-bill", "financial_year": year}));
    for year in ["2015/16", "1999/00", "whenever", " "] {
        copy(year).referred(&[R10]);
    }
}

fn refunds(holder: &str, number: &str, consent: bool) -> Decided {
    let details = json!({"account_holder": holder, "sort_code": "089999", "account_number": number,
        "amount": "120.00", "joint_consent": consent});
    tells("refund-request", details)
}

#[test]
fn a_refund_needs_an_officer_the_consent_of_all_and_an_account_that_can_exist() {
    refunds("Ms Ann Lee", "66374958", true).referred(&[R17]);
    refunds("Ms Ann Lee", "66374958", false).referred(&[R12, R17]);
    refunds("Mr Stranger", "66374958", true).referred(&[R12, R17]);
    refunds("Ms Ann Lee", "66374959", true).comes_to(hearth_events::Outcome::Reject, &[]);
}

#[test]
fn each_is_worked_in_its_queue_by_its_urgency_within_the_standard() {
    let disabled = json!({"disabled_person": "Mr Bo Lee", "feature": "room"});
    let band = json!({"change": "deleted"});
    for (kind, details, queue, priority) in [
        ("disabled-band-reduction", disabled, "discounts", Priority::Medium),
        ("band-change", band, "properties", Priority::Medium),
        ("death", json!({"name": "Mx Who"}), "bereavement", Priority::High),
        ("copy-bill", json!({"request": "payment-arrangement"}), "enquiries", Priority::High),
        ("copy-bill", json!({"request": "copy-bill"}), "enquiries", Priority::Low),
        ("dispute", json!({"grounds": "too much"}), "enquiries", Priority::Medium),
        ("liable-person-removed", json!({"name": "Mr Bo Lee"}), "moves", Priority::Medium),
    ] {
        let it = tells(kind, details).referral;
        assert_eq!((it.queue, it.priority, it.due_on.to_string().as_str()), (queue, priority, "2016-02-03"), "{kind}");
        assert_eq!(it.minutes_estimated, rust_decimal::Decimal::from(6), "{kind}");
    }
    assert_eq!(refunds("Ms Ann Lee", "66374958", true).referral.priority, Priority::High);
}
