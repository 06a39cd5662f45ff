//! Types of numbers.

use super::other;
use crate::dialect::Dialect;
use crate::relation::DataType;
use smol_str::format_smolstr;
use sqlparser::ast::ExactNumberInfo;

/// Precision and scale of a decimal that is written without; none where it takes any.
const USUAL: &[(Dialect, u16, i16)] = &[
    (Dialect::Athena, 38, 0),
    (Dialect::BigQuery, 38, 9),
    (Dialect::Databricks, 10, 0),
    (Dialect::DuckDb, 18, 3),
    (Dialect::Hive, 10, 0),
    (Dialect::MySql, 10, 0),
    (Dialect::Oracle, 38, 0),
    (Dialect::Redshift, 18, 0),
    (Dialect::Snowflake, 38, 0),
    (Dialect::Spark, 10, 0),
    (Dialect::SqlServer, 18, 0),
    (Dialect::Teradata, 5, 0),
    (Dialect::Trino, 38, 0),
];

/// An exact number.
pub(super) fn decimal(info: &ExactNumberInfo, dialect: Dialect) -> DataType {
    let (precision, scale) = match info {
        ExactNumberInfo::None => {
            let usual = USUAL.iter().find(|(own, ..)| *own == dialect);
            return match usual {
                Some((_, precision, scale)) => DataType::Decimal(Some(*precision), Some(*scale)),
                None => DataType::Decimal(None, None),
            };
        }
        ExactNumberInfo::Precision(precision) => (*precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (*precision, *scale),
    };
    match (u16::try_from(precision), i16::try_from(scale)) {
        (Ok(precision), Ok(scale)) => DataType::Decimal(Some(precision), Some(scale)),
        _ => other(format_smolstr!("DECIMAL({precision},{scale})")),
    }
}

/// `FLOAT`, with the bits of its mantissa where they are given.
pub(super) fn float(info: &ExactNumberInfo, dialect: Dialect) -> DataType {
    let bits = match (info, dialect) {
        (ExactNumberInfo::PrecisionAndScale(precision, scale), _) => {
            return other(format_smolstr!("FLOAT({precision},{scale})"));
        }
        // A number with decimal places (Oracle, `FLOAT`).
        (_, Dialect::Oracle) => return other("FLOAT"),
        (_, Dialect::Snowflake | Dialect::BigQuery | Dialect::Sqlite | Dialect::Teradata) => 64,
        (ExactNumberInfo::Precision(mantissa), _) if *mantissa <= 24 => 32,
        (ExactNumberInfo::Precision(_), _) => 64,
        (
            ExactNumberInfo::None,
            Dialect::MySql
            | Dialect::DuckDb
            | Dialect::Spark
            | Dialect::Databricks
            | Dialect::Hive
            | Dialect::ClickHouse
            | Dialect::Athena,
        ) => 32,
        (ExactNumberInfo::None, _) => 64,
    };
    DataType::Float(bits)
}

/// A whole number. Some dialects have one size for all names.
pub(super) fn integer(bits: u16, dialect: Dialect) -> DataType {
    match dialect {
        Dialect::Snowflake | Dialect::Oracle => DataType::Decimal(Some(38), Some(0)),
        Dialect::BigQuery | Dialect::Sqlite => DataType::Integer(64),
        _ => DataType::Integer(bits),
    }
}

/// A whole number without a sign.
pub(super) fn unsigned(bits: u16) -> DataType {
    other(format_smolstr!("UINT{bits}"))
}
