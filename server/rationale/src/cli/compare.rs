//! Two versions of models, paired by name, and each pair compared.

use super::models::{Model, this};
use index::relations::Run;
use index::{FileKind, Snapshot, SqlRole};
use meaning::difference::{Difference, Version, difference, difference_of_forms, unchanged};
use meaning::witness::Facts;
use rayon::prelude::*;
use sql::STACK_SIZE;
use sql::facts::TableRef;
use sql::relation::Query;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Two versions of models.
pub(super) struct Sides {
    /// The old ones, by name.
    pub(super) old: Models,
    /// The new ones, by name.
    pub(super) new: Models,
}

/// The models of one version.
#[derive(Clone, Default)]
pub(super) struct Models {
    /// By name.
    pub(super) by_name: BTreeMap<Arc<str>, Arc<Model>>,
    /// The names of those that are compared; the others are there for what lies upstream.
    pub(super) compared: Vec<Arc<str>>,
    /// The workspace that they are of.
    pub(super) snapshot: Option<Snapshot>,
    /// The macro files of that workspace, with hashes of their texts.
    pub(super) macros: Arc<[(String, u64)]>,
}

impl Models {
    /// Adds a model. Of several that fill one table the first is compared.
    pub(super) fn add(&mut self, model: Model, is_compared: bool) {
        let name: Arc<str> = model.name.as_str().into();
        if self.by_name.contains_key(&name) {
            return;
        }
        if is_compared {
            self.compared.push(name.clone());
        }
        self.by_name.insert(name, Arc::new(model));
    }

    fn query(&self, table: &TableRef) -> Option<Query> {
        self.by_name.get(table.to_string().as_str())?.query()
    }
}

/// The macro files, in the order of their paths, with hashes of their texts.
pub(super) fn macros(snapshot: &Snapshot) -> Arc<[(String, u64)]> {
    let files = snapshot.files().into_iter();
    let files = files.filter(|file| file.kind == FileKind::Sql(SqlRole::Macro));
    files
        .map(|file| (snapshot.display_path(&file.path), file.text_hash))
        .collect()
}

/// A model of which there are two versions, or one.
pub(super) struct ModelDifference {
    /// Its name; the new one where it has another.
    pub(super) name: String,
    /// Its file, in the version that has it.
    pub(super) path: String,
    /// What happened to it.
    pub(super) change: ModelChange,
}

/// What happened to a model.
pub(super) enum ModelChange {
    /// It is in both versions.
    Compared {
        /// How they differ.
        difference: Box<Difference>,
        /// In which run: in an incremental one only where a full refresh does not differ.
        run: Run,
        /// The queries are written differently, whatever they mean.
        respelled: bool,
    },
    /// It is new, with these columns.
    Added(Vec<String>),
    /// It is gone, with these columns.
    Removed(Vec<String>),
    /// It had this name, and means the same.
    Renamed(String),
}

impl ModelDifference {
    /// Whether nothing changed that is told.
    pub(super) fn is_same(&self) -> bool {
        match &self.change {
            ModelChange::Compared { difference, .. } => difference.is_none(),
            ModelChange::Renamed(_) => true,
            ModelChange::Added(_) | ModelChange::Removed(_) => false,
        }
    }
}

/// So many pairs of a model that is gone and one that came are compared in search of renames.
const MOST_RENAMES: usize = 60;

/// Compares all models of both versions, in the order of their names; best [`on_deep_threads`].
pub(super) fn compare(sides: &Sides) -> Vec<ModelDifference> {
    let names: BTreeSet<&Arc<str>> = sides
        .old
        .compared
        .iter()
        .chain(&sides.new.compared)
        .collect();
    let names: Vec<&Arc<str>> = names.into_iter().collect();
    let one = |name: &&Arc<str>| of_name(sides, name);
    renamed(sides, names.par_iter().filter_map(one).collect())
}

/// Does something on threads that have the stack for what people nest.
pub(super) fn on_deep_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new()
        .stack_size(STACK_SIZE)
        .build()
    {
        Ok(pool) => pool.install(work),
        // Where no thread is to be had, rayon uses this one.
        Err(_) => work(),
    }
}

fn of_name(sides: &Sides, name: &str) -> Option<ModelDifference> {
    let old = sides.old.by_name.get(name);
    let new = sides.new.by_name.get(name);
    let (path, change) = match (old, new) {
        (Some(old), Some(new)) => {
            let (difference, run) = between(sides, old, new)?;
            let change = ModelChange::Compared {
                difference: Box::new(difference),
                run,
                respelled: old.query() != new.query(),
            };
            (&new.path, change)
        }
        (None, Some(new)) => (&new.path, ModelChange::Added(columns(new))),
        (Some(old), None) => (&old.path, ModelChange::Removed(columns(old))),
        (None, None) => return None,
    };
    Some(ModelDifference {
        name: name.to_owned(),
        path: path.clone(),
        change,
    })
}

