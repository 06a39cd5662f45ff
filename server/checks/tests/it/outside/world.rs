//! The input rows of an example as tables of DuckDB, and over them the models of a workspace, each by the
//! SQL that stands in its file.

use index::{File, ModelId, Snapshot, Table, TableKey};
use meaning::evaluate::Value;
use meaning::witness::{Witness, WitnessTable};
use sql::Templating;
use sql::facts::{ModelKind, TableRef};
use sql::relation::{DataType, Expression, Query, Relation, Source};
use sql::render::StandsFor;
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// Why something can't be run in DuckDB.
pub(super) type Unportable = String;

/// The statements that make a table, and everything that it is computed from.
pub(super) struct World<'s> {
    snapshot: &'s Snapshot,
    witness: &'s Witness,
    /// Which rows of an input table are left: a condition, by the names of the table.
    keeps: BTreeMap<Vec<Name>, String>,
    statements: Vec<String>,
    made: BTreeSet<Vec<Name>>,
    /// The columns that queries mention of a table.
    mentioned: BTreeMap<Vec<Name>, Vec<Name>>,
}

impl<'s> World<'s> {
    pub(super) fn new(snapshot: &'s Snapshot, witness: &'s Witness) -> World<'s> {
        World {
            snapshot,
            witness,
            keeps: BTreeMap::new(),
            statements: Vec::new(),
            made: BTreeSet::new(),
            mentioned: BTreeMap::new(),
        }
    }

    /// The same with fewer rows of an input table.
    pub(super) fn keeping(mut self, table: &[Name], condition: String) -> World<'s> {
        self.keeps.insert(table.to_vec(), condition);
        self
    }

    /// The statements for a table of the workspace, and for those of the example that it does not read.
    pub(super) fn of(mut self, table: &Table) -> Result<Vec<String>, Unportable> {
        self.mention(&table.key, &mut BTreeSet::new());
        for given in &self.witness.inputs {
            let parts = parts_of(&given.table)?;
            if parts != table.key.parts {
                self.input(&parts, Some(given))?;
            }
        }
        self.make(&table.key, true)?;
        Ok(self.statements)
    }

    /// Notes which columns all models upstream mention.
    fn mention(&mut self, key: &TableKey, seen: &mut BTreeSet<TableKey>) {
        if !seen.insert(key.clone()) {
            return;
        }
        let Some((file, query)) = self.query(key) else {
            return;
        };
        for (table, name) in columns(&query) {
            let parts = match self.snapshot.table_key(file, &table) {
                Some(key) => key.parts.clone(),
                None => parts_of(&table).unwrap_or_default(),
            };
            let known = self.mentioned.entry(parts).or_default();
            if !known.contains(&name) {
                known.push(name);
            }
        }
        for table in query.tables() {
            if let Some(key) = self.snapshot.table_key(file, table) {
                self.mention(&key.clone(), seen);
            }
        }
    }

    fn query(&self, key: &TableKey) -> Option<(&'s File, Query)> {
        let table = self.snapshot.table(key)?;
        let model = self.snapshot.defining_model(table)?;
        let (relations, at) = self.snapshot.relation(model)?;
        let file = self.snapshot.file(model.file)?;
        Some((file, relations.full.get(at)?.query.clone()))
    }

    fn make(&mut self, key: &TableKey, is_judged: bool) -> Result<(), Unportable> {
        let given = self.given(&key.parts);
        if let (Some(given), false) = (given, is_judged) {
            return self.input(&key.parts, Some(given));
        }
        let table = self.snapshot.table(key);
        let model = table.and_then(|table| self.snapshot.defining_model(table));
        let Some(model) = model else {
            return self.input(&key.parts, None);
        };
        let (file, query) = self.query(key).ok_or("a model that is not read")?;
        if !self.made.insert(key.parts.clone()) {
            return Ok(());
        }
        for mentioned in query.tables() {
            match self.snapshot.table_key(file, mentioned).cloned() {
                Some(upstream) => {
                    self.make(&upstream, false)?;
                    self.alias(mentioned, &upstream)?;
                }
                None => self.input(&parts_of(mentioned)?, self.given(&parts_of(mentioned)?))?,
            }
        }
        let text = text_of(self.snapshot, file, model)?;
        let name = self.named(&key.parts)?;
        self.statements
            .push(format!("CREATE VIEW {name} AS {text}"));
        Ok(())
    }

    /// A table under the shorter name that a model has for it.
    fn alias(&mut self, mentioned: &TableRef, key: &TableKey) -> Result<(), Unportable> {
        let TableRef::Named(short) = mentioned else {
            return Ok(());
        };
        if short.parts == key.parts || !self.made.insert(short.parts.clone()) {
            return Ok(());
        }
        let (short, long) = (self.named(&short.parts)?, quoted(&key.parts));
        let statement = format!("CREATE VIEW {short} AS SELECT * FROM {long}");
        self.statements.push(statement);
        Ok(())
    }

    fn given(&self, parts: &[Name]) -> Option<&'s WitnessTable> {
        let mut inputs = self.witness.inputs.iter();
        inputs.find(|input| matches!(&input.table, TableRef::Named(name) if name.parts == parts))
    }

    /// A table that holds the rows of the example, or none.
    fn input(&mut self, parts: &[Name], given: Option<&WitnessTable>) -> Result<(), Unportable> {
        if !self.made.insert(parts.to_vec()) {
            return Ok(());
        }
        let mut others: Vec<(Name, Option<String>)> = Vec::new();
        let tables = self.snapshot.tables().into_iter();
        let known = tables.filter(|table| table.key.parts == parts);
        let known = known.flat_map(|table| table.columns.iter());
        let known = known.map(|column| {
            let data_type = column.data_type.as_ref().map(ToString::to_string);
            (column.name.clone(), data_type)
        });
        let mentioned = self.mentioned.get(parts).into_iter().flatten();
        for (name, data_type) in known.chain(mentioned.map(|name| (name.clone(), None))) {
            let is_given = |given: &WitnessTable| given.columns.iter().any(|(own, _)| *own == name);
            let is_known = others.iter().any(|(own, _)| *own == name);
            if !is_known && !given.is_some_and(is_given) {
                others.push((name, data_type));
            }
        }
        let mut rows: Vec<String> = Vec::new();
        for row in given.iter().flat_map(|given| &given.rows) {
            rows.push(row_of(given, Some(row), &others)?);
        }
        let text = match rows.is_empty() {
            true => format!("{} WHERE FALSE", row_of(given, None, &others)?),
            false => rows.join(" UNION ALL "),
        };
        let name = self.named(parts)?;
        let text = match self.keeps.get(parts) {
            Some(condition) => {
                let own = parts.last().map(Name::as_str).unwrap_or_default();
                format!("SELECT * FROM ({text}) AS \"{own}\" WHERE {condition}")
            }
            None => text,
        };
        self.statements
            .push(format!("CREATE VIEW {name} AS {text}"));
        Ok(())
    }

    /// The name of a table, whose schema is there.
    fn named(&mut self, parts: &[Name]) -> Result<String, Unportable> {
        if parts.len() > 2 {
            return Err("a name of three parts".to_owned());
        }
        if let [schema, _] = parts {
            let statement = format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"");
            self.statements.push(statement);
        }
        Ok(quoted(parts))
    }
}

