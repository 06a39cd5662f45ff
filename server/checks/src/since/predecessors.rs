//! Products of the base that have another name now, or are gone.

use index::Snapshot;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syntax::Name;

/// The products of the base that `product` carries on: the one of its name, and those that nothing is called
/// any more and whose files state it now, or whose amendments it has.
pub(crate) fn predecessors(snapshot: &Snapshot, base: &Snapshot, product: &Name) -> Vec<Name> {
    let own = base.products().into_iter().find(|name| *name == product);
    let renamed =
        gone(snapshot, base).filter(|old| successor(snapshot, base, old) == Some(product));
    own.into_iter().chain(renamed).cloned().collect()
}

/// The products of the base that have another name now, and that name.
pub(crate) fn renamed(snapshot: &Snapshot, base: &Snapshot) -> BTreeMap<Name, Name> {
    let renamed = gone(snapshot, base).filter_map(|old| {
        let now = successor(snapshot, base, old)?;
        Some((old.clone(), now.clone()))
    });
    renamed.collect()
}

/// The products of the base that no product of now carries on.
pub(crate) fn ended<'b>(snapshot: &Snapshot, base: &'b Snapshot) -> Vec<&'b Name> {
    let gone = gone(snapshot, base);
    let ended = gone.filter(|old| successor(snapshot, base, old).is_none());
    ended.collect()
}

/// The products of the base that no spec names any more.
fn gone<'b>(snapshot: &Snapshot, base: &'b Snapshot) -> impl Iterator<Item = &'b Name> {
    let now = snapshot.products().into_iter().cloned();
    let now: BTreeSet<Name> = now.collect();
    let then = base.products().into_iter();
    then.filter(move |name| !now.contains(*name))
}

/// The product that carries on one that is gone.
fn successor<'s>(snapshot: &'s Snapshot, base: &Snapshot, old: &Name) -> Option<&'s Name> {
    let paths = |snapshot: &Snapshot, product: &Name| -> BTreeSet<Box<Path>> {
        let files = snapshot.product_files(product).into_iter();
        files.map(|file| Box::from(&*file.path)).collect()
    };
    let then = paths(base, old);
    let products = snapshot.products();
    let in_its_files = |name: &&&Name| !paths(snapshot, name).is_disjoint(&then);
    let is_new = |name: &Name| base.product_files(name).is_empty();
    let requirements = requirements(base, old);
    let has_its_words = |name: &&&Name| {
        is_new(name) && !self::requirements(snapshot, name).is_disjoint(&requirements)
    };
    let mut by_file = products.iter().filter(in_its_files);
    let mut by_words = products.iter().filter(has_its_words);
    by_file.next().or_else(|| by_words.next()).copied()
}

/// The words of what was asked for.
fn requirements(snapshot: &Snapshot, product: &Name) -> BTreeSet<String> {
    let files = snapshot.product_files(product).into_iter();
    let specs = files.filter_map(|file| file.native_spec());
    let amendments = specs.flat_map(|spec| &spec.amendments);
    let words = amendments.filter_map(|amendment| Some(&amendment.requirement.as_ref()?.value));
    words.cloned().collect()
}
