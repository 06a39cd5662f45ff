//! What kind of value each column has, as far as its use tells, and which columns share values.

use super::shape::table_inputs;
use crate::evaluate::{Date, Needed, Value, expressions, literal, relations_of_inputs};
use sql::facts::TableRef;
use sql::relation::{
    Aggregate, Body, Call, Cast, DataType, Expression, InputId, Literal, Operation, Operator,
    Query, RelationId, Select, Subquery, SubqueryKind,
};
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
        let (left, right) = (self.root(left), self.root(right));
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

    /// Remembers what rows must fulfil to be kept.
    fn conditions(&mut self, reader: &Reader<'_>, select: &Select) {
        let mut conditions: Vec<&Expression> = Vec::new();
        select.for_each_expression(&mut |expression| {
            let projected = select
                .projection
                .iter()
                .any(|value| std::ptr::eq(value, expression));
            if !projected {
                conditions.push(expression);
            }
        });
        while let Some(condition) = conditions.pop() {
            match condition {
                Expression::Operation(operation)
                    if matches!(operation.operator, Operator::And | Operator::Or) =>
                {
                    conditions.extend(&operation.operands);
                }
                Expression::Operation(operation) => self.wish(reader, operation),
                Expression::Column { .. } | Expression::Output { .. } => {
                    let is_true = Operation {
                        operator: Operator::IsTrue,
                        operands: vec![condition.clone()],
                    };
                    self.wish(reader, &is_true);
                }
                _ => {}
            }
        }
    }

    fn wish(&mut self, reader: &Reader<'_>, operation: &Operation) {
        // `NOT a IS NULL` and its like.
        if let (Operator::Not, [Expression::Operation(inner)]) =
            (operation.operator, operation.operands.as_slice())
            && inner.operator == Operator::IsNull
            && let [column] = inner.operands.as_slice()
        {
            let itself = Operation {
                operator: Operator::Equal,
                operands: vec![column.clone(), column.clone()],
            };
            let place = self.expression(reader, column);
            self.class(place).wishes.push(Wish {
                operation: itself,
                place: 0,
            });
            return;
        }
        let is_column = |part: &Expression| {
            matches!(part, Expression::Column { .. } | Expression::Output { .. })
        };
        let constant = |part: &Expression| matches!(strip(part), Expression::Literal(_));
        let mut columns = operation
            .operands
            .iter()
            .enumerate()
            .filter(|(_, part)| is_column(part));
        if let (Some((place, column)), None) = (columns.next(), columns.next())
            && operation
                .operands
                .iter()
                .all(|part| is_column(part) || constant(part))
        {
            let class = self.expression(reader, column);
            self.class(class).wishes.push(Wish {
                operation: operation.clone(),
                place,
            });
        }
    }

    /// The class of an expression's value; learns from its parts.
    fn expression(&mut self, reader: &Reader<'_>, expression: &Expression) -> usize {
        match expression {
            Expression::Column { input, name } => match reader.table(*input) {
                Some(table) => self.column(table, name),
                None => self.fresh(),
            },
            Expression::Output { input, position } => {
                match reader.relations.get(input.0 as usize).copied().flatten() {
                    Some(relation) => self.output(relation, *position as usize),
                    None => self.fresh(),
                }
            }
            Expression::Literal(written) => self.literal(written),
            Expression::Operation(operation) => self.operation(reader, operation),
            Expression::Call(call) => self.call(reader, call),
            Expression::Case(case) => {
                let result = self.expression(reader, &case.otherwise);
                for (condition, value) in &case.branches {
                    let condition = self.expression(reader, condition);
                    self.is(condition, Evidence::Strong, Kind::Boolean);
                    let value = self.expression(reader, value);
                    self.unite(result, value);
                }
                result
            }
            Expression::Cast(cast) => self.cast(reader, cast),
            Expression::Aggregate(aggregate) => self.aggregate(reader, aggregate),
            Expression::Window(window) => {
                for part in window
                    .partition
                    .iter()
                    .chain(window.order.iter().map(|key| &key.value))
                {
                    self.expression(reader, part);
                }
                self.aggregate(reader, &window.function)
            }
            Expression::Subquery(subquery) => self.subquery(reader, subquery),
            Expression::Unknown(unknown) => {
                for part in &unknown.over {
                    self.expression(reader, part);
                }
                self.fresh()
            }
        }
    }

    fn literal(&mut self, written: &Literal) -> usize {
        let value = literal(written);
        let place = self.fresh();
        match &value {
            Value::Number(_) => {
                self.is(place, Evidence::Strong, Kind::Number);
                self.numbers.push(value.clone());
            }
            Value::Text(text) if Date::parse(text.get(..10).unwrap_or_default()).is_some() => {
                self.is(place, Evidence::Weak, Kind::Date);
            }
            Value::Text(_) => self.is(place, Evidence::Strong, Kind::Text),
            Value::Boolean(_) => self.is(place, Evidence::Strong, Kind::Boolean),
            _ => return place,
        }
        self.class(place).constants.push(value);
        place
    }

    fn operation(&mut self, reader: &Reader<'_>, operation: &Operation) -> usize {
        use Operator::*;
        let operands: Vec<usize> = operation
            .operands
            .iter()
            .map(|operand| self.expression(reader, operand))
            .collect();
        let kind = match operation.operator {
            And | Or | Not | IsTrue | IsFalse => {
                for operand in &operands {
                    self.is(*operand, Evidence::Strong, Kind::Boolean);
                }
                Kind::Boolean
            }
            Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual | Same | In => {
                for pair in operands.windows(2) {
                    if let [left, right] = pair {
                        self.unite(*left, *right);
                    }
                }
                Kind::Boolean
            }
            IsNull => Kind::Boolean,
            Like | LikeIgnoringCase => {
                for operand in &operands {
                    self.is(*operand, Evidence::Strong, Kind::Text);
                }
                if let [text, _] = operands.as_slice()
                    && let Some(Expression::Literal(Literal::Text(pattern))) =
                        operation.operands.get(1)
                {
                    let plain = pattern.replace('%', "").replace('_', "a");
                    let longer = pattern.replace('%', "b").replace('_', "a");
                    let text = self.class(*text);
                    text.constants
                        .extend([Value::text(plain), Value::text(longer)]);
                }
                Kind::Boolean
            }
            Multiply | Divide | Modulo | Negate => {
                return self.arithmetic(&operands, Evidence::Strong);
            }
            Add | Subtract => {
                let spans = operation.operands.iter().any(|part| {
                    matches!(part, Expression::Literal(written) if matches!(literal(written), Value::Interval(_)))
                });
                if spans {
                    let result = self.fresh();
                    for operand in &operands {
                        self.is(*operand, Evidence::Weak, Kind::Date);
                        self.hints.push((result, *operand));
                    }
                    return result;
                }
                return self.arithmetic(&operands, Evidence::Weak);
            }
            Concatenate => {
                for operand in &operands {
                    self.is(*operand, Evidence::Weak, Kind::Text);
                }
                Kind::Text
            }
        };
        self.of_kind(kind)
    }

    fn arithmetic(&mut self, operands: &[usize], evidence: Evidence) -> usize {
        let result = self.fresh();
        self.is(result, evidence, Kind::Number);
        for operand in operands {
            self.is(*operand, evidence, Kind::Number);
            self.hints.push((result, *operand));
        }
        result
    }

    fn call(&mut self, reader: &Reader<'_>, call: &Call) -> usize {
        let arguments: Vec<usize> = call
            .arguments
            .iter()
            .map(|argument| self.expression(reader, argument))
            .collect();
        let first = arguments.first().copied();
        let result = self.fresh();
        match call.function.as_str() {
            function if is_choice(function) => {
                for argument in &arguments {
                    self.unite(result, *argument);
                }
            }
            "lower" | "upper" | "trim" | "trim_leading" | "trim_trailing" | "substring"
            | "left" | "right" | "replace" | "split_part" | "initcap" | "reverse" => {
                self.is(result, Evidence::Strong, Kind::Text);
                if let Some(first) = first {
                    self.is(first, Evidence::Strong, Kind::Text);
                    self.class(first).spelled = true;
                    self.hints.push((result, first));
                }
            }
            "length" | "starts_with" | "ends_with" | "contains" => {
                if let Some(first) = first {
                    self.is(first, Evidence::Strong, Kind::Text);
                }
                for argument in arguments.iter().skip(1) {
                    self.unite(arguments.first().copied().unwrap_or(result), *argument);
                }
            }
            "concat" | "concat_by_dialect" => {
                self.is(result, Evidence::Strong, Kind::Text);
                for argument in arguments {
                    self.is(argument, Evidence::Weak, Kind::Text);
                }
            }
            "round" | "floor" | "ceil" | "trunc" | "truncate" => {
                self.is(result, Evidence::Strong, Kind::Number);
                if let Some(first) = first {
                    self.is(first, Evidence::Weak, Kind::Number);
                    self.class(first).fractional = true;
                    self.hints.push((result, first));
                }
            }
            "abs" | "sign" | "power" | "mod" | "sqrt" | "ln" | "exp" => {
                self.is(result, Evidence::Strong, Kind::Number);
                if let Some(first) = first {
                    self.is(first, Evidence::Weak, Kind::Number);
                    self.hints.push((result, first));
                }
            }
            "date_trunc" | "date_add" | "date_add_days" | "date_diff" | "date_diff_days"
            | "last_day" | "add_months" => {
                for (argument, written) in arguments.iter().zip(&call.arguments) {
                    if !matches!(written, Expression::Literal(_)) {
                        self.is(*argument, Evidence::Weak, Kind::Date);
                        self.hints.push((result, *argument));
                    }
                }
            }
            function if function.starts_with("extract_") => {
                self.is(result, Evidence::Strong, Kind::Number);
                if let Some(first) = first {
                    let timed = function.ends_with("hour") || function.ends_with("minute");
                    let kind = if timed { Kind::Timestamp } else { Kind::Date };
                    self.is(first, Evidence::Weak, kind);
                }
            }
            _ => {}
        }
        result
    }

    fn cast(&mut self, reader: &Reader<'_>, cast: &Cast) -> usize {
        let value = self.expression(reader, &cast.value);
        let result = self.fresh();
        if let Some(kind) = kind_of(&cast.to) {
            self.is(result, Evidence::Strong, kind);
            if kind != Kind::Text {
                self.is(value, Evidence::Weak, kind);
            }
        }
        self.hints.push((result, value));
        result
    }

    fn aggregate(&mut self, reader: &Reader<'_>, aggregate: &Aggregate) -> usize {
        let arguments: Vec<usize> = aggregate
            .arguments
            .iter()
            .map(|argument| self.expression(reader, argument))
            .collect();
        for part in aggregate
            .filter
            .iter()
            .chain(aggregate.order.iter().map(|key| &key.value))
        {
            self.expression(reader, part);
        }
        let result = self.fresh();
        match aggregate.function.as_str() {
            "sum" | "avg" | "stddev_pop" | "stddev_samp" | "var_pop" | "var_samp" | "median" => {
                self.is(result, Evidence::Strong, Kind::Number);
                for argument in arguments {
                    self.is(argument, Evidence::Strong, Kind::Number);
                    self.hints.push((result, argument));
                }
            }
            "min" | "max" | "any_value" | "first_value" | "last_value" | "lag" | "lead" => {
                if let Some(first) = arguments.first() {
                    self.unite(result, *first);
                }
            }
            "bool_and" | "bool_or" | "count_if" => {
                for argument in arguments {
                    self.is(argument, Evidence::Strong, Kind::Boolean);
                }
            }
            "string_agg" => {
                if let Some(first) = arguments.first() {
                    self.is(*first, Evidence::Weak, Kind::Text);
                }
            }
            _ => self.is(result, Evidence::Weak, Kind::Number),
        }
        result
    }

    fn subquery(&mut self, reader: &Reader<'_>, subquery: &Subquery) -> usize {
        let relation = subquery.relation;
        match &subquery.kind {
            SubqueryKind::Scalar => return self.output(relation, 0),
            SubqueryKind::In(values) => {
                for (position, value) in values.iter().enumerate() {
                    let value = self.expression(reader, value);
                    let column = self.output(relation, position);
                    self.unite(value, column);
                }
            }
            SubqueryKind::Any(_, value) | SubqueryKind::All(_, value) => {
                let value = self.expression(reader, value);
                let column = self.output(relation, 0);
                self.unite(value, column);
            }
            SubqueryKind::Exists | SubqueryKind::Array => {}
        }
        self.fresh()
    }
}

impl<'q> Reader<'q> {
    fn table(&self, input: InputId) -> Option<&'q TableRef> {
        self.tables.get(input.0 as usize).copied().flatten()
    }
}

/// Whether the function gives one of its arguments.
fn is_choice(function: &str) -> bool {
    function == "coalesce" || function.starts_with("greatest") || function.starts_with("least")
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
