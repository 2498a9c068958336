//! Exempt dwellings: the classes of the Exempt Dwellings Order 1992 for England (LGFA 1992 s.4).
//!
//! Which class fits is a matter of fact and comes with the award. What the law says of its days is here: classes A and C ended
//! on 1 April 2013 (SI 2012/2965), and A, B and C last for so many months at most. Class F ends six months after the grant
//! of probate, which is a later fact than the award and so comes as the end of it.

use jiff::civil::{Date, date};

use super::{Does, Row};

/// SI 2012/2965: local discounts took the place of classes A and C.
const LOCALISED: Date = date(2013, 4, 1);

const fn class(code: &'static str, what: &'static str, law: &'static str) -> Row {
    Row::new(code, what, law, Does::Exempt)
}

pub(super) const ROWS: &[Row] = &[
    class("X-A", "vacant, major repair or structural alteration", "SI 1992/558 art.3 class A")
        .until(LOCALISED)
        .at_most(12),
    class("X-B", "owned by a charity, unoccupied", "SI 1992/558 art.3 class B").at_most(6),
    class("X-C", "vacant", "SI 1992/558 art.3 class C").until(LOCALISED).at_most(6),
    class("X-D", "left by somebody who is detained", "SI 1992/558 art.3 class D"),
    class("X-E", "left by a patient in a hospital or home", "SI 1992/558 art.3 class E"),
    class("X-F", "unoccupied since a death", "SI 1992/558 art.3 class F"),
    class("X-G", "occupation prohibited by law", "SI 1992/558 art.3 class G"),
    class("X-H", "held for a minister of religion", "SI 1992/558 art.3 class H"),
    class("X-I", "left to receive care elsewhere", "SI 1992/558 art.3 class I"),
    class("X-J", "left to give care elsewhere", "SI 1992/558 art.3 class J"),
    class("X-K", "left by a student who owns it", "SI 1992/558 art.3 class K"),
    class("X-L", "mortgagee in possession", "SI 1992/558 art.3 class L"),
    class("X-M", "hall of residence", "SI 1992/558 art.3 class M"),
    class("X-N", "occupied only by students and their like", "SI 1992/558 art.3 class N"),
    class("X-O", "armed forces accommodation", "SI 1992/558 art.3 class O"),
    class("X-P", "visiting forces", "SI 1992/558 art.3 class P"),
    class("X-Q", "a trustee in bankruptcy is the owner", "SI 1992/558 art.3 class Q"),
    class("X-R", "empty caravan pitch or mooring", "SI 1992/558 art.3 class R"),
    class("X-S", "occupied only by persons under 18", "SI 1992/558 art.3 class S"),
    class("X-T", "unoccupied annexe that may not be let apart", "SI 1992/558 art.3 class T"),
    class("X-U", "occupied only by the severely mentally impaired", "SI 1992/558 art.3 class U"),
    class("X-V", "main residence of a diplomat", "SI 1992/558 art.3 class V"),
    class("X-W", "annexe of a dependent relative", "SI 1992/558 art.3 class W"),
];
