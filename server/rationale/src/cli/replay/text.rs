//! A replay on one page.

use super::lines::lines;
use super::report::{Change, Changed, Effect, Replay, Replayed};
use crate::cli::example::{Example, plural};
use crate::cli::meaning::word;
use crate::cli::terminal::{BOLD, CODE, DIM, Terminal};
use crate::revision::CutOff;
use annotate_snippets::renderer::{AnsiColor, Style};
use checks::shorten::{cut, pair};
use meaning::canonical::ClauseMeaning;
use std::io::{self, Write};

const GONE: Style = AnsiColor::Red.on_default();
const COME: Style = AnsiColor::Green.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// So many of the changes are shown, those that reach furthest.
const MOST_SHOWN: usize = 5;
/// So many clauses of the rows are shown, gone and come.
const MOST_CLAUSES: usize = 3;
/// A meaning and an example take so many lines at most.
const MOST_LINES: usize = 2;
/// How far what is told of a change is indented.
const INDENT: usize = 3;
/// How far a meaning is indented behind the word that says what it is.
const LABEL: usize = 9;

/// Writes the page.
pub(super) fn write(
    output: &mut impl Write,
    terminal: Terminal,
    replay: &Replay,
) -> io::Result<()> {
    let page = Page { terminal };
    page.head(output, replay)?;
    page.numbers(output, replay)?;
    let furthest = replay.furthest(MOST_SHOWN);
    if !furthest.is_empty() {
        let title = match furthest.len() {
            1 => "The change of meaning",
            _ => "The changes that reach furthest",
        };
        writeln!(output, "\n{}", terminal.paint(BOLD, title))?;
        for (place, (replayed, change)) in (1..).zip(furthest) {
            writeln!(output)?;
            page.change(output, place, replayed, change)?;
        }
    }
    page.foot(output, replay)
}

struct Page {
    terminal: Terminal,
}

impl Page {
    fn head(&self, output: &mut impl Write, replay: &Replay) -> io::Result<()> {
        let commits = plural(replay.commits.len(), "commit");
        let days = replay.commits.first().zip(replay.commits.last());
        let days = days.map_or_else(String::new, |(first, last)| {
            format!(", {} to {}", first.commit.date, last.commit.date)
        });
        let dialects = match replay.dialects.is_empty() {
            true => String::new(),
            false => format!(", read as {} SQL", replay.dialects.join(" and ")),
        };
        let cut_off = match replay.cut_off {
            Some(CutOff::Shallow) => {
                "\nThis clone is shallow: `git fetch --unshallow` fetches the rest of its history."
            }
            _ => "",
        };
        let text = format!("{commits}{days}{dialects}{cut_off}");
        writeln!(output, "{}\n", self.terminal.paint(DIM, text))
    }

    fn numbers(&self, output: &mut impl Write, replay: &Replay) -> io::Result<()> {
        let count = |effect| replay.with(effect).count();
        let changed = count(Effect::Changed);
        let silent = replay
            .with(Effect::Changed)
            .filter(|replayed| !replayed.words);
        let silent = silent.count();
        self.number(
            output,
            BOLD,
            changed,
            "changed what a column means or which rows a table holds",
        )?;
        if changed > 0 {
            let share = format!(
                "of these changed no word about it ({} %)",
                percent(silent, changed)
            );
            self.number(output, OPEN, silent, &format!("  {share}"))?;
        }
        self.number(
            output,
            DIM,
            count(Effect::Undecided),
            "can't be told to have kept every meaning",
        )?;
        self.number(
            output,
            DIM,
            count(Effect::Shape),
            "only added, removed, renamed or retyped columns or tables",
        )?;
        self.number(
            output,
            DIM,
            count(Effect::Same),
            "changed SQL and no meaning",
        )?;
        self.number(output, DIM, count(Effect::NoSql), "changed no SQL")
    }

    fn number(
        &self,
        output: &mut impl Write,
        style: Style,
        count: usize,
        text: &str,
    ) -> io::Result<()> {
        let line = format!("{count:>5}  {text}");
        writeln!(output, "{}", self.terminal.paint(style, line))
    }

