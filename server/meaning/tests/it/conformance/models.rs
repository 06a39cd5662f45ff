//! Sources of one column through models: sqlglot's `test_lineage`.

use super::columns::{same_sources, sources};
use super::disagreements::Comparison;
use super::{Case, cases, lineage_of, on_large_stack, text};
use meaning::lineage::Lineage;
use serde_json::Value;
use sql::lower::lower;
use syntax::Name;

#[test]
fn test_lineage() {
    on_large_stack(|| {
        let mut comparison = Comparison::new("test_lineage");
        for case in cases("test_lineage") {
            match compare(&case) {
                Ok(()) => comparison.agreed(1),
                Err(how) => comparison.differs(&case.id, text(&case.json["column"]), how),
            }
        }
        comparison.assert(0.96);
    });
}

fn compare(case: &Case) -> Result<(), String> {
    let sql = with_models(case.sql.trim().trim_end_matches(';'), &case.json["models"]);
    let lowered = lower(&sql, &case.options, &case.schema);
    let lineage: Lineage = lowered.last().map(lineage_of).ok_or("no query")?;
    let wanted = Name::new(text(&case.json["column"]));
    let mut columns = lineage.columns.iter();
    let column = columns.find(|column| column.name.as_ref() == Some(&wanted));
    let column = column.ok_or("no such column")?;
    same_sources(column, &sources(&case.json["sources"]))
}

/// The query with its models before it, as common table expressions.
fn with_models(sql: &str, models: &Value) -> String {
    let mut sql = sql.to_owned();
    let mut ctes = Vec::new();
    for (number, (model, query)) in models.as_object().unwrap().iter().enumerate() {
        let mut query = text(query);
        let mut called = model.clone();
        if model.contains('.') {
            called = format!("model_{number}");
            sql = sql.replace(model, &called);
            query = query.replace(model, &called);
        }
        ctes.push(format!("{called} as ({query})"));
    }
    if ctes.is_empty() {
        return sql;
    }
    format!("with {} select * from ({sql})", ctes.join(", "))
}
