//! Statements one after the other, where later ones see the tables that earlier ones define.

use super::{Catalog, Lowered, TableColumn, TableColumns, each_prepared};
use crate::analysis::{Options, analyze};
use crate::facts::{ModelKind, Output, TableName, TableRef};
use crate::prepare::Prepared;
use std::cell::RefCell;
use std::collections::HashMap;

/// Lowers every statement of a text that nobody else knows the tables of: those that it declares or
/// fills are known to the statements behind. What `schema` knows comes first.
pub fn script(text: &str, options: &Options, schema: &dyn Catalog) -> Vec<Lowered> {
    let catalog = Script {
        schema,
        defined: RefCell::new(declared(text, options)),
    };
    let mut all = Vec::new();
    each_prepared(
        &Prepared::of_text(text, options),
        &catalog,
        &mut |lowered| {
            catalog.define(&lowered);
            all.push(lowered);
        },
    );
    all
}

struct Script<'s> {
    schema: &'s dyn Catalog,
    defined: RefCell<HashMap<TableName, TableColumns>>,
}

impl Script<'_> {
    fn define(&self, lowered: &Lowered) {
        let Some(name) = lowered.name.clone() else {
            return;
        };
        let root = lowered.query.root();
        let listed = root.columns.iter().filter(|column| !column.implicit);
        let columns = listed.map(|column| {
            let name = column.name.clone()?;
            Some(TableColumn {
                name,
                data_type: None,
            })
        });
        let columns: Option<Vec<TableColumn>> = columns.collect();
        let mut defined = self.defined.borrow_mut();
        match columns {
            // A table that is filled may have been there before, with other columns besides.
            _ if lowered.kind == ModelKind::Insert && defined.contains_key(&name) => {}
            Some(columns) => {
                let open = root.open || lowered.kind == ModelKind::Insert;
                defined.insert(name, TableColumns { columns, open });
            }
            None => {
                defined.remove(&name);
            }
        }
    }
}

impl Catalog for Script<'_> {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let known = self.schema.columns(table);
        known.or_else(|| match table {
            TableRef::Named(name) => self.defined.borrow().get(name).cloned(),
            TableRef::Ref { .. } | TableRef::Source { .. } | TableRef::Unknown => None,
        })
    }
}

/// The tables that the text declares with a list of columns.
fn declared(text: &str, options: &Options) -> HashMap<TableName, TableColumns> {
    let facts = analyze(text, options).facts;
    let declared = facts.models.into_iter();
    let declared = declared.filter(|model| model.kind == ModelKind::Declaration);
    declared
        .filter_map(|model| {
            let columns = model.outputs.iter().filter_map(|output| match output {
                Output::Column(column) => Some(TableColumn {
                    name: column.name.clone(),
                    data_type: None,
                }),
                Output::Star(_) => None,
            });
            let columns = TableColumns {
                columns: columns.collect(),
                open: model.open.is_some(),
            };
            Some((model.name?, columns))
        })
        .collect()
}
