//! What queries mean, told from SQL text.

mod complete;
mod duckdb;
mod evaluate;
mod shop;
mod witness;
