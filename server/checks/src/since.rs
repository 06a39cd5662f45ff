//! What a branch brings: findings that its base did not have, and what it does to the history of
//! products.

pub(crate) mod predecessors;
mod settings;

use crate::finding::{Finding, Severity, Subject};
use crate::{rewritten_history, unrecorded_change};
use index::configuration::Level;
use index::{File, Snapshot};
use spec::history::{Entry, History, Standing};
use spec::model::AmendmentId;
use std::collections::BTreeMap;
use std::path::PathBuf;
use syntax::Name;

pub use settings::NewSetting;

/// What a branch does to amendments, and what it does not want to hear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryChanges {
    /// Amendments that are new, in the order of products, then of their histories.
    pub added: Vec<Amended>,
    /// Requirements that are no longer in force, wholly or in part.
    pub withdrawn: Vec<Withdrawn>,
    /// Ignore comments that are new, in the order of paths, then of the text.
    pub ignores: Vec<NewIgnore>,
    /// Settings by which less is said, in the order of paths.
    pub settings: Vec<NewSetting>,
}

/// An amendment and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amended {
    /// The product.
    pub product: Name,
    /// Which one.
    pub id: AmendmentId,
    /// The need, in the words of whoever had it.
    pub requirement: Option<String>,
}

/// A requirement that is no longer in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// It.
    pub amendment: Amended,
    /// The amendment that replaces it; `None` where it was given up, or is gone.
    pub by: Option<AmendmentId>,
    /// The sentences that are replaced, where the rest of it stays.
    pub sentences: Vec<String>,
    /// It is not there any more, nor is any spec of its product.
    pub is_removed: bool,
}

/// An ignore comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIgnore {
    /// Its file, an absolute path.
    pub path: PathBuf,
    /// The code that it silences.
    pub code: String,
    /// Why.
    pub because: Option<String>,
}

/// The findings of `now` that `base` does not have, or only as less severe ones. What tells of changes
/// without an amendment is an error then, unless somebody asked for another level.
pub fn new_findings(
    snapshot: &Snapshot,
    now: Vec<Finding>,
    base_snapshot: &Snapshot,
    base: &[Finding],
) -> Vec<Finding> {
    let mut known: BTreeMap<Identity, Vec<Severity>> = BTreeMap::new();
    let renamed = predecessors::renamed(snapshot, base_snapshot);
    for finding in base {
        let mut identity = Identity::of(base_snapshot, finding);
        if let Some(product) = &mut identity.subject.product
            && let Some(now) = renamed.get(product)
        {
            *product = now.clone();
        }
        known.entry(identity).or_default().push(finding.severity);
    }
    let new = now.into_iter().filter(|finding| {
        let known = known.get_mut(&Identity::of(snapshot, finding));
        let Some(known) = known else { return true };
        let at = known.iter().position(|known| *known >= finding.severity);
        at.map(|at| known.remove(at)).is_none()
    });
    let ended = rewritten_history::of_ended_products(snapshot, base_snapshot);
    new.chain(ended)
        .map(|finding| raised(snapshot, finding))
        .collect()
}

/// The same finding as an error, where it is one of a branch.
fn raised(snapshot: &Snapshot, mut finding: Finding) -> Finding {
    let is_gate = [unrecorded_change::CODE.name, rewritten_history::CODE.name];
    let asked: Option<Level> = snapshot.file(finding.file).and_then(|file| {
        let settings = snapshot.settings(&file.path);
        settings.level(finding.code, &file.path)
    });
    let is_certain =
        finding.severity == Severity::Warning || unrecorded_change::is_covered(&finding);
    if is_gate.contains(&finding.code) && asked.is_none() && is_certain {
        finding.severity = Severity::Error;
    }
    finding
}

/// What makes two findings the same, wherever they stand and however they are worded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    code: &'static str,
    subject: Subject,
    /// The file, where the subject says nothing.
    path: Option<PathBuf>,
}

impl Identity {
    fn of(snapshot: &Snapshot, finding: &Finding) -> Identity {
        let subject = finding.subject.clone();
        let says_nothing = subject.table.is_none() && subject.amendment.is_none();
        let file = snapshot.file(finding.file);
        let path = file.map(|file| file.path.to_path_buf());
        Identity {
            code: finding.code,
            subject,
            path: path.filter(|_| says_nothing),
        }
    }
}

