//! The YAML files of a dbt project, as dbt itself reads them. What they say that is no business of
//! ours, or that only dbt could judge, is passed over in silence.

pub mod keys;
mod lenient;
pub mod packages;
pub mod profiles;
pub mod project;
pub mod properties;
pub mod vars;

pub use lenient::referenced_table;
