//! What the names in a sentence stand for.
//!
//! The table that a sentence is about is looked for in the spec that states it, then among the models,
//! then by the end of a qualified name. A bare column in it is one of that table, else one that a CTE of
//! its query makes, else of what the table reads, the nearest level first. Where no level tells, each table
//! that may have the column is tried, and only what all of them agree on is said.

use index::binding::{Bound, BoundTable};
use index::named::NamedQuery;
use index::{File, Snapshot, Table, TableKey};
use meaning::guarantee::{ColumnRef, Formula, Subject};
use spec::guarantee::{Guarantee, Path};
use sql::facts::TableRef;
use sql::lower::FreeExpression;
use sql::relation::{Expression, InputId, Query, Source};
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::Name;

/// Among how many tables a column may be before none is tried.
const MOST_CANDIDATES: usize = 4;

/// The table that a guarantee is about.
pub(super) fn subject<'s>(
    snapshot: &'s Snapshot,
    file: &File,
    guarantee: &Guarantee,
) -> Option<&'s Arc<Table>> {
    let path = guarantee.subject();
    match names_column(guarantee) {
        Some(true) => column(snapshot, file, path).map(|(table, _)| table),
        Some(false) => table(snapshot, file, &path.parts),
        None => match column(snapshot, file, path) {
            Some((table, _)) => Some(table),
            None => table(snapshot, file, &path.parts),
        },
    }
}

/// The column of it that a guarantee is about, where it is about one.
pub(super) fn subject_column(
    snapshot: &Snapshot,
    file: &File,
    guarantee: &Guarantee,
) -> Option<Name> {
    match names_column(guarantee) {
        Some(false) => None,
        _ => column(snapshot, file, guarantee.subject()).map(|(_, column)| column),
    }
}

/// Whether the subject of a guarantee is a column; `None` where it may be either.
pub(super) fn names_column(guarantee: &Guarantee) -> Option<bool> {
    match guarantee {
        Guarantee::HasType { .. }
        | Guarantee::NeverNull(_)
        | Guarantee::Unique(_)
        | Guarantee::OneOf { .. }
        | Guarantee::RefersTo { .. }
        | Guarantee::Equals { .. }
        | Guarantee::InUnit { .. }
        | Guarantee::InZone { .. }
        | Guarantee::ComesFrom { .. }
        | Guarantee::ComesUnchanged { .. }
        | Guarantee::NeverLeaves { .. } => Some(true),
        Guarantee::Exists(_)
        | Guarantee::Absent(_)
        | Guarantee::NeverComesFrom { .. }
        | Guarantee::RenamedFrom { .. } => None,
        _ => Some(false),
    }
}

/// The table that `parts` name in the spec `file`.
pub(super) fn table<'s>(
    snapshot: &'s Snapshot,
    file: &File,
    parts: &[Name],
) -> Option<&'s Arc<Table>> {
    match snapshot.binder(file).table(parts) {
        Bound::To(BoundTable::Known(key)) => snapshot.table(&key),
        _ => None,
    }
}

/// Whether a table of that name is known at all, if only because SQL reads it.
pub(super) fn is_known(snapshot: &Snapshot, file: &File, parts: &[Name]) -> bool {
    snapshot.binder(file).table(parts) != Bound::Nothing
}

/// The table and the column that a path of two parts or more names.
pub(super) fn column<'s>(
    snapshot: &'s Snapshot,
    file: &File,
    path: &Path,
) -> Option<(&'s Arc<Table>, Name)> {
    let (column, parts) = path.parts.split_last()?;
    let table = table(snapshot, file, parts).filter(|_| !parts.is_empty())?;
    Some((table, column.clone()))
}

/// The name under which a query mentions a table that a sentence names by these parts: the one of `key`, where
/// that is known.
pub(super) fn mention(
    named: &NamedQuery<'_>,
    key: Option<&TableKey>,
    parts: &[Name],
) -> Option<TableRef> {
    let only = |fits: &dyn Fn(&TableRef) -> bool| {
        let mentioned = named.query.tables().into_iter();
        let mut fitting = mentioned.filter(|mentioned| fits(mentioned));
        let found = fitting.next()?;
        fitting.next().is_none().then(|| found.clone())
    };
    let is_it = |mentioned: &TableRef| named.key(mentioned).is_some_and(|own| Some(own) == key);
    // What the table reads goes before what has the name elsewhere: a seed is called as the source
    // that it was loaded for.
    only(&is_it).or_else(|| only(&|mentioned| ends_with(mentioned, parts)))
}

