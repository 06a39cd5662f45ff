//! From the text of one file to what it says.

use crate::dialect::Dialect;
use crate::facts::{Macro, MacroCall, SqlFacts, StatementCount};
use crate::lexeme::{Lexed, Lexeme, View};
use crate::named_types::named_types;
use crate::parse::Failure;
use crate::prepare::Prepared;
use crate::render::{macro_calls, macros_in};
use crate::resolve::{Resolver, Task};
use crate::skeleton::{Shape, Source, change, shape};
use crate::template::Statement;
use smol_str::SmolStr;
use std::ops::Range;
use syntax::{Places, TextRange};

/// How a text is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// The dialect of its SQL.
    pub dialect: Dialect,
    /// The language of the templates in it.
    pub templating: Templating,
}

/// The language of the templates in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Templating {
    /// There are none.
    #[default]
    None,
    /// Jinja, as dbt has it.
    Jinja,
}

/// What one text says, where, and what could not be read.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// What it says, without positions.
    pub facts: SqlFacts,
    /// Where the spots of the facts stand.
    pub places: Places,
    /// The statements that do not parse, in the order of the text.
    pub problems: Vec<Problem>,
    /// Every named entry of every projection, also of those that only the file itself sees, in the
    /// order in which they were read.
    pub projections: Vec<Projection>,
    /// Every comment of SQL and of the template, in the order of the text.
    pub comments: Vec<TextRange>,
}

/// An entry of a projection that gives a column a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Projection {
    /// All of it.
    pub item: TextRange,
    /// The name.
    pub name: TextRange,
}

/// A statement that does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the parser stopped.
    pub range: TextRange,
    /// Why, in plain words, without a full stop.
    pub message: String,
}

/// What tags of a template start with.
const TAGS: [&str; 2] = ["{{", "{%"];

/// Reads `text`. Never fails: what is not understood is left out and said to be.
pub fn analyze(text: &str, options: &Options) -> Analysis {
    let mut places = Places::default();
    let prepared = Prepared::new(text, options, &mut places);
    let guessed = prepared.guessed();
    let Prepared {
        mut mask,
        lexed,
        statements,
        ..
    } = prepared;
    let problems = problems(text, &statements, &lexed);
    let (lexemes, ranges) = visible(&lexed, &statements);
    let source = Source::new(text, &lexemes);

    let mut facts = SqlFacts {
        config: std::mem::take(&mut mask.config),
        statements: StatementCount {
            total: count(statements.len()),
            parsed: count(statements.len() - problems.len()),
        },
        is_blank: statements.is_empty() && !TAGS.iter().any(|tag| text.contains(tag)),
        ..SqlFacts::default()
    };
    let mut resolver = Resolver::new(&source, &mask, &guessed, options.dialect, &mut places);
    for (statement, tokens) in statements.iter().zip(ranges) {
        let task = Task {
            shape: shape(&source, tokens.clone()),
            tokens,
            parses: statement.failure.is_none(),
        };
        if let Shape::Alteration { name } = &task.shape {
            facts.altered.extend(resolver.table_name(name));
        }
        named_types(&source, &task.tokens, &mut facts.types);
        facts.models.extend(resolver.model(&task));
        let change = change(&source, &task.tokens);
        facts
            .changes
            .extend(change.map(|change| resolver.change(&change)));
    }
    let projections = resolver.projections();
    let mut comments = lexed.comments;
    comments.extend_from_slice(&mask.comments);
    comments.sort_by_key(|range| range.start());
    if options.templating == Templating::Jinja {
        facts.macros = macros(text, &mut places);
        facts.calls = calls(text, &comments, &mut places);
    }
    Analysis {
        facts,
        places,
        problems,
        projections,
        comments,
    }
}

fn macros(text: &str, places: &mut Places) -> Vec<Macro> {
    let macros = macros_in(text).into_iter().map(|definition| Macro {
        name: definition.name,
        name_spot: places.add(definition.name_range),
        signature: places.add(definition.signature),
        whole: places.add(definition.range),
        comment: definition.comment.map(|comment| places.add(comment)),
    });
    macros.collect()
}

