//! Text and the trees over it: positions, YAML, templates and edits.
//!
//! Everything here is a pure function of one text. Parsing never fails: it returns a value and a
//! list of problems. Nothing here does I/O, and nothing here knows the protocol.

pub mod edit;
pub mod jinja;
pub mod name;
pub mod place;
pub mod text;
pub mod yaml;

pub use edit::TextEdit;
pub use name::Name;
pub use place::{Placed, Places, Spot};
pub use text::{Encoding, LineIndex, Position, TextRange, TextSize};
