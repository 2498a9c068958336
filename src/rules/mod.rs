//! The law and the council's decisions, by date.

pub mod saving_model;
