//! Specs as people write them, decoded.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests may panic, in their helpers too"
)]

mod dbt_project;
mod dbt_properties;
mod guarantee_fuzz;
mod half_typed;
mod history;
mod native;
mod native_problems;
mod native_values;
mod schema;
