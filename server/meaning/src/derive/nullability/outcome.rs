//! What a condition can come out as, once some of the columns in it are `NULL`.
//!
//! This is how a condition removes `NULL`: if the condition can't be true with the value `NULL`, then
//! the value is not `NULL` where the condition is true.

use crate::derive::DEEPEST;
use crate::derive::scope::Scopes;
use sql::functions::{Nulls, function};
use sql::relation::{Expression, Literal, Operation, Operator, Subquery, SubqueryKind};
use std::cell::Cell;

/// Of a condition, that it is true. Of another value, together with [`FALSE`], that it is not `NULL`.
pub(super) const TRUE: u8 = 1;
/// That it is false.
pub(super) const FALSE: u8 = 2;
/// That it is `NULL`.
pub(super) const NULL: u8 = 4;
const VALUE: u8 = TRUE | FALSE;
const ANY: u8 = TRUE | FALSE | NULL;

/// What an expression can come out as.
#[derive(Clone, Copy)]
pub(super) struct Outcome {
    /// At most these, of [`TRUE`], [`FALSE`] and [`NULL`].
    pub(super) may: u8,
    /// It depends on what is taken for `NULL` in a way that is not modelled, so `may` may be too much.
    pub(super) vague: bool,
    /// Something in it is taken for `NULL`.
    touched: bool,
}

/// What is taken for `NULL`.
pub(super) struct Nulled<'n> {
    pub(super) scopes: &'n Scopes<'n>,
    /// Whether an expression is taken for `NULL`.
    pub(super) is: &'n dyn Fn(&Expression) -> bool,
    /// How many more expressions may be looked at.
    pub(super) steps: &'n Cell<u32>,
}

impl Nulled<'_> {
    /// What `expression` can come out as.
    pub(super) fn outcome(&self, expression: &Expression, depth: u32) -> Outcome {
        let steps = self.steps.get();
        if depth > DEEPEST || steps == 0 {
            return vague();
        }
        self.steps.set(steps - 1);
        if (self.is)(expression) {
            return Outcome {
                may: NULL,
                vague: false,
                touched: true,
            };
        }
        let depth = depth + 1;
        match expression {
            Expression::Column { .. } | Expression::Output { .. } => exactly(ANY),
            Expression::Literal(literal) => exactly(match literal {
                Literal::Null => NULL,
                Literal::Boolean(true) => TRUE,
                Literal::Boolean(false) => FALSE,
                Literal::Number(_) | Literal::Text(_) | Literal::Other(_) => VALUE,
            }),
            Expression::Operation(operation) => self.operation(operation, depth),
            Expression::Call(call) => self.call(&call.function, &call.arguments, depth),
            Expression::Case(case) => {
                let mut all = exactly(0);
                for (condition, value) in &case.branches {
                    let condition = self.outcome(condition, depth);
                    all.vague |= condition.vague;
                    all.touched |= condition.touched;
                    if condition.may & TRUE != 0 {
                        all = either(all, self.outcome(value, depth));
                    }
                    if condition.may & !TRUE == 0 {
                        return all;
                    }
                }
                either(all, self.outcome(&case.otherwise, depth))
            }
            Expression::Cast(cast) => {
                let mut value = self.outcome(&cast.value, depth);
                if cast.or_null {
                    value.may |= NULL;
                }
                value
            }
            Expression::Aggregate(aggregate) => {
                if aggregate.arguments.is_empty() && aggregate.filter.is_none() {
                    return exactly(VALUE);
                }
                vague()
            }
            Expression::Window(window) => match window.function.function.as_str() {
                "row_number" | "rank" | "dense_rank" => exactly(VALUE),
                _ => vague(),
            },
            Expression::Subquery(subquery) => self.subquery(subquery, depth),
            Expression::Unknown(_) => vague(),
        }
    }

    fn operation(&self, operation: &Operation, depth: u32) -> Outcome {
        let mut operands = operation.operands.iter();
        let parts: Vec<Outcome> = operands
            .by_ref()
            .map(|part| self.outcome(part, depth))
            .collect();
        let first = parts.first().copied().unwrap_or(exactly(ANY));
        match operation.operator {
            Operator::And => parts.into_iter().fold(exactly(TRUE), |a, b| {
                logic(a, b, |a, b| {
                    if (a | b) & FALSE != 0 {
                        FALSE
                    } else {
                        a.max(b)
                    }
                })
            }),
            Operator::Or => parts.into_iter().fold(exactly(FALSE), |a, b| {
                logic(
                    a,
                    b,
                    |a, b| if (a | b) & TRUE != 0 { TRUE } else { a.max(b) },
                )
            }),
            Operator::Not => first.mapped(|own| match own {
                TRUE => FALSE,
                FALSE => TRUE,
                own => own,
            }),
            Operator::IsNull => first.mapped(|own| if own == NULL { TRUE } else { FALSE }),
            Operator::IsTrue => first.mapped(|own| if own == TRUE { TRUE } else { FALSE }),
            Operator::IsFalse => first.mapped(|own| if own == FALSE { TRUE } else { FALSE }),
            Operator::Same => match parts.as_slice() {
                [a, b] => {
                    let mut both = either(*a, *b);
                    both.may = match (a.may, b.may) {
                        (NULL, NULL) => TRUE,
                        (NULL, other) | (other, NULL) if other & NULL == 0 => FALSE,
                        _ => VALUE,
                    };
                    both
                }
                _ => vague(),
            },
            // Some dialects have an empty list, in which nothing is found, not even NULL.
            Operator::In if parts.len() < 2 => vague(),
            // NULL unless the value is found among the others.
            Operator::In => {
                let mut found = strict(&parts);
                if first.may != NULL {
                    found.may = ANY;
                    let rest = parts.get(1..).unwrap_or_default();
                    if rest.iter().all(|part| part.may == NULL) {
                        found.may = NULL;
                    }
                    found.vague = parts.iter().any(|part| part.vague);
                }
                found
            }
            _ => strict(&parts),
        }
    }

    fn call(&self, name: &str, arguments: &[Expression], depth: u32) -> Outcome {
        let parts: Vec<Outcome> = arguments
            .iter()
            .map(|argument| self.outcome(argument, depth))
            .collect();
        if name == "coalesce" {
            return coalesced(arguments, &parts);
        }
        let mut all = strict(&parts);
        match function(name).map(|function| function.nulls) {
            Some(Nulls::IfAnyNull) => all,
            Some(Nulls::Never) => {
                all.may = VALUE;
                all.vague |= all.touched;
                all
            }
            _ => {
                all.may = ANY;
                all.vague |= all.touched;
                all
            }
        }
    }

    fn subquery(&self, subquery: &Subquery, depth: u32) -> Outcome {
        let (compared, empty) = match &subquery.kind {
            SubqueryKind::In(values) => (values.as_slice(), FALSE),
            SubqueryKind::Any(_, value) => (std::slice::from_ref(&**value), FALSE),
            SubqueryKind::All(_, value) => (std::slice::from_ref(&**value), TRUE),
            SubqueryKind::Scalar | SubqueryKind::Exists | SubqueryKind::Array => (&[][..], ANY),
        };
        let parts: Vec<Outcome> = compared
            .iter()
            .map(|value| self.outcome(value, depth))
            .collect();
        let mut all = strict(&parts);
        let is_null = !parts.is_empty() && all.may == NULL;
        all.may = if is_null { NULL | empty } else { ANY };
        if matches!(subquery.kind, SubqueryKind::Exists) {
            all.may = VALUE;
        }
        if self
            .scopes
            .free(subquery.relation)
            .any(|free| (self.is)(free))
        {
            all.touched = true;
            all.vague = true;
        }
        all
    }
}

