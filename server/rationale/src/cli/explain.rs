//! `rationale explain`: what a code means, why it matters, and what to do about it.

use super::Outcome;
use super::markdown;
use super::terminal::{BOLD, DIM, Terminal, unless_closed};
use anyhow::{Context, Result, bail};
use checks::Code;
use std::io::{self, BufWriter, Write};

/// Explain what a code means and what to do about it; without a code, list them all.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: rationale explain missing-why")]
pub(super) struct Arguments {
    /// The code, as findings show it in brackets.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// Prints the documentation of a code, or all codes.
///
/// # Errors
/// There is no such code, or the output can't be written.
pub(super) fn run(arguments: &Arguments, terminal: Terminal) -> Result<Outcome> {
    let mut output = BufWriter::new(io::stdout().lock());
    let written = match &arguments.code {
        None => list(&mut output, terminal),
        Some(name) => match checks::code(name) {
            Some(code) => explain(&mut output, terminal, code),
            None => bail!("{}", unknown(name)),
        },
    };
    let written = written.and_then(|()| output.flush());
    unless_closed(written).context("the explanation can't be written")?;
    Ok(Outcome::Passed)
}

fn explain(output: &mut impl Write, terminal: Terminal, code: &Code) -> io::Result<()> {
    let level = format!("({} unless configured otherwise)", code.default.name());
    writeln!(
        output,
        "{} {}\n",
        terminal.paint(BOLD, code.name),
        terminal.paint(DIM, level)
    )?;
    output.write_all(markdown::render(terminal, &code.documentation()).as_bytes())
}

fn list(output: &mut impl Write, terminal: Terminal) -> io::Result<()> {
    let width = checks::codes()
        .iter()
        .map(|code| code.name.len())
        .max()
        .unwrap_or_default();
    for code in checks::codes() {
        let padding = " ".repeat(width - code.name.len());
        let level = format!("{:<7}", code.default.name());
        let name = terminal.paint(BOLD, code.name);
        writeln!(
            output,
            "{name}{padding}  {}  {}",
            terminal.paint(DIM, level),
            code.summary
        )?;
    }
    Ok(())
}

fn unknown(name: &str) -> String {
    let known = checks::codes().iter().map(|code| code.name);
    match spec::nearest(name, known) {
        Some(nearest) => format!("there is no code `{name}`; did you mean `{nearest}`?"),
        None => format!("there is no code `{name}`; `rationale explain` lists them all"),
    }
}
