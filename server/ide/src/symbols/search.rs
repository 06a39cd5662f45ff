//! Symbols of the whole workspace by a part of their names.

use super::SymbolKind;
use crate::history;
use crate::letters::Letters;
use index::{Column, File, FileId, Snapshot, Table};
use std::cmp::Ordering;
use syntax::{Spot, TextRange};

/// Something in the workspace with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSymbol {
    /// Its name.
    pub name: String,
    /// What it is a part of.
    pub container: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// Its file.
    pub file: FileId,
    /// Its name there.
    pub range: TextRange,
}

/// So many are given at most: nobody reads more, and typing on narrows them down.
const MOST: usize = 256;

/// The products, tables, columns, amendments and macros whose names hold the letters of `query` in their
/// order, whatever their case: those that fit best first, and always in the same order. A query with a
/// dot is compared with columns behind the names of their tables.
pub fn workspace_symbols(snapshot: &Snapshot, query: &str) -> Vec<FoundSymbol> {
    let query: String = query.split_whitespace().collect();
    let query = query.to_lowercase();
    let mut candidates = Candidates {
        query: &query,
        is_qualified: query.contains('.'),
        found: Vec::new(),
    };
    for product in snapshot.products() {
        let files = snapshot.product_files(product);
        if let Some(file) = files.first() {
            let is_it = Candidate::Product(file);
            candidates.offer(product.as_str(), "", SymbolKind::Product, is_it);
        }
        for entry in history::of_product(snapshot, product).entries {
            if let Some(id) = &entry.amendment.id {
                let name = id.value.to_string();
                let is_it = Candidate::At(entry.file, id.spot);
                candidates.offer(&name, product.as_str(), SymbolKind::Amendment, is_it);
            }
        }
    }
    for table in snapshot.tables() {
        let name = table.key.to_string();
        candidates.offer(&name, "", SymbolKind::Table, Candidate::Table(table));
        // All columns are none that somebody who has typed nothing looks for.
        for column in table.columns.iter().filter(|_| !query.is_empty()) {
            let is_it = Candidate::Column(column);
            candidates.offer(column.name.as_str(), &name, SymbolKind::Column, is_it);
        }
    }
    for file in snapshot.files() {
        for own in file.sql().map_or(&[][..], |sql| &sql.macros) {
            let is_it = Candidate::At(file, own.name_spot);
            let package = snapshot.package_of(file).unwrap_or_default();
            candidates.offer(&own.name, &package, SymbolKind::Macro, is_it);
        }
    }
    let mut found = candidates.found;
    found.sort_by(|left, right| left.order().cmp(&right.order()));
    let placed = found.into_iter().filter_map(|it| it.placed(snapshot));
    placed.take(MOST).collect()
}

struct Candidates<'q, 's> {
    query: &'q str,
    is_qualified: bool,
    found: Vec<Fitting<'s>>,
}

/// Something whose name fits.
struct Fitting<'s> {
    fit: Fit,
    name: String,
    container: String,
    kind: SymbolKind,
    candidate: Candidate<'s>,
}

