//! The relations of a query while they are rewritten: each is mentioned once, so that one mention
//! can be changed without the others.

mod mentions;

use mentions::Outward;
use sql::relation::{
    Body, Expression, From, InputId, Query, Relation, RelationId, Source, Unknown, UnknownReason,
};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// How many expressions and relations a query may grow to. What would be beyond is not known.
const BUDGET: usize = 20_000;

/// How many expressions are looked at on the way. Each relation is looked through by all that it
/// stands in, so that what nests deep and wide would take long; what is left then stays as it is.
const WORK: u64 = 4_000_000;

/// How many expressions are described, and columns around them handed on. Inputs that read the same are
/// told apart by all that mentions them, so that queries in each other are described over and over.
const DESCRIBED: u64 = 2_000_000;

/// How deep relations may stand inside each other.
const DEPTH: usize = 200;

/// The relations of a query, each mentioned once.
pub(super) struct Arena {
    relations: Vec<Relation>,
    /// What each relation mentions of what stands around it, once that was asked.
    outward: RefCell<Outward>,
    inputs: u32,
    budget: usize,
    /// How many expressions may still be looked at.
    work: Cell<u64>,
    /// How much may still be described.
    undescribed: u64,
    /// Whether columns that are equal in every row are written as one of them.
    pub(super) equates: bool,
}

/// What a mention of a column is to be replaced by, if it is.
pub(super) type Replace<'r> = &'r dyn Fn(&Expression) -> Option<Expression>;

/// A copy under way.
struct Copy<'q> {
    /// Where relations are taken from; `None` for the arena itself.
    from: Option<&'q Query>,
    /// The new ids of inputs.
    inputs: HashMap<InputId, InputId>,
    /// The relations around, and their new ids: a recursive one mentions itself.
    path: Vec<(RelationId, RelationId)>,
}

impl Arena {
    /// The relations that the root of `query` reads, and the new id of the root.
    pub(super) fn new(query: &Query) -> (Arena, RelationId) {
        let mut arena = Arena {
            relations: Vec::new(),
            outward: RefCell::default(),
            inputs: 0,
            budget: BUDGET,
            work: Cell::new(WORK),
            undescribed: DESCRIBED,
            equates: true,
        };
        let mut copy = Copy {
            from: Some(query),
            inputs: HashMap::new(),
            path: Vec::new(),
        };
        let root = arena.copy_relation(query.root, &mut copy);
        (arena, root)
    }

    /// The query that the relations now are.
    pub(super) fn into_query(self, root: RelationId) -> Query {
        Query {
            relations: self.relations,
            root,
            inputs: self.inputs,
            // What the columns are that are not known is compared before.
            rest: None,
        }
    }

    /// Takes a relation out, to change it; it must be put back. Meanwhile nothing is known of it.
    pub(super) fn take(&mut self, id: RelationId) -> Relation {
        self.outward.get_mut().forget(id);
        match self.relations.get_mut(id.0 as usize) {
            Some(relation) => std::mem::replace(relation, unknown()),
            None => unknown(),
        }
    }

    /// Puts a relation back.
    pub(super) fn put(&mut self, id: RelationId, relation: Relation) {
        self.outward.get_mut().forget(id);
        if let Some(place) = self.relations.get_mut(id.0 as usize) {
            *place = relation;
        }
    }

    /// The relation of that id.
    pub(super) fn get(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(id.0 as usize)
    }

    /// A further relation.
    pub(super) fn push(&mut self, relation: Relation) -> RelationId {
        let id = RelationId(u32::try_from(self.relations.len()).unwrap_or(u32::MAX));
        self.relations.push(relation);
        id
    }

    /// The id of a further input.
    pub(super) fn fresh_input(&mut self) -> InputId {
        let id = InputId(self.inputs);
        self.inputs = self.inputs.saturating_add(1);
        id
    }

    /// Whether there is room for so many further expressions; they are counted.
    pub(super) fn afford(&mut self, nodes: usize) -> bool {
        let enough = self.budget >= nodes;
        if enough {
            self.budget -= nodes;
        }
        enough
    }

    /// Whether so much was looked at that the rest is left as it is.
    pub(super) fn is_spent(&self) -> bool {
        self.work.get() == 0
    }

    /// So much more is described.
    pub(super) fn describe(&mut self, expressions: usize) {
        self.undescribed = self.undescribed.saturating_sub(expressions as u64);
    }

    /// Whether so much was described that the rest is unknown.
    pub(super) fn is_described_enough(&self) -> bool {
        self.undescribed == 0
    }

    fn look_at(&self, expressions: u64) {
        self.work.set(self.work.get().saturating_sub(expressions));
    }

    /// Another mention of an expression: the queries in it are copied.
    pub(super) fn copy_expression(&mut self, expression: &Expression) -> Expression {
        let mut copied = expression.clone();
        let mut copy = Copy {
            from: None,
            inputs: HashMap::new(),
            path: Vec::new(),
        };
        self.rename(&mut copied, &mut copy);
        copied
    }

    /// Replaces mentions of columns in an expression and in the queries in it.
    pub(super) fn replace(&mut self, expression: &mut Expression, replace: Replace<'_>) {
        self.look_at(1);
        match expression {
            Expression::Column { .. } | Expression::Output { .. } => {
                if let Some(other) = replace(expression) {
                    *expression = self.copy_expression(&other);
                }
                return;
            }
            Expression::Subquery(subquery) => self.replace_in(subquery.relation, replace),
            _ => {}
        }
        expression.for_each_part_mut(&mut |part| self.replace(part, replace));
    }

