//! `UNION BY NAME`: each branch gets the columns of both, in the same places.

use super::context::Lowering;
use super::scope::Has;
use crate::relation::{Body, Column, Expression, RelationId};
use std::collections::HashSet;
use syntax::Name;

impl Lowering<'_> {
    /// Both relations read by selects that give the columns of either: those of the left one first, and
    /// `NULL` where one has no column of that name.
    pub(super) fn side_by_side(
        &mut self,
        left: RelationId,
        right: RelationId,
    ) -> (RelationId, RelationId) {
        let left = self.passed_through(left);
        let right = self.passed_through(right);
        self.complete(left, right);
        self.complete(right, left);
        let right = self.arranged(left, right);
        (left, right)
    }

    /// Adds to the select `id` what it lacks of the columns of `other`.
    fn complete(&mut self, id: RelationId, other: RelationId) {
        let names = |id| -> Vec<Name> {
            let columns = self.relation(id).map(|relation| relation.columns.iter());
            let listed = columns.into_iter().flatten();
            let listed = listed.filter(|column| !column.implicit);
            listed.filter_map(|column| column.name.clone()).collect()
        };
        let own: HashSet<Name> = names(id).into_iter().collect();
        let lacking = names(other).into_iter();
        let lacking: Vec<Name> = lacking.filter(|name| !own.contains(name)).collect();
        for name in lacking {
            // It may stand behind a `*`.
            let behind = match self.relation_has(id, 0, &name) {
                Has::No => None,
                Has::Yes | Has::Perhaps => self.demand(id, 0, &name),
            };
            if let Some(position) = behind {
                self.list(id, position);
                continue;
            }
            let Some(relation) = self.relations.get_mut(id.0 as usize) else {
                return;
            };
            relation.columns.push(Column {
                name: Some(name),
                implicit: false,
            });
            if let Body::Select(select) = &mut relation.body {
                select.projection.push(Expression::NULL);
            }
            if let Some(places) = self.places.get_mut(id.0 as usize) {
                places.columns.push(super::ColumnPlace::default());
            }
        }
    }

    /// Has a column of a relation listed that was only known to be there.
    fn list(&mut self, id: RelationId, position: usize) {
        let relation = self.relations.get_mut(id.0 as usize);
        if let Some(column) = relation.and_then(|relation| relation.columns.get_mut(position)) {
            column.implicit = false;
        }
    }
}
