//! Templates over SQL: what the template's tags hide from the SQL around them.
//!
//! No template is run. A [`Mask`] is a text of the same length in which every tag is replaced by
//! something the SQL tokeniser accepts, so that every offset in it is an offset of the file. What a
//! tag stands for is known for `ref`, `source`, `this` and literals; everything else is a hole, and
//! what reaches it is unknown.

mod condition;
mod hole;
mod mask;
mod repair;

pub(crate) use hole::{Hole, Meaning};
pub(crate) use mask::Mask;
pub(crate) use repair::{Statement, settle};
