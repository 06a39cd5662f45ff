//! Makes what is generated: files that are committed, and made anew from the code when it changes.
//!
//! `cargo xtask generate` writes what takes no other tools, `cargo xtask generate --check` fails when
//! something is stale, and `cargo xtask schema` or `cargo xtask codes` writes one file alone. `cargo
//! xtask grammar` makes the parser of the guarantee language anew, with Node. `cargo xtask licences`
//! says which dependencies may not be built in.

mod codes;
mod grammar;
mod licences;
mod schema;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A file that is made from the code.
struct Generated {
    /// What `cargo xtask` calls it.
    name: &'static str,
    /// Where it is, from the root of the repository.
    path: &'static str,
    /// What is to stand in it; an error is a sentence for whoever runs this.
    content: fn() -> Result<String, String>,
}

const GENERATED: &[Generated] = &[
    Generated {
        name: "schema",
        path: "server/spec/schema/spec.schema.json",
        content: || Ok(schema::native()),
    },
    Generated {
        name: "codes",
        path: "docs/codes.md",
        content: || Ok(codes::manual()),
    },
    Generated {
        name: "grammar",
        path: grammar::SUMS,
        content: grammar::sums,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["licences"] {
        return check_licences();
    }
    let check = arguments.iter().any(|argument| argument == "--check");
    let names: Vec<&String> = arguments.iter().filter(|name| *name != "--check").collect();
    let wanted: Vec<&Generated> = match names.as_slice() {
        [all] if *all == "generate" => GENERATED.iter().collect(),
        [name] => GENERATED
            .iter()
            .filter(|file| file.name == **name)
            .collect(),
        _ => Vec::new(),
    };
    if wanted.is_empty() {
        let names: Vec<&str> = GENERATED.iter().map(|file| file.name).collect();
        say(&format!(
            "usage: cargo xtask generate|{} [--check], or cargo xtask licences",
            names.join("|")
        ));
        return ExitCode::from(2);
    }
    let makes_grammar = arguments == ["grammar"];
    if makes_grammar && let Err(error) = grammar::make() {
        say(&error);
        return ExitCode::FAILURE;
    }
    let mut code = ExitCode::SUCCESS;
    for file in wanted {
        // The sums are only true where what they are over has just been made.
        let only_look = check || (file.path == grammar::SUMS && !makes_grammar);
        match update(file, only_look) {
            Ok(true) => {}
            Ok(false) => {
                say(&format!(
                    "{} is stale: run `cargo xtask {}`",
                    file.path, file.name
                ));
                code = ExitCode::FAILURE;
            }
            Err(error) => {
                say(&format!("{}: {error}", file.path));
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn check_licences() -> ExitCode {
    let problems = licences::problems().unwrap_or_else(|error| vec![error]);
    problems.iter().for_each(|problem| say(problem));
    if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Writes the file where it is stale, or only looks, with `check`. Gives whether it is now as it
/// should be.
#[allow(
    clippy::disallowed_methods,
    reason = "this is a tool of the repository, not a part of the server"
)]
fn update(file: &Generated, check: bool) -> std::io::Result<bool> {
    let path = root().join(file.path);
    let content = (file.content)().map_err(std::io::Error::other)?;
    // A checkout may have other line ends.
    let stands = std::fs::read_to_string(&path).unwrap_or_default();
    if stands.replace("\r\n", "\n") == content {
        return Ok(true);
    }
    if check {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&path, content)?;
    Ok(true)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[allow(clippy::print_stderr, reason = "this is how a command speaks")]
fn say(message: &str) {
    eprintln!("{message}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_generated_file_is_stale() {
        for file in GENERATED {
            assert!(
                update(file, true).unwrap(),
                "run `cargo xtask {}`",
                file.name
            );
        }
    }
}
