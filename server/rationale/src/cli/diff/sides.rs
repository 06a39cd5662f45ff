//! The two versions that are compared.

use super::Arguments;
use crate::cli::compare::{Models, Sides, macros};
use crate::cli::models::{Schema, of_snapshot, of_text, text_at};
use crate::cli::selection::{Selection, existing};
use crate::cli::workspace_pair::{Side, State, WorkspacePair};
use anyhow::{Context, Result, bail};
use index::configuration::{DialectChoice, Overrides};
use sql::{Options, Templating};
use std::path::{Path, PathBuf};

/// Reads the two versions that are asked for.
///
/// # Errors
/// What is asked for is not clear, or can't be read.
pub(super) fn read(arguments: &Arguments) -> Result<Sides> {
    if let Some(base) = &arguments.base {
        let paths: Vec<PathBuf> = arguments.versions.iter().map(PathBuf::from).collect();
        let selection = Selection::new(&arguments.location, &paths)?;
        let old = State::Revision {
            folder: selection.root.clone(),
            revision: base.clone(),
        };
        let new = State::Folder(selection.root.clone());
        return pair(arguments, &old, &new, &selection);
    }
    match arguments.versions.as_slice() {
        [range] => {
            let selection = Selection::new(&arguments.location, &[])?;
            let Some([old, new]) = State::of_range(&selection.root, range)? else {
                bail!("say with what to compare: `OLD NEW`, `REV1..REV2`, or `--base REV`");
            };
            pair(arguments, &old, &new, &selection)
        }
        [old, new] => {
            let (old_path, new_path) = (Path::new(old), Path::new(new));
            if old_path.is_file() && new_path.is_file() {
                return files(arguments, old_path, new_path);
            }
            if old_path.is_dir() && new_path.is_dir() {
                let current = crate::cli::selection::current()?;
                let (old, new) = (existing(&current, old_path)?, existing(&current, new_path)?);
                let all = Selection::all(&new);
                return pair(arguments, &State::Folder(old), &State::Folder(new), &all);
            }
            if old_path.exists() || new_path.exists() {
                let (missing, kind) = match (old_path.exists(), new_path.exists()) {
                    (true, true) => bail!("{old} and {new} are not both files, or both folders"),
                    (false, _) => (old, new_path),
                    (_, false) => (new, old_path),
                };
                bail!("{missing} is not there, but {} is", kind.display());
            }
            let selection = Selection::new(&arguments.location, &[])?;
            let revision = |revision: &String| State::Revision {
                folder: selection.root.clone(),
                revision: revision.clone(),
            };
            pair(arguments, &revision(old), &revision(new), &selection)
        }
        [] => bail!("say what to compare: `OLD NEW`, `REV1..REV2`, or `--base REV`"),
        _ => bail!("only two versions can be compared"),
    }
}

fn pair(arguments: &Arguments, old: &State, new: &State, selection: &Selection) -> Result<Sides> {
    if arguments.schema.is_some() {
        bail!("--schema is for two files; a workspace knows its tables");
    }
    let settings = Overrides {
        dialect: arguments.dialect.map(DialectChoice::Given),
        ..Overrides::default()
    };
    let pair = WorkspacePair::load(old, new, &settings)?;
    Ok(Sides {
        old: of_side(&pair.old, selection),
        new: of_side(&pair.new, selection),
    })
}

fn of_side(side: &Side, selection: &Selection) -> Models {
    let mut models = Models {
        snapshot: Some(side.snapshot.clone()),
        macros: macros(&side.snapshot),
        ..Models::default()
    };
    for (path, model, is_quiet) in of_snapshot(&side.snapshot) {
        let here = selection.root.join(side.relative(&path));
        let is_compared = !is_quiet && selection.contains(&here);
        models.add(model, is_compared);
    }
    models
}

fn files(arguments: &Arguments, old: &Path, new: &Path) -> Result<Sides> {
    let schema = match &arguments.schema {
        Some(file) => file.read()?,
        None => Schema::default(),
    };
    // Both are one model, whatever the files are called.
    let name = new.file_stem().unwrap_or_default().to_string_lossy();
    let side = |path: &Path| -> Result<Models> {
        let (_, text) = text_at(path).context("the version can't be read")?;
        let is_template = text.contains("{{") || text.contains("{%");
        let options = Options {
            dialect: arguments.dialect.unwrap_or_default(),
            templating: if is_template {
                Templating::Jinja
            } else {
                Templating::None
            },
        };
        let mut models = Models::default();
        for model in of_text(&text, &name, path, &options, &schema) {
            models.add(model, true);
        }
        Ok(models)
    };
    Ok(Sides {
        old: side(old)?,
        new: side(new)?,
    })
}
