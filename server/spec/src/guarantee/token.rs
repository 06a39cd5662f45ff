//! The words of a sentence, each with what it is, for colouring: from the grammar, also where the sentence
//! is not whole.

use super::{parse, table};
use syntax::{TextRange, TextSize};
use tree_sitter::Node;

/// A word or a sign of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, counted from the start of the sentence.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
}

/// What a word of a sentence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A word of the language, or of SQL.
    Keyword,
    /// The name of a table, or what stands before it.
    Table,
    /// The name of a column.
    Column,
    /// The name of a function.
    Function,
    /// A type.
    Type,
    /// A unit, a zone, a classification, a materialization.
    Constant,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An operator.
    Operator,
}

/// The words of a sentence of one line, in order. Commas, dots and brackets are not among them.
pub fn tokens(sentence: &str) -> Vec<Token> {
    let text = parse::one_line(sentence);
    let mut tokens = Vec::new();
    if let Some(tree) = table::tree(&text) {
        collect(tree.root_node(), None, &text, &mut tokens, 0);
    }
    tokens
}

/// Deeper trees are not coloured.
const DEEPEST: usize = 200;

fn collect(node: Node<'_>, field: Option<&str>, text: &str, tokens: &mut Vec<Token>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let whole = match node.kind() {
        "path" => {
            names(node, is_column(node, field), tokens);
            return;
        }
        "function" => Some(TokenKind::Function),
        "term" | "unit" => Some(TokenKind::Constant),
        _ => None,
    };
    if whole.is_some() || node.child_count() == 0 {
        let kind = whole.or_else(|| kind_of_leaf(node, text));
        if let Some(kind) = kind.filter(|_| !node.byte_range().is_empty()) {
            let range = range(node);
            tokens.push(Token { range, kind });
        }
        return;
    }
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    while more {
        collect(cursor.node(), cursor.field_name(), text, tokens, depth + 1);
        more = cursor.goto_next_sibling();
    }
}

/// Whether the last part of a path is a column, as far as the form of the sentence tells.
fn is_column(path: Node<'_>, field: Option<&str>) -> bool {
    let form = path.parent().map(|form| form.kind()).unwrap_or_default();
    let parts = path.named_child_count();
    match (form, field) {
        (_, Some("column" | "per" | "by" | "on")) => true,
        ("refers_to", Some("to")) | ("comes_from" | "comes_unchanged", Some("from")) => true,
        (_, Some("what" | "from")) => parts > 1,
        _ => false,
    }
}

fn names(path: Node<'_>, is_column: bool, tokens: &mut Vec<Token>) {
    let mut cursor = path.walk();
    let parts: Vec<Node<'_>> = path.named_children(&mut cursor).collect();
    for (at, part) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        let kind = match is_last && is_column {
            true => TokenKind::Column,
            false => TokenKind::Table,
        };
        let range = range(*part);
        tokens.push(Token { range, kind });
    }
}

fn kind_of_leaf(node: Node<'_>, text: &str) -> Option<TokenKind> {
    if !node.is_named() {
        let is_word = node.kind().starts_with(char::is_alphabetic);
        return match node.kind() {
            "=" => Some(TokenKind::Operator),
            // A word that is read as a name is told by what is around it.
            _ if is_word => Some(TokenKind::Keyword),
            _ => None,
        };
    }
    Some(match node.kind() {
        "number" => TokenKind::Number,
        "string" => TokenKind::Text,
        "operator" => TokenKind::Operator,
        "word" | "quoted_name" if is_in_type(node) => TokenKind::Type,
        "word" => word_of_sql(node, text),
        "quoted_name" | "name" => TokenKind::Column,
        _ => return None,
    })
}

fn is_in_type(node: Node<'_>) -> bool {
    let mut above = node.parent();
    while let Some(node) = above {
        match node.kind() {
            "type" | "type_arguments" => return true,
            "sql" => return false,
            _ => above = node.parent(),
        }
    }
    false
}

/// A word of SQL: before a bracket it is a function, before a dot a table.
fn word_of_sql(node: Node<'_>, text: &str) -> TokenKind {
    let word = text.get(node.byte_range()).unwrap_or_default();
    let rest = text.get(node.end_byte()..).unwrap_or_default();
    if KEYWORDS_OF_SQL
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
    {
        TokenKind::Keyword
    } else if rest.trim_start().starts_with('(') {
        TokenKind::Function
    } else if rest.starts_with('.') {
        TokenKind::Table
    } else {
        TokenKind::Column
    }
}

/// Words that are keywords of expressions in every dialect.
const KEYWORDS_OF_SQL: &[&str] = &[
    "all",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cast",
    "desc",
    "distinct",
    "else",
    "end",
    "escape",
    "false",
    "filter",
    "first",
    "from",
    "ilike",
    "in",
    "interval",
    "is",
    "last",
    "like",
    "not",
    "null",
    "nulls",
    "or",
    "order",
    "over",
    "partition",
    "rlike",
    "similar",
    "then",
    "true",
    "when",
    "where",
    "within",
];

fn range(node: Node<'_>) -> TextRange {
    let size = |bytes: usize| TextSize::try_from(bytes).unwrap_or_default();
    TextRange::new(size(node.start_byte()), size(node.end_byte()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sentence: &str) -> String {
        let tokens = tokens(sentence).into_iter();
        let tokens = tokens.map(|token| {
            let range: std::ops::Range<usize> = token.range.into();
            format!("{}:{:?}", &sentence.get(range).unwrap(), token.kind)
        });
        tokens.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_word_is_told_by_the_grammar() {
        for (sentence, expected) in [
            (
                "raw.orders.id comes from a.b only through SHA2",
                "raw:Table orders:Table id:Column comes:Keyword from:Keyword a:Table b:Column only:Keyword through:Keyword SHA2:Function",
            ),
            (
                "orders excludes rows where not l.is_test and f(x) > 1",
                "orders:Table excludes:Keyword rows:Keyword where:Keyword not:Keyword l:Table is_test:Column and:Keyword f:Function x:Column >:Operator 1:Number",
            ),
            (
                "o.a is DECIMAL(10,2)",
                "o:Table a:Column is:Keyword DECIMAL:Type 10:Number 2:Number",
            ),
            (
                "o.a is in USD",
                "o:Table a:Column is:Keyword in:Keyword USD:Constant",
            ),
            (
                "orders reads raw.orders",
                "orders:Table reads:Keyword raw:Table orders:Table",
            ),
            ("columns exists", "columns:Table exists:Keyword"),
            (
                "t has one row per where, unique",
                "t:Table has:Keyword one:Keyword row:Keyword per:Keyword where:Column unique:Column",
            ),
        ] {
            assert_eq!(shown(sentence), expected, "{sentence}");
        }
        // Half typed.
        assert!(
            shown("orders.a is one of").contains("is:Keyword"),
            "{}",
            shown("orders.a is one of")
        );
    }
}