/// What `snapshot` does to the history that `base` has.
pub fn history_changes(snapshot: &Snapshot, base: &Snapshot) -> HistoryChanges {
    let mut changes = HistoryChanges {
        ignores: new_ignores(snapshot, base),
        settings: settings::new_settings(snapshot, base),
        ..HistoryChanges::default()
    };
    for product in snapshot.products() {
        let then = predecessors::predecessors(snapshot, base, product);
        let then: Vec<_> = then.iter().map(|name| history(base, name)).collect();
        let now = history(snapshot, product);
        for entry in &now.entries {
            let Some(id) = entry.id() else { continue };
            let Some(before) = then.iter().find_map(|then| then.find(id)) else {
                changes.added.push(amended(product, id, entry));
                continue;
            };
            changes
                .withdrawn
                .extend(no_longer_in_force(product, id, &now, entry, before));
        }
    }
    for product in predecessors::ended(snapshot, base) {
        let then = history(base, product);
        let ended = then.in_force().filter_map(|entry| {
            Some(Withdrawn {
                amendment: amended(product, entry.id()?, entry),
                by: None,
                sentences: Vec::new(),
                is_removed: true,
            })
        });
        changes.withdrawn.extend(ended);
    }
    changes
}

fn no_longer_in_force(
    product: &Name,
    id: &AmendmentId,
    now: &History<'_, &File>,
    entry: &Entry<'_, &File>,
    before: &Entry<'_, &File>,
) -> Option<Withdrawn> {
    if !matches!(before.standing, Standing::InForce) {
        return None;
    }
    let amendment = amended(product, id, entry);
    let id_of = |at: usize| now.entries.get(at).and_then(Entry::id).cloned();
    match entry.standing {
        Standing::Withdrawn => Some(Withdrawn {
            amendment,
            by: None,
            sentences: Vec::new(),
            is_removed: false,
        }),
        Standing::Superseded { by } => Some(Withdrawn {
            amendment,
            by: id_of(by),
            sentences: Vec::new(),
            is_removed: false,
        }),
        _ => {
            let new = entry.superseded_guarantees.iter();
            let new: Vec<(usize, usize)> = new
                .filter(|(at, _)| !before.superseded_guarantees.contains_key(at))
                .map(|(at, by)| (*at, *by))
                .collect();
            let (_, by) = new.first()?;
            let guarantees = &entry.amendment.guarantees;
            let sentences = new.iter().filter_map(|(at, _)| guarantees.get(*at));
            Some(Withdrawn {
                amendment,
                by: id_of(*by),
                sentences: sentences.map(|sentence| sentence.value.clone()).collect(),
                is_removed: false,
            })
        }
    }
}

fn amended(product: &Name, id: &AmendmentId, entry: &Entry<'_, &File>) -> Amended {
    let requirement = entry.amendment.requirement.as_ref();
    Amended {
        product: product.clone(),
        id: id.clone(),
        requirement: requirement.map(|field| field.value.clone()),
    }
}

fn history<'s>(snapshot: &'s Snapshot, product: &Name) -> History<'s, &'s File> {
    let files = snapshot.product_files(product).into_iter();
    History::new(files.filter_map(|file| Some((file, file.native_spec()?.amendments.as_slice()))))
}

fn new_ignores(snapshot: &Snapshot, base: &Snapshot) -> Vec<NewIgnore> {
    let mut new = Vec::new();
    for file in snapshot.files().into_iter().filter(|file| !file.quiet) {
        let before = base.file_at(&file.path);
        let mut before: Vec<_> = before.map(|file| file.ignores.to_vec()).unwrap_or_default();
        for ignore in file.ignores.iter() {
            let is = |other: &index::file::Ignore| {
                other.code == ignore.code && other.because == ignore.because
            };
            match before.iter().position(is) {
                Some(at) => drop(before.remove(at)),
                None => new.push(NewIgnore {
                    path: file.path.to_path_buf(),
                    code: ignore.code.to_string(),
                    because: ignore.because.clone(),
                }),
            }
        }
    }
    new
}
