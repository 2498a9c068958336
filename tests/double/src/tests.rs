//! The double over its port: what a client sees when it asks, and when a test has asked for a fault.

mod client;
mod cluster;
mod faults;
mod port;
