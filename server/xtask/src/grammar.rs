//! Whether the parser of the guarantee language was made from its grammar as it stands, told by sums
//! over both, so that it takes neither Node nor tree-sitter's generator to find out.

use std::path::PathBuf;
use std::process::Command;

/// Where the sums are.
pub(crate) const SUMS: &str = "grammars/guarantee/src/sums.txt";

/// What people edit, and all that is made from it.
const FILES: &[&str] = &[
    "grammar.js",
    "src/grammar.json",
    "src/parser.c",
    "src/tree_sitter/parser.h",
];

/// Makes the parser anew. This takes Node, and the crates of a small workspace of its own.
pub(crate) fn make() -> Result<(), String> {
    let status = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(folder().join("generate/Cargo.toml"))
        .env("CARGO_TARGET_DIR", super::root().join("target/generate"))
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err("the parser of the guarantee language could not be made".to_owned())
    }
}

/// A sum over each file (64-bit FNV-1a).
pub(crate) fn sums() -> Result<String, String> {
    FILES
        .iter()
        .map(|file| Ok(format!("{:016x} {file}\n", sum(&read(file)?))))
        .collect()
}

fn sum(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A file of the grammar, with plain line ends.
#[allow(
    clippy::disallowed_methods,
    reason = "this is a tool of the repository, not a part of the server"
)]
fn read(file: &str) -> Result<String, String> {
    let text =
        std::fs::read_to_string(folder().join(file)).map_err(|error| format!("{file}: {error}"))?;
    Ok(text.replace("\r\n", "\n"))
}

fn folder() -> PathBuf {
    super::root().join("grammars/guarantee")
}
