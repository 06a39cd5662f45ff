//! The parser of the guarantee language, from its grammar: `grammar.js` is run by Node into
//! `grammar.json`, and the parser is made from that without any other tool. Where there is no Node, a
//! sum over `grammar.js` tells whether the rest was made from it.

use std::path::Path;
use tree_sitter_generate::{
    GenerateError, JSError, LoadGrammarError, OptLevel, PARSER_HEADER, generate_parser_for_grammar,
    load_grammar_file,
};

const SOURCE: &str = "grammars/guarantee/grammar.js";
pub(crate) const JSON: &str = "grammars/guarantee/src/grammar.json";
pub(crate) const SUM: &str = "grammars/guarantee/src/grammar.sum";
pub(crate) const PARSER: &str = "grammars/guarantee/src/parser.c";
pub(crate) const HEADER: &str = "grammars/guarantee/src/tree_sitter/parser.h";

/// The grammar with its functions run.
pub(crate) fn json() -> Result<String, String> {
    match load_grammar_file(&super::root().join(SOURCE), None) {
        Ok(json) => Ok(json + "\n"),
        Err(LoadGrammarError::LoadJSGrammarFile(JSError::JSRuntimeSpawn { .. })) => {
            if read(SUM)? == sum()? {
                read(JSON)
            } else {
                Err(format!(
                    "{SOURCE} has changed, and it takes Node to make the rest from it"
                ))
            }
        }
        Err(error) => Err(format!("{SOURCE}: {error}")),
    }
}

/// What `grammar.json` was made from, as a number (64-bit FNV-1a).
pub(crate) fn sum() -> Result<String, String> {
    let sum = read(SOURCE)?
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    Ok(format!("{sum:016x}\n"))
}

/// The parser, in C.
pub(crate) fn parser() -> Result<String, String> {
    let mut diagnostics = Vec::new();
    let version = Some((0, 1, 0));
    let (_, code) =
        generate_parser_for_grammar(&json()?, version, OptLevel::default(), &mut diagnostics)
            .map_err(|error: GenerateError| format!("{SOURCE}: {error}"))?;
    match diagnostics.first() {
        Some(diagnostic) => Err(format!("{SOURCE}: {diagnostic}")),
        None => Ok(code),
    }
}

/// What the parser includes.
pub(crate) fn header() -> Result<String, String> {
    Ok(PARSER_HEADER.to_owned())
}

/// A file of the repository, with plain line ends.
#[allow(
    clippy::disallowed_methods,
    reason = "this is a tool of the repository, not a part of the server"
)]
fn read(path: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(Path::new(&super::root()).join(path))
        .map_err(|error| format!("{path}: {error}"))?;
    Ok(text.replace("\r\n", "\n"))
}
