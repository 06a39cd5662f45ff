//! Going through the parts of expressions and selects.

use super::{
    Body, Distinct, Expression, From, Join, JoinKind, Limit, Query, Relation, Select, SortKey,
    Source, Subquery, SubqueryKind, Window,
};

impl Expression {
    /// Calls `visit` with each direct part, in the order of the text. The relation of a subquery is
    /// no part of it.
    pub fn for_each_part<'e>(&'e self, visit: &mut dyn FnMut(&'e Expression)) {
        match self {
            Expression::Column { .. } | Expression::Output { .. } | Expression::Literal(_) => {}
            Expression::Operation(operation) => operation.operands.iter().for_each(visit),
            Expression::Call(call) => call.arguments.iter().for_each(visit),
            Expression::Case(case) => {
                for (condition, value) in &case.branches {
                    visit(condition);
                    visit(value);
                }
                visit(&case.otherwise);
            }
            Expression::Cast(cast) => visit(&cast.value),
            Expression::Aggregate(aggregate) => {
                aggregate.arguments.iter().for_each(&mut *visit);
                aggregate.filter.iter().for_each(&mut *visit);
                keys(&aggregate.order, visit);
            }
            Expression::Window(window) => window_parts(window, visit),
            Expression::Subquery(subquery) => compared(subquery).iter().for_each(visit),
            Expression::Unknown(unknown) => unknown.over.iter().for_each(visit),
        }
    }

    /// Calls `change` with each direct part, to change it in place.
    pub fn for_each_part_mut(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        match self {
            Expression::Column { .. } | Expression::Output { .. } | Expression::Literal(_) => {}
            Expression::Operation(operation) => operation.operands.iter_mut().for_each(change),
            Expression::Call(call) => call.arguments.iter_mut().for_each(change),
            Expression::Case(case) => {
                for (condition, value) in &mut case.branches {
                    change(condition);
                    change(value);
                }
                change(&mut case.otherwise);
            }
            Expression::Cast(cast) => change(&mut cast.value),
            Expression::Aggregate(aggregate) => {
                aggregate.arguments.iter_mut().for_each(&mut *change);
                aggregate.filter.iter_mut().for_each(&mut *change);
                keys_mut(&mut aggregate.order, change);
            }
            Expression::Window(window) => {
                let function = &mut window.function;
                function.arguments.iter_mut().for_each(&mut *change);
                function.filter.iter_mut().for_each(&mut *change);
                keys_mut(&mut function.order, change);
                window.partition.iter_mut().for_each(&mut *change);
                keys_mut(&mut window.order, change);
            }
            Expression::Subquery(subquery) => match &mut subquery.kind {
                SubqueryKind::In(values) => values.iter_mut().for_each(change),
                SubqueryKind::Any(_, value) | SubqueryKind::All(_, value) => change(value),
                SubqueryKind::Scalar | SubqueryKind::Exists | SubqueryKind::Array => {}
            },
            Expression::Unknown(unknown) => unknown.over.iter_mut().for_each(change),
        }
    }

    /// Calls `visit` with it and with every part of every part, each before its parts.
    pub fn for_each<'e>(&'e self, visit: &mut dyn FnMut(&'e Expression)) {
        visit(self);
        self.for_each_part(&mut |part| part.for_each(visit));
    }

    /// Calls `change` with every part of every part and with it, each after its parts.
    pub fn for_each_mut(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        self.for_each_part_mut(&mut |part| part.for_each_mut(change));
        change(self);
    }

    /// How many parts of parts it has, itself included.
    pub fn size(&self) -> usize {
        let mut size = 0;
        self.for_each(&mut |_| size += 1);
        size
    }
}

impl Query {
    /// How many relations, columns, inputs and parts of expressions it has.
    pub fn size(&self) -> usize {
        self.relations.iter().map(Relation::size).sum()
    }

    /// How many relations, inputs, joins and parts of expressions of it are not known or not all there
    /// is.
    pub fn count_unknown(&self) -> usize {
        self.relations.iter().map(Relation::count_unknown).sum()
    }
}