/// Whether a query mentions a table that the name may stand for, though nothing tells that it does.
pub(super) fn is_perhaps_mentioned(named: &NamedQuery<'_>, parts: &[Name]) -> bool {
    let mut mentioned = named.query.tables().into_iter();
    mentioned.any(|mentioned| *mentioned == TableRef::Unknown || ends_with(mentioned, parts))
}

/// Whether what a mention calls a table ends in a name.
pub(super) fn ends_with(mentioned: &TableRef, parts: &[Name]) -> bool {
    match mentioned {
        TableRef::Named(name) => name.parts.ends_with(parts),
        TableRef::Source { source, table } => [source.clone(), table.clone()].ends_with(parts),
        TableRef::Ref { .. } | TableRef::Unknown => false,
    }
}

/// Where the names of a sentence's SQL are looked for.
pub(super) struct Scope<'a, 's> {
    pub(super) snapshot: &'s Snapshot,
    /// The spec that states it.
    pub(super) file: &'a File,
    /// The table that it is about.
    pub(super) table: &'a Table,
    /// The query of that table, at some depth.
    pub(super) named: &'a NamedQuery<'s>,
    /// The same, and what its inputs stand for.
    pub(super) subject: &'a Subject,
    /// A column that is never meant by a bare name: the one that is defined.
    pub(super) defined: Option<&'a Name>,
}

impl Scope<'_, '_> {
    /// The formulas that a piece of SQL may mean: one, or one for each table that a bare name in it may
    /// belong to; none where several CTEs may. `None` where a name leads nowhere at this depth.
    pub(super) fn formulas(&self, free: &FreeExpression) -> Option<Vec<Formula>> {
        if self.is_one_of_several(free) {
            return Some(Vec::new());
        }
        let mut open: BTreeSet<TableRef> = BTreeSet::new();
        if let Some(formula) = self.bound(free, None, &mut open) {
            return Some(vec![formula]);
        }
        if open.is_empty() || open.len() > MOST_CANDIDATES {
            return None;
        }
        // The one that is called as the table itself is the likeliest, and is shown first.
        let mut candidates: Vec<TableRef> = open.iter().cloned().collect();
        let own = self.table.key.name();
        candidates.sort_by_key(|table| !ends_with(table, std::slice::from_ref(&own)));
        let formulas: Option<Vec<Formula>> = candidates
            .iter()
            .map(|table| self.bound(free, Some(table), &mut open))
            .collect();
        formulas
    }

    /// The same for a value. A name that a CTE has taken over for what it computes may still mean what it is
    /// computed from.
    pub(super) fn values(&self, free: &FreeExpression) -> Option<Vec<Formula>> {
        let mut formulas = self.formulas(free)?;
        let over_tables = formulas.iter().map(|formula| {
            let mut over = formula.clone();
            formula.value.for_each(&mut |part| {
                if let Expression::Column { input, name } = part
                    && let Some(column) = over.columns.get_mut(input.0 as usize)
                    && matches!(column, ColumnRef::Inside(..))
                    && let [only] = self.tables_with(name).0.as_slice()
                {
                    *column = ColumnRef::Of((*only).clone(), name.clone());
                }
            });
            over
        });
        let others: Vec<Formula> = over_tables
            .filter(|other| !formulas.contains(other))
            .collect();
        formulas.extend(others);
        Some(formulas)
    }

    /// Whether a bare name in it is a column of several CTEs, one of which makes it.
    fn is_one_of_several(&self, free: &FreeExpression) -> bool {
        let mut found = false;
        free.value.for_each(&mut |part| {
            if let Expression::Column { input, name } = part
                && free
                    .qualifiers
                    .get(input.0 as usize)
                    .is_none_or(Vec::is_empty)
                && !self.is_own(name)
            {
                let columns = self.inside(name);
                let mut all = columns.iter();
                found |= columns.len() > 1 && all.any(|own| matches!(own, ColumnRef::Inside(..)));
            }
        });
        found
    }

    /// What has a column of this name nearest to the result, inside of the query.
    fn inside(&self, name: &Name) -> BTreeSet<ColumnRef> {
        self.subject
            .inside(name, &|table| self.is_known_in(table, name))
    }

    /// Whether a spec, a source or a model says that a table has a column.
    fn is_known_in(&self, table: &TableRef, name: &Name) -> bool {
        let known = self
            .named
            .key(table)
            .and_then(|key| self.snapshot.table(key));
        known.is_some_and(|known| known.column(name).is_some())
    }

