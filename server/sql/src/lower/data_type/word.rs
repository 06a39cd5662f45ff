//! Types that the parser knows by name only.

use super::number::{decimal, integer};
use super::{moment, other, text};
use crate::dialect::Dialect;
use crate::lower::expression::lower_dotted;
use crate::relation::DataType;
use smol_str::SmolStr;
use sqlparser::ast::{CharacterLength, ExactNumberInfo, ObjectName, TypeModifier};

/// A type of that name.
pub(super) fn custom(name: &ObjectName, modifiers: &[TypeModifier], dialect: Dialect) -> DataType {
    let name = lower_dotted(name);
    let name = name.strip_prefix("pg_catalog.").unwrap_or(&name);
    let numbers: Option<Vec<i64>> = modifiers
        .iter()
        .map(|modifier| match modifier {
            TypeModifier::Number(digits, _) => digits.parse().ok(),
            TypeModifier::Identifier(_) | TypeModifier::String(_) => None,
        })
        .collect();
    let known = numbers.and_then(|numbers| known(name, &numbers, dialect));
    known.unwrap_or_else(|| {
        let name = name.to_ascii_uppercase();
        if modifiers.is_empty() {
            return other(name);
        }
        let modifiers: Vec<String> = modifiers.iter().map(ToString::to_string).collect();
        other(SmolStr::new(format!("{name}({})", modifiers.join(", "))))
    })
}

fn known(name: &str, numbers: &[i64], dialect: Dialect) -> Option<DataType> {
    let first = numbers
        .first()
        .and_then(|number| u64::try_from(*number).ok());
    let length = first.map(|length| CharacterLength::IntegerLength { length, unit: None });
    if let Some(known) = with_numbers(name, numbers, first, length.as_ref(), dialect) {
        return Some(known);
    }
    if !numbers.is_empty() {
        return None;
    }
    Some(match name {
        "bool" => DataType::Boolean,
        "byteint" => integer(8, dialect),
        "byte" | "tinyint" => match dialect {
            Dialect::Spark | Dialect::Databricks | Dialect::Hive => DataType::Integer(8),
            _ => return None,
        },
        "short" | "long" => match dialect {
            Dialect::Spark | Dialect::Databricks | Dialect::Hive => {
                DataType::Integer(if name == "short" { 16 } else { 64 })
            }
            _ => return None,
        },
        "serial" | "serial4" => DataType::Integer(32),
        "bigserial" | "serial8" => DataType::Integer(64),
        "smallserial" | "serial2" => DataType::Integer(16),
        "hugeint" => DataType::Integer(128),
        "variant" | "super" => DataType::Json,
        "object" if dialect == Dialect::Snowflake => DataType::Json,
        "array" | "list" => DataType::Array(None),
        "ntext" => DataType::Text(None),
        "timestamp_s" | "timestamp_ms" | "timestamp_ns" => return None,
        "timestamp_us" => DataType::Timestamp(false),
        _ => return None,
    })
}

/// Those that may have numbers behind them.
fn with_numbers(
    name: &str,
    numbers: &[i64],
    first: Option<u64>,
    length: Option<&CharacterLength>,
    dialect: Dialect,
) -> Option<DataType> {
    Some(match name {
        "number" => {
            let info = match numbers {
                // Any precision, and any scale.
                [] if dialect == Dialect::Oracle => return Some(DataType::Decimal(None, None)),
                [] => ExactNumberInfo::None,
                [precision] => ExactNumberInfo::Precision(u64::try_from(*precision).ok()?),
                [precision, scale] => {
                    ExactNumberInfo::PrecisionAndScale(u64::try_from(*precision).ok()?, *scale)
                }
                _ => return None,
            };
            decimal(&info, dialect)
        }
        "varchar2" | "nvarchar2" | "nvarchar" => text(length, dialect),
        "timestamp_ntz" | "timestampntz" | "datetime2" => moment(first, false, dialect),
        "timestamp_ltz" | "timestampltz" | "timestamp_tz" | "timestamptz" | "datetimeoffset" => {
            moment(first, true, dialect)
        }
        _ => return None,
    })
}