/// The columns that the models of a table and of all that it reads mention, by table.
pub(super) fn mentioned(snapshot: &Snapshot, table: &Table) -> BTreeMap<Vec<Name>, Vec<Name>> {
    let nothing = Witness {
        inputs: Vec::new(),
        was: Vec::new(),
        now: Vec::new(),
    };
    let mut world = World::new(snapshot, &nothing);
    world.mention(&table.key, &mut BTreeSet::new());
    world.mentioned
}

/// A name as DuckDB reads it.
pub(super) fn quoted(parts: &[Name]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| format!("\"{part}\"")).collect();
    parts.join(".")
}

pub(super) fn parts_of(table: &TableRef) -> Result<Vec<Name>, Unportable> {
    match table {
        TableRef::Named(name) => Ok(name.parts.clone()),
        TableRef::Ref { name, .. } => Ok(vec![name.clone()]),
        TableRef::Source { source, table } => Ok(vec![source.clone(), table.clone()]),
        TableRef::Unknown => Err("a table that is not known".to_owned()),
    }
}

/// The columns of tables that a query mentions.
fn columns(query: &Query) -> BTreeSet<(TableRef, Name)> {
    let mut inputs = BTreeMap::new();
    for input in query.relations.iter().flat_map(Relation::inputs) {
        if let Source::Table(table) = &input.source {
            inputs.insert(input.id, table.clone());
        }
    }
    let mut found = BTreeSet::new();
    for relation in &query.relations {
        let Some(select) = relation.select() else {
            continue;
        };
        select.for_each_expression(&mut |expression| {
            expression.for_each(&mut |part| {
                if let Expression::Column { input, name } = part
                    && let Some(table) = inputs.get(input)
                {
                    found.insert((table.clone(), name.clone()));
                }
            });
        });
    }
    found
}

