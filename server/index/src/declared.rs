//! What is declared of the tables that a file mentions: types, what is never `NULL`, keys.
//!
//! Declarations are what specs say (a native spec, a dbt properties file with its constraints) and what
//! `CREATE TABLE` says. A dbt test is a claim about data; it counts for tables upstream, as evidence.

use crate::file::File;
use crate::snapshot::Snapshot;
use crate::table::{ModelId, Table};
use meaning::derive;
use meaning::evaluate::{Number, Value};
use meaning::witness;
use spec::model::ClaimKind;
use sql::Dialect;
use sql::facts::{ModelKind, TableRef};
use sql::lower::{Declaration, data_type_of, declarations};
use sql::relation::{DataType, Query, RelationId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use syntax::Name;

/// What is declared of the tables that a query mentions.
pub struct Declared<'s> {
    snapshot: &'s Snapshot,
    /// The table that a mention leads to.
    resolve: Box<Resolve<'s>>,
    dialect: Dialect,
    /// The relations of a query that are in the place of tables.
    stand_ins: BTreeMap<RelationId, TableRef>,
    known: RefCell<BTreeMap<TableRef, Rc<TableFacts>>>,
}

/// The table that a mention leads to.
type Resolve<'s> = dyn Fn(&TableRef) -> Option<&'s Table> + 's;

/// What is declared of one table.
#[derive(Clone, Debug, Default)]
struct TableFacts {
    columns: BTreeMap<Name, ColumnFacts>,
    keys: Vec<Vec<Name>>,
}

#[derive(Clone, Debug, Default)]
struct ColumnFacts {
    data_type: Option<DataType>,
    not_null: bool,
    /// All that it may hold, as a native spec lists them; empty where none does.
    values: Vec<String>,
    /// The columns of other tables that its values are among: the table as it is written, and the column.
    refers: Vec<(Vec<Name>, Name)>,
}

impl Snapshot {
    /// What is declared of the tables that `file` mentions.
    pub fn declared<'s>(&'s self, file: &'s File) -> Declared<'s> {
        Declared::new(self, file, move |table| {
            self.resolve(file, table).map(|table| &**table)
        })
    }
}

impl<'s> Declared<'s> {
    /// What is declared of the tables that mentions lead to. `file` tells the dialect.
    pub(crate) fn new(
        snapshot: &'s Snapshot,
        file: &File,
        resolve: impl Fn(&TableRef) -> Option<&'s Table> + 's,
    ) -> Declared<'s> {
        Declared {
            snapshot,
            resolve: Box::new(resolve),
            dialect: snapshot.projects.dialect(&file.path).dialect,
            stand_ins: BTreeMap::new(),
            known: RefCell::default(),
        }
    }

    /// The same for a query of which these relations are in the place of tables.
    #[must_use]
    pub fn with_stand_ins(self, stand_ins: BTreeMap<RelationId, TableRef>) -> Declared<'s> {
        Declared { stand_ins, ..self }
    }

    /// The same for a search for examples, of the tables that `query` reads. `name` is what the query
    /// calls a table that the file mentions.
    pub fn for_search(
        &self,
        query: &Query,
        name: &dyn Fn(&TableRef) -> TableRef,
    ) -> witness::Facts {
        let all = query.tables();
        let tables = all.iter().copied().map(|table| witness::TableFacts {
            table: name(table),
            references: references(&self.table(table), &all, name),
            ..self.of_table(table)
        });
        witness::Facts {
            tables: tables.collect(),
            models: Vec::new(),
        }
    }

    /// The same of one table.
    pub fn of_table(&self, table: &TableRef) -> witness::TableFacts {
        let facts = self.table(table);
        let columns = facts.columns.iter();
        let columns = columns.map(|(name, column)| witness::ColumnFacts {
            name: name.clone(),
            data_type: column.data_type.clone(),
            not_null: column.not_null,
            values: values(column),
        });
        witness::TableFacts {
            table: table.clone(),
            columns: columns.collect(),
            unique: facts.keys.clone(),
            references: Vec::new(),
        }
    }

    fn table(&self, table: &TableRef) -> Rc<TableFacts> {
        if let Some(known) = self.known.borrow().get(table) {
            return known.clone();
        }
        let facts = (self.resolve)(table).map(|table| self.facts_of(table));
        let facts = Rc::new(facts.unwrap_or_default());
        self.known.borrow_mut().insert(table.clone(), facts.clone());
        facts
    }

    fn facts_of(&self, table: &Table) -> TableFacts {
        let mut facts = TableFacts::default();
        for column in &table.columns {
            let written = column.data_type.as_deref();
            let data_type = written.and_then(|written| data_type_of(written, self.dialect));
            facts.column(&column.name).data_type = data_type;
        }
        for id in &table.descriptions {
            if let Some((_, described)) = self.snapshot.description(*id) {
                facts.describe(described);
            }
        }
        for id in &table.models {
            if let Some(declaration) = self.declaration(*id) {
                facts.declare(declaration);
            }
        }
        facts
    }

    /// What the statement declares, if it is a `CREATE TABLE` with a list of columns.
    fn declaration(&self, id: ModelId) -> Option<Declaration> {
        let (file, model) = self.snapshot.model(id)?;
        if model.kind != ModelKind::Declaration {
            return None;
        }
        let name = model.name.as_ref()?;
        let text = self.snapshot.text(file)?;
        let options = crate::reader::options(
            &self.snapshot.configurations,
            &self.snapshot.projects,
            &file.path,
        );
        let mut declared = declarations(&text, &options).into_iter();
        declared.find(|declared| declared.name == *name)
    }
}

