//! The text of a template with every tag replaced by something SQL can stand, byte for byte.

use super::condition::{Conditions, split};
use super::hole::{self, Hole, Meaning};
use crate::facts::{ConfigValue, TableRef};
use syntax::jinja::{self, Piece, PieceKind};
use syntax::{Places, TextRange};

/// A template made readable as SQL.
#[derive(Debug, Default)]
pub(crate) struct Mask {
    /// As long as the template; every offset is the same in both.
    pub(crate) text: String,
    /// The `{{ … }}` that are read, in order.
    pub(crate) holes: Vec<Hole>,
    /// Text in branches that are not read, in order.
    pub(crate) hidden: Vec<TextRange>,
    /// `{# … #}`
    pub(crate) comments: Vec<TextRange>,
    /// `{% snapshot … %}` blocks.
    pub(crate) snapshots: Vec<Snapshot>,
    /// Literals of `config(…)`.
    pub(crate) config: Vec<ConfigValue>,
    /// Tables named in `{% … %}`, where it is read.
    pub(crate) tables: Vec<(TableRef, TextRange)>,
}

/// A `{% snapshot … %}` block, which names the query inside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Snapshot {
    /// The name in its opening tag.
    pub(crate) name: TextRange,
    /// From there to the tag that ends it, or to the end of the text.
    pub(crate) body: TextRange,
}

impl Mask {
    /// Plain SQL, without any template.
    pub(crate) fn plain(text: &str) -> Mask {
        Mask {
            text: text.to_owned(),
            ..Mask::default()
        }
    }

    /// The mask of a template. Spots of what it configures are added to `places`.
    pub(crate) fn of_template(text: &str, places: &mut Places) -> Mask {
        let mut builder = Builder {
            text,
            bytes: text.as_bytes().to_vec(),
            mask: Mask::default(),
            conditions: Conditions::default(),
            blocks: Vec::new(),
            reading: Reading::Shown,
        };
        for piece in jinja::pieces(text) {
            builder.piece(&piece, places);
        }
        let bytes = builder.bytes;
        let mut mask = builder.mask;
        mask.text = String::from_utf8(bytes)
            .unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned());
        mask
    }
}

/// What happens to text where the template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// It is read.
    Shown,
    /// It is in a branch that is not read.
    OtherBranch,
    /// It is the body of a definition and gives no text here.
    Definition,
}

/// A block that is open.
#[derive(Clone, Copy, Debug)]
struct Block {
    kind: BlockKind,
    /// How the text around it is read.
    outside: Reading,
}

#[derive(Clone, Copy, Debug)]
enum BlockKind {
    If { taken: bool },
    For,
    Snapshot(usize),
    Other,
}

struct Builder<'t> {
    text: &'t str,
    bytes: Vec<u8>,
    mask: Mask,
    conditions: Conditions,
    blocks: Vec<Block>,
    reading: Reading,
}

impl<'t> Builder<'t> {
    fn piece(&mut self, piece: &Piece, places: &mut Places) {
        match piece.kind {
            PieceKind::Text => self.plain_text(piece.range),
            PieceKind::Comment => {
                self.blank(piece.range);
                self.mask.comments.push(piece.range);
            }
            PieceKind::Statement => {
                self.blank(piece.range);
                self.statement(piece);
            }
            PieceKind::Expression if self.reading == Reading::Shown => {
                self.expression(piece, places);
            }
            PieceKind::Expression => {
                self.hide(piece.range);
                self.blank(piece.range);
            }
        }
        if let Some(Block {
            kind: BlockKind::Snapshot(index),
            ..
        }) = self.blocks.last()
            && let Some(snapshot) = self.mask.snapshots.get_mut(*index)
        {
            snapshot.body = snapshot.body.cover(piece.range);
        }
    }

    fn plain_text(&mut self, range: TextRange) {
        if self.reading != Reading::Shown {
            self.hide(range);
            self.blank(range);
        }
    }

    fn hide(&mut self, range: TextRange) {
        if self.reading == Reading::OtherBranch {
            self.mask.hidden.push(range);
        }
    }

    fn expression(&mut self, piece: &Piece, places: &mut Places) {
        let values = hole::config(self.text, piece, places);
        self.mask.config.extend(values);
        let chosen = self.chosen(piece.inner);
        let hole = hole::read(self.text, piece, chosen);
        self.fill(&hole);
        self.mask.holes.push(hole);
    }

