//! What queries mean, told from SQL text.

mod lineage;
mod pairs;
mod support;
