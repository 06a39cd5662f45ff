//! What a column means, as briefly as a sentence would say it: an aggregate without the rows that it is
//! taken over.

use super::formula::has_aggregate;
use crate::canonical::{canonical, normalized};
use sql::relation::{
    Body, Column, Expression, From, Grouping, Input, InputId, Join, JoinKind, Query, Relation,
    RelationId, Select, Source, SubqueryKind,
};
use std::collections::BTreeMap;

/// The meaning of the column at `position` of the query's `SELECT`, in SQL, as a sentence would say it: an
/// aggregate without the rows that it is taken over.
pub fn told(query: &Query, position: usize) -> Option<String> {
    let short = brief(query, position);
    short.or_else(|| {
        let columns = canonical(query).columns;
        Some(columns.get(position)?.meaning.to_string())
    })
}

fn brief(query: &Query, position: usize) -> Option<String> {
    let query = normalized(query);
    let select = query.root().select()?;
    let mut read: BTreeMap<InputId, Source> = BTreeMap::new();
    note(select, &mut read);
    let mut value = select.projection.get(position)?.clone();
    let mut failed = false;
    value.for_each_mut(&mut |part| {
        let Expression::Subquery(subquery) = part else {
            return;
        };
        let inner = query.relation(subquery.relation).select();
        let inner = inner.filter(|_| subquery.kind == SubqueryKind::Scalar);
        match inner.and_then(|inner| Some((inner, inner.projection.first()?))) {
            Some((inner, given)) if has_aggregate(given) => {
                note(inner, &mut read);
                *part = given.clone();
            }
            _ => failed = true,
        }
    });
    let mut mentioned = Vec::new();
    value.for_each(&mut |part| match part {
        Expression::Column { input, .. } => mentioned.push(*input),
        Expression::Output { .. } | Expression::Subquery(_) => failed = true,
        _ => {}
    });
    if failed {
        return None;
    }
    let grouping = has_aggregate(&value).then(|| Grouping {
        keys: Vec::new(),
        sets: vec![Vec::new()],
    });
    read.retain(|input, _| mentioned.contains(input));
    let all = read.into_iter();
    let from = all
        .map(|(id, source)| From::Input(Input { id, source }))
        .reduce(|left, right| {
            From::Join(Box::new(Join {
                kind: JoinKind::Inner,
                left,
                right,
                on: None,
            }))
        });
    let brief = Query {
        relations: vec![Relation {
            columns: vec![Column {
                name: None,
                implicit: false,
            }],
            open: false,
            body: Body::Select(Box::new(Select {
                projection: vec![value],
                from,
                grouping,
                ..Select::default()
            })),
            order: Vec::new(),
            limit: None,
        }],
        root: RelationId(0),
        inputs: query.inputs,
        rest: Some(Vec::new()),
    };
    let columns = canonical(&brief).columns;
    Some(columns.first()?.meaning.to_string())
}

/// The tables that a select reads.
fn note(select: &Select, read: &mut BTreeMap<InputId, Source>) {
    for Input { id, source } in select.inputs() {
        if let Source::Table(_) = source {
            read.insert(*id, source.clone());
        }
    }
}
