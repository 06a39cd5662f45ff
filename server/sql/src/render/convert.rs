//! A rendered text for the rest of the crate: as a mask, split into statements, and lowered.

use super::output::{Rendered, RenderedPieceKind, StandsFor};
use super::texts::Words;
use crate::analysis::{Problem, problems_of};
use crate::dialect::Dialect;
use crate::facts::TableRef;
use crate::lower::{Catalog, Lowered, QueryPlaces, each_prepared, mark_whole};
use crate::prepare::Prepared;
use crate::template::{Hole, Mask, Meaning};
use syntax::TextRange;

impl Rendered {
    /// The rendered text as a mask. Its offsets are those of the rendered text;
    /// [`Rendered::source_range`] leads from them to the file.
    pub(crate) fn mask(&self) -> Mask {
        let holes = self.holes.iter().map(|hole| Hole {
            range: hole.range,
            meaning: match &hole.stands_for {
                StandsFor::Table(table) => Meaning::Table(table.clone()),
                StandsFor::This => Meaning::Table(TableRef::Unknown),
                StandsFor::Unknown(_) => Meaning::Unknown,
            },
            tables: Vec::new(),
        });
        Mask {
            text: self.text.clone(),
            holes: holes.collect(),
            ..Mask::default()
        }
    }

    /// The rendered text split into statements; ranges are those of the rendered text.
    pub(crate) fn prepared(&self, dialect: Dialect) -> Prepared {
        // A tag that is a table and nothing else says no less than its name would.
        let is_table = |range: TextRange| {
            let at = self
                .holes
                .binary_search_by_key(&range.start(), |hole| hole.range.start());
            let hole = at.ok().and_then(|at| self.holes.get(at));
            hole.is_some_and(|hole| {
                hole.range == range && !matches!(hole.stands_for, StandsFor::Unknown(_))
            })
        };
        let made = self.made().map(|piece| piece.rendered);
        let mut prepared = Prepared::of_mask(self.mask(), dialect);
        prepared.by_macro = made.filter(|range| !is_table(*range)).collect();
        prepared
    }

    /// The statements of the rendered text that do not parse; ranges are those of the rendered
    /// text.
    pub fn problems(&self, dialect: Dialect) -> Vec<Problem> {
        problems_of(&self.prepared(dialect))
    }

    /// Lowers every statement that gives a table its rows. Places are those of the file: for what a
    /// tag made, the tag. Mentions and aliases are those that the file itself writes down.
    pub fn lower(&self, dialect: Dialect, catalog: &dyn Catalog) -> Vec<Lowered> {
        let mut all = Vec::new();
        let words = Words::of(self);
        each_prepared(&self.prepared(dialect), catalog, &mut |mut lowered| {
            if self.guessed {
                mark_whole(&mut lowered);
            }
            words.put_in(&mut lowered.query);
            self.lead_back(&mut lowered.places);
            all.push(lowered);
        });
        all
    }

    fn lead_back(&self, places: &mut QueryPlaces) {
        places
            .mentions
            .retain(|mention| self.is_text(mention.range));
        places
            .qualifiers
            .retain(|qualifier| self.is_text(qualifier.range));
        for alias in &mut places.aliases {
            if !self.is_text(*alias) {
                *alias = TextRange::default();
            }
        }
        let ranges = places.relations.iter_mut().flat_map(|relation| {
            let columns = relation.columns.iter_mut();
            let columns = columns.flat_map(|column| [&mut column.item, &mut column.name]);
            let clauses = relation.clauses.iter_mut().map(|clause| &mut clause.range);
            [&mut relation.range, &mut relation.name]
                .into_iter()
                .chain(columns)
                .chain(clauses)
        });
        let mentions = places.mentions.iter_mut().map(|mention| &mut mention.range);
        let qualifiers = places.qualifiers.iter_mut();
        let qualifiers = qualifiers.map(|qualifier| &mut qualifier.range);
        for range in ranges
            .chain(places.inputs.iter_mut())
            .chain(places.aliases.iter_mut())
            .chain(mentions)
            .chain(qualifiers)
            .chain([&mut places.statement])
        {
            // An empty range says that there is nothing.
            if !range.is_empty() {
                *range = self.source_range(*range);
            }
        }
        places.mentions.sort_by_key(|mention| mention.range.start());
        places
            .qualifiers
            .sort_by_key(|qualifier| qualifier.range.start());
    }

    /// Whether a range is text of the file, all of it.
    fn is_text(&self, range: TextRange) -> bool {
        let at = self
            .pieces
            .partition_point(|piece| piece.rendered.end() <= range.start());
        self.pieces.get(at).is_some_and(|piece| {
            piece.kind == RenderedPieceKind::Text && piece.rendered.contains_range(range)
        })
    }
}
