//! What managers see: figures of a period, why not automatic, savings, and what would be otherwise.
//!
//! Every figure is a sentence, a picture, the same numbers as a table, and the table as CSV ([`shown`]); the picture is drawn
//! from the table's numbers and says nothing that the table does not.

mod assumptions;
pub(in crate::web) mod board;
pub(in crate::web) mod csv;
mod drawn;
mod period;
pub(in crate::web) mod savings;
mod shown;
pub(in crate::web) mod what_if;
pub(in crate::web) mod why_not;
