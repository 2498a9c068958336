//! Edges of the rules: first and last days, one award over another, where a line ends and another begins.
