//! What queries mean, told from SQL text.

mod complete;
mod duckdb;
mod evaluate;
mod lineage;
mod shop;
mod support;
mod witness;
