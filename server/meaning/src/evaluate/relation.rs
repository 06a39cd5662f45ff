//! Relations: each is evaluated once, unless it mentions inputs of the queries around it.

use super::expression::Scope;
use super::needed::Needed;
use super::sort::{Keyed, limited};
use super::value::Value;
use super::{Budget, Row, Tables, Undecided, bag, undecided};
use sql::relation::{Body, Expression, Query, RelationId, SetOperation, SetOperator};
use std::collections::BTreeSet;
use std::rc::Rc;

/// How often the step of a recursive query is taken.
const ROUNDS: usize = 24;

/// Everything that an evaluation carries with it.
pub(super) struct Machine<'q> {
    pub(super) query: &'q Query,
    pub(super) needed: &'q Needed,
    pub(super) tables: &'q Tables,
    pub(super) budget: &'q mut Budget,
    /// How deep the evaluation of expressions and relations is nested.
    pub(super) depth: u32,
    /// How many symbols were given out that are equal to no other.
    symbols: u64,
    done: Vec<Option<Rc<Vec<Row>>>>,
    /// The recursive relations that are being evaluated, with the rows of the last round.
    working: Vec<(RelationId, Rc<Vec<Row>>)>,
}

impl<'q> Machine<'q> {
    pub(super) fn new(
        query: &'q Query,
        needed: &'q Needed,
        tables: &'q Tables,
        budget: &'q mut Budget,
    ) -> Machine<'q> {
        Machine {
            query,
            needed,
            tables,
            budget,
            depth: 0,
            symbols: 0,
            done: vec![None; query.relations.len()],
            working: Vec::new(),
        }
    }

    /// A value that is not known and equal to no other.
    pub(super) fn symbol(&mut self) -> Value {
        self.symbols += 1;
        Value::Opaque(self.symbols)
    }

    /// The rows of a relation that no query stands around.
    pub(super) fn rows(&mut self, id: RelationId) -> Result<Rc<Vec<Row>>, Undecided> {
        self.relation(id, None)
    }

    /// The rows of a relation, where `around` has the rows of the queries around it.
    pub(super) fn relation(
        &mut self,
        id: RelationId,
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Rc<Vec<Row>>, Undecided> {
        if let Some((_, rows)) = self
            .working
            .iter()
            .rev()
            .find(|(working, _)| *working == id)
        {
            return Ok(rows.clone());
        }
        if let Some(Some(rows)) = self.done.get(id.0 as usize) {
            return Ok(rows.clone());
        }
        self.enter()?;
        let rows = Rc::new(self.evaluated(id, around)?);
        self.leave();
        self.budget.spend(1 + rows.len() as u64)?;
        // Within a recursion, a relation may read rows that change with each round.
        if self.working.is_empty()
            && !self.needed.is_correlated(id)
            && let Some(done) = self.done.get_mut(id.0 as usize)
        {
            *done = Some(rows.clone());
        }
        Ok(rows)
    }

    /// One level deeper.
    pub(super) fn enter(&mut self) -> Result<(), Undecided> {
        self.depth += 1;
        if self.depth > 120 {
            return undecided("it is nested too deeply");
        }
        self.budget.spend(1)
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn evaluated(
        &mut self,
        id: RelationId,
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Row>, Undecided> {
        let query = self.query;
        let relation = query.relation(id);
        let rows = match &relation.body {
            Body::Select(select) => self.select(
                id,
                select,
                &relation.order,
                relation.limit.is_some(),
                around,
            )?,
            Body::Set(set) => keyed(self.set(id, *set, around)?),
            Body::Values(rows) => keyed(self.values(rows, around)?),
            Body::Recursive {
                seed,
                step,
                distinct,
            } => keyed(self.recursive(id, *seed, *step, *distinct, around)?),
            Body::Unknown { .. } => return undecided("a query is not known"),
        };
        let Some(limit) = &relation.limit else {
            return Ok(rows.into_iter().map(|row| row.row).collect());
        };
        if limit.unknown {
            return undecided("a limit is not known");
        }
        let scope = Scope::around(around);
        let mut whole = |expression: &'q Option<Expression>| match expression {
            None => Ok(None),
            Some(expression) => match self.value(expression, &scope)? {
                Value::Null => Ok(None),
                Value::Number(number) => match number.whole().map(usize::try_from) {
                    Some(Ok(count)) => Ok(Some(count)),
                    _ => undecided("a limit is no whole number"),
                },
                _ => undecided("a limit is not known"),
            },
        };
        let (count, offset) = (whole(&limit.count)?, whole(&limit.offset)?);
        limited(rows, &relation.order, count, offset.unwrap_or(0))
    }

    fn values(
        &mut self,
        rows: &'q [Vec<Expression>],
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Row>, Undecided> {
        let scope = Scope::around(around);
        let mut given = Vec::new();
        for row in rows {
            let values: Result<Vec<Value>, Undecided> =
                row.iter().map(|value| self.value(value, &scope)).collect();
            given.push(Row {
                values: values?.into(),
                origin: Rc::from([]),
            });
        }
        Ok(given)
    }

    fn recursive(
        &mut self,
        id: RelationId,
        seed: RelationId,
        step: RelationId,
        distinct: bool,
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Row>, Undecided> {
        let mut all = self.relation(seed, around)?.to_vec();
        if distinct {
            all = merged(all)?;
        }
        let mut last = all.clone();
        for _ in 0..ROUNDS {
            if last.is_empty() {
                return Ok(all);
            }
            self.working.push((id, Rc::new(last)));
            let next = self.relation(step, around);
            self.working.pop();
            last = next?.to_vec();
            if distinct {
                last = without(merged(last)?, &all)?;
            }
            self.budget.spend(1 + (all.len() * last.len()) as u64)?;
            all.extend(last.iter().cloned());
        }
        undecided("a recursion takes too many rounds")
    }

    fn set(
        &mut self,
        id: RelationId,
        set: SetOperation,
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Row>, Undecided> {
        let (left_relation, right_relation) = (
            self.query.relation(set.left),
            self.query.relation(set.right),
        );
        // Columns are paired by position, and equal rows found by all of their columns. Where only the
        // number of rows plays a part, columns do not.
        let counted = set.operator == SetOperator::Union && set.all && !self.needed.uses_any(id);
        let open = left_relation.open || right_relation.open;
        if !counted && (open || left_relation.columns.len() != right_relation.columns.len()) {
            return undecided("the columns of a set operation are not all known");
        }
        let left = self.relation(set.left, around)?;
        let right = self.relation(set.right, around)?;
        self.budget.spend((left.len() * right.len()) as u64)?;
        let (left, right) = (left.to_vec(), right.to_vec());
        match (set.operator, set.all) {
            (SetOperator::Union, true) => Ok(joined(left, right)),
            (SetOperator::Union, false) => merged(joined(left, right)),
            (SetOperator::Except, false) => without(merged(left)?, &right),
            (SetOperator::Intersect, false) => {
                let left = merged(left)?;
                let others = without(left.clone(), &right)?;
                without(left, &others)
            }
            (operator, true) => paired(left, &right, operator == SetOperator::Intersect),
        }
    }
}

fn keyed(rows: Vec<Row>) -> Vec<Keyed> {
    rows.into_iter()
        .map(|row| Keyed { row, keys: None })
        .collect()
}

fn joined(mut left: Vec<Row>, right: Vec<Row>) -> Vec<Row> {
    left.extend(right);
    left
}

/// Whether the two are the same row for certain, or other rows for certain.
pub(super) fn same(left: &[Value], right: &[Value]) -> Result<bool, Undecided> {
    match bag::identical_rows(left, right) {
        Some(same) => Ok(same),
        None => undecided("whether two rows are equal is not known"),
    }
}

/// Each row once. It is made of everything that rows equal to it are made of.
pub(super) fn merged(rows: Vec<Row>) -> Result<Vec<Row>, Undecided> {
    let mut kept: Vec<Row> = Vec::new();
    for row in rows {
        let mut twin = None;
        for (position, other) in kept.iter().enumerate() {
            if same(&row.values, &other.values)? {
                twin = Some(position);
                break;
            }
        }
        match twin.and_then(|position| kept.get_mut(position)) {
            Some(twin) => twin.origin = union([&twin.origin, &row.origin]),
            None => kept.push(row),
        }
    }
    Ok(kept)
}

/// The rows that are not among the others.
fn without(rows: Vec<Row>, others: &[Row]) -> Result<Vec<Row>, Undecided> {
    let mut kept = Vec::new();
    for row in rows {
        let mut found = false;
        for other in others {
            found |= same(&row.values, &other.values)?;
        }
        if !found {
            kept.push(row);
        }
    }
    Ok(kept)
}

/// The rows that have, or have not, a partner of their own among the others.
fn paired(rows: Vec<Row>, others: &[Row], wanted: bool) -> Result<Vec<Row>, Undecided> {
    let mut left: Vec<&Row> = others.iter().collect();
    let mut kept = Vec::new();
    for row in rows {
        let mut partner = None;
        for (position, other) in left.iter().enumerate() {
            if same(&row.values, &other.values)? {
                partner = Some(position);
            }
        }
        if let Some(partner) = partner {
            left.swap_remove(partner);
        }
        if partner.is_some() == wanted {
            kept.push(row);
        }
    }
    Ok(kept)
}

/// Everything that rows are made of.
pub(super) fn union<'a>(origins: impl IntoIterator<Item = &'a Rc<[u32]>>) -> Rc<[u32]> {
    let all: BTreeSet<u32> = origins
        .into_iter()
        .flat_map(|origin| origin.iter().copied())
        .collect();
    all.into_iter().collect()
}
