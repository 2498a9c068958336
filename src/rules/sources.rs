//! Statute that decisions cite and whose number holds a year: years stand in the rules alone.

/// The valuation list, and when an alteration of it takes effect.
pub(crate) const LISTS: &str = "Local Government Finance Act 1992 ss.22, 23, 24; SI 2009/2270";
/// The reduction for annexes.
pub(crate) const ANNEXES: &str = "SI 2013/2977 reg.4";
/// What a council determines for dwellings that are empty and unfurnished.
pub(crate) const EMPTY: &str = "Local Government Finance Act 1992 s.11A; SI 2003/3011 class C";
/// What it determines for vacant dwellings under major repair.
pub(crate) const REPAIRS: &str = "Local Government Finance Act 1992 s.11A; SI 2003/3011 reg.2 class D";
/// The classes that spare a dwelling a premium.
pub(crate) const SPARED: &str = "SI 2024/1007 classes E to M";
/// Council tax reduction, and the schemes that give it.
pub(crate) const REDUCTIONS: &str = "Local Government Finance Act 1992 s.13A(1)(a); SI 2012/2885";
