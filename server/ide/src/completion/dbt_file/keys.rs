//! Keys that a mapping of a properties file lacks.

use super::super::Completion;
use super::super::keys::{Follows, Offer, Typing, missing};
use super::Here;
use spec::dbt::keys::{Key, Kind, Section};
use spec::keys;

impl Here<'_> {
    pub(super) fn keys(&self, section: Section, has_colon: bool, in_flow: bool) -> Vec<Completion> {
        let typing = Typing {
            of_list: self.is_list(),
            has_colon,
            in_flow,
            snippets: self.snippets,
        };
        if section == Section::Rationale {
            return missing(self.place, typing, self.of_rationale());
        }
        let is_test = section == Section::DataTest;
        // An item names one test, and what it is given stands below that.
        let level = self.place.levels.last();
        if is_test && level.is_some_and(|level| !level.siblings.is_empty()) {
            return Vec::new();
        }
        let first = section.first_key();
        let offers = section.keys().map(|key| Offer {
            name: key.name,
            detail: Some(key.kind_in(section).expectation()),
            documentation: Some(key.documentation.to_owned()),
            is_first: is_test || first == Some(key.name),
            follows: follows(key, section),
        });
        missing(self.place, typing, offers)
    }

    /// Whether the innermost mapping is an item of a list, or to become one.
    fn is_list(&self) -> bool {
        let levels = self.place.levels.iter().skip(1);
        let mut section = Some(Section::File);
        let mut is_list = false;
        for name in levels.filter_map(|level| level.key.as_deref()) {
            let kind = section.and_then(|section| Some(section.key(name)?.kind_in(section)));
            is_list = matches!(kind, Some(Kind::List(_)));
            section = section.and_then(|section| section.below(name));
        }
        is_list
    }

    /// What is read of a table or a column below `meta.rationale`.
    fn of_rationale(&self) -> impl Iterator<Item = Offer> {
        let mut keys = self.place.levels.iter().map(|level| level.key.as_deref());
        let section = match keys.any(|key| key == Some("columns")) {
            true => keys::Section::Column,
            false => keys::Section::Table,
        };
        let read = section.keys().filter(|key| READ.contains(&key.name));
        read.map(|key| Offer {
            name: key.name,
            detail: Some(key.kind.expectation().to_owned()),
            documentation: Some(key.documentation.to_owned()),
            is_first: false,
            follows: match key.kind {
                keys::Kind::Names | keys::Kind::Texts => Follows::Bracketed,
                _ => Follows::Value,
            },
        })
    }
}

/// The keys of the native format that are read below `meta.rationale`.
const READ: [&str; 5] = ["grain", "unit", "classification", "why", "deprecated"];

fn follows(key: &Key, section: Section) -> Follows {
    match key.kind_in(section) {
        Kind::Word => Follows::Nothing,
        Kind::Mapping(_) => Follows::Mapping,
        Kind::List(section) => Follows::List(match section {
            // Any test may come first.
            Section::DataTest => None,
            _ => section.first_key(),
        }),
        Kind::Refs => Follows::List(None),
        Kind::Texts => Follows::Bracketed,
        _ => Follows::Value,
    }
}
