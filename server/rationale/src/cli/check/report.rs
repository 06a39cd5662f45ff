//! The findings for people: an excerpt for each, and what it amounts to at the end.

use super::Tally;
use super::base::Base;
use super::excerpt::Excerpts;
use crate::cli::overview::Overview;
use crate::cli::selection::Selection;
use crate::cli::terminal::{BOLD, DIM, Terminal};
use annotate_snippets::Renderer;
use checks::{Coverage, Finding};
use index::Snapshot;
use std::io::{self, Write};

/// What shapes the report besides the findings.
#[derive(Clone, Copy)]
pub(super) struct Report<'r> {
    pub(super) terminal: Terminal,
    pub(super) selection: &'r Selection,
    pub(super) overview: &'r Overview,
    pub(super) coverage: &'r Coverage,
    pub(super) base: Option<&'r Base>,
}

impl Report<'_> {
    /// Writes the findings and the summary.
    pub(super) fn write(
        self,
        output: &mut impl Write,
        snapshot: &Snapshot,
        findings: &[Finding],
    ) -> io::Result<()> {
        let Report {
            terminal,
            selection,
            overview,
            coverage,
            base,
        } = self;
        let renderer = if terminal.is_colored {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.term_width(terminal.width);
        let mut excerpts = Excerpts::new(renderer, snapshot, selection);
        for finding in findings {
            writeln!(output, "{}\n", excerpts.render(finding))?;
        }
        if let Some(code) = most_frequent_code(findings) {
            let hint = format!("What a code means and what to do: `rationale explain {code}`");
            writeln!(output, "{}", terminal.paint(DIM, hint))?;
        }
        if let Some(base) = base {
            base.write(output, terminal, selection)?;
        }
        for dialect in &overview.dialects {
            writeln!(output, "{}", terminal.paint(DIM, dialect))?;
        }
        if !coverage.is_empty() {
            writeln!(output, "{coverage}.")?;
        }
        writeln!(
            output,
            "{}",
            terminal.paint(BOLD, summary(Tally::of(findings), overview))
        )
    }
}

/// One line with what there is and what was found.
fn summary(tally: Tally, overview: &Overview) -> String {
    let severities = [
        (tally.error, "error", "errors"),
        (tally.warning, "warning", "warnings"),
        (tally.info, "info", "infos"),
        (tally.hint, "hint", "hints"),
    ];
    let found: Vec<String> = severities
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    let found = if found.is_empty() {
        "nothing found".to_owned()
    } else {
        found.join(", ")
    };
    let missing = match overview.missing_whys() {
        0 => "no why missing".to_owned(),
        count => counted(count, "why missing", "whys missing"),
    };
    format!(
        "{}, {}, {}, {missing}: {found}",
        counted(overview.files, "file", "files"),
        counted(overview.tables, "table", "tables"),
        counted(overview.columns, "column", "columns"),
    )
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The code that most findings have; of several, the first in the alphabet.
fn most_frequent_code(findings: &[Finding]) -> Option<&'static str> {
    let mut codes: Vec<&'static str> = findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    let runs = codes.chunk_by(|left, right| left == right);
    // `max_by_key` gives the last of equals.
    runs.rev()
        .max_by_key(|run| run.len())
        .and_then(|run| run.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_in_plain_words() {
        let overview = Overview {
            files: 1,
            tables: 2,
            columns: 5,
            tables_with_why: 2,
            columns_with_why: 4,
            ..Overview::default()
        };
        let tally = Tally {
            error: 1,
            warning: 0,
            info: 2,
            hint: 0,
        };
        let expected = "1 file, 2 tables, 5 columns, 1 why missing: 1 error, 2 infos";
        assert_eq!(summary(tally, &overview), expected);
        let overview = Overview {
            files: 3,
            ..Overview::default()
        };
        let expected = "3 files, 0 tables, 0 columns, no why missing: nothing found";
        assert_eq!(summary(Tally::default(), &overview), expected);
    }
}
