//! Macros of ours for packages that are not there, written from what theirs are documented to do.
//!
//! Packages are installed into a folder that is not kept with a project, so that they are absent is
//! the normal case. A package that is there goes before.

use super::definition::macros_in;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The macros that stand in, by package.
const FILES: &[(&str, &str)] = &[
    ("dbt", include_str!("stand_ins/types.sql")),
    ("dbt", include_str!("stand_ins/dates.sql")),
    ("dbt", include_str!("stand_ins/texts.sql")),
    ("dbt", include_str!("stand_ins/values.sql")),
    ("dbt", include_str!("stand_ins/arrays.sql")),
    ("dbt_utils", include_str!("stand_ins/dbt_utils.sql")),
    (
        "fivetran_utils",
        include_str!("stand_ins/fivetran_utils.sql"),
    ),
];

type ByName = BTreeMap<(SmolStr, SmolStr), Arc<str>>;

static MACROS: LazyLock<ByName> = LazyLock::new(|| {
    let mut macros = ByName::new();
    for (package, text) in FILES {
        for definition in macros_in(text) {
            let range = usize::from(definition.range.start())..usize::from(definition.range.end());
            let own = text.get(range).unwrap_or_default();
            macros.insert((SmolStr::new(package), definition.name), Arc::from(own));
        }
    }
    macros
});

/// The macro that stands in.
pub(super) fn text(package: &str, name: &str) -> Option<Arc<str>> {
    let key = (SmolStr::new(package), SmolStr::new(name));
    MACROS.get(&key).cloned()
}

/// Whether there are any for the package.
pub(super) fn has_package(package: &str) -> bool {
    FILES.iter().any(|(own, _)| *own == package)
}

/// All of them.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    MACROS
        .keys()
        .map(|(package, name)| (package.as_str(), name.as_str()))
}
