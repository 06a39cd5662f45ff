//! `rationale schema`: the JSON Schema of the native format, for editors that validate YAML by one.

use super::Outcome;
use super::terminal::unless_closed;
use anyhow::{Context, Result};
use std::io::{self, Write};

/// Generated from the keys that the decode reads; a test fails when it is stale.
const SCHEMA: &str = include_str!("../../../spec/schema/spec.schema.json");

/// Prints the schema.
///
/// # Errors
/// The output can't be written.
pub(super) fn run() -> Result<Outcome> {
    let written = io::stdout().write_all(SCHEMA.as_bytes());
    unless_closed(written).context("the schema can't be written")?;
    Ok(Outcome::Passed)
}
