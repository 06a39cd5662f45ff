//! Which function spells which form.

use super::Form;
use crate::dialect::Dialect;
use crate::dialect::Dialect::{
    Athena, BigQuery, ClickHouse, Databricks, DuckDb, Generic, Hive, MySql, Oracle, Postgres,
    Redshift, Snowflake, Spark, SqlServer, Sqlite, Teradata, Trino,
};
use crate::functions::Where::{self, Everywhere, In, NotIn};

/// Names, what each spells, and where. Sorted by name.
#[rustfmt::skip] // a table: a line for each
const FORMS: &[(&str, Form, Where)] = &[
    ("adddate", Form::DateAdd, In(&[MySql])),
    ("booland", Form::And, In(&[Snowflake])),
    ("boolnot", Form::Not, In(&[Snowflake])),
    ("boolor", Form::Or, In(&[Snowflake])),
    ("concat", Form::Concatenate, In(&[BigQuery, Snowflake, MySql, Spark, Databricks, Hive, Trino, Athena, Redshift, ClickHouse])),
    ("date", Form::CastToDate, In(&[Snowflake, BigQuery, MySql, Spark, Databricks, Hive, Postgres, Redshift, Trino, Athena])),
    ("date_add", Form::DateAdd, Everywhere),
    ("date_bucket", Form::WithUnit, Everywhere),
    ("date_diff", Form::DateDiff("date_diff"), Everywhere),
    ("date_part", Form::DatePart, Everywhere),
    ("date_sub", Form::DateSub, NotIn(&[DuckDb])),
    ("date_trunc", Form::DateTrunc, Everywhere),
    ("dateadd", Form::DateAdd, Everywhere),
    ("datediff", Form::DateDiff("date_diff"), Everywhere),
    ("datediff_big", Form::DateDiff("datediff_big"), In(&[SqlServer])),
    ("datename", Form::WithUnit, Everywhere),
    ("datepart", Form::DatePart, Everywhere),
    ("datetime_add", Form::DateAdd, Everywhere),
    ("datetime_diff", Form::DateDiff("datetime_diff"), In(&[BigQuery])),
    ("datetime_sub", Form::DateSub, Everywhere),
    ("datetime_trunc", Form::DateTrunc, Everywhere),
    ("datetrunc", Form::DateTrunc, Everywhere),
    ("day", Form::Extract("day"), In(&[Snowflake, SqlServer, MySql, Spark, Databricks, Hive, DuckDb, Trino, Athena, Generic])),
    ("day_of_month", Form::Extract("day"), In(&[Trino, Athena])),
    ("dayofmonth", Form::Extract("day"), In(&[Snowflake, MySql, Spark, Databricks, Hive, DuckDb])),
    ("dayofweek", Form::Extract("dayofweek"), In(&[Snowflake, DuckDb])),
    ("dayofyear", Form::Extract("dayofyear"), In(&[Snowflake, DuckDb])),
    ("decode", Form::Decode, In(&[Oracle, Snowflake, Redshift, Spark, Databricks, Teradata, Generic])),
    ("div0", Form::DivideOrZero, In(&[Snowflake])),
    ("div0null", Form::DivideOrZeroAlsoByNull, In(&[Snowflake])),
    ("divnull", Form::DivideOrNull, In(&[Snowflake])),
    ("equal_null", Form::Same, Everywhere),
    ("get", Form::Get, In(&[Snowflake])),
    ("get_path", Form::GetPath, In(&[Snowflake])),
    ("hour", Form::Extract("hour"), In(&[Snowflake, MySql, Spark, Databricks, Hive, DuckDb, Trino, Athena, Generic])),
    ("if", Form::If, Everywhere),
    ("iff", Form::If, Everywhere),
    ("iif", Form::If, Everywhere),
    ("instr", Form::PositionSwapped, In(&[MySql, Oracle, BigQuery, Spark, Databricks, Hive, Sqlite, DuckDb])),
    ("isnull", Form::IfNull, In(&[SqlServer])),
    ("isnull", Form::IsNull, In(&[MySql, Spark, Databricks, Hive, DuckDb, ClickHouse])),
    ("last_day", Form::WithUnit, Everywhere),
    ("log", Form::Logarithm("ln"), In(&[SqlServer, BigQuery, MySql, Spark, Databricks, Hive, ClickHouse])),
    ("log", Form::Logarithm("log10"), In(&[Postgres, Redshift, DuckDb, Sqlite])),
    ("ltrim", Form::TrimSwapped("trim_leading"), In(&[Databricks, Spark])),
    ("minute", Form::Extract("minute"), In(&[Snowflake, MySql, Spark, Databricks, Hive, DuckDb, Trino, Athena, Generic])),
    ("mod", Form::Modulo, Everywhere),
    ("month", Form::Extract("month"), In(&[Snowflake, SqlServer, MySql, Spark, Databricks, Hive, DuckDb, Trino, Athena, Generic])),
    ("multiif", Form::MultiIf, In(&[ClickHouse])),
    ("next_day", Form::WithUnit, Everywhere),
    ("nullif", Form::NullIf, Everywhere),
    ("nullifzero", Form::NullIfZero, Everywhere),
    ("nvl2", Form::IfNotNull, Everywhere),
    ("quarter", Form::Extract("quarter"), In(&[Snowflake, SqlServer, MySql, Spark, Databricks, Hive, DuckDb, Trino, Athena, Generic])),
    ("rtrim", Form::TrimSwapped("trim_trailing"), In(&[Databricks, Spark])),
    ("safe_divide", Form::DivideOrNull, In(&[BigQuery])),
    ("second", Form::Extract("second"), In(&[Snowflake, MySql, DuckDb, Trino, Athena])),
    ("string", Form::CastToText, In(&[Spark, Databricks])),
    ("strpos", Form::PositionSwapped, In(&[Postgres, BigQuery, Redshift, DuckDb, Trino, Athena, Generic])),
    ("struct", Form::Struct, In(&[BigQuery, Spark, Databricks])),
    ("subdate", Form::DateSub, In(&[MySql])),
    ("substr", Form::Substring, Everywhere),
    ("substring", Form::Substring, Everywhere),
    ("time_add", Form::DateAdd, Everywhere),
    ("time_diff", Form::DateDiff("time_diff"), In(&[BigQuery])),
    ("time_slice", Form::WithUnit, Everywhere),
    ("time_sub", Form::DateSub, Everywhere),
    ("time_trunc", Form::DateTrunc, Everywhere),
    ("timeadd", Form::DateAdd, Everywhere),
    ("timediff", Form::DateDiff("date_diff"), In(&[Snowflake])),
    ("timestamp_add", Form::DateAdd, Everywhere),
    ("timestamp_diff", Form::DateDiff("timestamp_diff"), In(&[BigQuery])),
    ("timestamp_sub", Form::DateSub, Everywhere),
    ("timestamp_trunc", Form::DateTrunc, Everywhere),
    ("timestampadd", Form::DateAdd, Everywhere),
    ("timestampdiff", Form::DateDiff("date_diff"), In(&[Snowflake, Databricks])),
    ("timestampdiff", Form::DateDiff("timestamp_diff"), In(&[MySql])),
    ("to_char", Form::CastToText, In(&[Snowflake, Oracle])),
    ("to_date", Form::CastToDate, In(&[Snowflake, Spark, Databricks, Hive])),
    ("to_varchar", Form::CastToText, In(&[Snowflake])),
    ("tomonth", Form::Extract("month"), In(&[ClickHouse])),
    ("toyear", Form::Extract("year"), In(&[ClickHouse])),
    ("trunc", Form::TruncToUnit, In(&[Snowflake, Oracle])),
    ("try_to_date", Form::TryCastToDate, In(&[Snowflake])),
    ("year", Form::Extract("year"), In(&[Snowflake, SqlServer, MySql, Spark, Databricks, Hive, DuckDb, Trino, Athena, Generic])),
    ("zeroifnull", Form::ZeroIfNull, Everywhere),
];

/// What the function of that name, in lower case, spells.
pub(super) fn form(name: &str, dialect: Dialect) -> Option<Form> {
    let first = FORMS.partition_point(|(own, ..)| *own < name);
    FORMS
        .iter()
        .skip(first)
        .take_while(|(own, ..)| *own == name)
        .find(|(_, _, place)| place.holds(dialect))
        .map(|(_, form, _)| *form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_spell_one_form_in_each_dialect() {
        for pair in FORMS.windows(2) {
            assert!(pair[0].0 <= pair[1].0, "{}", pair[1].0);
        }
        for dialect in Dialect::ALL {
            for (name, ..) in FORMS {
                let forms = FORMS
                    .iter()
                    .filter(|(own, _, place)| own == name && place.holds(dialect));
                assert!(forms.count() <= 1, "{name} in {dialect}");
            }
        }
    }
}
