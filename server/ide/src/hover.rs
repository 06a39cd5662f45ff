//! The story of what is at a place, on one screen: what it is, why it exists, what was decided about
//! it. Only what is known is shown, and where nothing is known there is no hover.

mod amendment;
mod called_macro;
mod code;
mod column;
mod derivation;
mod guarantee;
mod key;
mod named;
mod table;
mod undefined;

use crate::lookup;
use crate::markdown;
use crate::subject::{Mention, Role, Subject, subjects};
use checks::Answers;
use index::{File, FileId, Snapshot, TableKey};
use syntax::{TextRange, TextSize};

/// What is known of what is at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The words that it is about.
    pub range: TextRange,
    /// The story, as Markdown; never empty.
    pub markdown: String,
}

/// What is known of what is at `offset`, where `answers` are those to the sentences in force.
pub fn hover(
    snapshot: &Snapshot,
    answers: &Answers,
    file: FileId,
    offset: TextSize,
) -> Option<Hover> {
    let here = snapshot.file(file)?;
    let mentions = subjects(snapshot, file, offset);
    let story = mentions.into_iter().find_map(|mention| {
        let blocks = story(snapshot, answers, here, &mention)?;
        Some((mention, blocks))
    });
    // The SQL around it knows more of what it calls by a name of its own.
    let named = named::named(snapshot, answers, here, offset);
    let (range, blocks) = match (story, named) {
        (Some((mention, blocks)), None) => (mention.range, blocks),
        (Some((mention, blocks)), _) if is_whole(&mention) => (mention.range, blocks),
        (None, Some(named)) => {
            let is_known = named.is_known;
            let blocks = std::iter::once(named.head).chain(named.intent);
            let blocks = blocks.chain(named.told);
            (named.range, is_known.then(|| blocks.collect())?)
        }
        (Some((mention, mut blocks)), Some(named)) => {
            if matches!(mention.subject, Subject::Projection(_)) {
                let head = std::iter::once(named.head).chain(named.intent);
                blocks.splice(0..0, head);
            }
            blocks.extend(named.told);
            (mention.range, blocks)
        }
        (None, None) => return guarantee::hover(snapshot, answers, here, offset),
    };
    Some(Hover {
        range,
        markdown: blocks.join("\n\n"),
    })
}

/// Whether the story of a subject is all there is to tell. That of a column which SQL hands on under
/// another name, and the SQL of a projection, are not.
fn is_whole(mention: &Mention) -> bool {
    match mention.subject {
        Subject::Column(..) => mention.role == Role::Definition,
        Subject::Projection(_) => false,
        _ => true,
    }
}

fn story(
    snapshot: &Snapshot,
    answers: &Answers,
    here: &File,
    mention: &Mention,
) -> Option<Vec<String>> {
    match &mention.subject {
        Subject::Table(key) => table::story(snapshot, answers, key),
        Subject::Star(key) => star(snapshot, key),
        Subject::Column(key, name) => column::story(snapshot, answers, here, key, name),
        Subject::Projection(range) => projection(snapshot, here, *range),
        Subject::Amendment(key) | Subject::Guarantee(key, _) => {
            amendment::story(snapshot, answers, key)
        }
        Subject::Macro(key) => called_macro::story(snapshot, key),
        Subject::Key(key) => Some(key::story(key)),
        Subject::DbtKey(key, section) => Some(key::story_of_dbt(key, *section)),
        Subject::Code(name) => code::story(name),
    }
}

/// How many names a hover lists before it counts the rest.
const MOST_NAMES: usize = 12;

/// How many lines of SQL are shown.
const MOST_LINES: usize = 16;

/// The columns that a `*` stands for.
fn star(snapshot: &Snapshot, key: &TableKey) -> Option<Vec<String>> {
    let table = snapshot.table(key)?;
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| column.name.to_string())
        .collect();
    if names.is_empty() {
        return None;
    }
    let kind = if table.open {
        "The known columns"
    } else {
        "All columns"
    };
    let of = markdown::code(&key.to_string());
    Some(vec![format!("{kind} of {of}: {}", listed(&names))])
}

/// The SQL that makes a column of a CTE or subquery.
fn projection(snapshot: &Snapshot, file: &File, range: TextRange) -> Option<Vec<String>> {
    let text = snapshot.text(file)?;
    let sql = lookup::slice(&text, range).trim();
    let is_shown = !sql.is_empty() && sql.lines().count() <= MOST_LINES;
    is_shown.then(|| vec![markdown::sql_block(sql)])
}

/// Names as code, as many as fit, and how many more there are.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(MOST_NAMES)
        .map(|name| markdown::code(name))
        .collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `1 table`, `2 tables`.
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
