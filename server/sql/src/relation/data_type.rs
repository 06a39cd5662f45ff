//! Types of columns and casts, as far as they matter to a value.

use smol_str::SmolStr;
use sqlparser::keywords::ALL_KEYWORDS;
use std::fmt;

/// A type, the same for all its synonyms: `INT` and `INTEGER`, `VARCHAR` and `STRING`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataType {
    /// `BOOLEAN`
    Boolean,
    /// A whole number of so many bits: 8, 16, 32, 64, 128.
    Integer(u16),
    /// An exact number; precision and scale as far as they are given. A scale is given only beside a
    /// precision.
    Decimal(Option<u16>, Option<i16>),
    /// A floating-point number of so many bits: 32, 64.
    Float(u16),
    /// A text of at most so many characters.
    Text(Option<u64>),
    /// Bytes.
    Binary,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time of day; with `true`, a moment, whatever the zone.
    Timestamp(bool),
    /// A span of time.
    Interval,
    /// JSON, `VARIANT`, `OBJECT`, `SUPER`.
    Json,
    /// A list of values of a type; `None` where it is not given.
    Array(Option<Box<DataType>>),
    /// Any other, in upper case.
    Other(SmolStr),
}

/// Words of SQL that say something else of a column than its type.
const WORDS_OF_CONSTRAINTS: &[&str] = &[
    "DEFAULT",
    "FOREIGN",
    "GENERATED",
    "IDENTITY",
    "KEY",
    "NULLABLE",
    "PRIMARY",
    "REFERENCES",
];

impl DataType {
    /// Whether SQL has a word for it. Any other is the database's own, or half-typed.
    pub fn is_known(&self) -> bool {
        let DataType::Other(written) = self else {
            return true;
        };
        let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
        let word = written.split(|letter| !is_letter(letter)).next();
        word.is_some_and(is_word_of_types)
    }
}

/// Whether SQL has the word, in any case, and not for something else that is said of a column.
pub(crate) fn is_word_of_types(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    let word = word.as_str();
    ALL_KEYWORDS.binary_search(&word).is_ok() && !WORDS_OF_CONSTRAINTS.contains(&word)
}

impl fmt::Display for DataType {
    /// The standard's name, or the most common one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DataType::Boolean => f.write_str("BOOLEAN"),
            DataType::Integer(8) => f.write_str("TINYINT"),
            DataType::Integer(16) => f.write_str("SMALLINT"),
            DataType::Integer(32) => f.write_str("INTEGER"),
            DataType::Integer(64) => f.write_str("BIGINT"),
            DataType::Integer(bits) => write!(f, "INT{bits}"),
            DataType::Decimal(Some(precision), Some(scale)) => {
                write!(f, "DECIMAL({precision},{scale})")
            }
            DataType::Decimal(Some(precision), None) => write!(f, "DECIMAL({precision})"),
            DataType::Decimal(None, _) => f.write_str("DECIMAL"),
            DataType::Float(32) => f.write_str("REAL"),
            DataType::Float(_) => f.write_str("DOUBLE PRECISION"),
            DataType::Text(None) => f.write_str("TEXT"),
            DataType::Text(Some(length)) => write!(f, "VARCHAR({length})"),
            DataType::Binary => f.write_str("BINARY"),
            DataType::Date => f.write_str("DATE"),
            DataType::Time => f.write_str("TIME"),
            DataType::Timestamp(false) => f.write_str("TIMESTAMP"),
            DataType::Timestamp(true) => f.write_str("TIMESTAMP WITH TIME ZONE"),
            DataType::Interval => f.write_str("INTERVAL"),
            DataType::Json => f.write_str("JSON"),
            DataType::Array(None) => f.write_str("ARRAY"),
            DataType::Array(Some(element)) => write!(f, "ARRAY<{element}>"),
            DataType::Other(name) => f.write_str(name),
        }
    }
}
