//! The sentences of the amendments in a native spec, and where their parts stand in its text.

use crate::lookup::slice;
use index::File;
use spec::guarantee::part_of_source;
use syntax::{Spot, TextRange, TextSize};

/// A sentence among the guarantees of an amendment.
pub(crate) struct SentenceInFile<'s> {
    /// As it is written, without what YAML needs around it.
    pub(crate) text: &'s str,
    /// Where it stands in the file.
    pub(crate) range: TextRange,
    /// The spot of that place.
    pub(crate) spot: Spot,
}

/// The sentences of `file`, in the order of its text.
pub(crate) fn all(file: &File) -> Vec<SentenceInFile<'_>> {
    let Some(spec) = file.native_spec() else {
        return Vec::new();
    };
    let sentences = spec.amendments.iter().flat_map(|amendment| {
        amendment.guarantees.iter().map(|sentence| SentenceInFile {
            text: &sentence.value,
            range: file.range(sentence.spot),
            spot: sentence.spot,
        })
    });
    let mut sentences: Vec<SentenceInFile<'_>> = sentences.collect();
    sentences.sort_by_key(|sentence| sentence.range.start());
    sentences
}

/// The sentence at a place of `file`.
pub(crate) fn at(file: &File, offset: TextSize) -> Option<SentenceInFile<'_>> {
    let holds = |sentence: &SentenceInFile<'_>| sentence.range.contains_inclusive(offset);
    all(file).into_iter().find(holds)
}

impl SentenceInFile<'_> {
    /// Where a part of it stands in the text of its file; none where YAML folds or escapes it.
    pub(crate) fn part(&self, text: &str, part: TextRange) -> Option<TextRange> {
        let part = part_of_source(slice(text, self.range), self.text, part)?;
        Some(part + self.range.start())
    }
}
