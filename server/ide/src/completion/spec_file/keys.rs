//! Keys that a mapping of a native spec lacks.

use super::super::Completion;
use super::super::keys::{Follows, Offer, Typing, missing};
use super::Here;
use spec::keys::{Key, Kind, Section};

impl Here<'_> {
    pub(super) fn keys(&self, section: Section, has_colon: bool, in_flow: bool) -> Vec<Completion> {
        let typing = Typing {
            of_list: self.place.levels.len() > 1,
            has_colon,
            in_flow,
            snippets: self.snippets,
        };
        let first = first(section);
        let offers = section.keys().map(|key| offer(key, first));
        missing(self.place, typing, offers)
    }
}

fn offer(key: &Key, first: Option<&str>) -> Offer {
    Offer {
        name: key.name,
        detail: Some(key.kind.expectation().to_owned()),
        documentation: Some(key.documentation.to_owned()),
        is_first: first == Some(key.name),
        follows: match key.kind {
            Kind::List(section) => Follows::List(self::first(section)),
            Kind::Sentences => Follows::Lines,
            Kind::Names | Kind::Texts | Kind::Literals | Kind::Supersedes => Follows::Bracketed,
            _ => Follows::Value,
        },
    }
}

/// The key that an item of a list of them starts with.
fn first(section: Section) -> Option<&'static str> {
    let mut keys = section.keys();
    keys.find(|key| key.required).map(|key| key.name)
}
