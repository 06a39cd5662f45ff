//! Positions in text: byte offsets inside, lines and columns at the edge.

pub use text_size::{TextRange, TextSize};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16, the protocol's default (LSP 3.17, `PositionEncodingKind`).
    Utf16,
    /// Unicode scalar values, which is what people count on the command line.
    Utf32,
}

/// A place as people and editors name it; both numbers count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in units of an [`Encoding`].
    pub column: u32,
}

/// Where each line of one text starts, to convert between offsets and positions.
///
/// A line ends with `\n`, `\r\n` or `\r`, as the protocol has it. Every input gives an answer:
/// what lies beyond the end of a line or of the text is moved back to that end, as LSP 3.17 asks,
/// and what lies inside a character is moved back to its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    /// The offset of each line's first byte; never empty.
    starts: Vec<TextSize>,
}

impl LineIndex {
    /// The lines of `text`. Texts are at most 4 GiB long.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let mut starts = vec![TextSize::new(0)];
        for (offset, byte) in bytes.iter().enumerate() {
            let ends_line = match byte {
                b'\n' => true,
                b'\r' => bytes.get(offset + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends_line {
                starts.push(offset_of(offset + 1));
            }
        }
        LineIndex { starts }
    }

    /// How many lines there are: one more than there are line ends.
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The line that `offset` is on, from 0.
    pub fn line(&self, offset: TextSize) -> u32 {
        let following = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(following.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The range of line `line` in `text`, without its line end.
    pub fn line_range(&self, text: &str, line: u32) -> Option<TextRange> {
        let start = *self.starts.get(line as usize)?;
        let end = self
            .starts
            .get(line as usize + 1)
            .copied()
            .unwrap_or(TextSize::of(text));
        let content = text.get(start.into()..end.into())?;
        let content = content.trim_end_matches(['\n', '\r']);
        Some(TextRange::at(start, TextSize::of(content)))
    }

    /// The position of `offset` in `text`, which is the text this index was made from.
    pub fn position(&self, text: &str, offset: TextSize, encoding: Encoding) -> Position {
        let offset = char_start(text, offset);
        let line = self.line(offset);
        let start = self.starts.get(line as usize).copied().unwrap_or_default();
        let before = text.get(start.into()..offset.into()).unwrap_or_default();
        Position {
            line,
            column: width(before, encoding),
        }
    }

    /// The offset of `position` in `text`, which is the text this index was made from.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> TextSize {
        let Some(range) = self.line_range(text, position.line) else {
            return TextSize::of(text);
        };
        let line = text
            .get(range.start().into()..range.end().into())
            .unwrap_or_default();
        let mut column = 0;
        for (at, character) in line.char_indices() {
            column += char_width(character, encoding);
            if column > position.column {
                return range.start() + offset_of(at);
            }
        }
        range.end()
    }
}

/// The width of `text` in units of `encoding`.
pub fn width(text: &str, encoding: Encoding) -> u32 {
    text.chars()
        .map(|character| char_width(character, encoding))
        .sum()
}

fn char_width(character: char, encoding: Encoding) -> u32 {
    let units = match encoding {
        Encoding::Utf8 => character.len_utf8(),
        Encoding::Utf16 => character.len_utf16(),
        Encoding::Utf32 => 1,
    };
    units as u32
}

fn char_start(text: &str, offset: TextSize) -> TextSize {
    let mut at = usize::from(offset).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    offset_of(at)
}

fn offset_of(at: usize) -> TextSize {
    TextSize::new(u32::try_from(at).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "aé\r\n𝒳b\rc\n";

    fn position(line: u32, column: u32) -> Position {
        Position { line, column }
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        let index = LineIndex::new(TEXT);
        assert_eq!(index.line_count(), 4);
        let lines: Vec<&str> = (0..4)
            .filter_map(|line| index.line_range(TEXT, line))
            .filter_map(|range| TEXT.get(range.start().into()..range.end().into()))
            .collect();
        assert_eq!(lines, ["aé", "𝒳b", "c", ""]);
    }

    #[test]
    fn a_column_counts_units_of_the_encoding() {
        let index = LineIndex::new(TEXT);
        let b = TextSize::new(TEXT.find('b').unwrap() as u32);
        for (encoding, column) in [
            (Encoding::Utf8, 4),
            (Encoding::Utf16, 2),
            (Encoding::Utf32, 1),
        ] {
            assert_eq!(index.position(TEXT, b, encoding), position(1, column));
            assert_eq!(index.offset(TEXT, position(1, column), encoding), b);
        }
    }

    #[test]
    fn what_lies_outside_is_moved_back_inside() {
        let index = LineIndex::new(TEXT);
        assert_eq!(
            index.offset(TEXT, position(0, 99), Encoding::Utf16),
            TextSize::new(3)
        );
        assert_eq!(
            index.offset(TEXT, position(99, 0), Encoding::Utf16),
            TextSize::of(TEXT)
        );
        assert_eq!(
            index.offset(TEXT, position(1, 1), Encoding::Utf16),
            TextSize::new(5)
        );
        assert_eq!(
            index.position(TEXT, TextSize::new(2), Encoding::Utf8),
            position(0, 1)
        );
    }
}
