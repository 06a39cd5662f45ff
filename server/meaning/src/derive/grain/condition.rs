//! What conditions say of values: which are equal, and which are the same in all rows.

use super::dependency::Rule;
use super::from::Reading;
use crate::derive::scope::conjuncts;
use sql::relation::{Expression, InputId, Literal, Operation, Operator, Source};
use std::borrow::Cow;

/// Columns of queries are followed so far to what they are computed by.
const FARTHEST: usize = 50;

impl<'g> Reading<'g> {
    /// What follows where all of `conditions` are true.
    pub(super) fn conditions(
        &mut self,
        conditions: impl IntoIterator<Item = &'g Expression>,
    ) -> Vec<Rule> {
        let mut rules = Vec::new();
        for condition in conjuncts(conditions) {
            match condition {
                Expression::Operation(operation) => self.condition(operation, &mut rules),
                Expression::Column { .. } | Expression::Output { .. } => {
                    self.is_constant(condition, &mut rules);
                }
                _ => {}
            }
        }
        rules
    }

    fn condition(&mut self, operation: &'g Operation, rules: &mut Vec<Rule>) {
        match (operation.operator, operation.operands.as_slice()) {
            (Operator::Equal | Operator::In, [a, b]) => {
                if self.terms.is_constant(a) {
                    self.is_constant(b, rules);
                } else if self.terms.is_constant(b) {
                    self.is_constant(a, rules);
                } else {
                    let a = self.terms.value(Cow::Borrowed(a));
                    let b = self.terms.value(Cow::Borrowed(b));
                    rules.push(Rule {
                        when: vec![a],
                        then: vec![b],
                    });
                    rules.push(Rule {
                        when: vec![b],
                        then: vec![a],
                    });
                }
            }
            (
                Operator::Not | Operator::IsTrue | Operator::IsFalse,
                [flag @ (Expression::Column { .. } | Expression::Output { .. })],
            ) => self.is_constant(flag, rules),
            (Operator::LessOrEqual, [number, most])
            | (Operator::GreaterOrEqual, [most, number])
                if is_number(most, "1") && self.is_row_number(number) =>
            {
                self.is_constant(number, rules);
            }
            (Operator::Less, [number, most]) | (Operator::Greater, [most, number])
                if is_number(most, "2") && self.is_row_number(number) =>
            {
                self.is_constant(number, rules);
            }
            _ => {}
        }
    }

    fn is_constant(&mut self, expression: &'g Expression, rules: &mut Vec<Rule>) {
        let then = self.terms.value(Cow::Borrowed(expression));
        rules.push(Rule {
            when: Vec::new(),
            then: vec![then],
        });
    }

    /// Whether it counts rows from 1, here or in a query that is read.
    fn is_row_number(&self, expression: &Expression) -> bool {
        let scopes = &self.grain.scopes;
        let mut expression = expression;
        for _ in 0..FARTHEST {
            match expression {
                Expression::Window(window) => return window.function.function == "row_number",
                Expression::Output { input, position } => {
                    let Some((_, Source::Relation(relation))) = scopes.home(*input) else {
                        return false;
                    };
                    let select = scopes.query.relation(*relation).select();
                    let value = select.and_then(|own| own.projection.get(*position as usize));
                    let Some(value) = value else {
                        return false;
                    };
                    expression = value;
                }
                _ => return false,
            }
        }
        false
    }

    /// The columns of `inputs` that decide which rows a join takes; `None` where it is not only that.
    pub(super) fn mentions<'e>(
        &mut self,
        expressions: impl IntoIterator<Item = &'e Expression>,
        inputs: &[InputId],
    ) -> Option<Vec<usize>> {
        let mut all = Vec::new();
        for expression in expressions {
            all.extend(self.terms.columns_among(expression, inputs)?);
        }
        all.sort_unstable();
        all.dedup();
        Some(all)
    }
}

fn is_number(expression: &Expression, number: &str) -> bool {
    matches!(expression, Expression::Literal(Literal::Number(written)) if written == number)
}
