//! Specs as people write them, decoded.

mod dbt_project;
mod dbt_properties;
mod history;
mod native;
mod schema;
