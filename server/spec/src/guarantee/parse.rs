//! From a sentence to a guarantee.

use super::problem::{self, SentenceProblem};
use super::{Guarantee, Path, Sql, Word, table, zone};
use crate::nearest;
use std::borrow::Cow;
use syntax::{Name, TextRange, TextSize};
use tree_sitter::Node;

/// The guarantee that a sentence states. A full stop at its end is no part of the language, since SQL
/// may end with one.
///
/// Line ends count as blanks. All ranges count from the start of `sentence`.
pub fn parse(sentence: &str) -> Result<Guarantee, SentenceProblem> {
    let text = one_line(sentence);
    let guarantee = guarantee(&text).ok_or_else(|| problem::of(&text))?;
    match &guarantee {
        Guarantee::HasType { data_type, .. } if !may_be_type(&data_type.text) => {
            Err(problem::after(&text, data_type.range.start().into()))
        }
        // As tokens `==` is `=` and an expression; no expression starts so.
        Guarantee::Equals { value, .. } if value.text.starts_with('=') => {
            Err(problem::after(&text, value.range.start().into()))
        }
        _ => Ok(guarantee),
    }
}

/// Whether what follows `is` can be meant as a type: it is no misspelled word of the language, as in
/// `is uniqe`, and no other English, as in `is mandatory`. What is taken for a type by mistake could
/// never be told, and would look as if it were kept.
fn may_be_type(data_type: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let first = data_type
        .split(|letter| !is_part(letter))
        .next()
        .unwrap_or_default();
    let mut other_words = OTHER_WORDS.split(' ');
    let is_other = other_words.any(|word| word.eq_ignore_ascii_case(first));
    !is_other && nearest(first, AFTER_IS.iter().copied()).is_none()
}

/// Words that follow `is` in English, and start the name of no type in any dialect.
const OTHER_WORDS: &str = "a above always an any at below between blank built calculated computed \
    copied defined derived distinct dropped either empty equal exactly false filled from greater larger \
    less like mandatory materialised measured missing more negative no non not null only optional over \
    populated positive present removed required smaller taken the there true under valid zero";

/// Words of the language after `is` that are long enough to be recognised when misspelled.
const AFTER_IS: &[&str] = &[
    "absent",
    "materialized",
    "merged",
    "never",
    "renamed",
    "unique",
];

/// A text with blanks for line ends, as long as before.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        Cow::Owned(text.replace(['\n', '\r'], " "))
    } else {
        Cow::Borrowed(text)
    }
}

fn guarantee(text: &str) -> Option<Guarantee> {
    let tree = table::tree(text)?;
    let root = tree.root_node();
    if root.has_error() || root.named_child_count() != 1 {
        return None;
    }
    let sentence = Sentence {
        text,
        node: root.named_child(0)?,
    };
    sentence.guarantee()
}

/// A node of one of the forms, and the text it is of.
struct Sentence<'t> {
    text: &'t str,
    node: Node<'t>,
}

