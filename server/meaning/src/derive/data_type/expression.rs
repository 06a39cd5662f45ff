//! The type of an expression.

use super::Kind;
use super::unify::unify_all;
use crate::derive::DEEPEST;
use crate::derive::facts::Facts;
use crate::derive::scope::{Known, Scopes};
use sql::Dialect;
use sql::relation::{
    DataType, Expression, InputId, Literal, Operation, Operator, Source, SubqueryKind,
};
use syntax::Name;

/// What types are told from.
pub(super) struct Typing<'t, 'q> {
    pub(super) scopes: &'t Scopes<'q>,
    pub(super) facts: &'t dyn Facts,
    pub(super) known: &'t Known<'q, Kind>,
}

impl Typing<'_, '_> {
    /// The type of an expression, `depth` levels below the column that is asked for.
    pub(super) fn kind(&self, expression: &Expression, depth: u32) -> Kind {
        if depth > DEEPEST {
            return Kind::Unknown;
        }
        let depth = depth + 1;
        match expression {
            Expression::Column { input, name } => self.declared(*input, name),
            Expression::Output { input, position } => match self.scopes.home(*input) {
                Some((_, Source::Relation(relation))) => {
                    self.known.get(*relation, *position as usize).clone()
                }
                _ => Kind::Unknown,
            },
            Expression::Literal(literal) => self.literal(literal),
            Expression::Operation(operation) => self.operation(operation, depth),
            Expression::Call(call) => self.call(call, depth),
            Expression::Case(case) => {
                let values = case.branches.iter().map(|(_, value)| value);
                self.common(values.chain([&*case.otherwise]), depth)
            }
            Expression::Cast(cast) => Kind::Of(cast.to.clone()),
            Expression::Aggregate(aggregate) => self.aggregate(aggregate, depth),
            Expression::Window(window) => self.aggregate(&window.function, depth),
            Expression::Subquery(subquery) => match subquery.kind {
                SubqueryKind::Scalar => self.known.get(subquery.relation, 0).clone(),
                SubqueryKind::Exists
                | SubqueryKind::In(_)
                | SubqueryKind::Any(..)
                | SubqueryKind::All(..) => Kind::Of(DataType::Boolean),
                SubqueryKind::Array => {
                    let element = match self.known.get(subquery.relation, 0) {
                        Kind::Of(element) => Some(Box::new(element.clone())),
                        _ => None,
                    };
                    Kind::Of(DataType::Array(element))
                }
            },
            Expression::Unknown(_) => Kind::Unknown,
        }
    }

    /// The one type of several expressions.
    pub(super) fn common<'e>(
        &self,
        expressions: impl Iterator<Item = &'e Expression>,
        depth: u32,
    ) -> Kind {
        let kinds: Vec<Kind> = expressions.map(|value| self.kind(value, depth)).collect();
        unify_all(&kinds)
    }

    fn declared(&self, input: InputId, name: &Name) -> Kind {
        let declared = match self.scopes.home(input) {
            Some((_, Source::Table(table))) => self.facts.data_type(table, name),
            _ => None,
        };
        declared.map_or(Kind::Unknown, Kind::Of)
    }

    fn literal(&self, literal: &Literal) -> Kind {
        match literal {
            Literal::Null => Kind::Null,
            Literal::Boolean(_) => Kind::Of(DataType::Boolean),
            Literal::Text(_) => Kind::Of(DataType::Text(None)),
            Literal::Number(written) => self.number(written),
            Literal::Other(written) => match written.split_whitespace().next() {
                Some(word) if word.eq_ignore_ascii_case("interval") => Kind::Of(DataType::Interval),
                _ => Kind::Unknown,
            },
        }
    }

    fn number(&self, written: &str) -> Kind {
        if written.parse::<i32>().is_ok() {
            return Kind::Whole;
        }
        let is_decimal = written.contains('.')
            && written
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
        match self.facts.dialect() {
            Some(Dialect::BigQuery) if is_decimal => Kind::Of(DataType::Float(64)),
            Some(
                Dialect::Athena
                | Dialect::Databricks
                | Dialect::DuckDb
                | Dialect::Postgres
                | Dialect::Redshift
                | Dialect::Snowflake
                | Dialect::Spark
                | Dialect::SqlServer
                | Dialect::Trino,
            ) if is_decimal => Kind::Of(DataType::Decimal(None, None)),
            _ => Kind::Unknown,
        }
    }

    fn operation(&self, operation: &Operation, depth: u32) -> Kind {
        let operands = operation.operands.iter();
        match operation.operator {
            Operator::And
            | Operator::Or
            | Operator::Not
            | Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Same
            | Operator::IsNull
            | Operator::IsTrue
            | Operator::IsFalse
            | Operator::In
            | Operator::Like
            | Operator::LikeIgnoringCase => Kind::Of(DataType::Boolean),
            Operator::Concatenate => {
                let kinds: Vec<Kind> = operands.map(|part| self.kind(part, depth)).collect();
                concatenated(&kinds)
            }
            Operator::Negate => match self.common(operands, depth) {
                Kind::Of(
                    kind @ (DataType::Integer(_) | DataType::Decimal(..) | DataType::Float(_)),
                ) => Kind::Of(kind),
                Kind::Whole => Kind::Whole,
                _ => Kind::Unknown,
            },
            Operator::Add | Operator::Subtract => {
                let kinds: Vec<Kind> = operands.map(|part| self.kind(part, depth)).collect();
                match kinds.as_slice() {
                    [
                        Kind::Of(moment @ DataType::Timestamp(_)),
                        Kind::Of(DataType::Interval),
                    ] => Kind::Of(moment.clone()),
                    _ => computed(unify_all(&kinds), false),
                }
            }
            Operator::Multiply => computed(self.common(operands, depth), false),
            // Whole numbers and exact ones are divided in too many ways.
            Operator::Divide | Operator::Modulo => computed(self.common(operands, depth), true),
        }
    }
}

/// What numbers of a type add up to. Two constants may be computed in a wider type.
fn computed(common: Kind, is_division: bool) -> Kind {
    match common {
        Kind::Of(DataType::Float(64)) => Kind::Of(DataType::Float(64)),
        Kind::Of(DataType::Integer(bits @ (32 | 64))) if !is_division => {
            Kind::Of(DataType::Integer(bits))
        }
        Kind::Of(DataType::Decimal(..)) if !is_division => Kind::Of(DataType::Decimal(None, None)),
        _ => Kind::Unknown,
    }
}

/// `||` is for texts, but also for lists, bytes and JSON.
fn concatenated(kinds: &[Kind]) -> Kind {
    let is_text = |kind: &Kind| matches!(kind, Kind::Of(DataType::Text(_)));
    let is_other = |kind: &Kind| {
        matches!(
            kind,
            Kind::Of(DataType::Array(_) | DataType::Binary | DataType::Json | DataType::Other(_))
        )
    };
    if kinds.iter().any(is_text) && !kinds.iter().any(is_other) {
        Kind::Of(DataType::Text(None))
    } else {
        Kind::Unknown
    }
}
