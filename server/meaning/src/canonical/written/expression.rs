//! Expressions as SQL.

use super::name::{data_type, identifier, literal};
use super::{Names, Unsaid, Writer};
use crate::canonical::simplify::is_sum;
use crate::canonical::words::{COMPARISON, LOOSEST, NOT, PRODUCT, SUM, TIGHTEST, binding, sign};
use sql::functions::spelled;
use sql::relation::{
    Aggregate, Expression, Literal, Operation, Operator, SortKey, Subquery, SubqueryKind, Window,
};

/// Whether an aggregate stands in it that its own select's group gives.
pub(super) fn has_aggregate(value: &Expression) -> bool {
    let mut found = false;
    value.for_each(&mut |part| found |= matches!(part, Expression::Aggregate(_)));
    found
}

impl Writer {
    pub(super) fn expression(
        &mut self,
        value: &Expression,
        names: &Names,
    ) -> Result<String, Unsaid> {
        let text = self.part_of(value, LOOSEST, names)?;
        self.spend(&text)?;
        Ok(text)
    }

    /// An expression that stands in one whose operator binds as tightly as `around`.
    fn part_of(&mut self, value: &Expression, around: u8, names: &Names) -> Result<String, Unsaid> {
        Ok(match value {
            Expression::Column { input, name } => {
                let named = names.inputs.get(input).ok_or(Unsaid)?;
                let alias = identifier(&named.alias, self.dialect);
                format!("{alias}.{}", identifier(name.as_str(), self.dialect))
            }
            Expression::Output { input, position } => {
                let named = names.inputs.get(input).ok_or(Unsaid)?;
                let columns = named.columns.as_ref().ok_or(Unsaid)?;
                let name = columns.get(*position as usize).ok_or(Unsaid)?;
                let alias = identifier(&named.alias, self.dialect);
                format!("{alias}.{}", identifier(name, self.dialect))
            }
            Expression::Literal(value) => literal(value, self.dialect),
            Expression::Operation(operation) => self.operation(operation, around, names)?,
            Expression::Call(call) => self.call(&call.function, &call.arguments, names)?,
            Expression::Case(case) => {
                let mut text = "CASE".to_owned();
                for (when, then) in &case.branches {
                    let when = self.part_of(when, LOOSEST, names)?;
                    let then = self.part_of(then, LOOSEST, names)?;
                    text.push_str(&format!(" WHEN {when} THEN {then}"));
                }
                if *case.otherwise != Expression::NULL {
                    let otherwise = self.part_of(&case.otherwise, LOOSEST, names)?;
                    text.push_str(&format!(" ELSE {otherwise}"));
                }
                text.push_str(" END");
                text
            }
            Expression::Cast(cast) => {
                let word = if cast.or_null { "TRY_CAST" } else { "CAST" };
                let inner = self.part_of(&cast.value, LOOSEST, names)?;
                format!("{word}({inner} AS {})", data_type(&cast.to, self.dialect)?)
            }
            Expression::Aggregate(aggregate) => self.aggregate(aggregate, names)?,
            Expression::Window(window) => self.window(window, names)?,
            Expression::Subquery(subquery) => self.subquery(subquery, around, names)?,
            Expression::Unknown(_) => return Err(Unsaid),
        })
    }

    fn list(&mut self, values: &[Expression], names: &Names) -> Result<String, Unsaid> {
        let values: Vec<String> = values
            .iter()
            .map(|value| self.part_of(value, LOOSEST, names))
            .collect::<Result<_, _>>()?;
        Ok(values.join(", "))
    }

    fn call(
        &mut self,
        function: &str,
        arguments: &[Expression],
        names: &Names,
    ) -> Result<String, Unsaid> {
        match (function, arguments) {
            ("field", [value, Expression::Literal(Literal::Text(field))]) => {
                let is_name =
                    matches!(value, Expression::Column { .. } | Expression::Output { .. });
                let is_path = matches!(value, Expression::Call(call) if call.function == "field");
                let value = self.part_of(value, TIGHTEST, names)?;
                let value = match is_name || is_path {
                    true => value,
                    false => format!("({value})"),
                };
                Ok(format!("{value}.{}", identifier(field, self.dialect)))
            }
            _ => {
                let arguments = self.list(arguments, names)?;
                let name = spelled(function, self.dialect).to_ascii_uppercase();
                Ok(format!("{name}({arguments})"))
            }
        }
    }

    fn operation(
        &mut self,
        operation: &Operation,
        around: u8,
        names: &Names,
    ) -> Result<String, Unsaid> {
        let operator = operation.operator;
        let binding = binding(operator);
        let operands = operation.operands.as_slice();
        let text = match (operator, operands) {
            (Operator::Not, [operand]) => self.negated(operand, names)?,
            (Operator::Negate, [operand]) => {
                format!("-{}", self.part_of(operand, TIGHTEST, names)?)
            }
            (Operator::IsNull, [operand]) => self.postfix(operand, "IS NULL", names)?,
            (Operator::IsTrue, [operand]) => self.postfix(operand, "IS TRUE", names)?,
            (Operator::IsFalse, [operand]) => self.postfix(operand, "IS FALSE", names)?,
            (Operator::In, [value, list @ ..]) => self.among(value, list, "IN", names)?,
            _ => {
                let mut parts = Vec::new();
                let chained = matches!(binding, SUM | PRODUCT);
                let sorted = matches!(
                    operator,
                    Operator::And
                        | Operator::Or
                        | Operator::Multiply
                        | Operator::Equal
                        | Operator::NotEqual
                        | Operator::Same
                ) || (operator == Operator::Add && is_sum(operation));
                for (at, operand) in operands.iter().enumerate() {
                    // The first operand of what associates to the left needs no parentheses.
                    let inside = match at == 0 && chained && !sorted {
                        true => binding - 1,
                        false => binding,
                    };
                    parts.push(self.part_of(operand, inside, names)?);
                }
                if sorted {
                    parts.sort();
                }
                parts.join(&format!(" {} ", sign(operator)))
            }
        };
        Ok(match binding <= around && around > LOOSEST {
            true => format!("({text})"),
            false => text,
        })
    }

