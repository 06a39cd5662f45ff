//! What a `SELECT` reads, with the order of joins taken out as far as it makes no difference.
//!
//! Inner joins are inputs side by side, whose conditions are conjuncts of the whole; a right join is
//! a left one. What an outer join pads keeps its own conjuncts.

use super::arena::{Arena, source_relations};
use super::simplify::{condition, conjunction, conjuncts, rejoined};
use super::strict;
use sql::relation::{
    Body, Distinct, Expression, From, Input, InputId, Join, JoinKind, Operator, Relation,
    RelationId, Select, Source,
};

/// Inputs that are joined.
#[derive(Default)]
pub(super) struct Tree {
    /// What is joined, each after what it depends on.
    pub(super) parts: Vec<Part>,
    /// What must be true of the rows, each in its one form.
    pub(super) conjuncts: Vec<Expression>,
}

/// What is joined to the parts before it.
pub(super) enum Part {
    /// By an inner join.
    Input(Input),
    /// By a left join: the rows before are padded where there are none of these.
    Padded {
        /// What is joined. Its own conjuncts are among those of `on`.
        right: Tree,
        /// The condition.
        on: Vec<Expression>,
    },
    /// By an inner join, what two sides give that are joined in another way.
    Other(Box<Other>),
}

/// Two sides that are joined in full, or in a way that is not modelled.
pub(super) struct Other {
    /// Which way.
    pub(super) kind: JoinKind,
    /// The left side, which keeps its own conjuncts.
    pub(super) left: Tree,
    /// The right side, which keeps its own conjuncts.
    pub(super) right: Tree,
    /// The condition.
    pub(super) on: Vec<Expression>,
}

impl Tree {
    /// The tree of what a select reads; its filter is among the conjuncts.
    pub(super) fn take(select: &mut Select, arena: &mut Arena) -> Tree {
        Tree::of(select, arena, &condition)
    }

    /// As [`Tree::take`], where every condition is in its one form already.
    pub(super) fn take_settled(select: &mut Select, arena: &mut Arena) -> Tree {
        Tree::of(select, arena, &std::convert::identity)
    }

    fn of(select: &mut Select, arena: &mut Arena, settle: Settle<'_>) -> Tree {
        let mut tree = match select.from.take() {
            Some(from) => build(from, arena, settle),
            None => Tree::default(),
        };
        if let Some(filter) = select.filter.take() {
            tree.conjuncts.extend(conjuncts(settle(filter)));
        }
        tree
    }

    /// Gives it back to the select.
    pub(super) fn put(self, select: &mut Select, arena: &mut Arena) {
        self.give(select, arena, &conjunction);
    }

    /// As [`Tree::put`], where it was not changed.
    pub(super) fn put_back(self, select: &mut Select, arena: &mut Arena) {
        self.give(select, arena, &rejoined);
    }

    fn give(self, select: &mut Select, arena: &mut Arena, rejoin: Rejoin<'_>) {
        select.from = rebuild(self.parts, Vec::new(), arena, rejoin);
        select.filter = rejoin(self.conjuncts);
    }

    /// All inputs.
    pub(super) fn inputs(&self) -> Vec<InputId> {
        let mut inputs = Vec::new();
        self.collect(&mut inputs);
        inputs
    }

    fn collect(&self, inputs: &mut Vec<InputId>) {
        for part in &self.parts {
            match part {
                Part::Input(input) => inputs.push(input.id),
                Part::Padded { right, .. } => right.collect(inputs),
                Part::Other(other) => {
                    other.left.collect(inputs);
                    other.right.collect(inputs);
                }
            }
        }
    }

    /// The relations that are read.
    pub(super) fn relations(&self) -> Vec<RelationId> {
        let mut relations = Vec::new();
        for part in &self.parts {
            match part {
                Part::Input(input) => relations.extend(source_relations(&input.source)),
                Part::Padded { right, .. } => relations.extend(right.relations()),
                Part::Other(other) => {
                    relations.extend(other.left.relations());
                    relations.extend(other.right.relations());
                }
            }
        }
        relations
    }

