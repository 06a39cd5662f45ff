//! Which columns relations mention of what stands around them: few do, so that those which mention none
//! need not be looked through again by each relation that they stand in.

use super::{Arena, children, source_relations};
use sql::relation::{Expression, InputId, RelationId, Select};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The inputs around them that relations mention, themselves or in what they read.
#[derive(Default)]
pub(super) struct Outward(Vec<Option<Rc<BTreeSet<InputId>>>>);

impl Outward {
    /// The relation changes. Those around it are out of the arena meanwhile, and are put back later.
    pub(super) fn forget(&mut self, id: RelationId) {
        if let Some(known) = self.0.get_mut(id.0 as usize) {
            *known = None;
        }
    }

    fn of(&self, id: RelationId) -> Option<Rc<BTreeSet<InputId>>> {
        self.0.get(id.0 as usize).cloned().flatten()
    }

    fn keep(&mut self, id: RelationId, mentioned: Rc<BTreeSet<InputId>>) {
        let place = id.0 as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        if let Some(known) = self.0.get_mut(place) {
            *known = Some(mentioned);
        }
    }
}

/// Where in the path of relations the outermost stands that was met in itself.
type Met = usize;

impl Arena {
    /// Calls `visit` with every mention of a column in the expression, and with those in the queries in
    /// it, as far as they mention anything around them.
    pub(in super::super) fn for_each_mention(
        &self,
        expression: &Expression,
        visit: &mut dyn FnMut(&Expression),
    ) {
        self.mentions(expression, &mut Vec::new(), visit);
    }

    /// Calls `visit` with the mentions of columns in a relation, and in those that it reads, as far as
    /// they mention anything around them.
    pub(in super::super) fn for_each_mention_in(
        &self,
        id: RelationId,
        visit: &mut dyn FnMut(&Expression),
    ) {
        self.mentions_in(id, &mut Vec::new(), visit);
    }

    /// Calls `visit` with every mention of a column in a select, and with those in the queries in its
    /// expressions and in the relations that it reads, as far as they mention anything around them.
    pub(in super::super) fn for_each_mention_of_select(
        &self,
        select: &Select,
        visit: &mut dyn FnMut(&Expression),
    ) {
        let mut path = Vec::new();
        select.for_each_expression(&mut |expression| {
            self.mentions(expression, &mut path, visit);
        });
        for input in select.inputs() {
            for child in source_relations(&input.source) {
                self.mentions_in(child, &mut path, visit);
            }
        }
    }

    /// Whether a relation, or what it reads, mentions a column of what stands around it.
    pub(super) fn mentions_around(&self, id: RelationId) -> bool {
        !self.outward(id, &mut Vec::new()).0.is_empty()
    }

    fn mentions(
        &self,
        expression: &Expression,
        path: &mut Vec<RelationId>,
        visit: &mut dyn FnMut(&Expression),
    ) {
        self.look_at(1);
        match expression {
            Expression::Column { .. } | Expression::Output { .. } => visit(expression),
            Expression::Subquery(subquery) => self.mentions_in(subquery.relation, path, visit),
            _ => {}
        }
        expression.for_each_part(&mut |part| self.mentions(part, path, visit));
    }

    fn mentions_in(
        &self,
        id: RelationId,
        path: &mut Vec<RelationId>,
        visit: &mut dyn FnMut(&Expression),
    ) {
        let Some(relation) = self.get(id) else { return };
        if path.contains(&id) || !self.mentions_around(id) {
            return;
        }
        self.look_at(1);
        path.push(id);
        relation.for_each_expression(&mut |expression| {
            self.mentions(expression, path, visit);
        });
        for child in children(relation) {
            self.mentions_in(child, path, visit);
        }
        path.pop();
    }

    /// What a relation mentions around it. A recursive one reads itself: what it mentions there is known
    /// only where it is met first, so that nothing is kept of those between.
    fn outward(&self, id: RelationId, path: &mut Vec<RelationId>) -> (Rc<BTreeSet<InputId>>, Met) {
        if let Some(known) = self.outward.borrow().of(id) {
            return (known, path.len());
        }
        if let Some(place) = path.iter().position(|around| *around == id) {
            return (Rc::default(), place);
        }
        let Some(relation) = self.get(id) else {
            return (Rc::default(), path.len());
        };
        let depth = path.len();
        path.push(id);
        let mut mentioned = BTreeSet::new();
        let mut inside: Vec<RelationId> = children(relation);
        relation.for_each_expression(&mut |expression| {
            expression.for_each(&mut |part| {
                self.look_at(1);
                match part {
                    Expression::Column { input, .. } | Expression::Output { input, .. } => {
                        mentioned.insert(*input);
                    }
                    Expression::Subquery(subquery) => inside.push(subquery.relation),
                    _ => {}
                }
            });
        });
        let mut met = depth;
        for inner in inside {
            let (further, its) = self.outward(inner, path);
            mentioned.extend(further.iter().copied());
            met = met.min(its);
        }
        path.pop();
        for input in relation.inputs() {
            mentioned.remove(&input.id);
        }
        let mentioned = Rc::new(mentioned);
        if met >= depth {
            self.outward.borrow_mut().keep(id, mentioned.clone());
        }
        (mentioned, met)
    }
}
