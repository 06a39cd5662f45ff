//! Functions that give rows.

use super::{Function, FunctionKind, Gives, Nulls};

const fn table(name: &'static str) -> Function {
    Function {
        name,
        kind: FunctionKind::Table,
        volatile: false,
        nulls: Nulls::Unknown,
        gives: Gives::Unknown,
    }
}

/// Sorted by name.
#[rustfmt::skip] // a table: a line for each
pub(super) static FUNCTIONS: &[Function] = &[
    table("explode"),
    table("explode_outer"),
    table("flatten"),
    table("generate_date_array"),
    table("generate_series"),
    table("generate_subscripts"),
    table("generate_timestamp_array"),
    table("generator"),
    table("inline"),
    table("inline_outer"),
    table("json_array_elements"),
    table("json_array_elements_text"),
    table("json_each"),
    table("json_table"),
    table("json_to_recordset"),
    table("jsonb_array_elements"),
    table("jsonb_array_elements_text"),
    table("jsonb_each"),
    table("jsonb_object_keys"),
    table("jsonb_to_recordset"),
    table("numbers"),
    table("openjson"),
    table("posexplode"),
    table("posexplode_outer"),
    table("range"),
    table("read_csv"),
    table("read_csv_auto"),
    table("read_json"),
    table("read_json_auto"),
    table("read_parquet"),
    table("regexp_split_to_table"),
    table("result_scan"),
    table("split_to_table"),
    table("stack"),
    table("string_split"),
    table("strtok_split_to_table"),
    table("unnest"),
    table("xmltable"),
];
