//! What is known of SQL functions: which names mean the same, and what each kind of function does.
//!
//! All of it is data, one table for what dialects share and one for where they differ.
