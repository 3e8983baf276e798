//! The figures in which servers are compared.

use std::{collections::BTreeMap, fmt::Display};

use serde::Deserialize;

/// What one server comes to. A figure that could not be had is `None`.
#[derive(Debug, Default, Deserialize)]
pub struct Figures {
    /// Acknowledged edits for each second of the server's processor time.
    pub appends_per_core: Option<f64>,
    /// Milliseconds from the edit until another device has it, at the 95th
    /// percentile, by how many others there are.
    pub seen_ms: BTreeMap<usize, f64>,
    /// Memory of the server for each idle subscribed connection, in bytes.
    pub connection_bytes: Option<f64>,
    /// Seconds until the devices with their offline edits were equal.
    pub seconds_to_equal: Option<f64>,
    /// Edits that were acknowledged and gone after the server was killed.
    pub lost: Option<u32>,
}

/// One line of the report.
pub fn print(what: &str, figure: impl Display) {
    println!("{what:<46} {figure}");
}
