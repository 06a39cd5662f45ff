//! Common table expressions that mention themselves.

use super::context::{Lowering, Remainder};
use crate::relation::{Body, Input, Relation, RelationId, SetOperator, Source};
use sqlparser::ast::{Cte, Spanned};

impl Lowering<'_> {
    /// Makes the relation that a common table expression's later branches mention.
    pub(super) fn recursion(&mut self, cte: &Cte, seed: RelationId) -> Option<RelationId> {
        let name = self.name_of(&cte.alias.name)?;
        let range = self.range_of(cte.query.span()).unwrap_or_default();
        let id = self.reserve(range);
        let given = self.relation(seed)?;
        let relation = Relation {
            columns: given.columns.clone(),
            open: given.open,
            body: Body::Recursive {
                seed,
                step: seed,
                distinct: false,
            },
            order: Vec::new(),
            limit: None,
        };
        self.fill(id, relation);
        self.copy_places(seed, id);
        self.remainders.insert(id, Remainder::Unknown);
        self.rename(id, &cte.alias.columns);
        self.ctes.push((name, id));
        Some(id)
    }

    /// Makes `recursion` what `seed` gives, and then `step` again and again.
    pub(super) fn recur(
        &mut self,
        recursion: RelationId,
        seed: RelationId,
        step: RelationId,
        distinct: bool,
    ) {
        // More than one branch may mention it: each further one adds to the step.
        let current = self
            .relation(recursion)
            .map(|relation| relation.body.clone());
        let step = match current {
            Some(Body::Recursive {
                seed, step: own, ..
            }) if own != seed => self.set(SetOperator::Union, true, own, step),
            _ => step,
        };
        if let Some(relation) = self.relations.get_mut(recursion.0 as usize)
            && let Body::Recursive {
                seed: own_seed,
                step: own_step,
                distinct: own_distinct,
            } = &mut relation.body
        {
            if seed != recursion {
                *own_seed = seed;
            }
            *own_step = step;
            *own_distinct |= distinct;
        }
    }

    /// Whether any relation that was made since there were `before` of them reads `wanted`.
    pub(super) fn mentions_relation(&self, before: usize, wanted: RelationId) -> bool {
        let reads = |input: &Input| input.source == Source::Relation(wanted);
        let made = self.relations.iter().skip(before);
        made.flat_map(Relation::inputs).any(reads)
    }
}
