//! The crate from outside: SQL in, facts out.

mod corpus;
mod hostile;
mod inputs;
mod mutation;
mod outputs;
mod reads;
mod render;
mod stability;
