//! What queries mean, told from SQL text.

mod derive;
mod lineage;
mod support;
