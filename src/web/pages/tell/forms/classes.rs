//! The classes of those who are not counted, in groups that people know themselves by.

use crate::web::pages::tell::question::Input::OneOf;
use crate::web::pages::tell::question::{Question, ask, need};

/// Those who are ill or care for somebody.
pub(super) const CARE: Question = ask("care", &[need!("class", OneOf(&["carer", "care-worker"]))]);
/// Those who live somewhere else.
pub(super) const AWAY: Question =
    ask("away", &[need!("class", OneOf(&["hospital", "care-home", "hostel", "detained"]))]);
/// The young.
pub(super) const YOUNG: Question = ask(
    "young",
    &[need!("class", OneOf(&["child-benefit", "school-leaver", "apprentice", "youth-training", "care-leaver"]))],
);
/// Those who study, but for students of a full-time course, who have a kind of their own.
pub(super) const STUDY: Question = ask(
    "study",
    &[need!(
        "class",
        OneOf(&["student-under-twenty", "student-nurse", "foreign-spouse-of-student", "foreign-language-assistant"])
    )],
);
/// Everybody else.
pub(super) const REST: Question = ask(
    "rest",
    &[need!(
        "class",
        OneOf(&[
            "homes-for-ukraine",
            "religious-community",
            "visiting-forces",
            "diplomat",
            "international-headquarters",
        ])
    )],
);
