//! Specs as people write them, decoded.

mod native;
