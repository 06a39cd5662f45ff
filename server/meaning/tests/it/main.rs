//! What queries mean, told from SQL text.

mod conformance;
mod forms;
mod hostile;
mod lineage;
mod places;
mod support;
