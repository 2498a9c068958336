//! x
mod web;