impl TableFacts {
    fn column(&mut self, name: &Name) -> &mut ColumnFacts {
        self.columns.entry(name.clone()).or_default()
    }

    fn describe(&mut self, table: &spec::model::Table) {
        let names = |placed: &[syntax::Placed<Name>]| -> Vec<Name> {
            placed.iter().map(|name| name.value.clone()).collect()
        };
        self.key(names(&table.grain));
        for key in &table.keys {
            self.key(names(key));
        }
        for claim in &table.claims {
            if let ClaimKind::UniqueCombination(columns) = &claim.kind {
                self.key(columns.clone());
            }
        }
        for column in &table.columns {
            let name = &column.name.value;
            let values = column.values.iter().map(|value| value.value.clone());
            self.column(name).values.extend(values);
            let is =
                |field: &Option<spec::model::Field<bool>>| field.as_ref().map(|field| field.value);
            let claims =
                |wanted: &ClaimKind| column.claims.iter().any(|claim| claim.kind == *wanted);
            let mut refers = Vec::new();
            for claim in &column.claims {
                if let ClaimKind::Relationships { to, field } = &claim.kind {
                    refers.push((to.split('.').map(Name::new).collect(), field.clone()));
                }
            }
            if let Some(references) = &column.references
                && let Some((table, key)) = references.value.rsplit_once('.')
            {
                refers.push((table.split('.').map(Name::new).collect(), Name::new(key)));
            }
            self.column(name).refers.extend(refers);
            if is(&column.nullable) == Some(false) || claims(&ClaimKind::NotNull) {
                self.column(name).not_null = true;
            }
            if is(&column.unique) == Some(true) || claims(&ClaimKind::Unique) {
                self.key(vec![name.clone()]);
            }
        }
    }

    fn declare(&mut self, declaration: Declaration) {
        for column in declaration.columns {
            let facts = self.column(&column.name);
            facts.not_null |= column.not_null;
            facts.data_type.get_or_insert(column.data_type);
        }
        for key in declaration.keys {
            self.key(key);
        }
    }

    fn key(&mut self, columns: Vec<Name>) {
        if !columns.is_empty() && !self.keys.contains(&columns) {
            self.keys.push(columns);
        }
    }
}

/// The foreign keys of a table to those of a query.
fn references(
    facts: &TableFacts,
    all: &[&TableRef],
    name: &dyn Fn(&TableRef) -> TableRef,
) -> Vec<witness::Reference> {
    let mut found = Vec::new();
    for (column, known) in &facts.columns {
        for (written, key) in &known.refers {
            let meant = all.iter().filter(|table| is_written(table, written));
            found.extend(meant.map(|table| witness::Reference {
                columns: vec![column.clone()],
                table: name(table),
                to: vec![key.clone()],
            }));
        }
    }
    found
}

/// Whether a table is meant by a name that may leave out its schema.
fn is_written(table: &TableRef, written: &[Name]) -> bool {
    match table {
        TableRef::Named(name) => name.parts.ends_with(written),
        TableRef::Ref { name, .. } => std::slice::from_ref(name).ends_with(written),
        TableRef::Source { source, table } => [source.clone(), table.clone()].ends_with(written),
        TableRef::Unknown => false,
    }
}

/// What a column may hold, where it is clear what kind of values these are.
fn values(column: &ColumnFacts) -> Vec<Value> {
    let value = |written: &String| match &column.data_type {
        Some(DataType::Text(_)) => Some(Value::text(written)),
        Some(DataType::Integer(_)) => written
            .parse()
            .ok()
            .map(|number: i64| Value::Number(Number::integer(number))),
        _ => None,
    };
    let values: Option<Vec<Value>> = column.values.iter().map(value).collect();
    values.unwrap_or_default()
}

impl derive::Facts for Declared<'_> {
    fn data_type(&self, table: &TableRef, column: &Name) -> Option<DataType> {
        self.table(table).columns.get(column)?.data_type.clone()
    }

    fn is_not_null(&self, table: &TableRef, column: &Name) -> bool {
        let facts = self.table(table);
        facts
            .columns
            .get(column)
            .is_some_and(|column| column.not_null)
    }

    fn refers(&self, from: (&TableRef, &Name), to: (&TableRef, &Name)) -> bool {
        let facts = self.table(from.0);
        let column = facts.columns.get(from.1);
        let mut refers = column.into_iter().flat_map(|column| &column.refers);
        refers.any(|(table, key)| key == to.1 && is_written(to.0, table))
    }

    fn keys(&self, table: &TableRef) -> Vec<Vec<Name>> {
        self.table(table).keys.clone()
    }

    fn stands_for(&self, relation: RelationId) -> Option<&TableRef> {
        self.stand_ins.get(&relation)
    }

    fn dialect(&self) -> Option<Dialect> {
        Some(self.dialect)
    }
}
