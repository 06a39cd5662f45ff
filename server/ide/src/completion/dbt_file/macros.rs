//! The names of macros and of what they take.

use super::super::{Completion, CompletionKind, MOST};
use super::Here;
use crate::macros;

impl Here<'_> {
    /// The macros of the project that no properties file describes.
    pub(super) fn macros_without_entry(&self) -> Vec<Completion> {
        let all = self.snapshot.macros_callable(self.file).into_iter();
        let own = all.filter(|(package, _)| package.is_none());
        let bare = own.filter(|(_, key)| self.snapshot.macro_descriptions(key).is_empty());
        let completions = bare.take(MOST + 1).map(|(_, key)| Completion {
            detail: macros::signature(self.snapshot, &key),
            documentation: macros::told(self.snapshot, &key),
            ..Completion::new(key.name.as_str(), self.place.word, CompletionKind::Macro)
        });
        completions.collect()
    }

    /// The parameters of the macro whose entry the place is in.
    pub(super) fn parameters(&self) -> Vec<Completion> {
        let Some(name) = self.name_in("macros") else {
            return Vec::new();
        };
        let all = self.snapshot.macros_callable(self.file).into_iter();
        let mut own = all.filter(|(package, _)| package.is_none());
        let key = own.find(|(_, key)| key.name == name.as_str());
        let signature = key.and_then(|(_, key)| macros::signature(self.snapshot, &key));
        self.constants(macros::parameters(&signature.unwrap_or_default()))
    }
}