impl Outcome {
    fn mapped(self, map: impl Fn(u8) -> u8) -> Outcome {
        let mut may = 0;
        for own in [TRUE, FALSE, NULL] {
            if self.may & own != 0 {
                may |= map(own);
            }
        }
        Outcome { may, ..self }
    }
}

fn exactly(may: u8) -> Outcome {
    Outcome {
        may,
        vague: false,
        touched: false,
    }
}

fn vague() -> Outcome {
    Outcome {
        may: ANY,
        vague: true,
        touched: true,
    }
}

fn either(a: Outcome, b: Outcome) -> Outcome {
    Outcome {
        may: a.may | b.may,
        vague: a.vague || b.vague,
        touched: a.touched || b.touched,
    }
}

/// What an operator gives that gives `NULL` if an operand is, and else any value.
fn strict(parts: &[Outcome]) -> Outcome {
    let touched = parts.iter().any(|part| part.touched);
    if parts.iter().any(|part| part.may == NULL) {
        return Outcome {
            may: NULL,
            vague: false,
            touched,
        };
    }
    let all = parts.iter().fold(0, |all, part| all | part.may);
    Outcome {
        may: VALUE | all & NULL,
        vague: parts.iter().any(|part| part.vague)
            // A comparison of what is left instead of NULL: what it gives could be computed.
            || touched,
        touched,
    }
}

fn logic(a: Outcome, b: Outcome, table: impl Fn(u8, u8) -> u8) -> Outcome {
    let mut may = 0;
    for own in [TRUE, FALSE, NULL] {
        for other in [TRUE, FALSE, NULL] {
            if a.may & own != 0 && b.may & other != 0 {
                may |= table(own, other);
            }
        }
    }
    // One that decides alone is not made vague by the other.
    let decided =
        |side: Outcome| !side.vague && matches!(side.may, TRUE | FALSE) && may == side.may;
    let both = either(a, b);
    Outcome {
        may,
        vague: both.vague && !decided(a) && !decided(b),
        touched: both.touched,
    }
}

/// `COALESCE`: what is `NULL` gives way to what stands behind it.
fn coalesced(arguments: &[Expression], parts: &[Outcome]) -> Outcome {
    let mut left = arguments
        .iter()
        .zip(parts)
        .filter(|(_, part)| part.may != NULL);
    let touched = parts.iter().any(|part| part.touched);
    let Some((first, outcome)) = left.next() else {
        return Outcome {
            may: NULL,
            vague: false,
            touched,
        };
    };
    let is_boolean = matches!(first, Expression::Literal(Literal::Boolean(_)));
    if is_boolean {
        return Outcome {
            touched,
            ..*outcome
        };
    }
    let mut all = *outcome;
    for (_, part) in left {
        let may = if part.may & NULL == 0 {
            all.may & !NULL
        } else {
            all.may
        };
        all = either(all, *part);
        all.may = may | part.may & VALUE;
    }
    let is_column = matches!(first, Expression::Column { .. } | Expression::Output { .. });
    Outcome {
        vague: all.vague || touched && !is_column,
        touched: touched && !is_column,
        ..all
    }
}
