//! The ways of values from a column to where they come from.

use super::provenance::Origin;
use super::subject::{DEEPEST, Subject};
use super::trace::{PICKING, relation_of};
use sql::relation::{
    Body, Cast, Expression, InputId, Query, RelationId, SetOperation, SetOperator, Source,
    Subquery, SubqueryKind,
};
use std::collections::BTreeSet;
use syntax::Name;

/// The ways from a column to an origin.
pub(super) struct Ways<'q> {
    /// How many there are without any of the functions.
    pub(super) plain: usize,
    /// How many there are through one of them.
    pub(super) through: usize,
    /// Something stands on a way, or beside it, that makes another value of it.
    pub(super) is_changed: bool,
    /// What stands there and may make another value of it.
    pub(super) casts: Vec<&'q Cast>,
    /// The value is one of several rows, or `NULL` where there is none.
    pub(super) is_picked: bool,
    /// A way leads to a column of another table, or to another column.
    pub(super) is_mixed: bool,
    /// Nothing on the way is unknown.
    pub(super) is_complete: bool,
}

struct Walk<'w> {
    subject: &'w Subject,
    origin: &'w Origin,
    functions: &'w [String],
    ways: Ways<'w>,
    /// What was gone through: what is reached twice is gone through once.
    seen: BTreeSet<(RelationId, usize, bool)>,
}

impl<'q> Ways<'q> {
    /// Those from the column at `position` to the origin; `functions` are those whose ways are counted apart.
    pub(super) fn of(
        subject: &'q Subject,
        position: usize,
        origin: &'q Origin,
        functions: &'q [String],
    ) -> Ways<'q> {
        let mut walk = Walk {
            subject,
            origin,
            functions,
            ways: Ways::none(),
            seen: BTreeSet::new(),
        };
        walk.column(subject.query.root, position, false, 0);
        walk.ways
    }

    fn none() -> Ways<'q> {
        Ways {
            plain: 0,
            through: 0,
            is_changed: false,
            casts: Vec::new(),
            is_picked: false,
            is_mixed: false,
            is_complete: true,
        }
    }

    /// Whether the value is the origin's as it is.
    fn is_plain(&self) -> bool {
        let is_other = self.is_changed || self.is_picked || self.is_mixed;
        self.plain > 0 && !is_other && self.casts.is_empty()
    }

    /// Adds ways that lead on from the same value.
    fn join(&mut self, other: Ways<'q>) {
        self.plain += other.plain;
        self.through += other.through;
        self.is_changed |= other.is_changed;
        self.casts.extend(other.casts);
        self.is_picked |= other.is_picked;
        self.is_mixed |= other.is_mixed;
        self.is_complete &= other.is_complete;
    }

    /// Adds only how many ways there are: what stands on them says nothing of the value.
    fn count(&mut self, other: &Ways<'q>) {
        self.plain += other.plain;
        self.through += other.through;
        self.is_complete &= other.is_complete;
    }
}

impl<'w> Walk<'w> {
    fn query(&self) -> &Query {
        &self.subject.query
    }

    fn column(&mut self, relation: RelationId, position: usize, through: bool, depth: usize) {
        if depth > DEEPEST {
            self.ways.is_complete = false;
            return;
        }
        if !self.seen.insert((relation, position, through)) {
            return;
        }
        let subject = self.subject;
        match &subject.query.relation(relation).body {
            Body::Select(select) => match select.projection.get(position) {
                Some(value) => self.value(relation, value, through, depth),
                None => self.ways.is_complete = false,
            },
            Body::Set(set) => {
                if set.operator == SetOperator::Union {
                    // Behind a `*` of one branch alone, it can't be told what stands beside what.
                    let is_open = |branch| subject.query.relation(branch).open;
                    self.ways.is_complete &= is_open(set.left) == is_open(set.right);
                }
                match set.operator {
                    SetOperator::Union | SetOperator::Except => {
                        for branch in set.giving() {
                            self.column(branch, position, through, depth + 1);
                        }
                    }
                    SetOperator::Intersect => self.shared(*set, position, through, depth),
                }
            }
            Body::Recursive { seed, step, .. } => {
                self.column(*seed, position, through, depth + 1);
                self.column(*step, position, through, depth + 1);
            }
            Body::Values(rows) => {
                for row in rows {
                    match row.get(position) {
                        Some(value) => self.value(relation, value, through, depth),
                        None => self.ways.is_complete = false,
                    }
                }
            }
            Body::Unknown { .. } => self.ways.is_complete = false,
        }
    }

    /// A value that two branches share is the one of either: one that has it as it is tells what it is.
    fn shared(&mut self, set: SetOperation, position: usize, through: bool, depth: usize) {
        let [left, right] = [set.left, set.right].map(|branch| {
            let before = std::mem::replace(&mut self.ways, Ways::none());
            self.column(branch, position, through, depth + 1);
            std::mem::replace(&mut self.ways, before)
        });
        match (left.is_plain(), right.is_plain()) {
            (true, _) => {
                self.ways.count(&right);
                self.ways.join(left);
            }
            (false, true) => {
                self.ways.count(&left);
                self.ways.join(right);
            }
            (false, false) => {
                self.ways.join(left);
                self.ways.join(right);
            }
        }
    }

