//! What queries mean, told from SQL text.

mod lineage;
mod support;