/// What the tags outside of `comments` call that may be a macro.
fn calls(text: &str, comments: &[TextRange], places: &mut Places) -> Vec<MacroCall> {
    let is_read = |range: &TextRange| {
        let behind = comments.partition_point(|comment| comment.end() <= range.start());
        let next = comments.get(behind);
        next.is_none_or(|comment| !comment.contains_range(*range))
    };
    let ranges = macro_calls(text).into_iter().filter(is_read);
    let calls = ranges.filter_map(|range| {
        let path = text.get(range.start().into()..range.end().into())?;
        let (package, name) = match path.split_once('.') {
            Some((package, name)) => (Some(SmolStr::new(package)), name),
            None => (None, path),
        };
        Some(MacroCall {
            package,
            name: SmolStr::new(name),
            spot: places.add(range),
        })
    });
    calls.collect()
}

/// Whether all of `text` parses. Cheaper than [`analyze`]: to find out the dialect of a sample.
pub fn parses(text: &str, options: &Options) -> bool {
    let prepared = Prepared::of_text(text, options);
    let mut statements = prepared.statements.iter();
    prepared.lexed.damaged.is_empty() && statements.all(|statement| statement.failure.is_none())
}

/// The statements of what is prepared that do not parse.
pub(crate) fn problems_of(prepared: &Prepared) -> Vec<Problem> {
    problems(&prepared.mask.text, &prepared.statements, &prepared.lexed)
}

fn problems(text: &str, statements: &[Statement], lexed: &Lexed) -> Vec<Problem> {
    let failed = statements
        .iter()
        .filter_map(|statement| Some((statement, statement.failure.as_ref()?)));
    failed
        .map(|(statement, failure)| {
            let at = failure
                .token
                .unwrap_or(statement.tokens.end.saturating_sub(1));
            let lexeme = lexed.lexemes.get(at);
            let damage = lexed.damaged.iter().find(|_| failure.token.is_none());
            let last = lexeme.map(|lexeme| lexeme.range).unwrap_or_default();
            Problem {
                range: damage.copied().unwrap_or(last),
                message: message(text, failure, lexeme),
            }
        })
        .collect()
}

/// The parser's message, with what it found spelled as in the text.
pub(crate) fn message(text: &str, failure: &Failure, found: Option<&Lexeme>) -> String {
    let stated = failure.message.trim_start_matches("sql parser error: ");
    let Some((expected, _)) = stated.split_once(", found: ") else {
        return shortened(stated);
    };
    let expected = expected.replacen("Expected: ", "expected ", 1);
    let written = found
        .filter(|_| failure.token.is_some())
        .and_then(|found| text.get(found.range.start().into()..found.range.end().into()));
    let is_template = found.is_some_and(|found| found.hole.is_some());
    match written {
        Some(_) if is_template => format!("{expected}, found a template expression"),
        Some(written) => format!("{expected}, found `{}`", shortened(written)),
        None => format!("{expected}, found the end of the statement"),
    }
}

/// The first line of `text`, cut to a length that fits into a message.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    if short.len() < text.len() {
        return format!("{short}…");
    }
    short
}

/// The tokens the parser sees, and where each statement's stand among them.
pub(crate) fn visible(lexed: &Lexed, statements: &[Statement]) -> (Vec<Lexeme>, Vec<Range<usize>>) {
    let mut position = Vec::with_capacity(lexed.lexemes.len() + 1);
    let mut lexemes = Vec::with_capacity(lexed.lexemes.len());
    for lexeme in &lexed.lexemes {
        position.push(lexemes.len());
        if lexeme.view != View::Nothing {
            lexemes.push(lexeme.clone());
        }
    }
    position.push(lexemes.len());
    let at = |token: usize| position.get(token).copied().unwrap_or_default();
    let ranges = statements
        .iter()
        .map(|statement| at(statement.tokens.start)..at(statement.tokens.end))
        .collect();
    (lexemes, ranges)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
