//! What kind of value each column has, as far as its use tells, and which columns share values.

mod expression;

use super::shape::table_inputs;
use crate::evaluate::{Needed, Value, expressions, relations_of_inputs};
use sql::facts::TableRef;
use sql::relation::{Body, DataType, Expression, InputId, Operation, Query, RelationId};
use std::collections::BTreeMap;
use syntax::Name;

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Number,
    Text,
    Date,
    Timestamp,
}

/// How sure a kind is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    /// The name sounds like it.
    Name,
    /// It is used in a way in which other kinds are used too.
    Weak,
    /// It is used as only this kind can be.
    Strong,
    /// It is declared.
    Declared,
}

/// A condition that rows must fulfil to be kept: an operation of constants and one column.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) operation: Operation,
    /// Which of the operands the column is.
    pub(super) place: usize,
    /// The operation is to be false.
    pub(super) negated: bool,
}

/// What is known of a class of values that are compared with each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    kind: Option<(Evidence, Kind)>,
    pub(super) constants: Vec<Value>,
    /// Its numbers are rounded, so they have fractions.
    pub(super) fractional: bool,
    /// Its texts are changed in case, or cut.
    pub(super) spelled: bool,
    pub(super) wishes: Vec<Wish>,
}

/// Classes of values.
#[derive(Default)]
pub(super) struct Classes {
    parents: Vec<usize>,
    classes: Vec<Class>,
    tables: Vec<(TableRef, BTreeMap<Name, usize>)>,
    /// Columns of the relations of the query that is being read.
    outputs: BTreeMap<(RelationId, usize), usize>,
    /// A class whose constants are worth trying in another.
    hints: Vec<(usize, usize)>,
    /// All numbers that are written anywhere.
    pub(super) numbers: Vec<Value>,
}

/// What a query is read with.
struct Reader<'q> {
    tables: Vec<Option<&'q TableRef>>,
    relations: Vec<Option<RelationId>>,
}

/// The table that each input reads, where it reads one.
pub(super) fn tables_of_inputs(query: &Query) -> Vec<Option<&TableRef>> {
    let mut tables = vec![None; query.inputs as usize];
    for (input, table) in query.relations.iter().flat_map(table_inputs) {
        if let Some(place) = tables.get_mut(input) {
            *place = Some(table);
        }
    }
    tables
}

impl Classes {
    /// Learns from a query.
    pub(super) fn read(&mut self, query: &Query, needed: &Needed) {
        let reader = Reader {
            tables: tables_of_inputs(query),
            relations: relations_of_inputs(query),
        };
        self.outputs.clear();
        for (position, relation) in query.relations.iter().enumerate() {
            let Ok(number) = u32::try_from(position) else {
                continue;
            };
            let id = RelationId(number);
            if !needed.reaches(id) {
                continue;
            }
            for (position, _) in relation.columns.iter().enumerate() {
                let here = self.output(id, position);
                let others: Vec<usize> = match &relation.body {
                    Body::Set(set) => vec![
                        self.output(set.left, position),
                        self.output(set.right, position),
                    ],
                    Body::Recursive { seed, step, .. } => {
                        vec![self.output(*seed, position), self.output(*step, position)]
                    }
                    Body::Values(rows) => {
                        let cells: Vec<_> =
                            rows.iter().filter_map(|row| row.get(position)).collect();
                        cells
                            .into_iter()
                            .map(|cell| self.expression(&reader, cell))
                            .collect()
                    }
                    Body::Select(select) if needed.uses(id, position) => {
                        let value = select.projection.get(position);
                        value
                            .into_iter()
                            .map(|value| self.expression(&reader, value))
                            .collect()
                    }
                    Body::Select(_) | Body::Unknown { .. } => Vec::new(),
                };
                for other in others {
                    self.unite(here, other);
                }
            }
            for expression in expressions(relation, &|_| false) {
                self.expression(&reader, expression);
            }
            if let Some(select) = relation.select() {
                self.conditions(&reader, select);
            }
        }
    }

    /// The class of a column, which is made where it plays no part in any expression.
    pub(super) fn of_column(
        &mut self,
        table: &TableRef,
        name: &Name,
        declared: Option<&DataType>,
    ) -> usize {
        let column = self.column(table, name);
        if let Some(kind) = declared.and_then(kind_of) {
            self.is(column, Evidence::Declared, kind);
        } else if let Some(kind) = kind_by_name(name) {
            self.is(column, Evidence::Name, kind);
        }
        if let Some(DataType::Decimal(_, Some(scale))) = declared
            && *scale > 0
        {
            self.class(column).fractional = true;
        }
        column
    }

    /// The place of the class that a column is in.
    pub(super) fn root(&self, mut place: usize) -> usize {
        while let Some(parent) = self.parents.get(place).filter(|parent| **parent != place) {
            place = *parent;
        }
        place
    }

