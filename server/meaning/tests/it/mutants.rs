//! Queries with one word changed, made by the hundred.

/// What is replaced by what, each in turn.
const REPLACED: &[(&str, &str)] = &[
    (" > ", " >= "),
    (" >= ", " > "),
    (" < ", " <= "),
    (" = ", " <> "),
    (" and ", " or "),
    (" or ", " and "),
    (" not ", " "),
    (" + ", " - "),
    (" * ", " + "),
    (" - ", " + "),
    ("'paid'", "'open'"),
    ("'p%'", "'%p'"),
    ("left join", "join"),
    ("right join", "left join"),
    ("full join", "left join"),
    (" join", " left join"),
    ("union all", "union"),
    ("union select", "union all select"),
    ("except", "intersect"),
    ("intersect", "except"),
    ("sum(", "max("),
    ("max(", "min("),
    ("min(", "max("),
    ("avg(", "sum("),
    ("count(*)", "count(amount)"),
    ("count(distinct ", "count("),
    ("distinct ", ""),
    ("order by id", "order by id desc"),
    (" desc", ""),
    ("is null", "is not null"),
    ("is not null", "is null"),
    ("exists", "not exists"),
    (" in (", " not in ("),
    ("lower(", "upper("),
    ("lead(", "lag("),
    ("rank()", "row_number()"),
    ("partition by customer_id", "partition by status"),
    ("partition by customer_id ", ""),
    ("customer_id", "id"),
    ("amount", "amount + 1"),
    ("status", "coalesce(status, 'x')"),
    ("1", "2"),
    ("2", "3"),
    ("10", "11"),
    ("else 0", "else 1"),
    (" else 0", ""),
    ("'month'", "'year'"),
    ("extract(year", "extract(month"),
    ("interval '1' day", "interval '2' day"),
    ("2024-02-01", "2024-02-02"),
    ("any (", "all ("),
    ("round(", "floor("),
    ("first_value", "last_value"),
    ("1 preceding", "2 preceding"),
    ("rollup", "cube"),
];

/// Every query that differs from `text` in one replacement at one place.
pub(crate) fn mutants(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (old, new) in REPLACED {
        for (place, _) in text.match_indices(old).take(2) {
            let (before, rest) = text.split_at(place);
            let mutant = format!("{before}{new}{}", &rest[old.len()..]);
            if !found.contains(&mutant) {
                found.push(mutant);
            }
        }
    }
    found
}
