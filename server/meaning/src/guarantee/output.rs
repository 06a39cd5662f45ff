//! Questions about the rows that a query gives: a `SELECT` over all of it.

use super::rows::example;
use super::value::boolean;
use crate::witness::{Facts, Question, SEARCH, Verdict, Witness, find_difference};
use sql::relation::{
    Aggregate, Body, Expression, From, Grouping, Input, InputId, Operator, Query, Relation,
    RelationId, Select, Source,
};

/// A `SELECT` of all columns of a query, that is its root now.
pub(super) struct Output {
    /// The new root.
    pub(super) relation: RelationId,
    input: InputId,
}

impl Output {
    /// Puts a `SELECT` over a query.
    pub(super) fn over(query: &mut Query) -> Output {
        let input = InputId(query.inputs);
        query.inputs = query.inputs.saturating_add(1);
        let relation = RelationId(u32::try_from(query.relations.len()).unwrap_or(u32::MAX));
        let output = Output { relation, input };
        let columns = query.root().columns.clone();
        let open = query.root().open;
        let select = Select {
            projection: (0..columns.len())
                .map(|position| output.column(position))
                .collect(),
            from: Some(From::Input(Input {
                id: input,
                source: Source::Relation(query.root),
            })),
            ..Select::default()
        };
        query.relations.push(Relation {
            columns,
            open,
            body: Body::Select(Box::new(select)),
            order: Vec::new(),
            limit: None,
        });
        query.root = relation;
        output
    }

    /// The column of the query at a position.
    pub(super) fn column(&self, position: usize) -> Expression {
        Expression::Output {
            input: self.input,
            position: u32::try_from(position).unwrap_or(u32::MAX),
        }
    }
}

/// Input rows for which the query gives a row that meets a condition over the columns at `positions`.
pub(super) fn gives(
    query: &Query,
    positions: &[usize],
    condition: &dyn Fn(&[Expression]) -> Expression,
    facts: &Facts,
) -> Option<Witness> {
    let mut over = query.clone();
    let output = Output::over(&mut over);
    let values: Vec<Expression> = positions
        .iter()
        .map(|position| output.column(*position))
        .collect();
    example(&over, output.relation, &condition(&values), facts)
}

/// Input rows for which the query gives two rows that agree on the columns at `positions`, none of
/// which is `NULL`.
pub(super) fn repeats(query: &Query, positions: &[usize], facts: &Facts) -> Option<Witness> {
    let with_having = |having: Expression| {
        let mut over = query.clone();
        let output = Output::over(&mut over);
        let keys: Vec<Expression> = positions
            .iter()
            .map(|position| output.column(*position))
            .collect();
        let known = keys.iter().map(|key| {
            let is_null = Expression::operation(Operator::IsNull, [key.clone()]);
            Expression::operation(Operator::Not, [is_null])
        });
        let mut known: Vec<Expression> = known.collect();
        let root = over.relations.get_mut(output.relation.0 as usize)?;
        let Body::Select(select) = &mut root.body else {
            return None;
        };
        select.filter = match known.len() {
            1 => known.pop(),
            _ => Some(Expression::operation(Operator::And, known)),
        };
        let all = (0..).zip(&keys).map(|(place, _)| place).collect();
        select.grouping = Some(Grouping {
            keys: keys.clone(),
            sets: vec![all],
        });
        select.having = Some(having);
        root.columns.truncate(keys.len());
        select.projection = keys;
        Some(over)
    };
    let count = Expression::Aggregate(Box::new(Aggregate {
        function: "count".into(),
        arguments: Vec::new(),
        distinct: false,
        filter: None,
        order: Vec::new(),
    }));
    let several = Expression::operation(Operator::Greater, [count, Expression::number("1")]);
    let (with, without) = (with_having(several)?, with_having(boolean(false))?);
    let question = Question::Rows { same: Vec::new() };
    match find_difference(&without, &with, &question, facts, &mut SEARCH.clone()) {
        Verdict::Different(witness) => Some(witness),
        Verdict::NotFound => None,
    }
}
