//! Makes the parser of the guarantee language from its grammar: Node runs `grammar.js` into
//! `grammar.json`, and tree-sitter's generator does the rest. `cargo xtask grammar` runs this.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use tree_sitter_generate::{
    OptLevel, PARSER_HEADER, generate_parser_for_grammar, load_grammar_file,
};

fn main() -> ExitCode {
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Box<dyn std::error::Error>> {
    let grammar = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = grammar.join("src");
    let json = load_grammar_file(&grammar.join("grammar.js"), None)? + "\n";
    let mut diagnostics = Vec::new();
    let version = Some((0, 1, 0));
    let (_, parser) =
        generate_parser_for_grammar(&json, version, OptLevel::default(), &mut diagnostics)?;
    if let Some(diagnostic) = diagnostics.first() {
        return Err(diagnostic.to_string().into());
    }
    fs::create_dir_all(target.join("tree_sitter"))?;
    fs::write(target.join("grammar.json"), json)?;
    fs::write(target.join("parser.c"), parser)?;
    fs::write(target.join("tree_sitter/parser.h"), PARSER_HEADER)?;
    Ok(())
}