    /// Calls `change` with every condition of a join inside.
    pub(super) fn for_each_on_mut(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        for part in &mut self.parts {
            match part {
                Part::Input(input) => {
                    if let Source::Function(call) = &mut input.source {
                        call.arguments.iter_mut().for_each(&mut *change);
                    }
                }
                Part::Padded { right, on } => {
                    right.for_each_on_mut(change);
                    right.conjuncts.iter_mut().for_each(&mut *change);
                    on.iter_mut().for_each(&mut *change);
                }
                Part::Other(other) => {
                    for side in [&mut other.left, &mut other.right] {
                        side.for_each_on_mut(change);
                        side.conjuncts.iter_mut().for_each(&mut *change);
                    }
                    other.on.iter_mut().for_each(&mut *change);
                }
            }
        }
    }

    /// Turns left joins into inner ones where a conjunct is not true of padded rows, and so drops
    /// them.
    /// Tells whether there were any.
    pub(super) fn strengthen(&mut self) -> bool {
        let mut changed = false;
        loop {
            let padded = self.parts.iter().position(|part| match part {
                Part::Padded { right, .. } => {
                    let inputs = right.inputs();
                    self.conjuncts
                        .iter()
                        .any(|conjunct| strict::is_not_true(conjunct, &inputs))
                }
                _ => false,
            });
            let Some(place) = padded else { break };
            changed = true;
            if let Part::Padded { right, on } = self.parts.remove(place) {
                self.conjuncts.extend(on);
                self.conjuncts.extend(right.conjuncts);
                self.parts.splice(place..place, right.parts);
            }
        }
        for part in &mut self.parts {
            match part {
                Part::Input(_) => {}
                Part::Padded { right, on } => {
                    // The condition of the join filters what it joins.
                    changed |= !right.conjuncts.is_empty();
                    right.conjuncts.append(on);
                    changed |= right.strengthen();
                    on.append(&mut right.conjuncts);
                }
                Part::Other(other) => {
                    changed |= other.left.strengthen();
                    changed |= other.right.strengthen();
                }
            }
        }
        changed
    }
}

/// Brings a condition into its one form.
type Settle<'s> = &'s dyn Fn(Expression) -> Expression;

/// One condition of several.
type Rejoin<'j> = &'j dyn Fn(Vec<Expression>) -> Option<Expression>;

fn build(from: From, arena: &mut Arena, settle: Settle<'_>) -> Tree {
    let join = match from {
        From::Input(input) => {
            if is_one_row(&input.source, arena) {
                return Tree::default();
            }
            return Tree {
                parts: vec![Part::Input(input)],
                conjuncts: Vec::new(),
            };
        }
        From::Join(join) => *join,
    };
    let Join {
        kind,
        left,
        right,
        on,
    } = join;
    let on = on.map(settle).map(conjuncts).unwrap_or_default();
    match kind {
        JoinKind::Inner => {
            let mut tree = build(left, arena, settle);
            let right = build(right, arena, settle);
            tree.parts.extend(right.parts);
            tree.conjuncts.extend(right.conjuncts);
            tree.conjuncts.extend(on);
            tree
        }
        JoinKind::Left => {
            let left = build(left, arena, settle);
            pad(left, build(right, arena, settle), on)
        }
        JoinKind::Right => {
            let right = build(right, arena, settle);
            pad(right, build(left, arena, settle), on)
        }
        JoinKind::Semi | JoinKind::Anti => {
            let mut tree = build(left, arena, settle);
            let exists = exists(build(right, arena, settle), on, arena);
            tree.conjuncts.push(if kind == JoinKind::Semi {
                exists
            } else {
                Expression::operation(Operator::Not, [exists])
            });
            tree
        }
        JoinKind::Full | JoinKind::Unknown => Tree {
            parts: vec![Part::Other(Box::new(Other {
                kind,
                left: build(left, arena, settle),
                right: build(right, arena, settle),
                on,
            }))],
            conjuncts: Vec::new(),
        },
    }
}

