//! `customers excludes rows that match erasure_requests on customer_id`

use super::agreed::{Match, is_kept_out};
use super::output::Output;
use super::rows::{example, says_already};
use super::subject::Subject;
use super::{Answer, Contradiction, Piece, Reason};
use crate::witness::{ColumnFacts, Facts, TableFacts};
use sql::facts::TableRef;
use sql::relation::{
    Body, Column, Expression, From, Input, InputId, Operator, Query, Relation, RelationId, Select,
    Source, Subquery, SubqueryKind,
};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// Whether no row of the query has the same values in the columns `on` as a row of the other table.
/// Ask it of a query over everything upstream: the rows may be kept out anywhere.
pub fn excludes_matching(
    subject: &Subject,
    other: &TableRef,
    on: &[Name],
    facts: &Facts,
) -> Answer {
    of(subject, other, on, Match::Excluded, facts)
}

/// Whether every row of the query has the same values in the columns `on` as a row of the other table.
pub fn only_has_matching(
    subject: &Subject,
    other: &TableRef,
    on: &[Name],
    facts: &Facts,
) -> Answer {
    of(subject, other, on, Match::Required, facts)
}

fn of(subject: &Subject, other: &TableRef, on: &[Name], rule: Match, facts: &Facts) -> Answer {
    if is_kept_out(subject, other, on, rule) {
        return Answer::Holds;
    }
    let query = &subject.query;
    let positions: Option<Vec<usize>> = on.iter().map(|name| query.root().position(name)).collect();
    let Some(positions) = positions else {
        return Answer::Undecided(Reason::OutOfReach);
    };
    let mut over = query.clone();
    let output = Output::over(&mut over);
    let input = InputId(over.inputs);
    over.inputs += 1;
    // The query of a model may be in its place.
    let source = match subject.source_of(other) {
        Some(source) => source.clone(),
        None => Source::Table(other.clone()),
    };
    let pairs = on.iter().zip(&positions).map(|(name, position)| {
        let of_other = subject.column(input, &source, name)?;
        Some(Expression::operation(
            Operator::Equal,
            [of_other, output.column(*position)],
        ))
    });
    let pairs: Option<Vec<Expression>> = pairs.collect();
    let Some(mut pairs) = pairs else {
        return Answer::Undecided(Reason::OutOfReach);
    };
    let condition = match pairs.len() {
        1 => pairs.pop(),
        _ => Some(Expression::operation(Operator::And, pairs)),
    };
    let relation = RelationId(u32::try_from(over.relations.len()).unwrap_or(u32::MAX));
    over.relations.push(matching(input, source, condition));
    let exists = Expression::Subquery(Box::new(Subquery {
        kind: SubqueryKind::Exists,
        relation,
    }));
    let exists_not = Expression::operation(Operator::Not, [exists.clone()]);
    let (forbidden, allowed) = match rule {
        Match::Excluded => (exists, exists_not),
        Match::Required => (exists_not, exists),
    };
    if says_already(&over, output.relation, allowed) {
        return Answer::Holds;
    }
    let facts = without_nulls(&over, facts);
    match example(&over, output.relation, &forbidden, &facts) {
        Some(witness) => Answer::Contradicted(Contradiction {
            at: Piece::Whole,
            now: None,
            witness: Some(witness),
        }),
        None => Answer::Undecided(Reason::NoProof),
    }
}

/// `SELECT 1 FROM source WHERE condition`
fn matching(input: InputId, source: Source, condition: Option<Expression>) -> Relation {
    Relation {
        columns: vec![Column {
            name: None,
            implicit: false,
        }],
        open: false,
        body: Body::Select(Box::new(Select {
            projection: vec![Expression::number("1")],
            from: Some(From::Input(Input { id: input, source })),
            filter: condition,
            ..Select::default()
        })),
        order: Vec::new(),
        limit: None,
    }
}

/// The same facts, and no column is `NULL` that a table of the query has. Who tests another column of a table
/// than the one that is joined takes it for one that every row has.
fn without_nulls(query: &Query, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    for (table, name) in columns_of_tables(query) {
        let known = facts.tables.iter().position(|known| known.table == *table);
        let at = known.unwrap_or_else(|| {
            facts.tables.push(TableFacts {
                table: table.clone(),
                columns: Vec::new(),
                unique: Vec::new(),
                references: Vec::new(),
            });
            facts.tables.len() - 1
        });
        let Some(table) = facts.tables.get_mut(at) else {
            continue;
        };
        match table.columns.iter_mut().find(|column| column.name == *name) {
            Some(column) => column.not_null = true,
            None => table.columns.push(ColumnFacts {
                name: name.clone(),
                data_type: None,
                not_null: true,
                values: Vec::new(),
            }),
        }
    }
    facts
}

/// The columns of tables that a query mentions.
fn columns_of_tables(query: &Query) -> BTreeSet<(&TableRef, &Name)> {
    let mut tables: BTreeMap<InputId, &TableRef> = BTreeMap::new();
    for input in query.relations.iter().flat_map(Relation::inputs) {
        if let Source::Table(table) = &input.source {
            tables.insert(input.id, table);
        }
    }
    let mut found = BTreeSet::new();
    for relation in &query.relations {
        relation.for_each_expression(&mut |expression| {
            expression.for_each(&mut |part| {
                if let Expression::Column { input, name } = part
                    && let Some(table) = tables.get(input)
                {
                    found.insert((*table, name));
                }
            });
        });
    }
    found
}
