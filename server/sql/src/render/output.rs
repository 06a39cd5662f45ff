//! The rendered text, and the way back from it to the file.

use super::rewrite::Rewritten;
use super::session::Notes;
use crate::facts::TableRef;
use minijinja::{OutputSpan, OutputSpanKind};
use smol_str::SmolStr;
use std::ops::Range;
use syntax::{TextRange, TextSize};

/// A template's text after rendering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text. What stands for a table, or for what is not known, is an identifier in it.
    pub text: String,
    /// Where its parts come from, in order, without gaps.
    pub pieces: Vec<RenderedPiece>,
    /// The identifiers that stand for something, in order.
    pub holes: Vec<RenderedHole>,
    /// Everything that was looked up outside the template, found or not; sorted, each once.
    pub looked_up: Vec<Lookup>,
    /// The template, or a macro, called `is_incremental()`: its other branch differs.
    pub asked_incremental: bool,
    /// A condition or a loop hung on something that is not known, so the text may be another.
    pub guessed: bool,
    /// Calls of macros that failed, in order; each is a hole.
    pub failed: Vec<FailedCall>,
}

/// A call of a macro that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedCall {
    /// The macro's name.
    pub name: SmolStr,
    /// Why, in words of the template engine.
    pub message: String,
}

/// A part of the rendered text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderedPiece {
    /// Where it stands in the rendered text.
    pub rendered: TextRange,
    /// Where it comes from: the same text, or the tag that gave it.
    pub source: TextRange,
    /// What it is.
    pub kind: RenderedPieceKind,
}

/// What a part of the rendered text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RenderedPieceKind {
    /// Text of the file, copied.
    Text,
    /// Text that a tag gave: an expression, most often a macro's.
    Tag,
}

/// An identifier in the rendered text that stands for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedHole {
    /// Where it stands in the rendered text.
    pub range: TextRange,
    /// What it stands for.
    pub stands_for: StandsFor,
}

/// What an identifier stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StandsFor {
    /// A table.
    Table(TableRef),
    /// The model's own table: `this`.
    This,
    /// Text that is not known; what was asked for, in the words of the template.
    Unknown(SmolStr),
}

/// Something that a template asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lookup {
    /// A macro, in whatever package.
    Macro(SmolStr),
    /// A variable of the project.
    Var(SmolStr),
    /// A variable of the process's environment, which is never read.
    Environment(SmolStr),
    /// A configuration of the model.
    Config(SmolStr),
    /// A table by `ref` or `source`.
    Table(TableRef),
}

impl Rendered {
    /// Where a part of the rendered text comes from: the same text of the file, or all of the tags
    /// that gave it.
    pub fn source_range(&self, range: TextRange) -> TextRange {
        let first = self
            .pieces
            .partition_point(|piece| piece.rendered.end() <= range.start());
        let behind = self
            .pieces
            .partition_point(|piece| piece.rendered.start() < range.end());
        let own = match self.pieces.get(first..behind.max(first + 1)) {
            Some(own) => own,
            // Behind the last part.
            None => self
                .pieces
                .last()
                .map(std::slice::from_ref)
                .unwrap_or_default(),
        };
        let sources = own.iter().map(|piece| piece.source_of(range));
        sources.reduce(TextRange::cover).unwrap_or_default()
    }

    /// The parts that tags gave.
    pub fn made(&self) -> impl Iterator<Item = &RenderedPiece> {
        let pieces = self.pieces.iter();
        pieces.filter(|piece| piece.kind == RenderedPieceKind::Tag)
    }
}

impl RenderedPiece {
    /// Where the part of it that lies in `range` comes from.
    fn source_of(&self, range: TextRange) -> TextRange {
        if self.kind == RenderedPieceKind::Tag {
            return self.source;
        }
        let clamped = |at: TextSize| at.clamp(self.rendered.start(), self.rendered.end());
        let start = clamped(range.start()) - self.rendered.start();
        let end = clamped(range.end()) - self.rendered.start();
        TextRange::new(self.source.start() + start, self.source.start() + end)
    }
}

/// Puts together what the engine gave.
pub(super) fn assemble(
    text: String,
    spans: &[OutputSpan],
    rewritten: &Rewritten,
    prefix: &str,
    notes: Notes,
) -> Rendered {
    let mut pieces: Vec<RenderedPiece> = Vec::new();
    for span in spans {
        let rendered = range(span.output_range());
        let copied = match span.kind() {
            OutputSpanKind::Raw => rewritten.text_range(span.source_range()),
            _ => None,
        };
        let (source, kind) = match copied {
            Some(copied) => (copied, RenderedPieceKind::Text),
            None => {
                let tag = rewritten.tag_at(span.source_range().start);
                (tag.unwrap_or_default(), RenderedPieceKind::Tag)
            }
        };
        pieces.push(RenderedPiece {
            rendered,
            source,
            kind,
        });
    }
    let holes = placeholders(&text, prefix)
        .filter_map(|(range, number)| {
            let stands_for = notes.placeholders.get(number)?.clone();
            Some(RenderedHole { range, stands_for })
        })
        .collect();
    Rendered {
        text,
        pieces,
        holes,
        looked_up: notes.looked_up.into_iter().collect(),
        asked_incremental: notes.asked_incremental,
        guessed: notes.guessed,
        failed: notes.failed,
    }
}

/// The placeholders in the text with their numbers, whatever case a filter gave them.
fn placeholders<'t>(text: &'t str, prefix: &'t str) -> impl Iterator<Item = (TextRange, usize)> {
    let bytes = text.as_bytes();
    let starts = letters(
        bytes,
        prefix.as_bytes().first().copied().unwrap_or_default(),
    );
    let mut free_from = 0;
    starts.filter_map(move |start| {
        if start < free_from {
            return None;
        }
        let behind = bytes.get(start + prefix.len()..)?;
        let found = bytes.get(start..start + prefix.len())?;
        if !found.eq_ignore_ascii_case(prefix.as_bytes()) {
            return None;
        }
        let digits = behind
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if !matches!(behind.get(digits), Some(b'q' | b'Q')) {
            return None;
        }
        let end = start + prefix.len() + digits + 1;
        let number = text.get(start + prefix.len()..end - 1)?.parse().ok()?;
        free_from = end;
        Some((range(start..end), number))
    })
}

/// The offsets of an ASCII letter in either case.
fn letters(bytes: &[u8], letter: u8) -> impl Iterator<Item = usize> {
    let indexed = bytes.iter().enumerate();
    indexed
        .filter(move |(_, byte)| byte.eq_ignore_ascii_case(&letter))
        .map(|(at, _)| at)
}

fn range(range: Range<usize>) -> TextRange {
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    TextRange::new(size(range.start), size(range.end))
}
