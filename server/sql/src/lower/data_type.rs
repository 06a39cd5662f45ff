//! From the parser's types to ours.
//!
//! Types that hold the same values become the same type, by what the dialect's manual says of them.
//! One that rounds, pads or cuts off in its own way stays a type of its own, so that two casts are
//! never taken for the same where their values may differ.

mod number;
mod word;

use crate::dialect::Dialect;
use crate::relation::DataType;
use number::{decimal, float, integer, unsigned};
use smol_str::{SmolStr, format_smolstr};
use sqlparser::ast::{
    self, ArrayElemTypeDef, BinaryLength, CharacterLength, ExactNumberInfo, StructField,
    TimezoneInfo,
};

/// The type that the parser has read, as the dialect understands it.
pub(super) fn data_type(written: &ast::DataType, dialect: Dialect) -> DataType {
    use ast::DataType as T;
    match written {
        T::Character(length) | T::Char(length) => fixed_text(length.as_ref(), dialect),
        T::CharacterVarying(length) | T::CharVarying(length) | T::Varchar(length) => {
            text(length.as_ref(), dialect)
        }
        T::Nvarchar(length) => text(length.as_ref(), dialect),
        T::CharacterLargeObject(length) | T::CharLargeObject(length) | T::Clob(length) => {
            DataType::Text(*length)
        }
        T::Text if dialect == Dialect::Redshift => DataType::Text(Some(256)),
        T::Text | T::TinyText | T::MediumText | T::LongText => DataType::Text(None),
        T::String(length) => DataType::Text(*length),
        T::Binary(None) | T::Varbinary(None | Some(BinaryLength::Max)) => DataType::Binary,
        T::Blob(_) | T::TinyBlob | T::MediumBlob | T::LongBlob => DataType::Binary,
        T::Bytes(None) | T::Bytea => DataType::Binary,
        T::Binary(Some(length)) => other(format_smolstr!("BINARY({length})")),
        T::Varbinary(Some(BinaryLength::IntegerLength { length })) | T::Bytes(Some(length)) => {
            other(format_smolstr!("VARBINARY({length})"))
        }
        T::Numeric(info) | T::Decimal(info) | T::Dec(info) => decimal(info, dialect),
        T::BigNumeric(ExactNumberInfo::None) | T::BigDecimal(ExactNumberInfo::None) => {
            DataType::Decimal(Some(76), Some(38))
        }
        T::BigNumeric(info) | T::BigDecimal(info) => decimal(info, dialect),
        T::DecimalUnsigned(info) | T::DecUnsigned(info) => {
            other(format_smolstr!("UNSIGNED {}", decimal(info, dialect)))
        }
        T::Float(info) => float(info, dialect),
        T::FloatUnsigned(_) | T::RealUnsigned => other("UNSIGNED FLOAT"),
        T::DoubleUnsigned(_) | T::DoublePrecisionUnsigned => other("UNSIGNED DOUBLE"),
        T::Float4 if matches!(dialect, Dialect::Snowflake) => DataType::Float(64),
        T::Float4 | T::Float32 => DataType::Float(32),
        T::Real => match dialect {
            Dialect::Snowflake
            | Dialect::BigQuery
            | Dialect::MySql
            | Dialect::Sqlite
            | Dialect::Teradata => DataType::Float(64),
            _ => DataType::Float(32),
        },
        T::Float64 | T::Float8 | T::Double(_) | T::DoublePrecision => DataType::Float(64),
        // In SQL Server it has no sign.
        T::TinyInt(_) if dialect == Dialect::SqlServer => unsigned(8),
        T::TinyInt(_) => integer(8, dialect),
        T::Int2(_) | T::SmallInt(_) | T::Int16 => integer(16, dialect),
        T::MediumInt(_) => integer(24, dialect),
        // In ClickHouse it counts bits, elsewhere bytes.
        T::Int8(_) if dialect == Dialect::ClickHouse => integer(8, dialect),
        T::Int(_) | T::Int4(_) | T::Int32 | T::Integer(_) => integer(32, dialect),
        T::Int8(_) | T::Int64 | T::BigInt(_) | T::Signed | T::SignedInteger => integer(64, dialect),
        T::Int128 | T::HugeInt => integer(128, dialect),
        T::Int256 => integer(256, dialect),
        T::TinyIntUnsigned(_) | T::UTinyInt | T::UInt8 => unsigned(8),
        T::Int2Unsigned(_) | T::SmallIntUnsigned(_) | T::USmallInt | T::UInt16 => unsigned(16),
        T::MediumIntUnsigned(_) => unsigned(24),
        T::IntUnsigned(_) | T::Int4Unsigned(_) | T::IntegerUnsigned(_) | T::UInt32 => unsigned(32),
        T::BigIntUnsigned(_)
        | T::UBigInt
        | T::Int8Unsigned(_)
        | T::Unsigned
        | T::UnsignedInteger
        | T::UInt64 => unsigned(64),
        T::UHugeInt | T::UInt128 => unsigned(128),
        T::UInt256 => unsigned(256),
        T::Zerofill(inner) | T::Nullable(inner) | T::LowCardinality(inner) => {
            data_type(inner, dialect)
        }
        T::Collate(inner, _) => data_type(inner, dialect),
        T::Bool | T::Boolean => DataType::Boolean,
        T::Bit(None) if dialect == Dialect::SqlServer => DataType::Boolean,
        // In Oracle a date has a time of day.
        T::Date if dialect == Dialect::Oracle => DataType::Timestamp(false),
        T::Date => DataType::Date,
        T::Time(precision, zone) => time(*precision, zone, dialect),
        T::Datetime(precision) => datetime(*precision, dialect),
        T::Timestamp(precision, zone) => timestamp(*precision, zone, dialect),
        T::TimestampNtz(precision) => moment(*precision, false, dialect),
        T::Interval { .. } => DataType::Interval,
        // Postgres keeps the one as it is written, the other by its values.
        T::JSONB if dialect == Dialect::Postgres => other("JSONB"),
        T::JSON | T::JSONB => DataType::Json,
        T::Array(element) => array(element, dialect),
        T::Map(key, value, _) => other(format_smolstr!(
            "MAP<{}, {}>",
            data_type(key, dialect),
            data_type(value, dialect)
        )),
        T::Struct(fields, _) | T::Tuple(fields) => structure(fields, dialect),
        // An object whose keys are not told is a document.
        T::Object(columns) if columns.is_empty() => DataType::Json,
        T::Custom(name, modifiers) => word::custom(name, modifiers, dialect),
        T::Table(_)
        | T::NamedTable { .. }
        | T::Uuid
        | T::Date32
        | T::Datetime64(..)
        | T::Regclass
        | T::FixedString(_)
        | T::Bit(_)
        | T::BitVarying(_)
        | T::VarBit(_)
        | T::Nested(_)
        | T::Object(_)
        | T::Enum(..)
        | T::Set(_)
        | T::Union(_)
        | T::Unspecified
        | T::Trigger
        | T::AnyType
        | T::GeometricType(_)
        | T::TsVector
        | T::TsQuery => other(SmolStr::new(written.to_string().to_ascii_uppercase())),
    }
}

