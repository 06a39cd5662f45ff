//! What there is in a file, and what there is in the workspace, by name.

mod search;
mod spec_file;
mod sql_file;

pub use search::{FoundSymbol, workspace_symbols};

use index::{Facts, FileId, Snapshot};
use syntax::TextRange;

/// Something with a name in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name; never empty.
    pub name: String,
    /// What else tells what it is, in a few words.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// It holds no more.
    pub is_obsolete: bool,
    /// All of it.
    pub full: TextRange,
    /// Its name in it.
    pub focus: TextRange,
    /// What is inside, in the order of the text.
    pub inside: Vec<Symbol>,
}

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SymbolKind {
    /// A data product.
    Product,
    /// A table, also a statement that defines one.
    Table,
    /// A common table expression.
    Cte,
    /// A column.
    Column,
    /// An amendment.
    Amendment,
    /// A macro of a dbt project.
    Macro,
}

/// What there is in a file, in the order of the text.
pub fn document_symbols(snapshot: &Snapshot, file: FileId) -> Vec<Symbol> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    match &*file.facts {
        Facts::NativeSpec(spec) => spec_file::of_native(snapshot, file, spec),
        Facts::DbtProperties(properties) => {
            let mut found = spec_file::of_tables(file, &properties.tables);
            found.extend(spec_file::of_macros(file));
            found.sort_by_key(|symbol| symbol.full.start());
            found
        }
        Facts::Sql(_) => sql_file::symbols(snapshot, file),
        _ => Vec::new(),
    }
}

impl Symbol {
    fn new(name: impl Into<String>, kind: SymbolKind, full: TextRange, focus: TextRange) -> Symbol {
        Symbol {
            name: name.into(),
            detail: None,
            kind,
            is_obsolete: false,
            full: full.cover(focus),
            focus,
            inside: Vec::new(),
        }
    }

    /// With these inside, which it goes round, in their order in the text.
    fn around(mut self, mut inside: Vec<Symbol>) -> Symbol {
        inside.sort_by_key(|symbol| symbol.full.start());
        for symbol in &inside {
            self.full = self.full.cover(symbol.full);
        }
        Symbol { inside, ..self }
    }
}
