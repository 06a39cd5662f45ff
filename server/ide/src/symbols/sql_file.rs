//! What there is in SQL: the tables that statements define, their common table expressions, columns, and
//! macros.

use super::{Symbol, SymbolKind};
use crate::lookup;
use index::{File, FileKind, ModelId, Snapshot, SqlRole};
use sql::outline::{Outline, Part, PartKind, outline};
use syntax::TextRange;

pub(super) fn symbols(snapshot: &Snapshot, file: &File) -> Vec<Symbol> {
    if file.kind == FileKind::Sql(SqlRole::Macro) {
        return macros(file);
    }
    let Some(text) = snapshot.text(file) else {
        return Vec::new();
    };
    let Outline { statements, .. } = outline(&text, &snapshot.sql_options(file));
    let statements = statements.iter();
    let symbols = statements.filter_map(|part| of_statement(snapshot, file, &text, part));
    symbols.collect()
}

/// The macros of a file that defines no table.
fn macros(file: &File) -> Vec<Symbol> {
    let macros = file.sql().map_or(&[][..], |sql| &sql.macros);
    let symbols = macros.iter().map(|own| {
        let focus = file.range(own.name_spot);
        Symbol::new(
            own.name.as_str(),
            SymbolKind::Macro,
            file.range(own.whole),
            focus,
        )
    });
    symbols.collect()
}

fn of_statement(snapshot: &Snapshot, file: &File, text: &str, part: &Part) -> Option<Symbol> {
    let first = part.parts.iter().flat_map(|query| &query.parts);
    let start = first.map(|part| part.range.start()).min();
    // Without a name of its own it goes by that of its file.
    let focus = part.name.or_else(|| {
        let start = start?;
        Some(TextRange::at(start, first_word(text, start)))
    });
    let mut inside = Vec::new();
    for query in &part.parts {
        of_query(text, query, &mut inside);
    }
    if inside.is_empty() && part.name.is_none() {
        return None;
    }
    let name = match part.name {
        Some(name) => lookup::slice(text, name).to_owned(),
        None => name_of_file(snapshot, file, part.range)?,
    };
    let symbol = Symbol::new(name, SymbolKind::Table, part.range, focus?);
    Some(symbol.around(inside))
}

/// The common table expressions of a query, and the columns that its first branch gives.
fn of_query(text: &str, query: &Part, found: &mut Vec<Symbol>) {
    let mut has_columns = false;
    for part in &query.parts {
        match part.kind {
            PartKind::Cte => {
                let mut inside = Vec::new();
                for query in &part.parts {
                    of_query(text, query, &mut inside);
                }
                let name = part.name.unwrap_or(part.range);
                let named = lookup::slice(text, name);
                let symbol = Symbol::new(named, SymbolKind::Cte, part.range, name);
                found.push(symbol.around(inside));
            }
            PartKind::Query if !has_columns => {
                of_query(text, part, found);
                has_columns = true;
            }
            PartKind::Select if !has_columns => {
                let projections = part.parts.iter();
                let projections = projections.filter(|it| it.kind == PartKind::Projection);
                let items = projections.flat_map(|projection| &projection.parts);
                found.extend(items.filter_map(|item| of_item(text, item)));
                has_columns = true;
            }
            _ => {}
        }
    }
}

fn of_item(text: &str, item: &Part) -> Option<Symbol> {
    let focus = item.name?;
    let quotes: &[char] = &['"', '`', '[', ']'];
    let name = lookup::slice(text, focus).trim_matches(quotes);
    (!name.is_empty()).then(|| Symbol::new(name, SymbolKind::Column, item.range, focus))
}

fn name_of_file(snapshot: &Snapshot, file: &File, statement: TextRange) -> Option<String> {
    let models = file.sql().map_or(&[][..], |sql| &sql.models);
    let mut own = (0..)
        .zip(models)
        .filter(|(_, model)| statement.contains_range(file.range(model.statement)));
    let table = own.find_map(|(ordinal, _)| {
        let file = file.id;
        snapshot.table_of_model(ModelId { file, ordinal })
    });
    match table {
        Some(table) => Some(table.key.to_string()),
        None => Some(file.path.file_stem()?.to_string_lossy().into_owned()),
    }
}

fn first_word(text: &str, start: syntax::TextSize) -> syntax::TextSize {
    let rest = text.get(start.into()..).unwrap_or_default();
    let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    lookup::offset(end.unwrap_or(rest.len()))
}
