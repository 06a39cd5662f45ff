//! Names that mean the same function.

use crate::dialect::Dialect;
use crate::dialect::Dialect::{
    Ansi, Athena, BigQuery, ClickHouse, Databricks, DuckDb, Generic, Hive, MySql, Oracle, Postgres,
    Redshift, Snowflake, Spark, SqlServer, Sqlite, Teradata, Trino,
};

/// The dialects in which something holds.
pub(crate) enum Where {
    Everywhere,
    In(&'static [Dialect]),
    NotIn(&'static [Dialect]),
}

use Where::{Everywhere, In, NotIn};

/// Names, what each is called here, and where it means that. Sorted; a name that means different
/// things stands several times.
#[rustfmt::skip] // a table: a line for each
const SYNONYMS: &[(&str, &str, Where)] = &[
    ("addmonths", "add_months", Everywhere),
    ("any", "any_value", In(&[ClickHouse])),
    ("approx_distinct", "approx_count_distinct", Everywhere),
    ("arbitrary", "any_value", Everywhere),
    ("arg_max", "max_by", In(&[DuckDb])),
    ("arg_min", "min_by", In(&[DuckDb])),
    ("argmax", "max_by", In(&[ClickHouse, DuckDb])),
    ("argmin", "min_by", In(&[ClickHouse, DuckDb])),
    ("array_construct", "array", In(&[Snowflake])),
    ("array_size", "array_length", In(&[Snowflake])),
    ("booland_agg", "bool_and", Everywhere),
    ("boolor_agg", "bool_or", Everywhere),
    ("btrim", "trim", NotIn(&[Databricks, Spark])),
    ("byte_length", "octet_length", Everywhere),
    ("ceiling", "ceil", Everywhere),
    ("char", "chr", In(&[SqlServer])),
    ("char_length", "length", NotIn(&[ClickHouse, SqlServer])),
    ("character_length", "length", NotIn(&[ClickHouse, SqlServer])),
    ("charindex", "position", In(&[SqlServer, Snowflake, Redshift, Databricks])),
    ("collect_list", "array_agg", In(&[Databricks, Spark])),
    ("concat", "concat_by_dialect", In(&[Generic, Ansi, Oracle, Teradata])),
    ("count_big", "count", In(&[SqlServer])),
    ("countif", "count_if", Everywhere),
    ("curdate", "current_date", In(&[MySql, Databricks, Spark])),
    ("curtime", "current_time", In(&[MySql])),
    ("datefromparts", "date_from_parts", Everywhere),
    ("endswith", "ends_with", Everywhere),
    ("every", "bool_and", Everywhere),
    ("gen_random_uuid", "uuid", Everywhere),
    ("generate_uuid", "uuid", Everywhere),
    ("generateuuidv4", "uuid", Everywhere),
    ("get_current_timestamp", "current_timestamp", In(&[DuckDb])),
    ("getdate", "current_timestamp", In(&[Snowflake, SqlServer, Databricks])),
    ("greatest", "greatest_by_dialect", In(&[Generic, Ansi, ClickHouse, Teradata, Sqlite])),
    ("greatest", "greatest_ignoring_nulls", In(&[Postgres, Redshift, DuckDb, Databricks, Spark, SqlServer])),
    ("greatest_ignore_nulls", "greatest_ignoring_nulls", In(&[Snowflake])),
    ("group_concat", "string_agg", Everywhere),
    ("grouparray", "array_agg", In(&[ClickHouse])),
    ("hll", "approx_count_distinct", In(&[Snowflake])),
    ("ifnull", "coalesce", Everywhere),
    ("json_parse", "parse_json", In(&[Trino, Athena, Redshift])),
    ("lcase", "lower", Everywhere),
    ("least", "least_by_dialect", In(&[Generic, Ansi, ClickHouse, Teradata, Sqlite])),
    ("least", "least_ignoring_nulls", In(&[Postgres, Redshift, DuckDb, Databricks, Spark, SqlServer])),
    ("least_ignore_nulls", "least_ignoring_nulls", In(&[Snowflake])),
    ("len", "length", NotIn(&[ClickHouse, SqlServer])),
    ("len", "length_by_dialect", In(&[SqlServer])),
    ("length", "length_by_dialect", In(&[ClickHouse])),
    ("length", "octet_length", In(&[MySql])),
    ("lengthb", "octet_length", Everywhere),
    ("list", "array_agg", In(&[DuckDb])),
    ("list_value", "array", In(&[DuckDb])),
    ("listagg", "string_agg", Everywhere),
    ("localtime", "current_timestamp", In(&[MySql])),
    ("localtimestamp", "current_timestamp", In(&[MySql, Snowflake])),
    ("locate", "position", In(&[MySql, Spark, Databricks, Hive])),
    ("logical_and", "bool_and", Everywhere),
    ("logical_or", "bool_or", Everywhere),
    ("ltrim", "trim_leading", NotIn(&[Databricks, Spark])),
    ("md5_hex", "md5", In(&[Snowflake])),
    ("mid", "substring", In(&[MySql, Databricks])),
    ("newid", "uuid", Everywhere),
    ("now", "current_timestamp", In(&[Postgres, MySql, DuckDb, Databricks, Spark, Hive, Trino, Athena, Generic])),
    ("nvl", "coalesce", Everywhere),
    ("pow", "power", Everywhere),
    ("rand", "random", Everywhere),
    ("regexp", "regexp_like", Everywhere),
    ("regexp_contains", "regexp_like", In(&[BigQuery])),
    ("regexp_matches", "regexp_like", In(&[DuckDb])),
    ("replicate", "repeat", Everywhere),
    ("rlike", "regexp_like", Everywhere),
    ("rtrim", "trim_trailing", NotIn(&[Databricks, Spark])),
    ("sha1_hex", "sha1", In(&[Snowflake])),
    ("signum", "sign", Everywhere),
    ("startswith", "starts_with", Everywhere),
    ("std", "stddev_pop", In(&[MySql])),
    ("std", "stddev_samp", In(&[Databricks, Spark])),
    ("stddev", "stddev_pop", In(&[MySql])),
    ("stddev", "stddev_samp", NotIn(&[MySql, Oracle, Teradata, Hive, Sqlite, Generic])),
    ("stddevpop", "stddev_pop", In(&[ClickHouse])),
    ("stddevsamp", "stddev_samp", In(&[ClickHouse])),
    ("stdev", "stddev_samp", In(&[SqlServer])),
    ("stdevp", "stddev_pop", In(&[SqlServer])),
    ("str_split", "split", In(&[DuckDb])),
    ("string_split", "split", In(&[DuckDb])),
    ("struct_pack", "struct", In(&[DuckDb])),
    ("substr", "substring", Everywhere),
    ("systimestamp", "current_timestamp", In(&[Snowflake])),
    ("today", "current_date", In(&[ClickHouse, DuckDb])),
    ("transaction_timestamp", "current_timestamp", In(&[Postgres, DuckDb])),
    ("ucase", "upper", Everywhere),
    ("uuid_generate_v4", "uuid", Everywhere),
    ("uuid_string", "uuid", Everywhere),
    ("var", "var_samp", In(&[SqlServer])),
    ("variance", "var_pop", In(&[MySql])),
    ("variance", "var_samp", NotIn(&[MySql, Oracle, Teradata, Hive, Sqlite, Generic])),
    ("variance_pop", "var_pop", In(&[Snowflake])),
    ("variance_samp", "var_samp", In(&[Snowflake])),
    ("varp", "var_pop", In(&[SqlServer])),
    ("varpop", "var_pop", In(&[ClickHouse])),
    ("varsamp", "var_samp", In(&[ClickHouse])),
];

/// What the function of that name, in lower case, is called here.
pub(crate) fn canonical(name: &str, dialect: Dialect) -> &str {
    let first = SYNONYMS.partition_point(|(alias, ..)| *alias < name);
    SYNONYMS
        .iter()
        .skip(first)
        .take_while(|(alias, ..)| *alias == name)
        .find(|(_, _, place)| place.holds(dialect))
        .map_or(name, |(_, canonical, _)| canonical)
}

/// How `dialect` calls the function that goes by `name` here; `name` itself where it means that there.
pub fn spelled(name: &str, dialect: Dialect) -> &str {
    if canonical(name, dialect) == name && !name.ends_with("_by_dialect") {
        return name;
    }
    let mut own = SYNONYMS
        .iter()
        .filter(|(_, means, place)| *means == name && place.holds(dialect));
    own.next().map_or(name, |(alias, ..)| alias)
}

impl Where {
    /// Whether it holds in `dialect`.
    pub(crate) fn holds(&self, dialect: Dialect) -> bool {
        match self {
            Where::Everywhere => true,
            Where::In(dialects) => dialects.contains(&dialect),
            Where::NotIn(dialects) => !dialects.contains(&dialect),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::function;

    #[test]
    fn aliases_are_sorted_and_name_known_functions() {
        for pair in SYNONYMS.windows(2) {
            assert!(pair[0].0 <= pair[1].0, "{}", pair[1].0);
        }
        for (alias, canonical, _) in SYNONYMS {
            assert!(function(canonical).is_some(), "{alias} means {canonical}");
        }
    }

    #[test]
    fn an_alias_leads_to_one_name_in_each_dialect() {
        for dialect in Dialect::ALL {
            for (alias, ..) in SYNONYMS {
                let means = SYNONYMS
                    .iter()
                    .filter(|(other, _, place)| other == alias && place.holds(dialect));
                assert!(means.count() <= 1, "{alias} in {dialect}");
            }
        }
        assert_eq!(canonical("ifnull", Dialect::BigQuery), "coalesce");
        assert_eq!(canonical("length", Dialect::MySql), "octet_length");
        assert_eq!(canonical("length", Dialect::Snowflake), "length");
        assert_eq!(canonical("our_own_udf", Dialect::Snowflake), "our_own_udf");
    }
}
