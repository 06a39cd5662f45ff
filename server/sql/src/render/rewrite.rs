//! dbt's templates in the engine's own language.
//!
//! Python's lists and dictionaries can be changed in place, and dbt has tags of its own; the engine
//! knows neither. Only the insides of tags are written anew: text is copied, and a list of segments
//! leads from the new text back to the file.

use super::literals;
use std::ops::Range;
use syntax::jinja::{Piece, PieceKind, pieces};
use syntax::{TextRange, TextSize};

/// A template for the engine.
#[derive(Debug)]
pub(super) struct Rewritten {
    text: String,
    segments: Vec<Segment>,
    too_long: bool,
}

/// A part of the rewritten text that comes from one piece of the file.
#[derive(Clone, Copy, Debug)]
struct Segment {
    start: usize,
    source: TextRange,
    is_text: bool,
}

/// Blocks that define something else than the text they stand in.
const DEFINITIONS: &[&str] = &["docs", "test", "data_test", "unit_test", "materialization"];

/// More tags than a template may have: each could nest a value in another.
const MOST_TAGS: usize = 50_000;

/// Rewrites a template.
pub(super) fn rewrite(text: &str) -> Rewritten {
    let mut writer = Writer {
        source: text,
        out: Rewritten {
            text: String::with_capacity(text.len() + 64),
            segments: Vec::new(),
            too_long: false,
        },
        skipped_to: None,
        set_blocks: Vec::new(),
        tags: 0,
    };
    for piece in pieces(text) {
        writer.piece(&piece);
    }
    writer.out
}

impl Rewritten {
    /// The text for the engine.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it has more tags, or longer expressions, than the engine bears.
    pub(super) fn is_too_long(&self) -> bool {
        self.too_long
    }

    /// The tag of the file that the offset in the rewritten text belongs to.
    pub(super) fn tag_at(&self, at: usize) -> Option<TextRange> {
        self.segment(at).map(|segment| segment.source)
    }

    /// Where text that the engine copied from `range` of the rewritten text stands in the file;
    /// `None` if it is no text of the file.
    pub(super) fn text_range(&self, range: Range<usize>) -> Option<TextRange> {
        let segment = self.segment(range.start)?;
        let start = size(range.start.checked_sub(segment.start)?);
        let length = size(range.len());
        let copied = TextRange::at(segment.source.start() + start, length);
        (segment.is_text && segment.source.contains_range(copied)).then_some(copied)
    }

    fn segment(&self, at: usize) -> Option<Segment> {
        let behind = self.segments.partition_point(|segment| segment.start <= at);
        self.segments.get(behind.checked_sub(1)?).copied()
    }
}

struct Writer<'t> {
    source: &'t str,
    out: Rewritten,
    /// The word of the tag up to which everything is left out.
    skipped_to: Option<String>,
    /// For each open `{% set … %}` block, what is to be done with its text when it ends.
    set_blocks: Vec<Option<String>>,
    /// How many tags there were.
    tags: usize,
}

