//! Columns that got another name, as amendments say: each is compared with what it meant under the old one.

use super::coverage::Part;
use index::{File, Snapshot, Table};
use meaning::difference::{ColumnChange, ColumnDifference, Difference};
use spec::guarantee::{Guarantee, parse};
use spec::history::{History, Standing};
use spec::lock::TableLock;
use sql::relation::Query;
use syntax::Name;

/// How a table differs from what it meant, where a column that was renamed is the one that it was.
/// `compare` compares what it meant with what it means now.
pub(crate) fn difference_by_names_of_now(
    snapshot: &Snapshot,
    spec: &File,
    table: &Table,
    was: &Query,
    compare: &dyn Fn(&Query) -> Difference,
) -> Difference {
    let mut difference = compare(was);
    let columns = || difference.columns.iter();
    // Behind a `*` of which not all is known, a column that is gone or has come is undecided.
    let gone = columns().filter(|column| column.now.is_none());
    let come = columns().filter(|column| column.was.is_none());
    let gone: Vec<Name> = gone.filter_map(|column| column.name.clone()).collect();
    let come: Vec<Name> = come.filter_map(|column| column.name.clone()).collect();
    if gone.is_empty() || come.is_empty() {
        return difference;
    }
    let renamed = RenamedColumns::of(snapshot, spec, table);
    let pairs = gone.into_iter().map(|old| (renamed.now(&old), old));
    let pairs: Vec<(Name, Name)> = pairs.filter(|(new, _)| come.contains(new)).collect();
    if pairs.is_empty() {
        return difference;
    }
    let mut again = compare(&under(was, &pairs));
    for (new, old) in pairs {
        let is = |name: &Name| {
            let name = name.clone();
            move |column: &ColumnDifference| column.name.as_ref() == Some(&name)
        };
        let Some(at) = again.columns.iter().position(is(&new)) else {
            continue;
        };
        let mut own = again.columns.remove(at);
        if is_renamed(&own) {
            own.change = ColumnChange::Renamed(old.clone());
        }
        if let Some(was) = &mut own.was {
            was.name = Some(old.clone());
        }
        difference.columns.retain(|column| !is(&old)(column));
        let mut columns = difference.columns.iter_mut();
        if let Some(column) = columns.find(|column| is(&new)(column)) {
            *column = own;
        }
    }
    difference
}

/// What a column was called that is compared under its new name.
pub(crate) fn old_name(column: &ColumnDifference) -> Option<&Name> {
    match &column.change {
        ColumnChange::Renamed(old) => Some(old),
        _ => {
            let was = column.was.as_ref()?.name.as_ref();
            was.filter(|was| Some(*was) != column.name.as_ref())
        }
    }
}

/// What an amendment has to name that covers the difference of a column: one of these. `locked` is what the
/// lock says of the table.
pub(crate) fn parts_of<'n>(
    name: &'n Name,
    column: &'n ColumnDifference,
    renamed: &'n RenamedColumns,
    locked: Option<&TableLock>,
) -> Vec<Part<'n>> {
    let was_unknown = |old: &&Name| {
        let line = locked.and_then(|locked| locked.column(old.as_str()));
        line.is_some_and(|line| line.means.is_none())
    };
    let (is_name, earlier) = match &column.change {
        ColumnChange::Renamed(old) => (true, vec![old]),
        ColumnChange::Added => {
            let earlier = renamed.earlier(name);
            (earlier.iter().any(was_unknown), earlier)
        }
        _ => (false, old_name(column).into_iter().collect()),
    };
    let names = std::iter::once(name).chain(earlier);
    let parts = names.map(|name| match is_name {
        true => Part::Name(name),
        false => Part::Column(name),
    });
    parts.collect()
}

/// The part of the lock that says what covered last what `part`, one of [`parts_of`] a column, names: a meaning
/// was covered under the old name.
pub(crate) fn last_part<'n>(
    name: &'n Name,
    column: &'n ColumnDifference,
    part: &Part<'n>,
) -> Part<'n> {
    match part {
        Part::Column(_) => Part::Column(old_name(column).unwrap_or(name)),
        other => other.clone(),
    }
}

/// Whether nothing but the name is another, as far as that can be told: where nobody knows what it meant,
/// the amendment is believed.
fn is_renamed(column: &ColumnDifference) -> bool {
    let is_known = |was: &meaning::canonical::ColumnMeaning| {
        was.meaning.is_known() && was.meaning.is_resolved()
    };
    match column.change {
        ColumnChange::Same => column.types().is_none(),
        ColumnChange::Undecided => !column.was.as_ref().is_some_and(is_known),
        _ => false,
    }
}

/// The query with the columns of its result under their new names.
fn under(query: &Query, pairs: &[(Name, Name)]) -> Query {
    let mut query = query.clone();
    let root = query.root.0 as usize;
    let columns = query.relations.get_mut(root);
    for column in columns.into_iter().flat_map(|root| &mut root.columns) {
        let pair = pairs
            .iter()
            .find(|(_, old)| column.name.as_ref() == Some(old));
        if let Some((new, _)) = pair {
            column.name = Some(new.clone());
        }
    }
    query
}

/// The renames of the columns of a table that amendments ask for or made.
#[derive(Default)]
pub(crate) struct RenamedColumns {
    /// The old name and the new one, in the order of the history.
    renamed: Vec<(Name, Name)>,
}

impl RenamedColumns {
    /// Those of the product that `spec` is a part of.
    pub(crate) fn of(snapshot: &Snapshot, spec: &File, table: &Table) -> RenamedColumns {
        let product = spec.native_spec().and_then(|spec| spec.product.as_ref());
        let files = product.map(|product| snapshot.product_files(&product.value));
        let files = files.into_iter().flatten();
        let history = History::new(
            files.filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice()))),
        );
        let agreed = history
            .entries
            .iter()
            .filter(|entry| !matches!(entry.standing, Standing::Withdrawn | Standing::Proposed));
        let texts = agreed.flat_map(|entry| &entry.amendment.guarantees);
        let renames = texts.filter(|text| text.value.contains("renamed"));
        let renamed = renames.filter_map(|text| match parse(&text.value).ok()? {
            Guarantee::RenamedFrom { what, from } => {
                let (new, own) = what.parts.split_last()?;
                let is_own = !own.is_empty() && table.key.parts.ends_with(own);
                Some((from.parts.last()?.clone(), new.clone())).filter(|_| is_own)
            }
            _ => None,
        });
        RenamedColumns {
            renamed: renamed.collect(),
        }
    }

    /// The same, where any of `columns` has come: only that is asked for what it was called.
    pub(crate) fn of_new(
        snapshot: &Snapshot,
        spec: &File,
        table: &Table,
        columns: &[ColumnDifference],
    ) -> RenamedColumns {
        let mut columns = columns.iter();
        match columns.any(|column| column.change == ColumnChange::Added) {
            true => RenamedColumns::of(snapshot, spec, table),
            false => RenamedColumns::default(),
        }
    }

    /// What a column is called once all of them are made.
    fn now(&self, name: &Name) -> Name {
        let mut now = name;
        for (old, new) in &self.renamed {
            if old == now {
                now = new;
            }
        }
        now.clone()
    }

    /// What a column was called before, the latest name first.
    pub(crate) fn earlier(&self, name: &Name) -> Vec<&Name> {
        let mut found = Vec::new();
        let mut name = name;
        for (old, new) in self.renamed.iter().rev() {
            if new == name {
                name = old;
                found.push(old);
            }
        }
        found
    }
}
