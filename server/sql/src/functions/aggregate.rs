//! Functions over the rows of a group or a window.

use super::{Function, FunctionKind, Gives, Nulls};
use crate::relation::DataType;

const TEXT: Gives = Gives::Fixed(DataType::Text(None));
const BOOLEAN: Gives = Gives::Fixed(DataType::Boolean);
const JSON: Gives = Gives::Fixed(DataType::Json);
const ARRAY: Gives = Gives::Fixed(DataType::Array(None));

const fn aggregate(name: &'static str, nulls: Nulls, gives: Gives) -> Function {
    Function {
        name,
        kind: FunctionKind::Aggregate,
        volatile: false,
        nulls,
        gives,
    }
}

const fn window(name: &'static str, nulls: Nulls, gives: Gives) -> Function {
    Function {
        name,
        kind: FunctionKind::Window,
        volatile: false,
        nulls,
        gives,
    }
}

/// Sorted by name.
#[rustfmt::skip] // a table: a line for each
pub(super) static FUNCTIONS: &[Function] = &[
    aggregate("any_value", Nulls::Unknown, Gives::SameAsFirst),
    aggregate("approx_count_distinct", Nulls::Never, Gives::Integer),
    aggregate("approx_percentile", Nulls::Unknown, Gives::Unknown),
    aggregate("approx_quantiles", Nulls::Unknown, Gives::Unknown),
    aggregate("approx_set", Nulls::Unknown, Gives::Unknown),
    aggregate("approx_top_count", Nulls::Unknown, Gives::Unknown),
    aggregate("approx_top_k", Nulls::Unknown, Gives::Unknown),
    aggregate("approx_top_sum", Nulls::Unknown, Gives::Unknown),
    aggregate("array_agg", Nulls::Unknown, ARRAY),
    aggregate("array_concat_agg", Nulls::Unknown, ARRAY),
    aggregate("array_unique_agg", Nulls::Unknown, ARRAY),
    aggregate("avg", Nulls::IfNoValue, Gives::Unknown),
    aggregate("bit_and", Nulls::IfNoValue, Gives::Unknown),
    aggregate("bit_or", Nulls::IfNoValue, Gives::Unknown),
    aggregate("bit_xor", Nulls::IfNoValue, Gives::Unknown),
    aggregate("bitmap_construct_agg", Nulls::Unknown, Gives::Unknown),
    aggregate("bitmap_or_agg", Nulls::Unknown, Gives::Unknown),
    aggregate("bool_and", Nulls::IfNoValue, BOOLEAN),
    aggregate("bool_or", Nulls::IfNoValue, BOOLEAN),
    aggregate("checksum", Nulls::Unknown, Gives::Unknown),
    aggregate("collect_set", Nulls::Unknown, ARRAY),
    window("conditional_change_event", Nulls::Maybe, Gives::Unknown),
    window("conditional_true_event", Nulls::Maybe, Gives::Unknown),
    aggregate("corr", Nulls::Unknown, Gives::Unknown),
    aggregate("count", Nulls::Never, Gives::Integer),
    aggregate("count_if", Nulls::Never, Gives::Integer),
    aggregate("covar_pop", Nulls::Unknown, Gives::Unknown),
    aggregate("covar_samp", Nulls::Unknown, Gives::Unknown),
    window("cume_dist", Nulls::Never, Gives::Unknown),
    window("dense_rank", Nulls::Never, Gives::Integer),
    aggregate("entropy", Nulls::Unknown, Gives::Unknown),
    aggregate("first", Nulls::Unknown, Gives::SameAsFirst),
    window("first_value", Nulls::Maybe, Gives::SameAsFirst),
    aggregate("hash_agg", Nulls::Unknown, Gives::Unknown),
    aggregate("histogram", Nulls::Unknown, Gives::Unknown),
    aggregate("hll_accumulate", Nulls::Unknown, Gives::Unknown),
    aggregate("hll_combine", Nulls::Unknown, Gives::Unknown),
    aggregate("hll_estimate", Nulls::Unknown, Gives::Unknown),
    aggregate("json_agg", Nulls::Unknown, JSON),
    aggregate("json_arrayagg", Nulls::Unknown, JSON),
    aggregate("json_group_array", Nulls::Unknown, JSON),
    aggregate("json_group_object", Nulls::Unknown, JSON),
    aggregate("json_object_agg", Nulls::Unknown, JSON),
    aggregate("json_objectagg", Nulls::Unknown, JSON),
    aggregate("jsonb_agg", Nulls::Unknown, JSON),
    aggregate("jsonb_object_agg", Nulls::Unknown, JSON),
    aggregate("kurtosis", Nulls::Unknown, Gives::Unknown),
    window("lag", Nulls::Maybe, Gives::SameAsFirst),
    aggregate("last", Nulls::Unknown, Gives::SameAsFirst),
    window("last_value", Nulls::Maybe, Gives::SameAsFirst),
    window("lead", Nulls::Maybe, Gives::SameAsFirst),
    aggregate("map_agg", Nulls::Unknown, Gives::Unknown),
    aggregate("max", Nulls::IfNoValue, Gives::SameAsFirst),
    aggregate("max_by", Nulls::Unknown, Gives::Unknown),
    aggregate("median", Nulls::IfNoValue, Gives::Unknown),
    aggregate("merge", Nulls::Unknown, Gives::Unknown),
    aggregate("min", Nulls::IfNoValue, Gives::SameAsFirst),
    aggregate("min_by", Nulls::Unknown, Gives::Unknown),
    aggregate("mode", Nulls::Unknown, Gives::SameAsFirst),
    aggregate("multimap_agg", Nulls::Unknown, Gives::Unknown),
    window("nth_value", Nulls::Maybe, Gives::SameAsFirst),
    window("ntile", Nulls::Never, Gives::Integer),
    aggregate("object_agg", Nulls::Unknown, JSON),
    window("percent_rank", Nulls::Never, Gives::Unknown),
    aggregate("percentile_cont", Nulls::Unknown, Gives::Unknown),
    aggregate("percentile_disc", Nulls::Unknown, Gives::Unknown),
    aggregate("product", Nulls::IfNoValue, Gives::Unknown),
    aggregate("quantile", Nulls::Unknown, Gives::Unknown),
    aggregate("quantile_cont", Nulls::Unknown, Gives::Unknown),
    aggregate("quantile_disc", Nulls::Unknown, Gives::Unknown),
    window("rank", Nulls::Never, Gives::Integer),
    window("ratio_to_report", Nulls::Maybe, Gives::Unknown),
    aggregate("regr_avgx", Nulls::Unknown, Gives::Unknown),
    aggregate("regr_avgy", Nulls::Unknown, Gives::Unknown),
    aggregate("regr_count", Nulls::Never, Gives::Integer),
    aggregate("regr_intercept", Nulls::Unknown, Gives::Unknown),
    aggregate("regr_r2", Nulls::Unknown, Gives::Unknown),
    aggregate("regr_slope", Nulls::Unknown, Gives::Unknown),
    window("row_number", Nulls::Never, Gives::Integer),
    aggregate("skewness", Nulls::Unknown, Gives::Unknown),
    aggregate("stddev_pop", Nulls::IfNoValue, Gives::Unknown),
    aggregate("stddev_samp", Nulls::Maybe, Gives::Unknown),
    aggregate("string_agg", Nulls::Unknown, TEXT),
    aggregate("sum", Nulls::IfNoValue, Gives::Unknown),
    aggregate("tdigest_agg", Nulls::Unknown, Gives::Unknown),
    aggregate("var_pop", Nulls::IfNoValue, Gives::Unknown),
    aggregate("var_samp", Nulls::Maybe, Gives::Unknown),
];