/// `SELECT` of one row of a table; of `NULL` everywhere without one.
fn row_of(
    given: Option<&WitnessTable>,
    row: Option<&Vec<Value>>,
    others: &[(Name, Option<String>)],
) -> Result<String, Unportable> {
    let mut cells = Vec::new();
    let columns = given.iter().flat_map(|given| &given.columns);
    for (at, (name, data_type)) in columns.enumerate() {
        let value = row.and_then(|row| row.get(at)).unwrap_or(&Value::Null);
        cells.push(format!("{} AS \"{name}\"", cell(value, data_type)?));
    }
    for (name, data_type) in others {
        let data_type = data_type.clone().or_else(|| time_by_name(name));
        // Without a type it may stand for any.
        cells.push(match data_type {
            Some(data_type) => format!("CAST(NULL AS {data_type}) AS \"{name}\""),
            None => format!("NULL AS \"{name}\""),
        });
    }
    if cells.is_empty() {
        cells.push("NULL AS \"_\"".to_owned());
    }
    Ok(format!("SELECT {}", cells.join(", ")))
}

/// The type of a column that nobody declares: functions of time take none that is not known.
fn time_by_name(name: &Name) -> Option<String> {
    let guess = super::filled::by_name(name);
    matches!(guess, DataType::Date | DataType::Timestamp(_)).then(|| guess.to_string())
}

fn cell(value: &Value, data_type: &DataType) -> Result<String, Unportable> {
    let literal = match value {
        Value::Opaque(_) | Value::Interval(_) | Value::Array(_) => {
            return Err("a value without a literal".to_owned());
        }
        Value::Date(_) => format!("DATE '{value}'"),
        Value::Timestamp(_) => format!("TIMESTAMP '{value}'"),
        other => other.to_string(),
    };
    Ok(match data_type {
        DataType::Json | DataType::Binary | DataType::Array(_) | DataType::Other(_) => literal,
        DataType::Timestamp(_) => format!("CAST({literal} AS TIMESTAMP)"),
        known => format!("CAST({literal} AS {known})"),
    })
}

/// The query of a model as it stands in its file, its tables by the names that they have here.
fn text_of(snapshot: &Snapshot, file: &File, model: ModelId) -> Result<String, Unportable> {
    let source = snapshot.text(file).ok_or("a file without text")?;
    if snapshot.sql_options(file).templating == Templating::None {
        let (_, stated) = snapshot.model(model).ok_or("no model")?;
        let range = file.range(stated.statement);
        let text = &source[range.start().into()..range.end().into()];
        return Ok(query_in(text, stated.kind));
    }
    let rendered = snapshot
        .rendered(file)
        .ok_or("a template that is not rendered")?;
    if rendered.guessed || !rendered.failed.is_empty() {
        return Err("a template that is not known".to_owned());
    }
    let mut text = String::new();
    let mut at = 0;
    for hole in &rendered.holes {
        let StandsFor::Table(table) = &hole.stands_for else {
            return Err("a template that is not known".to_owned());
        };
        let parts = match snapshot.table_key(file, table) {
            Some(key) => key.parts.clone(),
            None => parts_of(table)?,
        };
        text.push_str(&rendered.text[at..hole.range.start().into()]);
        text.push_str(&quoted(&parts));
        at = hole.range.end().into();
    }
    text.push_str(&rendered.text[at..]);
    Ok(text.trim().trim_end_matches(';').to_owned())
}

/// The query of a statement, without what says that it makes a table.
fn query_in(text: &str, kind: ModelKind) -> String {
    let text = text.trim().trim_end_matches(';');
    if kind == ModelKind::Query {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let starts = ["as select", "as\nselect", "as with", "as\nwith"].into_iter();
    let first = starts.filter_map(|start| lower.find(start)).min();
    text[first.map_or(0, |first| first + "as".len())..].to_owned()
}