fn between(sides: &Sides, old: &Model, new: &Model) -> Option<(Difference, Run)> {
    let (was, now) = (old.query()?, new.query()?);
    // What a template leaves unknown is the same where nothing that it is made from has changed.
    if was == now && is_same_text(sides, old, new) {
        return Some((unchanged(&now), Run::FullRefresh));
    }
    // An example must be one that is allowed: what the new version declares holds for it.
    let compared = |was: &Query, now: &Query, run| {
        let facts = match &sides.new.snapshot {
            Some(snapshot) if was != now => new.facts(snapshot, run),
            _ => Facts::default(),
        };
        over(sides, was, now, |was, now| difference(was, now, &facts))
    };
    let whole = compared(&was, &now, Run::FullRefresh);
    if whole.is_none() && (old.is_incremental() || new.is_incremental()) {
        let (was, now) = (old.query_of_increment()?, new.query_of_increment()?);
        let added = compared(&was, &now, Run::Incremental);
        if was != now && !added.is_none() {
            return Some((added, Run::Incremental));
        }
    }
    Some((whole, Run::FullRefresh))
}

/// Whether a model that came is known to mean what one meant that is gone.
fn is_same(sides: &Sides, old: &Model, new: &Model) -> bool {
    let both = old.query().zip(new.query());
    both.is_some_and(|(was, now)| over(sides, &was, &now, difference_of_forms).is_none())
}

/// Compares two queries, each over the models of its side.
fn over(
    sides: &Sides,
    was: &Query,
    now: &Query,
    compare: impl FnOnce(&Version<'_>, &Version<'_>) -> Difference,
) -> Difference {
    // The rows that are there before an incremental run are those of no query.
    let this = this();
    let of = |models: &Models, table: &TableRef| models.query(table).filter(|_| *table != this);
    let old = Version {
        query: was,
        upstream: &|table| of(&sides.old, table),
    };
    let new = Version {
        query: now,
        upstream: &|table| of(&sides.new, table),
    };
    compare(&old, &new)
}

/// Whether the text of both, and all macros, are the same.
pub(super) fn is_same_text(sides: &Sides, old: &Model, new: &Model) -> bool {
    let (Some(was), Some(now)) = (&sides.old.snapshot, &sides.new.snapshot) else {
        return false;
    };
    old.text_hash(was) == new.text_hash(now) && sides.old.macros == sides.new.macros
}

fn columns(model: &Model) -> Vec<String> {
    let lowered = model.lowered().into_iter();
    let columns = lowered.flat_map(|lowered| &lowered.query.root().columns);
    let listed = columns.filter(|column| !column.implicit);
    listed
        .filter_map(|column| column.name.as_ref().map(ToString::to_string))
        .collect()
}

/// Makes one of a model that is gone and one that came, where they mean the same.
fn renamed(sides: &Sides, mut differences: Vec<ModelDifference>) -> Vec<ModelDifference> {
    let of = |wanted: fn(&ModelChange) -> bool| -> Vec<String> {
        let listed = differences.iter().filter(|model| wanted(&model.change));
        listed.map(|model| model.name.clone()).collect()
    };
    let gone = of(|change| matches!(change, ModelChange::Removed(_)));
    let come = of(|change| matches!(change, ModelChange::Added(_)));
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut compared = 0;
    for old in gone {
        let Some(was) = sides.old.by_name.get(old.as_str()) else {
            continue;
        };
        let own = columns(was);
        if own.is_empty() {
            continue;
        }
        let alike = come.iter().filter_map(|new| {
            let now = sides.new.by_name.get(new.as_str())?;
            (columns(now) == own).then_some((new, now))
        });
        let alike: Vec<(&String, &Arc<Model>)> = alike.collect();
        // Most often not a word of it changed. Else they are compared, as long as it takes no ages.
        let mut same: Vec<&String> = alike
            .iter()
            .filter(|(_, now)| now.query() == was.query())
            .map(|(new, _)| *new)
            .collect();
        if same.is_empty() {
            let alike = alike.iter().filter(|(_, now)| {
                compared += 1;
                compared <= MOST_RENAMES && is_same(sides, was, now)
            });
            same = alike.map(|(new, _)| *new).collect();
        }
        if let [new] = same.as_slice()
            && !pairs.iter().any(|(_, taken)| taken == *new)
        {
            pairs.push((old.clone(), (*new).clone()));
        }
    }
    differences.retain(|model| !pairs.iter().any(|(old, _)| *old == model.name));
    for model in &mut differences {
        let pair = pairs.iter().find(|(_, new)| *new == model.name);
        if let Some((old, _)) = pair {
            model.change = ModelChange::Renamed(old.clone());
        }
    }
    differences
}
