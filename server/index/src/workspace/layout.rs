//! Whether a change decides what other files are for, or how they are read.

use crate::configuration::ConfigurationFile;
use crate::file::{Facts, File, FileKind};

/// What a change of configuration or of a project does to the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layout {
    /// Nothing.
    Same,
    /// Findings matter more or less than before.
    Levels,
    /// Files are ours that were not, or are read in another way.
    Files,
}

pub(super) fn layout_of_files(old: Option<&File>, new: Option<&File>) -> Layout {
    let kind = old.or(new).map(|file| file.kind);
    let facts = |file: Option<&File>| file.map(|file| file.facts.clone());
    let local = |file: Option<&File>| match file.map(|file| &*file.facts) {
        Some(Facts::DbtPackages(packages)) => packages.local.clone(),
        _ => Vec::new(),
    };
    let dialect = |file: Option<&File>| Some(file?.native_spec()?.dialect.as_ref()?.value.clone());
    match kind {
        Some(FileKind::Configuration) => {
            let written = |file: Option<&File>| match file.map(|file| &*file.facts) {
                Some(Facts::Configuration(configuration)) => configuration.clone(),
                _ => ConfigurationFile::default(),
            };
            match old.is_some() == new.is_some() {
                true => layout_change(&written(old), &written(new)),
                false => Layout::Files,
            }
        }
        Some(FileKind::DbtProject) if facts(old) != facts(new) => Layout::Files,
        // One that names no folder says nothing of which files are read.
        Some(FileKind::DbtPackages) if local(old) != local(new) => Layout::Files,
        // The dialect of a spec is that of the SQL beside it.
        Some(FileKind::NativeSpec) if dialect(old) != dialect(new) => Layout::Files,
        _ => Layout::Same,
    }
}

pub(super) fn layout_change(old: &ConfigurationFile, new: &ConfigurationFile) -> Layout {
    if old == new {
        return Layout::Same;
    }
    let without_levels = |file: &ConfigurationFile| ConfigurationFile {
        checks: Vec::new(),
        scopes: Vec::new(),
        paranoid: None,
        base: None,
        ..file.clone()
    };
    if without_levels(old) == without_levels(new) {
        Layout::Levels
    } else {
        Layout::Files
    }
}