    fn value(&mut self, home: RelationId, value: &'w Expression, through: bool, depth: usize) {
        match value {
            Expression::Column { input, name } => self.leaf(home, *input, name, through),
            Expression::Output { input, position } => {
                let Some(relation) = self.relation_of(home, *input) else {
                    self.ways.is_complete = false;
                    return;
                };
                // The query stands for a table that may be the origin itself.
                let named = self
                    .query()
                    .relation(relation)
                    .columns
                    .get(*position as usize);
                let named = named.and_then(|column| column.name.as_ref());
                if self.is_origin(home, *input, named) {
                    self.arrive(through);
                    return;
                }
                self.column(relation, *position as usize, through, depth + 1);
            }
            Expression::Cast(cast) => {
                self.ways.casts.push(cast);
                self.value(home, &cast.value, through, depth);
            }
            Expression::Unknown(unknown) => {
                self.ways.is_complete = false;
                for part in &unknown.over {
                    self.value(home, part, through, depth);
                }
            }
            Expression::Subquery(subquery) => {
                self.parts(home, value, through, depth);
                self.subquery(subquery, through, depth);
            }
            Expression::Aggregate(aggregate) if PICKING.contains(&aggregate.function.as_str()) => {
                self.ways.is_picked = true;
                self.parts(home, value, through, depth);
            }
            other => {
                self.ways.is_changed = true;
                let function = function_of(other);
                let through = through
                    || function.is_some_and(|function| {
                        let mut functions = self.functions.iter();
                        functions.any(|wanted| is_called(function, wanted))
                    });
                self.parts(home, other, through, depth);
            }
        }
    }

    fn parts(&mut self, home: RelationId, value: &'w Expression, through: bool, depth: usize) {
        value.for_each_part(&mut |part| self.value(home, part, through, depth));
    }

    fn subquery(&mut self, subquery: &'w Subquery, through: bool, depth: usize) {
        let relation = self.subject.query.relation(subquery.relation);
        match &subquery.kind {
            // Whether there is a row tells no value of it.
            SubqueryKind::Exists => {
                self.ways.is_changed = true;
                return;
            }
            SubqueryKind::Scalar => self.ways.is_picked = true,
            SubqueryKind::In(_)
            | SubqueryKind::Any(..)
            | SubqueryKind::All(..)
            | SubqueryKind::Array => self.ways.is_changed = true,
        }
        // A row that is a value has them all.
        self.ways.is_complete &= !relation.open;
        for position in 0..relation.columns.len() {
            self.column(subquery.relation, position, through, depth + 1);
        }
    }

    fn leaf(&mut self, home: RelationId, input: InputId, name: &Name, through: bool) {
        if self.is_origin(home, input, Some(name)) {
            self.arrive(through);
        } else if self.is_table(home, input) {
            self.ways.is_mixed = true;
            // `to_jsonb(orders) from raw.orders` may be the whole row.
            if self.input_is(home, input) && self.origin.table.last_name() == Some(name) {
                self.ways.is_complete = false;
            }
        } else {
            self.ways.is_complete = false;
        }
    }

    fn arrive(&mut self, through: bool) {
        match through {
            true => self.ways.through += 1,
            false => self.ways.plain += 1,
        }
    }

    fn is_origin(&self, home: RelationId, input: InputId, name: Option<&Name>) -> bool {
        let wanted = &self.origin.column;
        let is_named = wanted.is_none() || wanted.as_ref() == name;
        is_named && self.input_is(home, input)
    }

    fn input_is(&self, home: RelationId, wanted: InputId) -> bool {
        self.with_input(home, wanted, &|subject, input| {
            subject.is(input, &self.origin.table)
        })
    }

    fn is_table(&self, home: RelationId, wanted: InputId) -> bool {
        self.with_input(home, wanted, &|_, input| {
            matches!(input.source, Source::Table(_))
        })
    }

    /// Asks about an input: of the relation, or of one around it.
    fn with_input(
        &self,
        home: RelationId,
        wanted: InputId,
        ask: &dyn Fn(&Subject, &sql::relation::Input) -> bool,
    ) -> bool {
        if let Some(input) = self.query().relation(home).input(wanted) {
            return ask(self.subject, input);
        }
        let relations = self.query().relations.iter();
        let mut all = relations.filter_map(|relation| relation.input(wanted));
        all.any(|input| ask(self.subject, input))
    }

    fn relation_of(&self, home: RelationId, input: InputId) -> Option<RelationId> {
        relation_of(self.query(), home, input).or_else(|| {
            // A query in an expression may mention the inputs around it.
            let count = u32::try_from(self.query().relations.len()).ok()?;
            (0..count).find_map(|id| relation_of(self.query(), RelationId(id), input))
        })
    }
}

fn function_of(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Call(call) => Some(&call.function),
        Expression::Aggregate(aggregate) => Some(&aggregate.function),
        Expression::Window(window) => Some(&window.function.function),
        Expression::Operation(operation)
            if operation.operator == sql::relation::Operator::IsNull =>
        {
            Some("is null")
        }
        _ => None,
    }
}

/// Whether a function is meant by a name: `SHA2` also means `sha2_hex`, which is the same.
fn is_called(function: &str, wanted: &str) -> bool {
    function.eq_ignore_ascii_case(wanted)
        || function
            .strip_suffix("_hex")
            .is_some_and(|function| function.eq_ignore_ascii_case(wanted))
}
