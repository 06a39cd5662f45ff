//! What a query means: which columns its values come from, a form in which equal meaning is equal
//! text, and examples that prove a difference.
//!
//! Everything here is a pure function of [`sql::relation::Query`]. Nothing here knows where text
//! stands, or reads a file.

pub mod canonical;
pub mod derive;
pub mod difference;
pub mod edit;
pub mod evaluate;
pub mod guarantee;
pub mod lineage;
pub mod substitute;
pub mod witness;
