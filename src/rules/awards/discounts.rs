//! Reductions: the band below, discounts, the annexe, council tax reduction, the council's discretion.

use jiff::civil::{Date, date};

use super::{Does, Row};

/// The first year with discounts that a council determines (LGFA 1992 s.11A, added by the Local Government Act 2003).
const DETERMINED: Date = date(2004, 4, 1);
/// The first day of council tax reduction and of class D (Local Government Finance Act 2012; SI 2012/2964).
const LOCALISED: Date = date(2013, 4, 1);
/// The first day of SI 2013/2977.
const ANNEXES: Date = date(2014, 4, 1);

pub(super) const ROWS: &[Row] = &[
    Row::new("D-DBR", "disabled person: the band below", "LGFA 1992 s.13; SI 1992/554", Does::BandDown),
    Row::new("D-SPD", "one counted resident", "LGFA 1992 s.11(1)", Does::Resident(25)),
    Row::new("D-50", "every resident is disregarded", "LGFA 1992 s.11(2)(b)", Does::Resident(50)),
    Row::new("D-NORES", "no resident, nothing determined", "LGFA 1992 s.11(2)(a)", Does::Default(50)),
    Row::new("D-LOC-A", "second home, occupation restricted", "LGFA 1992 s.11A; SI 2003/3011", Does::Local(50))
        .since(DETERMINED),
    Row::new("D-LOC-B", "second home", "LGFA 1992 s.11A; SI 2003/3011", Does::Local(50)).since(DETERMINED),
    Row::new("D-LOC-C", "empty and unfurnished", "LGFA 1992 s.11A; SI 2003/3011", Does::Local(100)).since(DETERMINED),
    Row::new("D-LOC-D", "vacant, major repair", "LGFA 1992 s.11A; SI 2003/3011 reg.2", Does::Local(100))
        .since(LOCALISED)
        .at_most(12),
    Row::new("D-ANX", "annexe of a relative, or used with the main dwelling", "SI 2013/2977 reg.4", Does::Annexe)
        .since(ANNEXES),
    Row::new("D-CTR", "council tax reduction", "LGFA 1992 s.13A(1)(a)", Does::Weekly).since(LOCALISED),
    Row::new("D-CL", "care leaver", "LGFA 1992 s.13A(1)(c)", Does::Discretion),
    Row::new("D-13A", "hardship, flood and other local causes", "LGFA 1992 s.13A(1)(c)", Does::Discretion),
];