    /// The side of `a if b else c` that is read.
    fn chosen(&mut self, inner: TextRange) -> Option<&'t str> {
        let inner = slice(self.text, inner);
        let parts = split(inner, "if");
        let (value, rest) = match parts.as_slice() {
            [value, rest] => (value.trim(), *rest),
            _ => return None,
        };
        let parts = split(rest, "else");
        let (condition, otherwise) = match parts.as_slice() {
            [condition] => (*condition, ""),
            [condition, otherwise] => (*condition, otherwise.trim()),
            _ => return None,
        };
        let holds = self.conditions.holds(condition);
        Some(if holds { value } else { otherwise })
    }

    fn statement(&mut self, piece: &Piece) {
        let inner = slice(self.text, piece.inner);
        let word_end = inner
            .find(|character: char| !character.is_alphanumeric() && character != '_')
            .unwrap_or(inner.len());
        let (word, rest) = inner.split_at_checked(word_end).unwrap_or((inner, ""));
        let rest = rest.trim();
        if self.reading == Reading::Shown {
            let tables = hole::tables_in(self.text, piece.inner);
            self.mask.tables.extend(tables);
        }
        match word {
            "if" => {
                let taken = self.conditions.holds(rest);
                self.open(BlockKind::If { taken }, taken, Reading::OtherBranch);
            }
            "elif" | "else" => self.branch(word, rest),
            "for" => self.open(BlockKind::For, true, Reading::OtherBranch),
            "set" if !has_assignment(rest) => {
                self.open(BlockKind::Other, false, Reading::Definition);
            }
            "macro" | "call" | "test" | "data_test" | "materialization" | "docs" => {
                self.open(BlockKind::Other, false, Reading::Definition);
            }
            "snapshot" => self.open_snapshot(piece, rest),
            "filter" | "block" | "with" | "autoescape" => {
                self.open(BlockKind::Other, true, Reading::Shown);
            }
            _ if word.starts_with("end") && word != "endraw" => {
                if let Some(block) = self.blocks.pop() {
                    self.reading = block.outside;
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, kind: BlockKind, shown: bool, otherwise: Reading) {
        self.blocks.push(Block {
            kind,
            outside: self.reading,
        });
        if !shown && self.reading != Reading::Definition {
            self.reading = otherwise;
        }
    }

    fn open_snapshot(&mut self, piece: &Piece, name: &str) {
        let start = piece.inner.end() - syntax::TextSize::of(name);
        let index = self.mask.snapshots.len();
        self.mask.snapshots.push(Snapshot {
            name: TextRange::new(start, piece.inner.end()),
            body: piece.range,
        });
        self.open(BlockKind::Snapshot(index), true, Reading::Shown);
    }

    fn branch(&mut self, word: &str, condition: &str) {
        let Some(block) = self.blocks.last().copied() else {
            return;
        };
        let shown = match block.kind {
            BlockKind::If { taken: true } | BlockKind::For => false,
            BlockKind::If { taken: false } => word == "else" || self.conditions.holds(condition),
            _ => return,
        };
        if let (
            Some(Block {
                kind: BlockKind::If { taken },
                ..
            }),
            true,
        ) = (self.blocks.last_mut(), shown)
        {
            *taken = true;
        }
        self.reading = match block.outside {
            Reading::Shown if !shown => Reading::OtherBranch,
            outside => outside,
        };
    }

    fn fill(&mut self, hole: &Hole) {
        match &hole.meaning {
            Meaning::Nothing => self.blank(hole.range),
            Meaning::Literal(literal) => {
                self.blank(hole.range);
                self.write(hole.range, literal.as_bytes());
            }
            // The white space keeps what stands beside it apart: `{{ ref('a') }}as b`.
            Meaning::Table(_) => self.fill_with(hole.range, true),
            // None here: `{{ prefix }}_name` must become one word.
            Meaning::Unknown => self.fill_with(hole.range, false),
        }
    }

    /// Fills the range with a name, apart from its neighbours unless they continue it: `…_old`.
    fn fill_with(&mut self, range: TextRange, apart: bool) {
        self.blank(range);
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let continues = |at: Option<usize>| at.and_then(|at| self.bytes.get(at)) == Some(&b'_');
        let before = usize::from(apart && !continues(start.checked_sub(1)));
        let after = usize::from(apart && !continues(Some(end)));
        let inside = start + before..end.saturating_sub(after).max(start + before);
        if let Some(bytes) = self.bytes.get_mut(inside) {
            bytes.fill(b'_');
        }
    }

    fn write(&mut self, range: TextRange, content: &[u8]) {
        let inside = usize::from(range.start())..usize::from(range.end());
        let target = self.bytes.get_mut(inside).unwrap_or_default();
        for (byte, new) in target.iter_mut().zip(content) {
            *byte = *new;
        }
    }

    fn blank(&mut self, range: TextRange) {
        let inside = usize::from(range.start())..usize::from(range.end());
        for byte in self.bytes.get_mut(inside).unwrap_or_default() {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
}

/// Whether `{% set … %}` has a value, or is a block.
fn has_assignment(rest: &str) -> bool {
    let mut depth = 0i32;
    for byte in rest.bytes() {
        match byte {
            b'=' if depth == 0 => return true,
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'\'' | b'"' => return false,
            _ => {}
        }
    }
    false
}

fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
