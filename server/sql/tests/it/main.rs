//! The crate from outside: SQL in, facts out.

mod inputs;
mod outputs;
mod reads;
mod render;