    /// The same, and the way there is short from then on.
    fn shortened(&mut self, place: usize) -> usize {
        let root = self.root(place);
        let mut next = place;
        while let Some(parent) = self.parents.get_mut(next).filter(|parent| **parent != root) {
            next = std::mem::replace(parent, root);
        }
        root
    }

    /// What is known of a class, with what is worth trying from others.
    pub(super) fn finished(&mut self, place: usize) -> (Class, Option<Kind>) {
        let root = self.root(place);
        let mut class = self.class(root).clone();
        let hints = self.hints.clone();
        for (from, to) in hints {
            if self.root(to) == root {
                let more = self.class(from).constants.clone();
                class.constants.extend(more);
            }
        }
        let kind = class.kind.map(|(_, kind)| kind);
        (class, kind)
    }

    fn fresh(&mut self) -> usize {
        self.parents.push(self.parents.len());
        self.classes.push(Class::default());
        self.parents.len() - 1
    }

    fn class(&mut self, place: usize) -> &mut Class {
        let root = self.root(place);
        if root >= self.classes.len() {
            self.classes.resize(root + 1, Class::default());
        }
        #[expect(clippy::indexing_slicing, reason = "made long enough above")]
        &mut self.classes[root]
    }

    fn unite(&mut self, left: usize, right: usize) {
        let (left, right) = (self.shortened(left), self.shortened(right));
        if left == right {
            return;
        }
        let from = std::mem::take(self.class(right));
        if let Some(parent) = self.parents.get_mut(right) {
            *parent = left;
        }
        let into = self.class(left);
        into.fractional |= from.fractional;
        into.spelled |= from.spelled;
        into.wishes.extend(from.wishes);
        for constant in from.constants {
            if !into.constants.contains(&constant) {
                into.constants.push(constant);
            }
        }
        if let Some((evidence, kind)) = from.kind {
            self.is(left, evidence, kind);
        }
    }

    fn is(&mut self, place: usize, evidence: Evidence, kind: Kind) {
        let known = &mut self.class(place).kind;
        if known.is_none_or(|(other, _)| evidence > other) {
            *known = Some((evidence, kind));
        }
    }

    fn of_kind(&mut self, kind: Kind) -> usize {
        let place = self.fresh();
        self.is(place, Evidence::Strong, kind);
        place
    }

    fn column(&mut self, table: &TableRef, name: &Name) -> usize {
        let known = self.tables.iter().position(|(known, _)| known == table);
        let known = known.unwrap_or_else(|| {
            self.tables.push((table.clone(), BTreeMap::new()));
            self.tables.len() - 1
        });
        let found = self
            .tables
            .get(known)
            .and_then(|(_, columns)| columns.get(name).copied());
        found.unwrap_or_else(|| {
            let place = self.fresh();
            if let Some((_, columns)) = self.tables.get_mut(known) {
                columns.insert(name.clone(), place);
            }
            place
        })
    }

    fn output(&mut self, relation: RelationId, position: usize) -> usize {
        if let Some(known) = self.outputs.get(&(relation, position)) {
            return *known;
        }
        let place = self.fresh();
        self.outputs.insert((relation, position), place);
        place
    }
}

impl<'q> Reader<'q> {
    fn table(&self, input: InputId) -> Option<&'q TableRef> {
        self.tables.get(input.0 as usize).copied().flatten()
    }
}

/// A constant within casts: `DATE '2024-01-31'`.
pub(super) fn strip(expression: &Expression) -> &Expression {
    match expression {
        Expression::Cast(cast) => strip(&cast.value),
        other => other,
    }
}

fn kind_of(data_type: &DataType) -> Option<Kind> {
    match data_type {
        DataType::Boolean => Some(Kind::Boolean),
        DataType::Integer(_) | DataType::Decimal(..) | DataType::Float(_) => Some(Kind::Number),
        DataType::Text(_) => Some(Kind::Text),
        DataType::Date => Some(Kind::Date),
        DataType::Timestamp(_) => Some(Kind::Timestamp),
        _ => None,
    }
}

/// What a column is called like, where nothing else tells.
fn kind_by_name(name: &Name) -> Option<Kind> {
    let name = name.as_str().to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if name.starts_with("is_") || name.starts_with("has_") {
        Some(Kind::Boolean)
    } else if ends(&["_at", "_time", "timestamp"]) {
        Some(Kind::Timestamp)
    } else if ends(&["date", "_day", "_on"]) {
        Some(Kind::Date)
    } else if ends(&[
        "name",
        "status",
        "type",
        "email",
        "country",
        "city",
        "code",
        "description",
    ]) {
        Some(Kind::Text)
    } else {
        None
    }
}