    fn negated(&mut self, value: &Expression, names: &Names) -> Result<String, Unsaid> {
        if let Expression::Operation(operation) = value {
            match (operation.operator, operation.operands.as_slice()) {
                (Operator::IsNull, [value]) => return self.postfix(value, "IS NOT NULL", names),
                (Operator::IsTrue, [value]) => return self.postfix(value, "IS NOT TRUE", names),
                (Operator::In, [value, list @ ..]) => {
                    return self.among(value, list, "NOT IN", names);
                }
                (Operator::Like, [value, pattern]) => {
                    let value = self.part_of(value, COMPARISON, names)?;
                    let pattern = self.part_of(pattern, COMPARISON, names)?;
                    return Ok(format!("{value} NOT LIKE {pattern}"));
                }
                _ => {}
            }
        }
        Ok(format!("NOT {}", self.part_of(value, NOT, names)?))
    }

    fn postfix(
        &mut self,
        value: &Expression,
        after: &str,
        names: &Names,
    ) -> Result<String, Unsaid> {
        Ok(format!(
            "{} {after}",
            self.part_of(value, COMPARISON, names)?
        ))
    }

    fn among(
        &mut self,
        value: &Expression,
        list: &[Expression],
        word: &str,
        names: &Names,
    ) -> Result<String, Unsaid> {
        let value = self.part_of(value, COMPARISON, names)?;
        let mut items: Vec<String> = list
            .iter()
            .map(|item| self.part_of(item, LOOSEST, names))
            .collect::<Result<_, _>>()?;
        items.sort();
        Ok(format!("{value} {word} ({})", items.join(", ")))
    }

    fn aggregate(&mut self, aggregate: &Aggregate, names: &Names) -> Result<String, Unsaid> {
        let mut inside = String::new();
        if aggregate.distinct {
            inside.push_str("DISTINCT ");
        }
        match (&*aggregate.function, aggregate.arguments.is_empty()) {
            ("count", true) => inside.push('*'),
            _ => inside.push_str(&self.list(&aggregate.arguments, names)?),
        }
        if !aggregate.order.is_empty() {
            let order = self.order(&aggregate.order, names)?;
            inside.push_str(&format!(" ORDER BY {}", order.join(", ")));
        }
        let name = spelled(&aggregate.function, self.dialect).to_ascii_uppercase();
        let mut text = format!("{name}({inside})");
        if let Some(filter) = &aggregate.filter {
            let filter = self.part_of(filter, LOOSEST, names)?;
            text.push_str(&format!(" FILTER (WHERE {filter})"));
        }
        Ok(text)
    }

    fn window(&mut self, window: &Window, names: &Names) -> Result<String, Unsaid> {
        let mut text = self.aggregate(&window.function, names)?;
        if window.ignores_nulls {
            text.push_str(" IGNORE NULLS");
        }
        let mut parts = Vec::new();
        if !window.partition.is_empty() {
            let mut keys: Vec<String> = window
                .partition
                .iter()
                .map(|key| self.part_of(key, LOOSEST, names))
                .collect::<Result<_, _>>()?;
            keys.sort();
            parts.push(format!("PARTITION BY {}", keys.join(", ")));
        }
        if !window.order.is_empty() {
            let order = self.order(&window.order, names)?;
            parts.push(format!("ORDER BY {}", order.join(", ")));
        }
        parts.extend(window.frame.iter().map(ToString::to_string));
        text.push_str(&format!(" OVER ({})", parts.join(" ")));
        Ok(text)
    }

    pub(super) fn order(&mut self, keys: &[SortKey], names: &Names) -> Result<Vec<String>, Unsaid> {
        let mut order = Vec::new();
        for key in keys {
            let mut text = self.part_of(&key.value, LOOSEST, names)?;
            if key.descending {
                text.push_str(" DESC");
            }
            match key.nulls_first {
                Some(true) => text.push_str(" NULLS FIRST"),
                Some(false) => text.push_str(" NULLS LAST"),
                None => {}
            }
            order.push(text);
        }
        Ok(order)
    }

    fn subquery(
        &mut self,
        subquery: &Subquery,
        around: u8,
        names: &Names,
    ) -> Result<String, Unsaid> {
        let query = self.whole_text(subquery.relation, names, None)?;
        let text = match &subquery.kind {
            SubqueryKind::Scalar => return Ok(format!("({query})")),
            SubqueryKind::Exists => return Ok(format!("EXISTS ({query})")),
            SubqueryKind::Array => return Ok(format!("ARRAY({query})")),
            SubqueryKind::In(values) => match values.as_slice() {
                [value] => {
                    let value = self.part_of(value, COMPARISON, names)?;
                    format!("{value} IN ({query})")
                }
                values => format!("({}) IN ({query})", self.list(values, names)?),
            },
            SubqueryKind::Any(operator, value) => {
                let value = self.part_of(value, COMPARISON, names)?;
                format!("{value} {} ANY ({query})", sign(*operator))
            }
            SubqueryKind::All(operator, value) => {
                let value = self.part_of(value, COMPARISON, names)?;
                format!("{value} {} ALL ({query})", sign(*operator))
            }
        };
        Ok(match around >= COMPARISON || around == NOT {
            true => format!("({text})"),
            false => text,
        })
    }
}
