//! What can be folded in SQL: common table expressions, what stands in parentheses, lists of columns,
//! statements where there are several, blocks of the template, and comments.

use super::Found;
use crate::lookup;
use sql::outline::{Outline, Part, PartKind, outline};
use sql::{Options, Templating};
use syntax::jinja::{PieceKind, pieces};
use syntax::{TextRange, TextSize};

pub(super) fn folds(options: &Options, found: &mut Found<'_>) {
    let outline: Outline = outline(found.text, options);
    let is_one_of_several = outline.statements.len() > 1;
    for statement in &outline.statements {
        if is_one_of_several {
            found.add(statement.range);
        }
        below(statement, found);
    }
    for range in &outline.parentheses {
        let close = range.end().checked_sub(TextSize::new(1));
        let close = close.unwrap_or(range.end());
        found.add_up_to(*range, TextRange::new(close, range.end()));
    }
    if options.templating == Templating::Jinja {
        blocks(found);
    }
    found.add_comments(outline.comments);
}

fn below(part: &Part, found: &mut Found<'_>) {
    if part.kind == PartKind::Projection {
        found.add(part.range);
    }
    for part in &part.parts {
        below(part, found);
    }
}

/// The blocks of a template, each branch by itself. The tag that ends one stays.
fn blocks(found: &mut Found<'_>) {
    let mut open: Vec<(&str, TextRange)> = Vec::new();
    let text = found.text;
    for piece in pieces(text) {
        if piece.kind != PieceKind::Statement {
            continue;
        }
        let content = lookup::slice(text, piece.inner);
        let word = content.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let word = word.into_iter().next().unwrap_or_default();
        let goes_on = matches!(word, "else" | "elif");
        if let Some(name) = word.strip_prefix("end").filter(|name| !name.is_empty()) {
            let own = open.iter().rposition(|(opened, _)| *opened == name);
            if let Some((_, start)) = own.and_then(|own| open.drain(own..).next()) {
                found.add_up_to(start, piece.range);
            }
        } else if goes_on {
            if let Some((_, start)) = open.last_mut() {
                let before = std::mem::replace(start, piece.range);
                found.add_up_to(before, piece.range);
            }
        } else if is_block(word, content) {
            open.push((word, piece.range));
        }
    }
}

/// Whether a tag opens a block that another one ends.
fn is_block(word: &str, content: &str) -> bool {
    match word {
        "set" => !content.contains('='),
        "if" | "for" | "macro" | "snapshot" | "call" | "filter" | "test" | "materialization"
        | "docs" | "raw" | "block" => true,
        _ => false,
    }
}
