//! Macros as they are written down: `{% macro name(parameters) %} … {% endmacro %}`.
//!
//! Each becomes a template of its own, whose names are the macro's parameters: so it is compiled
//! once, when it is first called, and its calls bind arguments as Python does.

use super::literals;
use super::rewrite::{leading_word, rewrite};
use smol_str::SmolStr;
use syntax::TextRange;
use syntax::jinja::{Piece, PieceKind, pieces};

/// A macro in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroDefinition {
    /// Its name.
    pub name: SmolStr,
    /// From its opening tag to the tag that ends it.
    pub range: TextRange,
    /// The name in its opening tag.
    pub name_range: TextRange,
    /// The name and the parameters in its opening tag.
    pub signature: TextRange,
    /// What the comment right above it says.
    pub comment: Option<TextRange>,
}

/// The macros that a file defines, in order. Tests and materializations are none.
pub fn macros_in(text: &str) -> Vec<MacroDefinition> {
    let mut macros = Vec::new();
    let mut open: Option<(MacroDefinition, usize)> = None;
    let mut skipped_to: Option<String> = None;
    let mut comment: Option<Piece> = None;
    for piece in pieces(text) {
        if piece.kind == PieceKind::Comment {
            comment = Some(piece);
        }
        if piece.kind != PieceKind::Statement {
            continue;
        }
        let inner = slice(text, piece.inner);
        let word = leading_word(inner);
        if let Some(end) = &skipped_to {
            if word == end {
                skipped_to = None;
            }
        } else if let Some((mut definition, depth)) = open.take() {
            let depth = match word {
                "macro" => depth + 1,
                "endmacro" => depth - 1,
                _ => depth,
            };
            if depth == 0 {
                definition.range = definition.range.cover(piece.range);
                macros.push(definition);
            } else {
                open = Some((definition, depth));
            }
        } else if word == "macro" {
            let comment = comment.filter(|comment| is_right_above(text, comment, &piece));
            open = header(text, &piece, comment).map(|definition| (definition, 1));
        } else if matches!(word, "test" | "data_test" | "materialization" | "docs") {
            skipped_to = Some(format!("end{word}"));
        }
    }
    macros
}

/// Whether nothing but the end of a line stands between a comment and the tag behind it.
fn is_right_above(text: &str, comment: &Piece, tag: &Piece) -> bool {
    let between = TextRange::new(comment.range.end(), tag.range.start());
    let between = slice(text, between);
    between.trim().is_empty() && between.matches('\n').count() <= 1
}

fn header(text: &str, piece: &Piece, comment: Option<Piece>) -> Option<MacroDefinition> {
    let inner = slice(text, piece.inner);
    let behind = inner.strip_prefix("macro")?;
    let name = leading_word(behind.trim_start());
    let start = piece.inner.start() + syntax::TextSize::of("macro") + syntax::TextSize::of(behind)
        - syntax::TextSize::of(behind.trim_start());
    (!name.is_empty()).then(|| MacroDefinition {
        name: SmolStr::new(name),
        range: piece.range,
        name_range: TextRange::at(start, syntax::TextSize::of(name)),
        signature: TextRange::new(start, piece.inner.end()),
        comment: comment.map(|comment| comment.inner),
    })
}

/// A macro ready to be compiled.
#[derive(Debug)]
pub(super) struct MacroTemplate {
    /// Its parameters in order.
    pub(super) parameters: Vec<SmolStr>,
    /// Its body, with the defaults of its parameters before it.
    pub(super) body: String,
    /// All that it does is to warn or to fail: it stands for what an adapter does not have.
    pub(super) is_refusal: bool,
}

impl MacroTemplate {
    /// Reads the text of one macro; `None` if it has no opening tag.
    pub(super) fn new(text: &str) -> Option<MacroTemplate> {
        let pieces = pieces(text);
        let mut statements = pieces
            .iter()
            .filter(|piece| piece.kind == PieceKind::Statement);
        let first = statements.next()?;
        let last = statements.next_back()?;
        let inner = slice(text, first.inner);
        let list = inner.get(inner.find('(')? + 1..inner.rfind(')')?)?;
        let mut parameters = Vec::new();
        let mut defaults = String::new();
        for part in literals::parts(list) {
            let (name, default) = match literals::assignment(part) {
                Some((name, default)) => (name.trim(), Some(default.trim())),
                None => (part.trim(), None),
            };
            if name.is_empty() {
                continue;
            }
            parameters.push(SmolStr::new(name));
            if let Some(default) = default {
                let default = literals::mutable(default);
                defaults.push_str(&format!(
                    "{{% set {name} = ({default}) if {name} is undefined else {name} %}}"
                ));
            }
        }
        let body = TextRange::new(first.range.end(), last.range.start());
        let body = rewrite(slice(text, body));
        if body.is_too_long() || literals::is_too_long(list) {
            return None;
        }
        let trims = |piece: &Piece, sign: &str| match sign {
            "-%}" => slice(text, piece.range).ends_with(sign),
            _ => slice(text, piece.range).starts_with(sign),
        };
        let after_header = if trims(first, "-%}") { "{# -#}" } else { "" };
        let before_end = if trims(last, "{%-") { "{#- #}" } else { "" };
        Some(MacroTemplate {
            parameters,
            body: format!("{defaults}{after_header}{}{before_end}", body.text()),
            is_refusal: is_refusal(text, &pieces),
        })
    }
}

/// Whether a macro, tag by tag, does nothing but call `exceptions`.
fn is_refusal(text: &str, pieces: &[Piece]) -> bool {
    let mut refuses = false;
    for piece in pieces {
        let inner = slice(text, piece.inner);
        let called = match piece.kind {
            PieceKind::Comment => continue,
            PieceKind::Text if inner.trim().is_empty() => continue,
            PieceKind::Statement if matches!(leading_word(inner), "macro" | "endmacro") => continue,
            PieceKind::Statement => inner.strip_prefix("do").unwrap_or_default(),
            PieceKind::Expression => inner,
            _ => return false,
        };
        if !called.trim_start().starts_with("exceptions.") {
            return false;
        }
        refuses = true;
    }
    refuses
}

fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into())
        .unwrap_or_default()
}