fn other(name: impl Into<SmolStr>) -> DataType {
    DataType::Other(name.into())
}

/// `VARCHAR(10)`
fn text(length: Option<&CharacterLength>, dialect: Dialect) -> DataType {
    match (length, dialect) {
        // Lengths are read and not kept to (DuckDB, text types).
        (_, Dialect::DuckDb | Dialect::Sqlite) => DataType::Text(None),
        (Some(CharacterLength::IntegerLength { length, .. }), _) => DataType::Text(Some(*length)),
        (Some(CharacterLength::Max), Dialect::Redshift) => DataType::Text(Some(65_535)),
        (None, Dialect::Redshift) => DataType::Text(Some(256)),
        // 30 in a cast and 1 in a table.
        (None, Dialect::SqlServer) => other("VARCHAR"),
        (Some(CharacterLength::Max) | None, _) => DataType::Text(None),
    }
}

/// `CHAR(10)`, which most dialects fill up with spaces.
fn fixed_text(length: Option<&CharacterLength>, dialect: Dialect) -> DataType {
    let count = match length {
        Some(CharacterLength::IntegerLength { length, .. }) => Some(*length),
        Some(CharacterLength::Max) | None => None,
    };
    match dialect {
        Dialect::DuckDb | Dialect::Sqlite => DataType::Text(None),
        Dialect::Snowflake => DataType::Text(Some(count.unwrap_or(1))),
        // A cast to it gives a text of that length at most.
        Dialect::MySql => DataType::Text(count),
        _ => match count {
            Some(count) => other(format_smolstr!("CHAR({count})")),
            None => other("CHAR(1)"),
        },
    }
}

