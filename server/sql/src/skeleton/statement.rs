//! What kind of statement the tokens are.

use super::Source;
use super::from::name_end;
use super::query::{Query, names, query, stray, with};
use crate::facts::ModelKind;
use sqlparser::tokenizer::Token;
use std::ops::Range;

/// What a statement does, as far as tables go.
#[derive(Debug)]
pub(crate) enum Shape {
    /// It defines or fills a table by a query.
    Query {
        /// What kind of definition.
        kind: ModelKind,
        /// The table's name; `None` for a query on its own.
        name: Option<Range<usize>>,
        /// The names it gives to the columns.
        columns: Vec<usize>,
        /// The query.
        query: Query,
    },
    /// It declares a table.
    Declaration {
        /// The table's name.
        name: Range<usize>,
        /// The entries of the list of columns; `None` where there is no list.
        columns: Option<Vec<Range<usize>>>,
    },
    /// It changes a table.
    Alteration {
        /// The table's name.
        name: Range<usize>,
    },
    /// It does neither.
    Other,
}

/// Words that begin statements which define no table.
const OTHER_STATEMENTS: &[&str] = &[
    "ALTER", "ANALYZE", "BEGIN", "CALL", "COMMENT", "COMMIT", "COPY", "CREATE", "DECLARE",
    "DELETE", "DESCRIBE", "DROP", "END", "EXEC", "EXECUTE", "EXPLAIN", "EXPORT", "GRANT", "INSERT",
    "MERGE", "PUT", "REPLACE", "REVOKE", "ROLLBACK", "SET", "SHOW", "TRUNCATE", "UNLOAD", "UPDATE",
    "USE", "VACUUM",
];

/// The queries in a statement of which nothing else is understood, and whether it may be one
/// itself, its first word half typed.
pub(crate) fn remains(source: &Source<'_>, tokens: Range<usize>) -> (Query, bool) {
    let is_query = !source.is_one_of(tokens.start, OTHER_STATEMENTS);
    let mut query = Query {
        tokens: tokens.clone(),
        broken: true,
        ..Query::default()
    };
    stray(source, tokens, 0, &mut query.stray);
    let is_query = is_query && !query.stray.is_empty();
    (query, is_query)
}

/// Whether the statement creates what is gone with the session.
pub(crate) fn is_temporary(source: &Source<'_>, tokens: &Range<usize>) -> bool {
    const WORDS: &[&str] = &[
        "OR",
        "REPLACE",
        "LOCAL",
        "GLOBAL",
        "VOLATILE",
        "TEMP",
        "TEMPORARY",
    ];
    let words = tokens.start + 1..tokens.end;
    let mut words = words.take_while(|at| source.is_one_of(*at, WORDS));
    source.is_word(tokens.start, "CREATE")
        && words.any(|at| source.is_one_of(at, &["VOLATILE", "TEMP", "TEMPORARY"]))
}

/// The shape of the statement that `tokens` are.
pub(crate) fn shape(source: &Source<'_>, tokens: Range<usize>) -> Shape {
    let first = tokens.start;
    if source.is_word(first, "CREATE") {
        return creation(source, tokens).unwrap_or(Shape::Other);
    }
    if source.is_word(first, "ALTER") && source.is_word(first + 1, "TABLE") {
        return alteration(source, tokens);
    }
    if source.is_word(first, "INSERT") {
        return insertion(source, tokens, Query::default()).unwrap_or(Shape::Other);
    }
    if source.is_word(first, "WITH") {
        let mut outer = Query::default();
        let next = with(source, &tokens, 0, &mut outer);
        if source.is_word(next, "INSERT") {
            return insertion(source, next..tokens.end, outer).unwrap_or(Shape::Other);
        }
        if source.is_one_of(next, &["UPDATE", "DELETE", "MERGE"]) {
            return Shape::Other;
        }
    }
    if source.starts_query(first) {
        return Shape::Query {
            kind: ModelKind::Query,
            name: None,
            columns: Vec::new(),
            query: query(source, tokens, 0),
        };
    }
    Shape::Other
}