    /// Whether a bare name stands for a column of the table that the sentence is about.
    fn is_own(&self, name: &Name) -> bool {
        self.defined != Some(name) && self.named.query.root().position(name).is_some()
    }

    /// The formula, with bare names that no table is known to have taken for columns of `guess`. Notes
    /// which tables may have them.
    fn bound(
        &self,
        free: &FreeExpression,
        guess: Option<&TableRef>,
        open: &mut BTreeSet<TableRef>,
    ) -> Option<Formula> {
        let mut columns = Vec::new();
        let mut missing = false;
        let mut value = free.value.clone();
        value.for_each_mut(&mut |part| {
            let Expression::Column { input, name } = part else {
                return;
            };
            let qualifier = free.qualifiers.get(input.0 as usize);
            let qualifier = qualifier.map(Vec::as_slice).unwrap_or_default();
            let found = match qualifier {
                [] => self.bare(name, guess, open),
                parts => self.qualified(parts, name),
            };
            match found {
                Some(column) => {
                    *input = InputId(u32::try_from(columns.len()).unwrap_or(u32::MAX));
                    columns.push(column);
                }
                None => missing = true,
            }
        });
        (!missing).then_some(Formula { value, columns })
    }

    fn qualified(&self, parts: &[Name], name: &Name) -> Option<ColumnRef> {
        let own = table(self.snapshot, self.file, parts);
        let key = own.map(|own| &own.key);
        if key == Some(&self.table.key) {
            return Some(ColumnRef::Own(name.clone()));
        }
        let mentioned = mention(self.named, key, parts)?;
        Some(ColumnRef::Of(mentioned, name.clone()))
    }

    fn bare(
        &self,
        name: &Name,
        guess: Option<&TableRef>,
        open: &mut BTreeSet<TableRef>,
    ) -> Option<ColumnRef> {
        if self.is_own(name) {
            return Some(ColumnRef::Own(name.clone()));
        }
        let nearest: Vec<ColumnRef> = self.inside(name).into_iter().collect();
        if let [only] = nearest.as_slice() {
            return Some(only.clone());
        }
        let (having, perhaps) = self.tables_with(name);
        match (having.as_slice(), perhaps.as_slice(), guess) {
            ([only], _, _) => Some(ColumnRef::Of((*only).clone(), name.clone())),
            ([], [only], _) => Some(ColumnRef::Of((*only).clone(), name.clone())),
            ([], _, Some(guess)) => Some(ColumnRef::Of(guess.clone(), name.clone())),
            ([], perhaps, None) => {
                open.extend(perhaps.iter().map(|table| (*table).clone()));
                None
            }
            _ => None,
        }
    }

    /// The tables that the query mentions and that are known to have a column of this name, and those that
    /// may have it.
    fn tables_with(&self, name: &Name) -> (Vec<&TableRef>, Vec<&TableRef>) {
        let query = &self.named.query;
        let (mut having, mut perhaps) = (Vec::new(), Vec::new());
        for table in query.tables() {
            let known = self
                .named
                .key(table)
                .and_then(|key| self.snapshot.table(key));
            let is_open = known.is_none_or(|known| known.open);
            if self.is_known_in(table, name) || mentions(query, table, name) {
                having.push(table);
            } else if is_open {
                perhaps.push(table);
            }
        }
        (having, perhaps)
    }
}

/// Whether the query mentions a column of a table, so that it is known to have it.
fn mentions(query: &Query, table: &TableRef, name: &Name) -> bool {
    query.relations.iter().any(|relation| {
        let Some(select) = relation.select() else {
            return false;
        };
        let inputs: Vec<InputId> = select
            .inputs()
            .into_iter()
            .filter(|input| input.source == Source::Table(table.clone()))
            .map(|input| input.id)
            .collect();
        let mut found = false;
        if !inputs.is_empty() {
            select.for_each_expression(&mut |expression| {
                expression.for_each(&mut |part| {
                    if let Expression::Column { input, name: own } = part {
                        found |= own == name && inputs.contains(input);
                    }
                });
            });
        }
        found
    })
}

/// The tables of the workspace that a query mentions and that models define.
pub(super) fn defined<'n>(
    snapshot: &'n Snapshot,
    named: &'n NamedQuery<'_>,
) -> impl Iterator<Item = &'n TableKey> {
    named.tables().map(|(_, key)| key).filter(|key| {
        let table = snapshot.table(key);
        table.is_some_and(|table| snapshot.defining_model(table).is_some())
    })
}