    fn change(
        &self,
        output: &mut impl Write,
        place: usize,
        replayed: &Replayed,
        change: &Change,
    ) -> io::Result<()> {
        let terminal = self.terminal;
        let name = match &change.what {
            Changed::Column { name, .. } => format!("{}.{name}", change.table),
            Changed::Rows { .. } => format!("{}, its rows", change.table),
        };
        let reach = reach(change);
        writeln!(output, "{place}. {}  {reach}", terminal.paint(CODE, name))?;
        let commit = &replayed.commit;
        let head = format!("{:.10}  {}  {}  ", commit.id, commit.date, commit.author);
        let room = terminal.width.saturating_sub(INDENT + head.chars().count());
        // A title that hardly fits stands on a line of its own.
        let (head, subject) = match commit.subject.chars().count() <= room.max(24) {
            true => (head, commit.subject.clone()),
            false => {
                let subject = cut(&commit.subject, terminal.width.saturating_sub(INDENT));
                (format!("{}\n   ", head.trim_end()), subject)
            }
        };
        writeln!(output, "   {}{subject}", terminal.paint(DIM, head))?;
        match &change.what {
            Changed::Column { was, now, .. } => {
                let (was, now) = pair(was, now, self.room());
                self.labelled(output, GONE, "was", &was)?;
                self.labelled(output, COME, "now", &now)?;
                self.example(output, &Example::of_column(&change.witness))?;
            }
            Changed::Rows { was, now } => {
                self.clauses(output, GONE, "-", was)?;
                self.clauses(output, COME, "+", now)?;
                self.example(output, &Example::of_rows(&change.witness))?;
            }
        }
        if let Some(more) = more(replayed) {
            writeln!(output, "   {}", terminal.paint(DIM, more))?;
        }
        if !replayed.words {
            let said = "No word about it was changed.";
            writeln!(output, "   {}", terminal.paint(OPEN, said))?;
        }
        Ok(())
    }

    fn clauses(
        &self,
        output: &mut impl Write,
        style: Style,
        mark: &str,
        clauses: &[ClauseMeaning],
    ) -> io::Result<()> {
        for clause in clauses.iter().take(MOST_CLAUSES) {
            let text = cut(&clause.meaning.to_string(), self.room());
            self.labelled(
                output,
                style,
                &format!("{mark} {}", word(clause.clause)),
                &text,
            )?;
        }
        match clauses.len().saturating_sub(MOST_CLAUSES) {
            0 => Ok(()),
            more => self.labelled(output, style, mark, &format!("and {more} more")),
        }
    }

    /// An example; of one that is long, the end tells most.
    fn example(&self, output: &mut impl Write, example: &Example) -> io::Result<()> {
        let gives = cut(&example.gives, self.room() / 2);
        let room = self
            .room()
            .saturating_sub("where : ".len() + gives.chars().count());
        let text = format!("where {}: {gives}", cut(&example.given, room));
        self.labelled(output, DIM, "example", &text)
    }

    /// A meaning or an example, on as many lines as it takes.
    fn labelled(
        &self,
        output: &mut impl Write,
        style: Style,
        label: &str,
        text: &str,
    ) -> io::Result<()> {
        let mut label = label.to_owned();
        let indent = LABEL.max(label.chars().count() + 1);
        let width = self.width().saturating_sub(indent - LABEL);
        for line in lines(text, width) {
            let padding = " ".repeat(indent.saturating_sub(label.chars().count()));
            let painted = self.terminal.paint(style, &label);
            writeln!(output, "   {painted}{padding}{line}")?;
            label.clear();
        }
        Ok(())
    }

    /// How wide a line of a meaning can be.
    fn width(&self) -> usize {
        self.terminal.width.saturating_sub(INDENT + LABEL)
    }

    /// How long a meaning can be. What is left over where a line is broken is taken into account.
    fn room(&self) -> usize {
        (self.width() * MOST_LINES).saturating_sub(12 * (MOST_LINES - 1))
    }

    fn foot(&self, output: &mut impl Write, replay: &Replay) -> io::Result<()> {
        let mut said = Vec::new();
        if let Some(replayed) = replay.with(Effect::Changed).last() {
            let commit: String = replayed.commit.id.chars().take(10).collect();
            said.push(format!(
                "All that a commit changed: `rationale diff {commit}~1 {commit}`."
            ));
        }
        if replay.lacks_packages && replay.with(Effect::Undecided).next().is_some() {
            said.push(
                "More can be told where the dbt packages are installed: `dbt deps`.".to_owned(),
            );
        }
        if said.is_empty() {
            return Ok(());
        }
        writeln!(output)?;
        for line in said {
            writeln!(output, "{}", self.terminal.paint(DIM, line))?;
        }
        Ok(())
    }
}

/// How far a change reaches, in words.
fn reach(change: &Change) -> String {
    let tables = plural(change.reach.tables, "table");
    match (change.reach.columns, change.reach.tables) {
        (0, 0) => "reaches nothing downstream".to_owned(),
        (0, _) => format!("reaches {tables}"),
        (columns, _) => format!("reaches {} in {tables}", plural(columns, "column")),
    }
}

/// What else a commit changed.
fn more(replayed: &Replayed) -> Option<String> {
    let others = replayed.changes.get(1..).unwrap_or_default();
    let is_rows = |change: &&Change| matches!(change.what, Changed::Rows { .. });
    let rows = others.iter().filter(is_rows).count();
    let columns = others.len() - rows;
    let mut said = Vec::new();
    if columns > 0 {
        said.push(plural(columns, "column"));
    }
    if rows > 0 {
        said.push(format!("the rows of {}", plural(rows, "table")));
    }
    (!said.is_empty()).then(|| format!("The commit changed {} more.", said.join(" and ")))
}

fn percent(part: usize, whole: usize) -> usize {
    (part * 100 + whole / 2) / whole.max(1)
}