/// `CREATE … TABLE` or `CREATE … VIEW`.
fn creation(source: &Source<'_>, tokens: Range<usize>) -> Option<Shape> {
    // Between the two words stand `OR REPLACE`, `TEMPORARY` and the like, never as many as this.
    let words = tokens.start + 1..tokens.end.min(tokens.start + 8);
    let object = words
        .clone()
        .take_while(|at| source.get(*at).is_some_and(|word| word.keyword().is_some()))
        .find(|at| {
            source.is_one_of(
                *at,
                &["TABLE", "VIEW", "FUNCTION", "PROCEDURE", "STREAM", "INDEX"],
            )
        })?;
    if !source.is_one_of(object, &["TABLE", "VIEW"]) {
        return None;
    }
    let at = skip_words(source, object + 1, &["IF", "NOT", "EXISTS"]);
    if !source.is_word_like(at) {
        return None;
    }
    let name = at..name_end(source, at..tokens.end);
    let list = name.end;
    let has_list = source.is(list, &Token::LParen)
        && source.groups.opens(list)
        && !source.starts_query(list + 1);
    let after_list = if has_list { source.after(list) } else { list };
    let definition = source.find(after_list..tokens.end, |at| {
        (source.is_word(at, "AS") && source.starts_query(at + 1))
            || source.is_one_of(at, &["SELECT", "WITH"])
                && source.starts_query(at)
                && is_query(source, at)
            || (at == list && source.is(at, &Token::LParen))
    });
    if let Some(definition) = definition {
        let start = definition + usize::from(source.is_word(definition, "AS"));
        let kind = if source.is_word(object, "VIEW") {
            ModelKind::View
        } else {
            ModelKind::TableAs
        };
        let columns = if has_list {
            names(source, source.inside(list))
        } else {
            Vec::new()
        };
        return Some(Shape::Query {
            kind,
            name: Some(name),
            columns,
            query: query(source, start..tokens.end, 0),
        });
    }
    if source.is_word(object, "VIEW") {
        return None;
    }
    let columns = has_list.then(|| source.split_by_commas(source.inside(list)));
    Some(Shape::Declaration { name, columns })
}

/// Whether the `SELECT` or `WITH` at `at` begins a query, and no `WITH (…)` or `WITH NO DATA`.
fn is_query(source: &Source<'_>, at: usize) -> bool {
    source.is_word(at, "SELECT")
        || (source.is_word_like(at + 1)
            && (source.is_word(at + 2, "AS") || source.is_word(at + 1, "RECURSIVE")))
}

fn insertion(source: &Source<'_>, tokens: Range<usize>, outer: Query) -> Option<Shape> {
    let at = skip_words(
        source,
        tokens.start + 1,
        &["OVERWRITE", "INTO", "TABLE", "OR", "REPLACE", "IGNORE"],
    );
    if !source.is_word_like(at) {
        return None;
    }
    let name = at..name_end(source, at..tokens.end);
    let mut next = name.end;
    if source.is_word(next, "PARTITION") {
        next = source.after(next + 1);
    }
    let mut columns = Vec::new();
    if source.is(next, &Token::LParen) && !source.starts_query(next + 1) {
        columns = names(source, source.inside(next));
        next = source.after(next);
    }
    let start = source.find(next..tokens.end, |at| source.starts_query(at))?;
    let mut query = query(source, start..tokens.end, 0);
    let mut ctes = outer.with;
    ctes.append(&mut query.with);
    query.with = ctes;
    Some(Shape::Query {
        kind: ModelKind::Insert,
        name: Some(name),
        columns,
        query,
    })
}

fn alteration(source: &Source<'_>, tokens: Range<usize>) -> Shape {
    let at = skip_words(source, tokens.start + 2, &["IF", "EXISTS", "ONLY"]);
    if !source.is_word_like(at) {
        return Shape::Other;
    }
    Shape::Alteration {
        name: at..name_end(source, at..tokens.end),
    }
}

fn skip_words(source: &Source<'_>, at: usize, words: &[&str]) -> usize {
    let skipped = (at..).take_while(|at| source.is_one_of(*at, words));
    at + skipped.count()
}