impl Writer<'_> {
    fn piece(&mut self, piece: &Piece) {
        let inner = slice(self.source, piece.inner);
        let word = leading_word(inner);
        let is_statement = piece.kind == PieceKind::Statement;
        if let Some(end) = &self.skipped_to {
            if is_statement && word == end {
                self.skipped_to = None;
                self.nothing(piece);
            }
            return;
        }
        self.out.too_long |= piece.kind != PieceKind::Text
            && piece.kind != PieceKind::Comment
            && literals::is_too_long(inner);
        self.tags += usize::from(piece.kind != PieceKind::Text);
        self.out.too_long |= self.tags > MOST_TAGS;
        self.out.segments.push(Segment {
            start: self.out.text.len(),
            source: piece.range,
            is_text: piece.kind == PieceKind::Text,
        });
        match piece.kind {
            PieceKind::Text | PieceKind::Comment => {
                self.out.text.push_str(slice(self.source, piece.range));
            }
            PieceKind::Expression => self.tag(piece, &literals::mutable(inner)),
            PieceKind::Statement if matches!(word, "snapshot" | "endsnapshot") => {
                self.nothing(piece);
            }
            PieceKind::Statement if DEFINITIONS.contains(&word) => {
                self.nothing(piece);
                self.skipped_to = Some(format!("end{word}"));
            }
            PieceKind::Statement if word == "set" => self.set(piece, inner),
            PieceKind::Statement => {
                let statement = statement(word, inner);
                self.tag(piece, &statement);
                if word == "endset"
                    && let Some(Some(assignment)) = self.set_blocks.pop()
                {
                    self.out.text.push_str(&assignment);
                }
            }
        }
    }

    /// A `set`. To set an attribute is to call a method: the engine would take no other value than
    /// a namespace of its own, which may contain itself.
    fn set(&mut self, piece: &Piece, inner: &str) {
        let rest = inner.strip_prefix("set").unwrap_or_default();
        let (target, value) = match literals::assignment(rest) {
            Some((target, value)) => (target.trim(), Some(value.trim())),
            None => (rest.trim(), None),
        };
        let attribute = target
            .rsplit_once('.')
            .filter(|(_, name)| leading_word(name) == *name);
        let inside = match (attribute, value) {
            (Some((object, name)), Some(value)) => {
                let value = literals::mutable(value);
                format!("set __ignored = {object}.__set('{name}', __own({value}))")
            }
            (Some((object, name)), None) => {
                self.set_blocks.push(Some(format!(
                    "{{% set __ignored = {object}.__set('{name}', __block) %}}"
                )));
                "set __block".to_owned()
            }
            // What `+` and filters give can't be changed in place, so it is copied into what can.
            (None, Some(value)) if literals::computes(value) => {
                let value = literals::mutable(value);
                format!("set {target} = __own({value})")
            }
            (None, Some(_)) => literals::mutable(inner),
            (None, None) => {
                self.set_blocks.push(None);
                literals::mutable(inner)
            }
        };
        self.tag(piece, &inside);
    }

    /// The tag with another inside.
    fn tag(&mut self, piece: &Piece, inside: &str) {
        let before = TextRange::new(piece.range.start(), piece.inner.start());
        let after = TextRange::new(piece.inner.end(), piece.range.end());
        self.push(before);
        self.out.text.push_str(inside);
        self.push(after);
    }

    /// The delimiter of a tag, with the white space beside it.
    fn push(&mut self, delimiter: TextRange) {
        let spaced = literals::plain_spaces(slice(self.source, delimiter));
        self.out.text.push_str(&spaced);
    }

    /// A comment in place of the tag: its signs still take away the white space around it.
    fn nothing(&mut self, piece: &Piece) {
        let tag = slice(self.source, piece.range);
        let sign = |at: usize| match tag.as_bytes().get(at) {
            Some(b'-') => "-",
            _ => "",
        };
        let comment = format!("{{#{} {}#}}", sign(2), sign(tag.len().saturating_sub(3)));
        self.out.text.push_str(&comment);
    }
}

fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into())
        .unwrap_or_default()
}

/// The inside of a statement in the engine's words.
fn statement(word: &str, inner: &str) -> String {
    let rest = inner.get(word.len()..).unwrap_or_default();
    match word {
        // The engine's `do` takes calls only; dbt's takes what gives one, too.
        "do" => format!("set __ignored = {}", literals::mutable(rest.trim_start())),
        _ => literals::mutable(inner),
    }
}

/// The word at the start of a statement.
pub(super) fn leading_word(inner: &str) -> &str {
    let end = inner
        .find(|character: char| !character.is_alphanumeric() && character != '_')
        .unwrap_or(inner.len());
    inner.get(..end).unwrap_or_default()
}

fn size(at: usize) -> TextSize {
    TextSize::new(u32::try_from(at).unwrap_or(u32::MAX))
}
