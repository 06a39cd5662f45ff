//! Keys that a mapping lacks.

use super::super::spec_place::Level;
use super::super::{Completion, CompletionKind};
use super::Here;
use spec::keys::{Key, Kind, Section};

impl Here<'_> {
    pub(super) fn keys(&self, section: Section, has_colon: bool, in_flow: bool) -> Vec<Completion> {
        let Some(level) = self.place.levels.last() else {
            return Vec::new();
        };
        // What is no item yet of the list that it is in becomes one.
        let is_bare = !level.is_item && !in_flow && self.place.levels.len() > 1;
        if is_bare && !level.siblings.is_empty() {
            return Vec::new();
        }
        let keys = section.keys().filter(|key| {
            let mut siblings = level.siblings.iter();
            !siblings.any(|(sibling, _)| sibling == key.name)
        });
        let keys = keys.filter(|key| !is_bare || key.required);
        let keys = keys.map(|key| {
            let item = if is_bare { "- " } else { "" };
            let label = format!("{item}{}", key.name);
            let documentation = Some(key.documentation.to_owned());
            let text = match has_colon {
                true => label.clone(),
                false => format!("{label}:{}", self.behind(key, level, is_bare, in_flow)),
            };
            Completion {
                is_snippet: self.snippets && text.contains('$'),
                label,
                detail: Some(key.kind.expectation().to_owned()),
                documentation,
                ..Completion::new(text, self.place.word, CompletionKind::Key)
            }
        });
        // Of several that begin a list's item the first will do.
        keys.take(if is_bare { 1 } else { usize::MAX }).collect()
    }

    /// What follows the colon of a key.
    fn behind(&self, key: &Key, level: &Level, is_bare: bool, in_flow: bool) -> String {
        let column = level.column + if is_bare { 2 } else { 0 };
        let blanks = " ".repeat(column + 2);
        let first = |section: Section| section.keys().find(|key| key.required);
        match key.kind {
            _ if in_flow => " ".to_owned(),
            Kind::List(section) if self.snippets => match first(section) {
                Some(first) => format!("\n{blanks}- {}: $0", first.name),
                None => " ".to_owned(),
            },
            Kind::Sentences if self.snippets => format!(" |\n{blanks}$0"),
            Kind::Names | Kind::Texts | Kind::Literals | Kind::Supersedes if self.snippets => {
                " [$0]".to_owned()
            }
            Kind::List(_) => String::new(),
            _ => " ".to_owned(),
        }
    }
}