/// What leads to the place of a symbol, which is looked for once it is to be shown.
enum Candidate<'s> {
    Product(&'s File),
    At(&'s File, Spot),
    Table(&'s Table),
    Column(&'s Column),
}

/// How well a name fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Start,
    /// At the start of one of its words.
    Word,
    Inside,
    /// With other letters in between.
    Scattered,
}

impl<'s> Candidates<'_, 's> {
    fn offer(&mut self, name: &str, container: &str, kind: SymbolKind, candidate: Candidate<'s>) {
        // Most names do not fit, and are passed over without being copied.
        let mut wanted = Letters::new(self.query);
        if kind == SymbolKind::Column && self.is_qualified {
            wanted = wanted.behind(container).behind(".");
        }
        if !wanted.are_in(name) {
            return;
        }
        let fit = match kind {
            SymbolKind::Column if self.is_qualified => {
                fit(self.query, &format!("{container}.{name}"))
            }
            _ => fit(self.query, name),
        };
        if let Some(fit) = fit {
            self.found.push(Fitting {
                fit,
                name: name.to_owned(),
                container: container.to_owned(),
                kind,
                candidate,
            });
        }
    }
}

impl Fitting<'_> {
    fn order(&self) -> (Fit, SymbolKind, usize, &str, &str) {
        let length = self.name.len();
        (self.fit, self.kind, length, &self.name, &self.container)
    }

    fn placed(self, snapshot: &Snapshot) -> Option<FoundSymbol> {
        let (file, range) = match self.candidate {
            Candidate::Product(file) => {
                let product = file.native_spec()?.product.as_ref()?;
                (file, file.range(product.spot))
            }
            Candidate::At(file, spot) => (file, file.range(spot)),
            Candidate::Table(table) => table_place(snapshot, table)?,
            Candidate::Column(column) => column_place(snapshot, column)?,
        };
        Some(FoundSymbol {
            name: self.name,
            container: (!self.container.is_empty()).then_some(self.container),
            kind: self.kind,
            file: file.id,
            range,
        })
    }
}

/// Where a table is made, else where it is described.
fn table_place<'s>(snapshot: &'s Snapshot, table: &Table) -> Option<(&'s File, TextRange)> {
    if let Some(id) = table.models.first() {
        return match snapshot.model(*id) {
            Some((file, model)) => Some((file, file.range(model.name_spot))),
            None => Some((snapshot.file(id.file)?, TextRange::default())),
        };
    }
    let (file, entry) = snapshot.description(*table.descriptions.first()?)?;
    Some((file, file.range(entry.name.spot)))
}

/// Where a column is described, else where it is selected.
fn column_place<'s>(snapshot: &'s Snapshot, column: &Column) -> Option<(&'s File, TextRange)> {
    if let Some(described) = column.described.first() {
        let (file, _) = snapshot.description(described.table)?;
        let entry = snapshot.described_column(*described)?;
        return Some((file, file.range(entry.name.spot)));
    }
    if let Some(selected) = column.selected {
        let (file, _) = snapshot.model(selected.model)?;
        return Some((file, file.range(selected.name)));
    }
    let seed = snapshot.file(column.in_seed?.file)?;
    Some((seed, TextRange::default()))
}

/// How well `name` fits what was typed, in lower case; `None` where it does not.
fn fit(query: &str, name: &str) -> Option<Fit> {
    let name = name.to_lowercase();
    if query.is_empty() {
        return Some(Fit::Scattered);
    }
    match (name.find(query), name.len().cmp(&query.len())) {
        (Some(0), Ordering::Equal) => return Some(Fit::Exact),
        (Some(0), _) => return Some(Fit::Start),
        (Some(at), _) => {
            let mut places = std::iter::once(at).chain(name.match_indices(query).map(|(at, _)| at));
            let starts_word = |at: usize| {
                let before = name.get(..at).and_then(|before| before.chars().next_back());
                before.is_none_or(|before| !before.is_alphanumeric())
            };
            return Some(match places.any(starts_word) {
                true => Fit::Word,
                false => Fit::Inside,
            });
        }
        (None, _) => {}
    }
    Letters::new(query).are_in(&name).then_some(Fit::Scattered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_it_fits_the_earlier_it_comes() {
        for (query, name, expected) in [
            ("orders", "Orders", Some(Fit::Exact)),
            ("ord", "orders", Some(Fit::Start)),
            ("ord", "stg_orders", Some(Fit::Word)),
            ("ders", "orders", Some(Fit::Inside)),
            ("stor", "stg_orders", Some(Fit::Scattered)),
            ("srots", "stg_orders", None),
            ("", "orders", Some(Fit::Scattered)),
            ("größe", "GRÖSSE", None),
            ("grö", "GRÖSSE", Some(Fit::Start)),
        ] {
            assert_eq!(fit(query, name), expected, "{query} in {name}");
        }
    }
}
