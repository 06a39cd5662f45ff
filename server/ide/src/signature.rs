//! The forms that the sentence which is being typed may have, and how far each is typed.

use crate::completion::sentence_before;
use index::{FileId, Snapshot};
use spec::guarantee::{Form, fitting, forms};
use std::ops::Range;
use syntax::TextSize;

/// A form that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The form: `COLUMN is in UNIT`. ASCII, so that bytes are characters.
    pub label: &'static str,
    /// Where its parts stand in the label.
    pub parts: Vec<Range<usize>>,
    /// The one that is being typed, or comes next.
    pub active: usize,
    /// A sentence of this form.
    pub example: &'static str,
}

/// The forms that the sentence at `offset` may have, once words of it tell some from others; with
/// `is_asked`, also before.
pub fn signatures(
    snapshot: &Snapshot,
    file: FileId,
    offset: TextSize,
    is_asked: bool,
) -> Vec<Signature> {
    let file = snapshot
        .file(file)
        .filter(|file| file.native_spec().is_some());
    let text = file.and_then(|file| snapshot.text(file));
    let Some(typed) = text
        .as_deref()
        .and_then(|text| sentence_before(text, offset))
    else {
        return Vec::new();
    };
    if typed.trim().is_empty() {
        let all = forms().iter().filter(|_| is_asked);
        return all.map(|form| signature(form, 0)).collect();
    }
    let fits = fitting(typed).into_iter();
    let fits = fits.filter(|fit| is_asked || fit.words > 0);
    fits.map(|fit| signature(fit.form, fit.part)).collect()
}

fn signature(form: &'static Form, active: usize) -> Signature {
    Signature {
        label: form.text,
        parts: form.parts.iter().map(|part| part.range.clone()).collect(),
        active,
        example: form.example,
    }
}
