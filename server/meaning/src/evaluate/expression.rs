//! Expressions, and the scopes in which columns are looked up.

use super::group::Group;
use super::number::Number;
use super::operator::{Truth, operate, truth};
use super::relation::Machine;
use super::value::Value;
use super::window::Windows;
use super::{Undecided, cast, function, function_of_time, undecided};
use sql::relation::{Call, Case, Expression, InputId, Literal, Operator, Subquery, SubqueryKind};
use std::rc::Rc;
use syntax::Name;

/// The row of an input.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub(super) input: InputId,
    /// By which names its values are mentioned, where they are mentioned by name.
    pub(super) names: Rc<[Name]>,
    pub(super) values: Rc<[Value]>,
}

/// A row of a `FROM`: one of each input.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub(super) bindings: Vec<Binding>,
    pub(super) origin: Rc<[u32]>,
}

/// What an expression may mention.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'q> {
    /// The scope of the query around.
    pub(super) outer: Option<&'s Scope<'s, 'q>>,
    pub(super) bindings: &'s [Binding],
    /// The group, behind `GROUP BY`.
    pub(super) group: Option<&'s Group<'q>>,
    /// The values of window functions, and which row this is.
    pub(super) windows: Option<(&'s Windows<'q>, usize)>,
}

impl<'s, 'q> Scope<'s, 'q> {
    /// Nothing but the queries around.
    pub(super) fn around(outer: Option<&'s Scope<'s, 'q>>) -> Scope<'s, 'q> {
        Scope::rows(outer, &[])
    }

    /// A row of inputs.
    pub(super) fn rows(outer: Option<&'s Scope<'s, 'q>>, bindings: &'s [Binding]) -> Scope<'s, 'q> {
        Scope {
            outer,
            bindings,
            group: None,
            windows: None,
        }
    }
}

impl<'q> Machine<'q> {
    /// Whether a row is kept by a condition.
    pub(super) fn holds(
        &mut self,
        condition: &'q Expression,
        scope: &Scope<'_, 'q>,
    ) -> Result<bool, Undecided> {
        match truth(&self.value(condition, scope)?)? {
            Truth::Known(holds) => Ok(holds),
            Truth::Null => Ok(false),
            Truth::Opaque => undecided("a condition is not known"),
        }
    }

    /// The value of an expression.
    pub(super) fn value(
        &mut self,
        expression: &'q Expression,
        scope: &Scope<'_, 'q>,
    ) -> Result<Value, Undecided> {
        if let Some(group) = scope.group {
            self.budget.spend(group.width())?;
            if let Some(key) = group.key(expression) {
                return Ok(key);
            }
        }
        self.enter()?;
        let value = self.value_of(expression, scope);
        self.leave();
        value
    }

    /// The values of several expressions.
    pub(super) fn values_of(
        &mut self,
        expressions: impl IntoIterator<Item = &'q Expression>,
        scope: &Scope<'_, 'q>,
    ) -> Result<Vec<Value>, Undecided> {
        expressions
            .into_iter()
            .map(|expression| self.value(expression, scope))
            .collect()
    }

    fn value_of(
        &mut self,
        expression: &'q Expression,
        scope: &Scope<'_, 'q>,
    ) -> Result<Value, Undecided> {
        match expression {
            Expression::Column { input, .. } | Expression::Output { input, .. } => {
                mentioned(expression, *input, Some(scope))
            }
            Expression::Literal(written) => Ok(literal(written)),
            Expression::Operation(operation) => {
                let operands = self.values_of(&operation.operands, scope)?;
                operate(operation.operator, &operands)
            }
            Expression::Call(call) => self.call(call, scope),
            Expression::Case(case) => self.case(case, scope),
            Expression::Cast(to) => {
                let value = self.value(&to.value, scope)?;
                cast::cast(&value, &to.to, to.or_null)
            }
            Expression::Aggregate(aggregate) => match scope.group {
                Some(group) => self.aggregate_of_group(aggregate, group, scope.outer),
                None => undecided("an aggregate stands outside of a group"),
            },
            Expression::Window(window) => {
                let known = scope
                    .windows
                    .and_then(|(windows, row)| windows.value(window, row));
                known.map_or_else(|| undecided("a window stands where there is none"), Ok)
            }
            Expression::Subquery(subquery) => self.subquery(subquery, scope),
            Expression::Unknown(_) => Ok(self.symbol()),
        }
    }

    fn call(&mut self, call: &'q Call, scope: &Scope<'_, 'q>) -> Result<Value, Undecided> {
        let name = call.function.as_str();
        if let ("grouping", [key], Some(group)) = (name, call.arguments.as_slice(), scope.group) {
            return match group.is_grouped(key) {
                Some(grouped) => Ok(Value::integer(i64::from(!grouped))),
                None => undecided("GROUPING of something that is no key"),
            };
        }
        let arguments = self.values_of(&call.arguments, scope)?;
        if function::is_volatile(name) {
            return Ok(self.symbol());
        }
        if name == "array" {
            return Ok(Value::Array(arguments));
        }
        Ok(function::call(name, &arguments))
    }