impl Sentence<'_> {
    fn guarantee(&self) -> Option<Guarantee> {
        Some(match self.node.kind() {
            "exists" => Guarantee::Exists(self.path("what")?),
            "absent" => Guarantee::Absent(self.path("what")?),
            "renamed_from" => Guarantee::RenamedFrom {
                what: self.path("what")?,
                from: self.path("from")?,
            },
            "lists_columns" => Guarantee::ListsColumns(self.path("table")?),
            "has_type" => Guarantee::HasType {
                column: self.path("column")?,
                data_type: self.sql("type")?,
            },
            "never_null" => Guarantee::NeverNull(self.path("column")?),
            "unique" => Guarantee::Unique(self.path("column")?),
            "one_of" => Guarantee::OneOf {
                column: self.path("column")?,
                values: self
                    .nodes("value")
                    .into_iter()
                    .map(|node| self.sql_of(node))
                    .collect(),
            },
            "in_unit" => self.unit()?,
            "refers_to" => Guarantee::RefersTo {
                column: self.path("column")?,
                to: self.path("to")?,
            },
            "equals" => Guarantee::Equals {
                column: self.path("column")?,
                value: self.sql("value")?,
                per: self.paths("per"),
                filter: self.sql("filter"),
            },
            _ => return self.of_rows().or_else(|| self.of_sources()),
        })
    }

    /// The forms that say which rows a table holds.
    fn of_rows(&self) -> Option<Guarantee> {
        let table = self.path("table")?;
        Some(match self.node.kind() {
            "one_row_per" => Guarantee::OneRowPer {
                table,
                columns: self.paths("column"),
            },
            "counts_once" => Guarantee::CountsOnce {
                table,
                of: self.path("of")?,
            },
            "excludes_rows" => Guarantee::ExcludesRows {
                table,
                condition: self.sql("condition")?,
            },
            "only_has_rows" => Guarantee::OnlyHasRows {
                table,
                condition: self.sql("condition")?,
            },
            "excludes_matching" => Guarantee::ExcludesMatching {
                table,
                other: self.path("other")?,
                on: self.paths("on"),
            },
            "only_has_matching" => Guarantee::OnlyHasMatching {
                table,
                other: self.path("other")?,
                on: self.paths("on"),
            },
            "keeps_every_row" => Guarantee::KeepsEveryRow {
                table,
                of: self.path("of")?,
            },
            "keeps_latest" => Guarantee::KeepsLatest {
                table,
                per: self.paths("per"),
                by: self.paths("by"),
            },
            "reads" => Guarantee::Reads {
                table,
                other: self.path("other")?,
            },
            "never_reads" => Guarantee::NeverReads {
                table,
                other: self.path("other")?,
            },
            "materialized_as" => Guarantee::MaterializedAs {
                table,
                kind: self.word("kind")?,
            },
            "merged_by" => Guarantee::MergedBy {
                table,
                columns: self.paths("column"),
            },
            _ => return None,
        })
    }

    /// The forms that say where values come from, and where they go.
    fn of_sources(&self) -> Option<Guarantee> {
        Some(match self.node.kind() {
            "comes_from" => Guarantee::ComesFrom {
                column: self.path("column")?,
                from: self.path("from")?,
                only_through: self
                    .nodes("function")
                    .into_iter()
                    .map(|node| self.word_of(node))
                    .collect(),
            },
            "comes_unchanged" => Guarantee::ComesUnchanged {
                column: self.path("column")?,
                from: self.path("from")?,
            },
            "never_comes_from" => Guarantee::NeverComesFrom {
                what: self.path("what")?,
                from: self.path("from")?,
            },
            "never_leaves" => Guarantee::NeverLeaves {
                column: self.path("column")?,
                table: self.path("table")?,
                except: self.paths("except"),
            },
            "classified_never_leave" => Guarantee::ClassifiedNeverLeave {
                classification: self.word("classification")?,
                table: self.path("table")?,
                except: self.paths("except"),
            },
            _ => return None,
        })
    }

    fn unit(&self) -> Option<Guarantee> {
        let column = self.path("column")?;
        let unit = self.word("unit")?;
        Some(if zone::is_zone(&unit.text) {
            Guarantee::InZone { column, zone: unit }
        } else {
            Guarantee::InUnit { column, unit }
        })
    }

    fn nodes(&self, field: &str) -> Vec<Node<'_>> {
        let mut cursor = self.node.walk();
        self.node
            .children_by_field_name(field, &mut cursor)
            .filter(Node::is_named)
            .collect()
    }

    fn path(&self, field: &str) -> Option<Path> {
        Some(self.path_of(self.node.child_by_field_name(field)?))
    }

    fn paths(&self, field: &str) -> Vec<Path> {
        self.nodes(field)
            .into_iter()
            .map(|node| self.path_of(node))
            .collect()
    }

    fn path_of(&self, node: Node<'_>) -> Path {
        let mut cursor = node.walk();
        let names = node.named_children(&mut cursor);
        Path {
            parts: names
                .map(|name| Name::new(unquoted(self.text_of(name))))
                .collect(),
            range: range(node),
        }
    }

    fn sql(&self, field: &str) -> Option<Sql> {
        let (first, last) = (
            self.nodes(field).first().copied()?,
            self.nodes(field).last().copied()?,
        );
        let range = TextRange::new(range(first).start(), range(last).end());
        let text = self
            .text
            .get(first.start_byte()..last.end_byte())?
            .to_owned();
        Some(Sql { text, range })
    }

    fn sql_of(&self, node: Node<'_>) -> Sql {
        Sql {
            text: self.text_of(node).to_owned(),
            range: range(node),
        }
    }

    fn word(&self, field: &str) -> Option<Word> {
        Some(self.word_of(self.node.child_by_field_name(field)?))
    }

    fn word_of(&self, node: Node<'_>) -> Word {
        Word {
            text: unquoted(self.text_of(node)).into_owned(),
            range: range(node),
        }
    }

    fn text_of(&self, node: Node<'_>) -> &str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }
}

/// A name or a word without its quotes.
fn unquoted(written: &str) -> Cow<'_, str> {
    let quote = match written.chars().next() {
        Some(quote @ ('"' | '`' | '\'')) => quote,
        _ => return Cow::Borrowed(written),
    };
    let inner = written
        .strip_prefix(quote)
        .and_then(|rest| rest.strip_suffix(quote));
    let doubled: String = [quote, quote].iter().collect();
    match inner {
        Some(inner) if inner.contains(quote) => {
            Cow::Owned(inner.replace(&doubled, quote.encode_utf8(&mut [0; 4])))
        }
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(written),
    }
}

fn range(node: Node<'_>) -> TextRange {
    let size = |bytes: usize| TextSize::try_from(bytes).unwrap_or_default();
    TextRange::new(size(node.start_byte()), size(node.end_byte()))
}

#[cfg(test)]
mod tests;
