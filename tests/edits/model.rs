//! One SQL model: its text without tags, its tokens, and its tree where it has one.

use super::template::Template;
use sql::Dialect;
use sqlparser::ast::{Query, Statement};
use sqlparser::dialect as parser;
use sqlparser::parser::{Parser, ParserOptions};
use sqlparser::tokenizer::{Location, Token, Tokenizer, Whitespace};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A token as it is written.
#[derive(Clone)]
pub(crate) struct Piece {
    pub(crate) token: Token,
    pub(crate) text: String,
}

/// A file that holds one query.
pub(crate) struct Model {
    pub(crate) path: PathBuf,
    /// The file's name without its ending.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) template: Template,
    pub(crate) dialect: Dialect,
    /// Its tokens, comments and white space among them; they spell the masked text.
    pub(crate) tokens: Vec<Piece>,
    /// Its one query, if it is plain enough to be read.
    pub(crate) query: Option<Query>,
    /// Every word that stands in it, in lower case.
    pub(crate) words: BTreeSet<String>,
}

impl Model {
    /// The model in a file; `None` where it defines macros, or can't be split into tokens.
    pub(crate) fn new(path: &Path, text: &str, dialect: Dialect) -> Option<Model> {
        if ["macro", "snapshot", "test", "materialization"]
            .iter()
            .any(|word| {
                text.contains(&format!("{{% {word} ")) || text.contains(&format!("{{%- {word} "))
            })
        {
            return None;
        }
        let mut template = Template::new(text);
        let tokens = tokens(&template.masked, dialect)?;
        // A tag in a comment is run all the same, and printing the tree would lose it.
        if tokens.iter().any(|piece| is_comment_with_tag(&piece.token)) {
            template.plain = false;
        }
        let query = if template.plain {
            parse(&template.masked, dialect)
        } else {
            None
        };
        Some(Model {
            path: path.to_owned(),
            name: path.file_stem()?.to_str()?.to_owned(),
            text: text.to_owned(),
            words: words(&tokens),
            template,
            dialect,
            tokens,
            query,
        })
    }

    /// Whether all text between the tags is SQL that goes to the database as it stands. What a
    /// block takes for itself, a macro may cut up.
    pub(crate) fn tokens_are_sql(&self) -> bool {
        let takes = ["endset", "endcall", "endfilter", "endmacro", "endraw"];
        !takes.iter().any(|word| self.text.contains(word))
    }

    /// Whether some tag takes the white space beside it away, and with it the end of a comment.
    pub(crate) fn trims(&self) -> bool {
        ["{%-", "-%}", "{{-", "-}}", "{#-", "-#}"]
            .iter()
            .any(|tag| self.text.contains(tag))
    }

    /// A name made of `stem` that stands nowhere in the model.
    pub(crate) fn fresh(&self, stem: &str) -> String {
        fresh(&self.words, stem)
    }
}

/// A name made of `stem` that is none of `words`.
pub(crate) fn fresh(words: &BTreeSet<String>, stem: &str) -> String {
    let stem = stem.to_lowercase();
    let numbered = (2..).map(|number| format!("{stem}_{number}"));
    let mut names = std::iter::once(stem.clone()).chain(numbered);
    names.find(|name| !words.contains(name)).unwrap()
}

fn is_comment_with_tag(token: &Token) -> bool {
    match token {
        Token::Whitespace(Whitespace::SingleLineComment { comment, .. }) => {
            comment.contains("__tag_")
        }
        Token::Whitespace(Whitespace::MultiLineComment(comment)) => {
            comment.contains("__tag_")
                && !(comment.starts_with("__tag_") && comment.ends_with("__"))
        }
        _ => false,
    }
}

fn words(tokens: &[Piece]) -> BTreeSet<String> {
    let word = |piece: &Piece| match &piece.token {
        Token::Word(word) => Some(word.value.to_lowercase()),
        _ => None,
    };
    tokens.iter().filter_map(word).collect()
}

/// The text that tokens spell.
pub(crate) fn spell(tokens: &[Piece]) -> String {
    tokens.iter().map(|piece| piece.text.as_str()).collect()
}

/// The tokens of a text without tags.
pub(crate) fn tokens(text: &str, dialect: Dialect) -> Option<Vec<Piece>> {
    let mut tokenizer = Tokenizer::new(dialect_of(dialect), text).with_unescape(false);
    let located = tokenizer.tokenize_with_location().ok()?;
    // Locations are lines and characters, and ascend.
    let mut places = text.char_indices().chain([(text.len(), '\0')]);
    let mut location = Location { line: 1, column: 1 };
    let mut offset_of = |wanted: Location| {
        for (offset, character) in places.by_ref() {
            let here = location;
            match character {
                '\n' => {
                    location = Location {
                        line: location.line + 1,
                        column: 1,
                    }
                }
                _ => location.column += 1,
            }
            if here == wanted {
                return Some(offset);
            }
        }
        None
    };
    let mut starts = Vec::new();
    for token in &located {
        starts.push(offset_of(token.span.start)?);
    }
    starts.push(text.len());
    let pieces = located.into_iter().zip(starts.windows(2));
    Some(
        pieces
            .map(|(token, range)| Piece {
                token: token.token,
                text: text[range[0]..range[1]].to_owned(),
            })
            .collect(),
    )
}

/// The one query of a text without tags.
pub(crate) fn parse(text: &str, dialect: Dialect) -> Option<Query> {
    let options = ParserOptions::new().with_unescape(false);
    let parser = Parser::new(dialect_of(dialect)).with_options(options);
    let mut statements = parser.try_with_sql(text).ok()?.parse_statements().ok()?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Query(query)), true) => Some(*query),
        _ => None,
    }
}

fn dialect_of(dialect: Dialect) -> &'static dyn parser::Dialect {
    match dialect {
        Dialect::Ansi => &parser::AnsiDialect {},
        Dialect::BigQuery => &parser::BigQueryDialect,
        Dialect::ClickHouse => &parser::ClickHouseDialect {},
        Dialect::Databricks => &parser::DatabricksDialect,
        Dialect::DuckDb => &parser::DuckDbDialect,
        Dialect::Hive => &parser::HiveDialect {},
        Dialect::SqlServer => &parser::MsSqlDialect {},
        Dialect::MySql => &parser::MySqlDialect {},
        Dialect::Oracle => &parser::OracleDialect,
        Dialect::Postgres => &parser::PostgreSqlDialect {},
        Dialect::Redshift => &parser::RedshiftSqlDialect {},
        Dialect::Snowflake => &parser::SnowflakeDialect,
        Dialect::Spark => &parser::SparkSqlDialect,
        Dialect::Sqlite => &parser::SQLiteDialect {},
        Dialect::Teradata => &parser::TeradataDialect,
        Dialect::Generic | Dialect::Athena | Dialect::Trino => &parser::GenericDialect,
    }
}
