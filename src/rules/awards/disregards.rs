//! Who is not counted (LGFA 1992 Sch.1; SI 1992/548; SI 1992/552).
//!
//! A disregard changes nothing on a charge by itself: that one or no counted resident is left gives `D-SPD` or `D-50`, or an
//! exemption, and that is the award that is charged.

use super::{Does, Row};

const fn disregard(code: &'static str, what: &'static str, law: &'static str) -> Row {
    Row::new(code, what, law, Does::Nothing)
}

pub(super) const ROWS: &[Row] = &[
    disregard("DR-DET", "detained", "LGFA 1992 Sch.1 para.1"),
    disregard("DR-SMI", "severely mentally impaired", "LGFA 1992 Sch.1 para.2"),
    disregard("DR-CB", "child benefit is payable", "LGFA 1992 Sch.1 para.3"),
    disregard("DR-STU", "student", "LGFA 1992 Sch.1 para.4"),
    disregard("DR-STU20", "student under 20 on a qualifying course", "LGFA 1992 Sch.1 para.4"),
    disregard("DR-FLA", "foreign language assistant", "LGFA 1992 Sch.1 para.4"),
    disregard("DR-NUR", "student nurse", "LGFA 1992 Sch.1 para.4"),
    disregard("DR-APP", "apprentice", "LGFA 1992 Sch.1 para.4"),
    disregard("DR-YT", "youth training", "LGFA 1992 Sch.1 para.4"),
    disregard("DR-HOSP", "patient whose home is the hospital", "LGFA 1992 Sch.1 para.6"),
    disregard("DR-CARE", "resident of a care home", "LGFA 1992 Sch.1 paras 7, 8"),
    disregard("DR-CWKR", "care worker", "LGFA 1992 Sch.1 para.9; SI 1992/552"),
    disregard("DR-CARER", "resident carer", "LGFA 1992 Sch.1 para.9; SI 1992/552"),
    disregard("DR-HOST", "hostel for people of no fixed abode", "LGFA 1992 Sch.1 para.10"),
    disregard("DR-RELIG", "member of a religious community", "LGFA 1992 Sch.1 para.11; SI 1992/548 class B"),
    disregard("DR-LEAV", "school or college leaver under 20", "LGFA 1992 Sch.1 para.11; SI 1992/548 class C"),
    disregard("DR-IHQ", "international headquarters", "LGFA 1992 Sch.1 para.11; SI 1992/548 class A"),
    disregard("DR-VF", "visiting forces", "LGFA 1992 Sch.1 para.11; SI 1992/548 class D"),
    disregard("DR-SPST", "foreign spouse or dependant of a student", "LGFA 1992 Sch.1 para.11; SI 1992/548 class E"),
    disregard("DR-DIP", "diplomat", "LGFA 1992 Sch.1 para.11; SI 1992/548 class F"),
    disregard("DR-UKR", "guest under Homes for Ukraine", "LGFA 1992 Sch.1 para.11; regulations of 2022"),
];