impl Select {
    /// Calls `visit` with every expression of the select itself, in the order of its clauses: the
    /// projection, the arguments of table functions and conditions of joins, `WHERE`, and so on.
    pub fn for_each_expression<'s>(&'s self, visit: &mut dyn FnMut(&'s Expression)) {
        self.projection.iter().for_each(&mut *visit);
        if let Some(from) = &self.from {
            from.for_each_expression(visit);
        }
        self.filter.iter().for_each(&mut *visit);
        if let Some(grouping) = &self.grouping {
            grouping.keys.iter().for_each(&mut *visit);
        }
        self.having.iter().for_each(&mut *visit);
        self.qualify.iter().for_each(&mut *visit);
        if let Distinct::On(keys) = &self.distinct {
            keys.iter().for_each(visit);
        }
    }

    /// Calls `change` with every expression of the select itself.
    pub fn for_each_expression_mut(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        self.projection.iter_mut().for_each(&mut *change);
        if let Some(from) = &mut self.from {
            from.for_each_expression_mut(change);
        }
        self.filter.iter_mut().for_each(&mut *change);
        if let Some(grouping) = &mut self.grouping {
            grouping.keys.iter_mut().for_each(&mut *change);
        }
        self.having.iter_mut().for_each(&mut *change);
        self.qualify.iter_mut().for_each(&mut *change);
        if let Distinct::On(keys) = &mut self.distinct {
            keys.iter_mut().for_each(change);
        }
    }
}

impl From {
    /// Calls `visit` with the arguments of table functions and the conditions of joins.
    pub fn for_each_expression<'f>(&'f self, visit: &mut dyn FnMut(&'f Expression)) {
        match self {
            From::Input(input) => {
                if let Source::Function(call) = &input.source {
                    call.arguments.iter().for_each(visit);
                }
            }
            From::Join(join) => {
                join.left.for_each_expression(visit);
                join.right.for_each_expression(visit);
                join.on.iter().for_each(visit);
            }
        }
    }

    /// Calls `change` with the arguments of table functions and the conditions of joins.
    pub fn for_each_expression_mut(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        match self {
            From::Input(input) => {
                if let Source::Function(call) = &mut input.source {
                    call.arguments.iter_mut().for_each(change);
                }
            }
            From::Join(join) => {
                let Join {
                    left, right, on, ..
                } = &mut **join;
                left.for_each_expression_mut(change);
                right.for_each_expression_mut(change);
                on.iter_mut().for_each(change);
            }
        }
    }
}

impl Limit {
    /// Calls `visit` with the count and the offset.
    pub fn for_each_expression<'l>(&'l self, visit: &mut dyn FnMut(&'l Expression)) {
        self.count.iter().for_each(&mut *visit);
        self.offset.iter().for_each(visit);
    }
}

fn window_parts<'e>(window: &'e Window, visit: &mut dyn FnMut(&'e Expression)) {
    window.function.arguments.iter().for_each(&mut *visit);
    window.function.filter.iter().for_each(&mut *visit);
    keys(&window.function.order, visit);
    window.partition.iter().for_each(&mut *visit);
    keys(&window.order, visit);
}

fn compared(subquery: &Subquery) -> &[Expression] {
    match &subquery.kind {
        SubqueryKind::In(values) => values,
        SubqueryKind::Any(_, value) | SubqueryKind::All(_, value) => std::slice::from_ref(value),
        SubqueryKind::Scalar | SubqueryKind::Exists | SubqueryKind::Array => &[],
    }
}

fn keys<'e>(order: &'e [SortKey], visit: &mut dyn FnMut(&'e Expression)) {
    order.iter().for_each(|key| visit(&key.value));
}

fn keys_mut(order: &mut [SortKey], change: &mut dyn FnMut(&mut Expression)) {
    order.iter_mut().for_each(|key| change(&mut key.value));
}

