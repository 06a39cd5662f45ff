//! The key of a spec at a place, by the tree of its text: the facts hold only keys whose
//! values say something.

use spec::dbt::keys as dbt;
use spec::keys::{Key, Kind, Section};
use syntax::yaml::{self, Node};
use syntax::{TextRange, TextSize};

/// The key whose name stands at `offset`, and where.
pub(super) fn key(text: &str, offset: TextSize) -> Option<(TextRange, &'static Key)> {
    let parse = yaml::parse(text);
    let mut documents = parse.documents.iter().map(|document| &document.root);
    documents.find_map(|root| key_below(root, offset))
}

fn key_below(root: &Node, offset: TextSize) -> Option<(TextRange, &'static Key)> {
    let mut section = Section::Product;
    let mut mapping = root;
    loop {
        let entry = mapping
            .entries()
            .iter()
            .find(|entry| holds(&entry.key, offset) || holds(&entry.value, offset))?;
        let key = section.key(entry.key.as_str()?)?;
        if holds(&entry.key, offset) {
            return Some((entry.key.range, key));
        }
        section = match key.kind {
            Kind::List(section) => section,
            Kind::Supersedes => Section::Supersedes,
            _ => return None,
        };
        let mut items = entry.value.items().iter();
        mapping = items.find(|item| holds(item, offset))?;
    }
}

/// The key of a properties file of dbt whose name stands at `offset`, and the mapping that it stands in.
pub(super) fn of_dbt(
    text: &str,
    offset: TextSize,
) -> Option<(TextRange, &'static dbt::Key, dbt::Section)> {
    let parse = yaml::parse(text);
    let mut section = dbt::Section::File;
    let mut node = &parse.documents.first()?.root;
    loop {
        // A test may be nothing but its name.
        if let Some(name) = node.as_str() {
            let key = section
                .key(name)
                .filter(|key| key.kind == dbt::Kind::Word)?;
            return Some((node.range, key, section));
        }
        if let Some(item) = node.items().iter().find(|item| holds(item, offset)) {
            node = item;
            continue;
        }
        let mut entries = node.entries().iter();
        let entry = entries.find(|it| holds(&it.key, offset) || holds(&it.value, offset))?;
        let name = entry.key.as_str()?;
        if holds(&entry.key, offset) {
            return Some((entry.key.range, section.key(name)?, section));
        }
        section = section.below(name)?;
        node = &entry.value;
    }
}

fn holds(node: &Node, offset: TextSize) -> bool {
    !node.range.is_empty() && node.range.contains_inclusive(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_its_own_section() {
        let text =
            "product: a\ntables:\n  - name: b\n    columns:\n      - name: c\n        why: x\n";
        let at = |needle: &str, nth: usize| {
            let (start, _) = text.match_indices(needle).nth(nth).unwrap();
            let found = key(text, TextSize::new(start as u32))?;
            Some((found.1.section, found.1.name))
        };
        assert_eq!(at("product", 0), Some((Section::Product, "product")));
        assert_eq!(at("name", 0), Some((Section::Table, "name")));
        assert_eq!(at("name", 1), Some((Section::Column, "name")));
        assert_eq!(at("why", 0), Some((Section::Column, "why")));
        assert_eq!(at("c\n", 0), None);
        assert_eq!(key("", TextSize::new(0)), None);
    }
}
