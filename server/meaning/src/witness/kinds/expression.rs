//! What expressions tell of the kinds of values in them.

use super::{Classes, Evidence, Kind, Reader, Wish, kind_of, strip};
use crate::evaluate::{Date, Value, literal};
use sql::relation::{
    Aggregate, Call, Cast, Expression, Literal, Operation, Operator, Select, Subquery, SubqueryKind,
};

impl Classes {
    /// Remembers what rows must fulfil to be kept.
    pub(super) fn conditions(&mut self, reader: &Reader<'_>, select: &Select) {
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
                Expression::Operation(operation) => self.wish(reader, operation, false),
                Expression::Column { .. } | Expression::Output { .. } => {
                    let is_true = Operation {
                        operator: Operator::IsTrue,
                        operands: vec![condition.clone()],
                    };
                    self.wish(reader, &is_true, false);
                }
                _ => {}
            }
        }
    }

    fn wish(&mut self, reader: &Reader<'_>, operation: &Operation, negated: bool) {
        if let (Operator::Not, [Expression::Operation(inner)]) =
            (operation.operator, operation.operands.as_slice())
        {
            if inner.operator != Operator::Not {
                self.wish(reader, inner, !negated);
            }
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
                negated,
            });
        }
    }

    /// The class of an expression's value; learns from its parts.
    pub(super) fn expression(&mut self, reader: &Reader<'_>, expression: &Expression) -> usize {
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
                    // A text in which what is cut or replaced stands.
                    if let Some(Expression::Literal(Literal::Text(part))) = call.arguments.get(1) {
                        let made = Value::text(format!("a{part}b{part}c"));
                        self.class(first).constants.push(made);
                    }
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
        if let Expression::Literal(written) = strip(&cast.value) {
            self.class(result).constants.push(literal(written));
        }
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

/// Whether the function gives one of its arguments.
fn is_choice(function: &str) -> bool {
    function == "coalesce" || function.starts_with("greatest") || function.starts_with("least")
}