    /// Replaces what a relation, and all that it reads, mentions of columns around it.
    pub(super) fn replace_in(&mut self, id: RelationId, replace: Replace<'_>) {
        if !self.mentions_around(id) {
            return;
        }
        let mut relation = self.take(id);
        relation.for_each_expression_mut(&mut |expression| {
            self.replace(expression, replace);
        });
        for child in children(&relation) {
            self.replace_in(child, replace);
        }
        self.put(id, relation);
    }

    fn copy_relation(&mut self, id: RelationId, copy: &mut Copy<'_>) -> RelationId {
        if let Some((_, new)) = copy.path.iter().find(|(old, _)| *old == id) {
            return *new;
        }
        let mut relation = match copy.from {
            Some(query) => query.relation(id).clone(),
            None => self.get(id).cloned().unwrap_or_else(unknown),
        };
        let new = self.push(unknown());
        if copy.path.len() >= DEPTH || !self.afford(relation.size()) {
            relation.body = Body::Unknown { reads: Vec::new() };
            relation.order.clear();
            relation.limit = None;
        }
        copy.path.push((id, new));
        if let Body::Select(select) = &mut relation.body
            && let Some(from) = &mut select.from
        {
            self.rename_inputs(from, copy);
        }
        relation.for_each_expression_mut(&mut |expression| self.rename(expression, copy));
        for_each_child_mut(&mut relation, &mut |child| {
            *child = self.copy_relation(*child, copy)
        });
        copy.path.pop();
        self.put(new, relation);
        new
    }

    fn rename_inputs(&mut self, from: &mut From, copy: &mut Copy<'_>) {
        match from {
            From::Input(input) => {
                let new = self.fresh_input();
                copy.inputs.insert(input.id, new);
                input.id = new;
            }
            From::Join(join) => {
                self.rename_inputs(&mut join.left, copy);
                self.rename_inputs(&mut join.right, copy);
            }
        }
    }

    fn rename(&mut self, expression: &mut Expression, copy: &mut Copy<'_>) {
        match expression {
            Expression::Column { input, .. } | Expression::Output { input, .. } => {
                if let Some(new) = copy.inputs.get(input) {
                    *input = *new;
                }
                return;
            }
            Expression::Subquery(subquery) => {
                subquery.relation = self.copy_relation(subquery.relation, copy);
            }
            _ => {}
        }
        expression.for_each_part_mut(&mut |part| self.rename(part, copy));
    }
}

/// A relation of which nothing is known.
pub(super) fn unknown() -> Relation {
    Relation {
        columns: Vec::new(),
        open: true,
        body: Body::Unknown { reads: Vec::new() },
        order: Vec::new(),
        limit: None,
    }
}

/// A value of which nothing is known.
pub(super) fn unknown_value() -> Expression {
    Expression::Unknown(Unknown {
        reason: UnknownReason::NoSuchColumn,
        over: Vec::new(),
        name: None,
    })
}

/// How deep an expression is nested.
pub(super) fn expression_depth(expression: &Expression) -> usize {
    let mut depth = 0;
    expression.for_each_part(&mut |part| depth = depth.max(expression_depth(part)));
    depth + 1
}

/// The relations that a relation reads, without those in its expressions.
pub(super) fn children(relation: &Relation) -> Vec<RelationId> {
    let mut children = Vec::new();
    match &relation.body {
        Body::Select(select) => {
            for input in select.inputs() {
                children.extend(source_relations(&input.source));
            }
        }
        Body::Set(set) => children.extend([set.left, set.right]),
        Body::Recursive { seed, step, .. } => children.extend([*seed, *step]),
        Body::Unknown { reads } => children.extend(reads.iter().flat_map(source_relations)),
        Body::Values(_) => {}
    }
    children
}

/// The relations that a source is or stands for.
pub(super) fn source_relations(source: &Source) -> Vec<RelationId> {
    match source {
        Source::Relation(id) => vec![*id],
        Source::Unknown { reads } => reads.iter().flat_map(source_relations).collect(),
        Source::Table(_) | Source::Function(_) => Vec::new(),
    }
}

fn for_each_child_mut(relation: &mut Relation, change: &mut dyn FnMut(&mut RelationId)) {
    match &mut relation.body {
        Body::Select(select) => {
            if let Some(from) = &mut select.from {
                from_children_mut(from, change);
            }
        }
        Body::Set(set) => {
            change(&mut set.left);
            change(&mut set.right);
        }
        Body::Recursive { seed, step, .. } => {
            change(seed);
            change(step);
        }
        Body::Unknown { reads } => {
            for source in reads {
                source_children_mut(source, change);
            }
        }
        Body::Values(_) => {}
    }
}

fn from_children_mut(from: &mut From, change: &mut dyn FnMut(&mut RelationId)) {
    match from {
        From::Input(input) => source_children_mut(&mut input.source, change),
        From::Join(join) => {
            from_children_mut(&mut join.left, change);
            from_children_mut(&mut join.right, change);
        }
    }
}

fn source_children_mut(source: &mut Source, change: &mut dyn FnMut(&mut RelationId)) {
    match source {
        Source::Relation(id) => change(id),
        Source::Unknown { reads } => {
            for source in reads {
                source_children_mut(source, change);
            }
        }
        Source::Table(_) | Source::Function(_) => {}
    }
}
