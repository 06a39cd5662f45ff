//! What dbt projects read that the folders of the workspace do not list: packages that they name by
//! folder, and macros or models that they share with others, as `../../macros`. It is read to be
//! understood, never to be judged.

use super::{MOST_FILES, collect_projects, package_folders};
use crate::project::{areas_outside, without_parents};
use crate::system::{Ignored, System};
use spec::dbt::packages::{self, FILE_NAMES};
use spec::dbt::project::DbtProject;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most files of one folder that lies elsewhere: what holds more is nobody's package.
const MOST_ELSEWHERE: usize = 20_000;
/// So many steps lead from one package to the next at most.
const LONGEST_CHAIN: usize = 8;

/// What projects read besides.
#[derive(Debug, Default)]
pub(super) struct Outside {
    /// The folders that were walked only because a project names them.
    pub(super) folders: BTreeSet<PathBuf>,
    /// The folders of the packages that a project names by folder, as far as there is one.
    pub(super) local: BTreeMap<Arc<Path>, BTreeSet<Arc<Path>>>,
}

/// Adds the packages of all projects, and what else they name, to `files` and `definitions`.
pub(super) fn collect(
    system: &dyn System,
    roots: &[PathBuf],
    text: &impl Fn(&Path) -> Option<String>,
    files: &mut BTreeSet<PathBuf>,
    definitions: &mut BTreeMap<Arc<Path>, DbtProject>,
) -> Outside {
    let mut outside = Outside::default();
    for folder in package_folders(definitions) {
        files.extend(system.walk(&folder, Ignored::List, MOST_FILES).files);
    }
    collect_projects(files, text, definitions);
    let installed = package_folders(definitions);
    let is_installed = |folder: &Path| installed.iter().any(|above| folder.starts_with(above));
    let mut looked_at: BTreeSet<Arc<Path>> = BTreeSet::new();
    for _ in 0..LONGEST_CHAIN {
        let new: Vec<(Arc<Path>, DbtProject)> = definitions
            .iter()
            .filter(|(folder, _)| !looked_at.contains(*folder) && !is_installed(folder))
            .map(|(folder, project)| (folder.clone(), project.clone()))
            .collect();
        if new.is_empty() {
            break;
        }
        for (project, definition) in new {
            looked_at.insert(project.clone());
            let named = named_by_folder(&project, text);
            for folder in &named {
                let is_known = definitions.contains_key(&**folder);
                if !is_known && text(&folder.join("dbt_project.yml")).is_some() {
                    outside.walk(system, folder, Ignored::List, files);
                }
            }
            for area in areas_outside(&project, &definition) {
                let is_listed = roots.iter().any(|root| area.starts_with(root));
                let holds_all = roots.iter().any(|root| root.starts_with(&area));
                if !is_listed && !holds_all {
                    outside.walk(system, &area, Ignored::Skip, files);
                }
            }
            collect_projects(files, text, definitions);
            let there = named.iter().filter_map(|folder| {
                let (folder, _) = definitions.get_key_value(&**folder)?;
                (*folder != project).then(|| folder.clone())
            });
            let there = there.collect();
            outside.local.insert(project, there);
        }
    }
    outside
}

impl Outside {
    fn walk(
        &mut self,
        system: &dyn System,
        folder: &Path,
        ignored: Ignored,
        files: &mut BTreeSet<PathBuf>,
    ) {
        if self.folders.iter().any(|above| folder.starts_with(above)) {
            return;
        }
        let walk = system.walk(folder, ignored, MOST_ELSEWHERE);
        if !walk.cut_off {
            files.extend(walk.files);
            self.folders.insert(folder.to_owned());
        }
    }
}

/// The folders that the project names as packages.
fn named_by_folder(project: &Path, text: &impl Fn(&Path) -> Option<String>) -> BTreeSet<PathBuf> {
    let texts = FILE_NAMES
        .iter()
        .filter_map(|name| text(&project.join(name)));
    let named = texts.flat_map(|text| packages::decode(&text).facts.local);
    named
        .map(|written| without_parents(&project.join(written)))
        .collect()
}
