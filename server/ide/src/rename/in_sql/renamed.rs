//! Which columns of a file get another name, and which keep theirs.

use super::Family;
use super::bonds::Bonds;
use crate::columns::{Columns, Node, Reach, TableId};
use crate::rename::Refusal;
use index::TableKey;
use sql::lower::Lowered;
use sql::relation::RelationId;
use std::collections::BTreeSet;
use syntax::Name;

/// The columns of a file that get another name.
pub(super) struct Renamed {
    /// Which ones.
    pub(super) changed: BTreeSet<Node>,
    /// Of those, the ones that must, be it because a `*` hands on their name.
    pub(super) forced: BTreeSet<Node>,
    /// Columns of the new name that have it whatever is renamed: at the root of a model, in set
    /// operations, and what a `*` binds to these.
    pub(super) anchored: BTreeSet<Node>,
}

/// What was found out.
pub(super) enum Found {
    /// All of it.
    All(Renamed),
    /// The column of other tables has to be renamed along.
    More(BTreeSet<TableKey>),
}

impl Renamed {
    /// The columns that get another name with those of `family` and with `seeds`.
    ///
    /// # Errors
    /// Where the name is taken, or comes from what nothing here defines.
    pub(super) fn find(
        columns: &Columns<'_>,
        family: &Family,
        seeds: &BTreeSet<Node>,
    ) -> Result<Found, Refusal> {
        let old = &family.old;
        let in_family = |table: &TableId| match table {
            TableId::Known(key) => family.tables.contains(key),
            TableId::Named { .. } => false,
        };
        let bonds = Bonds::new(columns, old);
        let mut outputs: BTreeSet<Node> = seeds.clone();
        for table in &family.tables {
            outputs.extend(columns.outputs(table, old));
        }
        let mut starts = outputs.clone();
        let tables = family.tables.iter().cloned().map(TableId::Known);
        starts.extend(tables.map(|table| Node::Column(table, old.clone())));
        let forced = bonds.closure(starts);

        let mut joined = BTreeSet::new();
        for node in &forced {
            match node {
                Node::Column(table, _) if !in_family(table) => match table {
                    TableId::Known(key) => {
                        joined.insert(key.clone());
                    }
                    TableId::Named { table, .. } => return Err(by_star_from(columns, table, old)),
                },
                Node::Made { .. } => return Err(by_star_from(columns, &"a function", old)),
                Node::Given { .. } => joined.extend(
                    columns
                        .table_of_root(node)
                        .filter(|key| !family.tables.contains(key)),
                ),
                _ => {}
            }
        }
        if !joined.is_empty() {
            return Ok(Found::More(joined));
        }

        let links = columns.links(Reach::Statement);
        // The other branches of a set operation follow the first where nothing holds them back.
        let mut forced = forced;
        for branch in links.branches(forced.iter().cloned()) {
            let bound = bonds.closure([branch]);
            let is_free = |node: &Node| match node {
                Node::Given { .. } => !columns.is_root(node),
                Node::Column(table, _) => in_family(table),
                _ => false,
            };
            if bound
                .iter()
                .all(|node| forced.contains(node) || is_free(node))
            {
                forced.extend(bound);
            }
        }

        // What keeps its name: the columns of other tables, of what is made here, and those of set
        // operations, whose names come from one branch for all.
        let others = bonds
            .nodes()
            .filter(|node| !matches!(node, Node::Given { .. }));
        let mut kept = bonds.anchored(columns);
        kept.extend(bonds.closure(others.filter(|node| !forced.contains(node)).cloned()));
        kept.retain(|node| !forced.contains(node));

        let mut from = forced.clone();
        let above = links.upward(outputs.iter().cloned());
        let is_read = above.iter().any(|node| !matches!(node, Node::Given { .. }));
        if !is_read {
            from.extend(above.into_iter().filter(|node| !kept.contains(node)));
        }
        let mut changed = links.downward_past(from, &kept);
        changed = bonds.closure(changed);
        changed.retain(|node| !kept.contains(node));

        for node in &changed {
            if let Node::Given {
                statement,
                relation,
                ..
            } = node
                && let Some(lowered) = columns.statement(*statement)
                && lowered
                    .query
                    .relation(*relation)
                    .position(&family.new)
                    .is_some()
            {
                return Err(taken(columns, lowered, *relation, &family.new));
            }
        }
        Ok(Found::All(Renamed {
            changed,
            forced,
            anchored: Bonds::new(columns, &family.new).anchored(columns),
        }))
    }
}

fn by_star_from(columns: &Columns<'_>, table: &dyn std::fmt::Display, name: &Name) -> Refusal {
    Refusal::new(format!(
        "`{name}` comes by a `*` in `{}`, from `{table}`, which nothing in this workspace defines. Name the \
         column there first.",
        columns.display_path()
    ))
}

fn taken(columns: &Columns<'_>, lowered: &Lowered, relation: RelationId, new: &Name) -> Refusal {
    let name = lowered.places.relation(relation).map(|places| places.name);
    let name = name.map(|name| columns.slice(name)).unwrap_or_default();
    let of = match name {
        "" => String::new(),
        name => format!(" of `{name}`"),
    };
    Refusal::new(format!(
        "There is a column `{new}`{of} in `{}` already.",
        columns.display_path()
    ))
}
