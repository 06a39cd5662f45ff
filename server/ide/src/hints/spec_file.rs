//! Behind the amendments of a spec, and behind their sentences: what superseded them. That one was
//! withdrawn stands there, but below.

use super::{HintKind, InlayHint};
use crate::history::{self, History};
use index::{File, FileId, Snapshot};
use spec::history::Standing;
use spec::model::NativeSpec;
use syntax::{Spot, TextRange};

pub(super) fn hints(
    snapshot: &Snapshot,
    file: &File,
    spec: &NativeSpec,
    within: TextRange,
) -> Vec<InlayHint> {
    let Some(product) = &spec.product else {
        return Vec::new();
    };
    let history = history::of_product(snapshot, &product.value);
    let mut hints = Vec::new();
    let mut push = |behind: Spot, text: String, leads_to: Option<(FileId, TextRange)>| {
        let at = file.range(behind).end();
        if within.contains_inclusive(at) {
            hints.push(InlayHint {
                at,
                text,
                kind: HintKind::Standing,
                leads_to,
            });
        }
    };
    for entry in history.entries.iter().filter(|it| it.file.id == file.id) {
        if let Some(id) = &entry.amendment.id {
            match entry.standing {
                Standing::Superseded { by } => {
                    let (text, place) = superseded(&history, by);
                    push(id.spot, text, place);
                }
                Standing::Withdrawn => push(id.spot, "withdrawn".to_owned(), None),
                Standing::InForce | Standing::Open | Standing::Proposed => {}
            }
        }
        for (ordinal, by) in &entry.superseded_guarantees {
            if let Some(sentence) = entry.amendment.guarantees.get(*ordinal) {
                let (text, place) = superseded(&history, *by);
                push(sentence.spot, text, place);
            }
        }
    }
    hints
}

/// `superseded by 4`, and where amendment 4 is.
fn superseded(history: &History<'_>, by: usize) -> (String, Option<(FileId, TextRange)>) {
    let entry = history.entries.get(by);
    match entry.and_then(|entry| Some((entry, entry.amendment.id.as_ref()?))) {
        Some((entry, id)) => (
            format!("superseded by {}", id.value),
            Some((entry.file.id, entry.file.range(id.spot))),
        ),
        None => ("superseded".to_owned(), None),
    }
}
