//! Amendments: those that there are, the next id, and who has written some.

use super::super::{Completion, CompletionKind};
use super::{Here, field, one_line, yaml};
use crate::history;
use spec::model::AmendmentId;
use std::collections::BTreeSet;

impl Here<'_> {
    /// The amendments of the product, the newest first.
    pub(super) fn amendments(&self) -> Vec<Completion> {
        let product = self.file.native_spec().and_then(|it| it.product.as_ref());
        let Some(product) = product else {
            return Vec::new();
        };
        let own = self.own_id();
        let history = history::of_product(self.snapshot, &product.value);
        let entries = history.entries.iter().rev();
        let entries = entries.filter(|entry| entry.id().map(ToString::to_string) != own);
        let found = entries.filter_map(|entry| {
            let id = entry.id()?.to_string();
            let requirement = entry.amendment.requirement.as_ref();
            Some(Completion {
                detail: requirement.map(|field| one_line(&field.value)),
                ..Completion::new(id, self.place.word, CompletionKind::Amendment)
            })
        });
        found.collect()
    }

    /// The sentences of the amendment that is named beside, but for those that are replaced already.
    pub(super) fn superseded_sentences(&self) -> Vec<Completion> {
        let sentences = || {
            let product = self.file.native_spec()?.product.as_ref()?;
            let mut siblings = self.place.levels.last()?.siblings.iter();
            let (_, id) = siblings.find(|(key, _)| key == "amendment")?;
            let id = id.trim_matches(['"', '\'']);
            let history = history::of_product(self.snapshot, &product.value);
            let mut entries = history.entries.iter();
            let entry =
                entries.find(|entry| entry.id().is_some_and(|own| own.to_string() == id))?;
            let all = entry.amendment.guarantees.iter().enumerate();
            let left = all.filter(|(at, _)| !entry.superseded_guarantees.contains_key(at));
            let texts = left.map(|(_, sentence)| one_line(&sentence.value));
            Some(texts.collect::<Vec<_>>())
        };
        let sentences = sentences().unwrap_or_default().into_iter();
        let found = sentences.map(|sentence| Completion {
            label: sentence.clone(),
            ..Completion::new(
                written(&sentence),
                self.place.word,
                CompletionKind::Constant,
            )
        });
        found.collect()
    }

    /// The id of the amendment that the place is in.
    fn own_id(&self) -> Option<String> {
        let mut levels = self.place.levels.iter();
        let level = levels.find(|level| level.key.as_deref() == Some("amendments"))?;
        let mut siblings = level.siblings.iter();
        let (_, id) = siblings.find(|(key, _)| key == "id")?;
        Some(id.trim_matches(['"', '\'']).to_owned())
    }

    /// The number behind the highest one.
    pub(super) fn next_id(&self) -> Vec<Completion> {
        let product = self.file.native_spec().and_then(|it| it.product.as_ref());
        let Some(product) = product else {
            return Vec::new();
        };
        let history = history::of_product(self.snapshot, &product.value);
        let numbers = history
            .entries
            .iter()
            .filter_map(|entry| match entry.id()? {
                AmendmentId::Number(number) => Some(*number),
                AmendmentId::Slug(_) => None,
            });
        let next = numbers.max().unwrap_or_default().checked_add(1);
        self.constants(next.map(|next| next.to_string()))
    }

    pub(super) fn authors(&self) -> Vec<Completion> {
        let product = self.file.native_spec().and_then(|it| it.product.as_ref());
        let history = product.map(|it| history::of_product(self.snapshot, &it.value));
        let entries = history.iter().flat_map(|history| &history.entries);
        let authors = entries.filter_map(|entry| field(&entry.amendment.author));
        let authors: BTreeSet<String> = authors.map(|author| yaml(&author)).collect();
        self.constants(authors)
    }
}

/// A sentence as YAML has it: in quotes only where something in it says more to YAML.
fn written(sentence: &str) -> String {
    match sentence.contains(|letter: char| ",:#[]{}&*!|>%@`'\"".contains(letter)) {
        true => format!("'{}'", sentence.replace('\'', "''")),
        false => sentence.to_owned(),
    }
}
