//! Versions of a dbt model: which there are, and which columns each one has.

use super::column;
use crate::dbt::lenient::{self, Keys};
use crate::model::{Inherited, Version};
use crate::reader::Reader;
use std::collections::HashSet;
use syntax::{Name, Placed};

/// The versions under `versions`.
pub(super) fn read<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> Vec<Version> {
    let mut versions = Vec::new();
    for item in lenient::items(reader, keys.get("versions")) {
        let keys = Keys::of(reader, item);
        let Some(version) = lenient::text_field(reader, keys.get("v")) else {
            continue;
        };
        let mut inherited = Inherited::All;
        let mut columns = Vec::new();
        for item in lenient::items(reader, keys.get("columns")) {
            let keys = Keys::of(reader, item);
            match directive(reader, &keys) {
                Some(directive) => inherited = directive,
                None => columns.extend(column(reader, item)),
            }
        }
        versions.push(Version {
            entry: reader.spot(item.range),
            version: Placed::new(version.value, version.spot),
            defined_in: lenient::text_field(reader, keys.get("defined_in")),
            inherited,
            columns,
        });
    }
    versions
}

/// The item `{include: …, exclude: …}` among the columns of a version. `*` and `all` include all.
fn directive<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> Option<Inherited> {
    let include = keys.get("include");
    let exclude = keys.get("exclude");
    if include.is_none() && exclude.is_none() {
        return None;
    }
    let mut names = |pair| -> Vec<Name> {
        let names = lenient::names(reader, pair);
        names.into_iter().map(|name| name.value).collect()
    };
    let includes_all = include.is_none_or(|pair| {
        let text = pair.value.content.as_str();
        matches!(text, Some("*" | "all"))
    });
    let excluded = names(exclude);
    Some(match (includes_all, excluded.is_empty()) {
        (true, true) => Inherited::All,
        (true, false) => Inherited::AllBut(excluded),
        (false, _) => {
            let mut included = names(include);
            let excluded: HashSet<Name> = excluded.into_iter().collect();
            included.retain(|name| !excluded.contains(name));
            Inherited::Only(included)
        }
    })
}