    fn case(&mut self, case: &'q Case, scope: &Scope<'_, 'q>) -> Result<Value, Undecided> {
        // Conditions that are not known, and what they would give.
        let mut open = Vec::new();
        let mut decided = None;
        for (condition, value) in &case.branches {
            let holds = self.value(condition, scope)?;
            match truth(&holds)? {
                Truth::Known(true) => {
                    decided = Some(self.value(value, scope)?);
                    break;
                }
                Truth::Known(false) | Truth::Null => {}
                Truth::Opaque => open.extend([holds, self.value(value, scope)?]),
            }
        }
        let last = match decided {
            Some(value) => value,
            None => self.value(&case.otherwise, scope)?,
        };
        if open.is_empty() {
            return Ok(last);
        }
        open.push(last);
        Ok(Value::opaque("case", &open))
    }

    fn subquery(
        &mut self,
        subquery: &'q Subquery,
        scope: &Scope<'_, 'q>,
    ) -> Result<Value, Undecided> {
        let rows = self.relation(subquery.relation, Some(scope))?;
        let any = |compared: Result<Vec<Value>, Undecided>| operate(Operator::Or, &compared?);
        match &subquery.kind {
            SubqueryKind::Exists => Ok(Value::Boolean(!rows.is_empty())),
            SubqueryKind::Scalar => match rows.as_slice() {
                [] => Ok(Value::Null),
                [row] => match &*row.values {
                    [value] => Ok(value.clone()),
                    _ => undecided("a scalar subquery gives several columns"),
                },
                _ => undecided("a scalar subquery gives several rows"),
            },
            SubqueryKind::In(left) => {
                let left = self.values_of(left, scope)?;
                any(rows
                    .iter()
                    .map(|row| {
                        if row.values.len() != left.len() {
                            return undecided("IN compares another number of columns");
                        }
                        let pairs = left.iter().zip(&*row.values);
                        let equal: Result<Vec<Value>, Undecided> = pairs
                            .map(|(left, right)| {
                                operate(Operator::Equal, &[left.clone(), right.clone()])
                            })
                            .collect();
                        operate(Operator::And, &equal?)
                    })
                    .collect())
            }
            SubqueryKind::Any(operator, left) | SubqueryKind::All(operator, left) => {
                let left = self.value(left, scope)?;
                let compared: Result<Vec<Value>, Undecided> = rows
                    .iter()
                    .map(|row| match &*row.values {
                        [value] => operate(*operator, &[left.clone(), value.clone()]),
                        _ => undecided("a comparison with several columns"),
                    })
                    .collect();
                match subquery.kind {
                    SubqueryKind::All(..) => operate(Operator::And, &compared?),
                    _ => any(compared),
                }
            }
            SubqueryKind::Array if rows.len() > 1 => Ok(self.symbol()),
            SubqueryKind::Array => Ok(Value::Array(
                rows.iter()
                    .flat_map(|row| row.values.iter().cloned())
                    .collect(),
            )),
        }
    }
}

/// The value of a column that is mentioned, in the innermost scope that has its input.
fn mentioned(
    expression: &Expression,
    input: InputId,
    scope: Option<&Scope<'_, '_>>,
) -> Result<Value, Undecided> {
    let mut scope = scope;
    while let Some(here) = scope {
        if let Some(group) = here.group {
            if let Some(key) = group.key(expression) {
                return Ok(key);
            }
            // Some dialects take the value of any row here, and some another column of that name.
            let of_group = |row: &Joined| row.bindings.iter().any(|binding| binding.input == input);
            if group.rows.first().is_some_and(of_group) {
                return undecided("a column is not grouped by");
            }
        }
        if let Some(binding) = here.bindings.iter().find(|binding| binding.input == input) {
            return in_binding(expression, binding);
        }
        scope = here.outer;
    }
    undecided("a column is mentioned where its input is not")
}

fn in_binding(expression: &Expression, binding: &Binding) -> Result<Value, Undecided> {
    let position = match expression {
        Expression::Column { name, .. } => binding.names.iter().position(|known| known == name),
        Expression::Output { position, .. } => usize::try_from(*position).ok(),
        _ => None,
    };
    match position.and_then(|position| binding.values.get(position)) {
        Some(value) => Ok(value.clone()),
        None => undecided("a column has no value"),
    }
}

/// The value of a constant.
pub(crate) fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::Number(written) => match Number::parse(written) {
            Some(number) => Value::Number(number),
            None => Value::opaque("number", &[Value::Text(written.clone())]),
        },
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Other(written) => match function_of_time::interval(written) {
            Some(interval) => Value::Interval(interval),
            None => Value::opaque("constant", &[Value::Text(written.clone())]),
        },
    }
}
