//! What queries mean, told from SQL text.

mod conformance;
mod lineage;
mod support;