impl Relation {
    /// How many columns, inputs and parts of expressions it has, itself included.
    pub fn size(&self) -> usize {
        let mut size = 1 + self.columns.len() + self.inputs().len();
        self.for_each_expression(&mut |expression| size += expression.size());
        size
    }

    fn count_unknown(&self) -> usize {
        let mut count = usize::from(self.open || matches!(self.body, Body::Unknown { .. }));
        if let Some(from) = self.select().and_then(|select| select.from.as_ref()) {
            count += from.count_unknown();
        }
        self.for_each_expression(&mut |expression| {
            expression.for_each(&mut |part| {
                count += usize::from(matches!(part, Expression::Unknown(_)));
            });
        });
        count
    }

    /// Calls `visit` with every expression of the relation itself: of its select, values, order and
    /// limit.
    pub fn for_each_expression<'r>(&'r self, visit: &mut dyn FnMut(&'r Expression)) {
        match &self.body {
            Body::Select(select) => select.for_each_expression(visit),
            Body::Values(rows) => rows.iter().flatten().for_each(&mut *visit),
            Body::Set(_) | Body::Recursive { .. } | Body::Unknown { .. } => {}
        }
        keys(&self.order, visit);
        if let Some(limit) = &self.limit {
            limit.for_each_expression(visit);
        }
    }

    /// Calls `change` with every expression of the relation itself: of its select, values, order and
    /// limit.
    pub fn for_each_expression_mut(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        match &mut self.body {
            Body::Select(select) => select.for_each_expression_mut(change),
            Body::Values(rows) => rows.iter_mut().flatten().for_each(&mut *change),
            Body::Set(_) | Body::Recursive { .. } | Body::Unknown { .. } => {}
        }
        keys_mut(&mut self.order, change);
        if let Some(limit) = &mut self.limit {
            limit.count.iter_mut().for_each(&mut *change);
            limit.offset.iter_mut().for_each(change);
        }
    }

    /// Adds to the ids of the relations and inputs that it mentions, so that it can stand behind those
    /// of another query.
    pub fn shift(&mut self, relations: u32, inputs: u32) {
        match &mut self.body {
            Body::Select(select) => {
                if let Some(from) = &mut select.from {
                    shift_from(from, relations, inputs);
                }
            }
            Body::Set(set) => {
                set.left.0 += relations;
                set.right.0 += relations;
            }
            Body::Recursive { seed, step, .. } => {
                seed.0 += relations;
                step.0 += relations;
            }
            Body::Unknown { reads } => {
                reads
                    .iter_mut()
                    .for_each(|source| shift_source(source, relations));
            }
            Body::Values(_) => {}
        }
        self.for_each_expression_mut(&mut |expression| {
            expression.for_each_mut(&mut |part| match part {
                Expression::Column { input, .. } | Expression::Output { input, .. } => {
                    input.0 += inputs;
                }
                Expression::Subquery(subquery) => subquery.relation.0 += relations,
                _ => {}
            });
        });
    }
}

impl From {
    fn count_unknown(&self) -> usize {
        match self {
            From::Input(input) => usize::from(matches!(input.source, Source::Unknown { .. })),
            From::Join(join) => {
                let own = usize::from(join.kind == JoinKind::Unknown);
                own + join.left.count_unknown() + join.right.count_unknown()
            }
        }
    }
}

fn shift_from(from: &mut From, relations: u32, inputs: u32) {
    match from {
        From::Input(input) => {
            input.id.0 += inputs;
            shift_source(&mut input.source, relations);
        }
        From::Join(join) => {
            shift_from(&mut join.left, relations, inputs);
            shift_from(&mut join.right, relations, inputs);
        }
    }
}

fn shift_source(source: &mut Source, relations: u32) {
    match source {
        Source::Relation(id) => id.0 += relations,
        Source::Unknown { reads } => {
            reads
                .iter_mut()
                .for_each(|source| shift_source(source, relations));
        }
        Source::Table(_) | Source::Function(_) => {}
    }
}