fn time(precision: Option<u64>, zone: &TimezoneInfo, dialect: Dialect) -> DataType {
    let precision = unusual(precision, dialect);
    match (precision, has_zone(zone)) {
        (None, false) => DataType::Time,
        (None, true) => other("TIME WITH TIME ZONE"),
        (Some(digits), false) => other(format_smolstr!("TIME({digits})")),
        (Some(digits), true) => other(format_smolstr!("TIME({digits}) WITH TIME ZONE")),
    }
}

/// `DATETIME`
fn datetime(precision: Option<u64>, dialect: Dialect) -> DataType {
    match (dialect, precision) {
        // It rounds to a three-hundredth of a second.
        (Dialect::SqlServer, None) => other("DATETIME"),
        (Dialect::ClickHouse, None) => DataType::Timestamp(true),
        (_, precision) => moment(precision, false, dialect),
    }
}

/// `TIMESTAMP`, with or without a zone.
fn timestamp(precision: Option<u64>, zone: &TimezoneInfo, dialect: Dialect) -> DataType {
    let is_moment = match zone {
        TimezoneInfo::WithTimeZone | TimezoneInfo::Tz => true,
        TimezoneInfo::WithoutTimeZone => false,
        TimezoneInfo::None => match dialect {
            // It counts versions of rows.
            Dialect::SqlServer => return other("ROWVERSION"),
            Dialect::BigQuery
            | Dialect::Databricks
            | Dialect::Spark
            | Dialect::MySql
            | Dialect::ClickHouse => true,
            _ => false,
        },
    };
    moment(precision, is_moment, dialect)
}

fn moment(precision: Option<u64>, is_moment: bool, dialect: Dialect) -> DataType {
    match unusual(precision, dialect) {
        None => DataType::Timestamp(is_moment),
        Some(digits) if is_moment => other(format_smolstr!("TIMESTAMP({digits}) WITH TIME ZONE")),
        Some(digits) => other(format_smolstr!("TIMESTAMP({digits})")),
    }
}

/// A number of digits of the second that is not the one that goes without saying.
fn unusual(precision: Option<u64>, dialect: Dialect) -> Option<u64> {
    let usual = match dialect {
        Dialect::Snowflake => 9,
        Dialect::SqlServer => 7,
        Dialect::Trino | Dialect::Athena => 3,
        Dialect::MySql | Dialect::ClickHouse => 0,
        _ => 6,
    };
    precision.filter(|digits| *digits != usual)
}

fn has_zone(zone: &TimezoneInfo) -> bool {
    matches!(zone, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz)
}

fn array(element: &ArrayElemTypeDef, dialect: Dialect) -> DataType {
    let element = match element {
        ArrayElemTypeDef::None => None,
        ArrayElemTypeDef::AngleBracket(element)
        | ArrayElemTypeDef::SquareBracket(element, _)
        | ArrayElemTypeDef::Parenthesis(element)
        | ArrayElemTypeDef::ParenthesisNotNull(element)
        | ArrayElemTypeDef::Qualified(element, _) => Some(element),
    };
    DataType::Array(element.map(|element| Box::new(data_type(element, dialect))))
}

fn structure(fields: &[StructField], dialect: Dialect) -> DataType {
    let fields: Vec<String> = fields
        .iter()
        .map(|field| {
            let inner = data_type(&field.field_type, dialect);
            match &field.field_name {
                Some(name) => format!("{} {inner}", name.value.to_ascii_uppercase()),
                None => inner.to_string(),
            }
        })
        .collect();
    other(format_smolstr!("STRUCT<{}>", fields.join(", ")))
}

#[cfg(test)]
mod tests;
