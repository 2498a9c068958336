//! A council whose amounts differ band by band.

use hearth_events::{AmountSet, BandAmounts, Money, Position};
use rust_decimal::Decimal;

use super::council;
use crate::rules::Council;

/// As [`council`], with amounts that differ band by band.
pub(super) fn by_bands() -> Council {
    let mut council = council();
    let money = |pounds: i64| Money::rounded(Decimal::from(pounds));
    for (year, pounds) in [("2014/15", 3650), ("2015/16", 3660), ("2016/17", 3650)] {
        let of = |ninths: i64| money(pounds * ninths / 9);
        let amounts = BandAmounts {
            AR: of(5),
            A: of(6),
            B: of(7),
            C: of(8),
            D: of(9),
            E: of(11),
            F: of(13),
            G: of(15),
            H: of(18),
        };
        let (financial_year, category) = (year.parse().unwrap(), "Andover".into());
        council.set(&AmountSet { financial_year, category, component: "all".into(), amounts }, Position(1));
    }
    council
}
