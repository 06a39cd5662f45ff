//! TPC-H and TPC-DS are understood to the last expression.

use super::{cases, lineage_of, on_large_stack};
use meaning::lineage::Kind;
use sql::lower::{Lowered, lower};
use sql::relation::{Body, Expression, JoinKind, Query, Source};

#[test]
fn every_query_of_tpc_is_fully_lowered() {
    on_large_stack(|| {
        let mut whole = 0;
        let mut all = 0;
        let mut wrong = Vec::new();
        for suite in ["tpch", "tpcds"] {
            for case in cases(suite) {
                all += 1;
                let lowered = lower(&case.sql, &case.options, &case.schema);
                match lowered.as_slice() {
                    [lowered] => match not_understood(lowered) {
                        None => whole += 1,
                        Some(what) => wrong.push(format!("{}: {what}", case.id)),
                    },
                    several => wrong.push(format!("{}: {} queries", case.id, several.len())),
                }
            }
        }
        println!("TPC-H and TPC-DS fully lowered: {whole} of {all}");
        assert_eq!((whole, all), (121, 121), "{}", wrong.join("\n"));
    });
}

/// Something in it that is not understood.
fn not_understood(lowered: &Lowered) -> Option<String> {
    let in_query = in_query(&lowered.query);
    let lineage = lineage_of(lowered);
    if lineage.open {
        return Some("it is open".to_owned());
    }
    let without = lineage.columns.iter().find(|column| {
        let counts = column.kind == Kind::Aggregated;
        column.kind == Kind::Unknown
            || column.sources.is_empty() && column.kind != Kind::Constant && !counts
    });
    let without = without.map(|column| format!("{:?} has no lineage", column.name));
    in_query.or(without)
}

fn in_query(query: &Query) -> Option<String> {
    for (id, relation) in query.relations.iter().enumerate() {
        if relation.open {
            return Some(format!("relation {id} is open"));
        }
        match &relation.body {
            Body::Unknown { .. } => return Some(format!("relation {id} is unknown")),
            Body::Select(select) => {
                let mut found = None;
                select.for_each_expression(&mut |expression| {
                    expression.for_each(&mut |part| {
                        if let Expression::Unknown(unknown) = part {
                            found = Some(format!("{unknown:?}"));
                        }
                    });
                });
                let mut inputs = select.inputs().into_iter();
                if inputs.any(|input| matches!(input.source, Source::Unknown { .. })) {
                    found = Some("an input".to_owned());
                }
                if select.from.as_ref().is_some_and(joins_unknown) {
                    found = Some("a join".to_owned());
                }
                if found.is_some() {
                    return found;
                }
            }
            Body::Set(_) | Body::Values(_) | Body::Recursive { .. } => {}
        }
        for key in &relation.order {
            let mut found = None;
            key.value.for_each(&mut |part| {
                if let Expression::Unknown(unknown) = part {
                    found = Some(format!("in ORDER BY: {unknown:?}"));
                }
            });
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn joins_unknown(from: &sql::relation::From) -> bool {
    match from {
        sql::relation::From::Input(_) => false,
        sql::relation::From::Join(join) => {
            join.kind == JoinKind::Unknown
                || joins_unknown(&join.left)
                || joins_unknown(&join.right)
        }
    }
}
