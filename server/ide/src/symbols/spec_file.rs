//! What there is in specs: a product, tables with their columns, amendments.

use super::{Symbol, SymbolKind};
use crate::history;
use index::{File, Snapshot};
use spec::history::Standing;
use spec::model::{Amendment, Column, NativeSpec, Table, TableOrigin};
use syntax::TextRange;
use syntax::name::dotted;

/// How much of a text is shown, in characters.
const LONGEST_DETAIL: usize = 80;

pub(super) fn of_native(snapshot: &Snapshot, file: &File, spec: &NativeSpec) -> Vec<Symbol> {
    let mut found = of_tables(file, &spec.tables);
    let amendments = spec.amendments.iter();
    found.extend(amendments.filter_map(|amendment| of_amendment(file, amendment)));
    found.sort_by_key(|symbol| symbol.full.start());
    let Some(product) = &spec.product else {
        return found;
    };
    strike_out(snapshot, file, spec, &mut found);
    let name = product.value.as_str();
    if name.is_empty() {
        return found;
    }
    let focus = file.range(product.spot);
    let full = file.range(product.key).cover(focus);
    let symbol = Symbol::new(name, SymbolKind::Product, full, focus);
    let detail = spec
        .description
        .as_ref()
        .map(|field| shortened(&field.value));
    vec![Symbol { detail, ..symbol }.around(found)]
}

/// The tables that a spec of any format describes.
pub(super) fn of_tables(file: &File, tables: &[Table]) -> Vec<Symbol> {
    let tables = tables.iter().filter_map(|table| {
        let mut name = dotted(&table.name.value);
        if let TableOrigin::DbtSource { source } = &table.origin {
            name = format!("{source}.{name}");
        }
        let focus = inside(file.range(table.entry), file.range(table.name.spot));
        let columns = table.columns.iter();
        let columns = columns.filter_map(|column| of_column(file, column));
        let symbol = Symbol::new(name, SymbolKind::Table, file.range(table.entry), focus);
        let detail = table
            .description
            .as_ref()
            .map(|field| shortened(&field.value));
        (!symbol.name.is_empty()).then(|| Symbol { detail, ..symbol }.around(columns.collect()))
    });
    tables.collect()
}

/// The macros that a properties file describes.
pub(super) fn of_macros(file: &File) -> Vec<Symbol> {
    let macros = file.described_macros().iter().map(|entry| {
        let full = file.range(entry.entry);
        let focus = inside(full, file.range(entry.name.spot));
        let symbol = Symbol::new(entry.name.value.as_str(), SymbolKind::Macro, full, focus);
        let description = entry.description.as_ref();
        let detail = description.map(|field| shortened(&field.value));
        Symbol { detail, ..symbol }
    });
    macros.collect()
}

fn of_column(file: &File, column: &Column) -> Option<Symbol> {
    let full = file.range(column.entry);
    let focus = inside(full, file.range(column.name.spot));
    let name = column.name.value.as_str();
    let told = [&column.data_type, &column.unit].into_iter().flatten();
    let told: Vec<String> = told.map(|field| shortened(&field.value)).collect();
    (!name.is_empty()).then(|| Symbol {
        detail: (!told.is_empty()).then(|| told.join(" ")),
        is_obsolete: column.deprecated.is_some(),
        ..Symbol::new(name, SymbolKind::Column, full, focus)
    })
}

fn of_amendment(file: &File, amendment: &Amendment) -> Option<Symbol> {
    let id = amendment.id.as_ref()?;
    let requirement = amendment.requirement.as_ref();
    Some(Symbol {
        detail: requirement.map(|field| shortened(&field.value)),
        ..Symbol::new(
            id.value.to_string(),
            SymbolKind::Amendment,
            file.range(amendment.entry),
            file.range(id.spot),
        )
    })
}

/// Marks the amendments that hold no more.
fn strike_out(snapshot: &Snapshot, file: &File, spec: &NativeSpec, symbols: &mut [Symbol]) {
    let Some(product) = &spec.product else {
        return;
    };
    let history = history::of_product(snapshot, &product.value);
    let own = history.entries.iter().filter(|it| it.file.id == file.id);
    let over = own.filter(|entry| {
        matches!(
            entry.standing,
            Standing::Withdrawn | Standing::Superseded { .. }
        )
    });
    let over: Vec<TextRange> = over
        .filter_map(|entry| Some(file.range(entry.amendment.id.as_ref()?.spot)))
        .collect();
    for symbol in symbols {
        symbol.is_obsolete |= over.contains(&symbol.focus);
    }
}

/// The name, or, where an entry is an alias of another one, the alias.
fn inside(entry: TextRange, name: TextRange) -> TextRange {
    match entry.contains_range(name) {
        true => name,
        false => entry,
    }
}

fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(LONGEST_DETAIL) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
