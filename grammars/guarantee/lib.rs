//! The grammar of the guarantee language: the tables that tree-sitter runs, and the queries that colour
//! it in an editor. What a sentence means is for others to say.

use tree_sitter_language::LanguageFn;

#[allow(unsafe_code, reason = "the parser is generated as C")]
mod parser {
    use super::LanguageFn;

    unsafe extern "C" {
        fn tree_sitter_guarantee() -> *const ();
    }

    /// The tables of the grammar.
    // SAFETY: the function is the one that was generated from this grammar, takes nothing, and gives a
    // pointer to a constant.
    pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_guarantee) };
}

pub use parser::LANGUAGE;

/// What colour a word has.
pub const HIGHLIGHTS: &str = include_str!("queries/highlights.scm");

/// Which pieces are SQL.
pub const INJECTIONS: &str = include_str!("queries/injections.scm");