fn pad(mut left: Tree, mut right: Tree, mut on: Vec<Expression>) -> Tree {
    on.append(&mut right.conjuncts);
    left.parts.push(Part::Padded { right, on });
    left
}

/// `EXISTS (SELECT … FROM right WHERE on)`
fn exists(mut right: Tree, on: Vec<Expression>, arena: &mut Arena) -> Expression {
    right.conjuncts.extend(on);
    let mut select = Select::default();
    right.put(&mut select, arena);
    let relation = arena.push(Relation {
        columns: Vec::new(),
        open: false,
        body: Body::Select(Box::new(select)),
        order: Vec::new(),
        limit: None,
    });
    Expression::Subquery(Box::new(sql::relation::Subquery {
        kind: sql::relation::SubqueryKind::Exists,
        relation,
    }))
}

/// The joins that give the parts, with those conjuncts as a condition of the last.
fn rebuild(
    parts: Vec<Part>,
    conjuncts: Vec<Expression>,
    arena: &mut Arena,
    rejoin: Rejoin<'_>,
) -> Option<From> {
    let mut from: Option<From> = None;
    for part in parts {
        let (kind, right, on) = match part {
            Part::Input(input) => (JoinKind::Inner, Some(From::Input(input)), None),
            Part::Padded { right, on } => (
                JoinKind::Left,
                rebuild(right.parts, right.conjuncts, arena, rejoin),
                rejoin(on),
            ),
            Part::Other(other) => {
                let Other {
                    kind,
                    left,
                    right,
                    on,
                } = *other;
                let left = rebuild(left.parts, left.conjuncts, arena, rejoin);
                let right = rebuild(right.parts, right.conjuncts, arena, rejoin);
                let left = left.unwrap_or_else(|| one_row(arena));
                let right = right.unwrap_or_else(|| one_row(arena));
                let on = rejoin(on);
                (JoinKind::Inner, Some(join(kind, left, right, on)), None)
            }
        };
        let right = match right {
            Some(right) => right,
            None => one_row(arena),
        };
        from = Some(match from {
            None if kind == JoinKind::Inner => right,
            None => join(kind, one_row(arena), right, on),
            Some(left) => join(kind, left, right, on),
        });
    }
    let Some(on) = rejoin(conjuncts) else {
        return from;
    };
    let left = from.unwrap_or_else(|| one_row(arena));
    let right = one_row(arena);
    Some(join(JoinKind::Inner, left, right, Some(on)))
}

fn join(kind: JoinKind, left: From, right: From, on: Option<Expression>) -> From {
    From::Join(Box::new(Join {
        kind,
        left,
        right,
        on,
    }))
}

/// An input that gives one row without columns.
fn one_row(arena: &mut Arena) -> From {
    let relation = arena.push(Relation {
        columns: Vec::new(),
        open: false,
        body: Body::Select(Box::default()),
        order: Vec::new(),
        limit: None,
    });
    From::Input(Input {
        id: arena.fresh_input(),
        source: Source::Relation(relation),
    })
}

fn is_one_row(source: &Source, arena: &Arena) -> bool {
    let Source::Relation(id) = source else {
        return false;
    };
    arena.get(*id).is_some_and(|relation| {
        let plain = relation.columns.is_empty() && !relation.open && relation.limit.is_none();
        plain
            && relation.select().is_some_and(|select| {
                select.projection.is_empty()
                    && select.from.is_none()
                    && select.filter.is_none()
                    && select.grouping.is_none()
                    && select.having.is_none()
                    && select.qualify.is_none()
                    && select.distinct == Distinct::Keep
            })
    })
}
