//! Which files a rename may change, and work on many of them at once.

use super::Refusal;
use index::{File, FileKind, Snapshot, TableKey};
use sql::STACK_SIZE;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::thread;

/// The SQL files that define or may mention any of `tables`, in the order of paths. A template may
/// mention a table where its facts do not tell, so its text decides.
///
/// # Errors
/// Where a file is not what it was when it was read.
pub(super) fn sql_files<'s>(
    snapshot: &'s Snapshot,
    tables: &BTreeSet<TableKey>,
) -> Result<Vec<&'s File>, Refusal> {
    let mut found: BTreeMap<Arc<Path>, &File> = BTreeMap::new();
    let mut add = |file: &'s File| {
        found.insert(file.path.clone(), file);
    };
    for key in tables {
        snapshot.readers(key).into_iter().for_each(&mut add);
        let table = snapshot.table(key);
        let models = table.map(|table| table.models.as_slice());
        let models = models.unwrap_or_default().iter();
        models
            .filter_map(|id| snapshot.file(id.file))
            .filter(|file| file.sql().is_some())
            .for_each(&mut add);
    }
    let in_projects = tables.iter().any(|key| key.project.is_some());
    if in_projects {
        let names: Vec<String> = tables.iter().map(|key| key.name().to_string()).collect();
        let templates: Vec<&File> = snapshot
            .files()
            .into_iter()
            .filter(|file| file.sql().is_some() && file.project.is_some())
            .collect();
        let mentions = each(&templates, |file| {
            let text = text(snapshot, file)?;
            Ok(text.is_some_and(|text| names.iter().any(|name| text.contains(name.as_str()))))
        })?;
        let pairs = templates.into_iter().zip(mentions);
        pairs
            .filter(|(_, mentions)| *mentions)
            .for_each(|(file, _)| add(file));
    }
    Ok(found.into_values().collect())
}

/// The YAML of dbt projects.
pub(super) fn dbt_files(snapshot: &Snapshot) -> Vec<&File> {
    let mut files = snapshot.files();
    files.retain(|file| file.kind == FileKind::DbtProperties);
    files
}

/// The native specs.
pub(super) fn native_specs(snapshot: &Snapshot) -> Vec<&File> {
    let mut files = snapshot.files();
    files.retain(|file| file.native_spec().is_some());
    files
}

/// The text that a file's facts were made from; `None` for a file that is gone.
///
/// # Errors
/// Where the file has another text by now, which has not been told yet: edits of the old one would harm.
pub(super) fn text(snapshot: &Snapshot, file: &File) -> Result<Option<Arc<str>>, Refusal> {
    match snapshot.text(file) {
        Some(text) => Ok(Some(text)),
        None if snapshot.whole_text(file).is_none() => Ok(None),
        None => Err(Refusal::new(format!(
            "`{}` has changed just now. Try again in a moment.",
            snapshot.display_path(&file.path)
        ))),
    }
}

/// What `work` makes of each file, in their order, on as many threads as there are cores.
///
/// # Errors
/// The first refusal, in the order of the files.
pub(super) fn each<T: Send>(
    files: &[&File],
    work: impl Fn(&File) -> Result<T, Refusal> + Sync,
) -> Result<Vec<T>, Refusal> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let size = files.len().div_ceil(threads).max(FEWEST);
    if files.len() <= size {
        return files.iter().map(|file| work(file)).collect();
    }
    let work = &work;
    let parts = thread::scope(|scope| {
        let parts: Vec<_> = files
            .chunks(size)
            .map(|part| {
                let own = move || part.iter().map(|file| work(file)).collect();
                let thread = thread::Builder::new().stack_size(STACK_SIZE);
                (part, thread.spawn_scoped(scope, own).ok())
            })
            .collect();
        let parts = parts.into_iter().map(|(part, thread)| {
            let done = thread.and_then(|thread| thread.join().ok());
            // Where there is no thread to be had, and where one failed, the work is done here.
            done.unwrap_or_else(|| part.iter().map(|file| work(file)).collect())
        });
        parts.collect::<Vec<Result<Vec<T>, Refusal>>>()
    });
    let mut all = Vec::new();
    for part in parts {
        all.extend(part?);
    }
    Ok(all)
}

/// So few files are not worth a thread.
const FEWEST: usize = 8;
