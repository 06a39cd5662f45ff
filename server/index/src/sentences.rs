//! The sentences of a native spec, taken apart: each once for its text, when they are first asked for.

use crate::file::File;
use spec::guarantee::{Guarantee, SentenceProblem, parse};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// A sentence taken apart, or why it can't be.
pub type Parsed = Result<Guarantee, SentenceProblem>;

/// The sentences of one file, by amendment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sentences(Arc<OnceLock<Vec<Vec<Arc<Parsed>>>>>);

impl File {
    /// The guarantees of the amendment of that ordinal, in their order; none where the file is no native
    /// spec.
    pub fn guarantees(&self, amendment: usize) -> impl Iterator<Item = &Parsed> {
        let all = self.sentences.0.get_or_init(|| self.parsed(parse_one));
        let own = all.get(amendment).into_iter().flatten();
        own.map(|sentence| &**sentence)
    }

    /// Takes over the sentences that the file had before, where they are the same words: what is typed
    /// elsewhere in it does not have them parsed again.
    pub(crate) fn take_sentences_of(&self, old: &File) {
        let Some(known) = old.sentences.0.get() else {
            return;
        };
        if Arc::ptr_eq(&old.facts, &self.facts) || old.facts == self.facts {
            let _ = self.sentences.0.set(known.clone());
            return;
        }
        let texts = old.native_spec().into_iter();
        let texts = texts.flat_map(|spec| spec.amendments.iter());
        let texts = texts.flat_map(|amendment| &amendment.guarantees);
        let by_text: HashMap<&str, &Arc<Parsed>> = texts
            .map(|text| text.value.as_str())
            .zip(known.iter().flatten())
            .collect();
        let parsed = self.parsed(|text| match by_text.get(text) {
            Some(known) => Arc::clone(known),
            None => parse_one(text),
        });
        let _ = self.sentences.0.set(parsed);
    }

    fn parsed(&self, parse: impl Fn(&str) -> Arc<Parsed>) -> Vec<Vec<Arc<Parsed>>> {
        let amendments = self.native_spec().into_iter();
        let amendments = amendments.flat_map(|spec| spec.amendments.iter());
        amendments
            .map(|amendment| {
                let texts = amendment.guarantees.iter();
                texts.map(|text| parse(&text.value)).collect()
            })
            .collect()
    }
}

fn parse_one(text: &str) -> Arc<Parsed> {
    Arc::new(parse(text))
}

#[cfg(test)]
mod tests {
    use crate::system::MemorySystem;
    use crate::{Change, Workspace};
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    fn spec(description: &str, second: &str) -> String {
        format!(
            "product: p\ntables:\n  - name: t\n    description: {description}\namendments:\n  - id: 1\n    \
             guarantees:\n      - t.a is unique\n      - {second}\n"
        )
    }

    fn parsed(workspace: &Workspace) -> Vec<*const super::Parsed> {
        let snapshot = workspace.snapshot();
        let file = snapshot.file_at(Path::new("/w/p.spec.yaml")).unwrap();
        file.guarantees(0).map(std::ptr::from_ref).collect()
    }

    #[test]
    fn a_sentence_is_parsed_again_only_when_its_words_change() {
        let path = PathBuf::from("/w/p.spec.yaml");
        let system = MemorySystem::new([(path.clone(), spec("One.", "t.b exists"))]);
        let mut workspace = Workspace::new(Arc::new(system), vec![PathBuf::from("/w")]);
        workspace.load();
        let first = parsed(&workspace);
        assert_eq!(first.len(), 2);
        let mut edit = |text: String| {
            workspace.apply(vec![Change::Edited {
                path: path.clone(),
                text: text.into(),
            }]);
            parsed(&workspace)
        };
        assert_eq!(edit(spec("Two.", "t.b exists")), first);
        assert_eq!(edit(spec("Two.  # moved", "t.b exists")), first);
        let other = edit(spec("Two.", "t.c exists"));
        assert_eq!(other[0], first[0]);
        assert_ne!(other[1], first[1]);
    }
}
