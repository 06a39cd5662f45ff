//! The types of what functions give.

use super::Kind;
use super::expression::Typing;
use sql::functions::{Gives, function};
use sql::relation::{Aggregate, Call, DataType, Expression};

impl Typing<'_, '_> {
    /// The type of what a function of one row gives.
    pub(super) fn call(&self, call: &Call, depth: u32) -> Kind {
        match call.function.as_str() {
            "coalesce"
            | "greatest"
            | "least"
            | "greatest_by_dialect"
            | "least_by_dialect"
            | "greatest_ignoring_nulls"
            | "least_ignoring_nulls" => self.common(call.arguments.iter(), depth),
            "nullif" => self.typed(call.arguments.first(), depth),
            name => self.given(name, &call.arguments, depth),
        }
    }

    /// The type of what an aggregate or a window function gives.
    pub(super) fn aggregate(&self, aggregate: &Aggregate, depth: u32) -> Kind {
        match aggregate.function.as_str() {
            "count" | "count_if" => Kind::Of(DataType::Integer(64)),
            "sum" => match self.typed(aggregate.arguments.first(), depth) {
                Kind::Of(DataType::Decimal(..)) => Kind::Of(DataType::Decimal(None, None)),
                Kind::Of(DataType::Float(64)) => Kind::Of(DataType::Float(64)),
                _ => Kind::Unknown,
            },
            "avg" => match self.typed(aggregate.arguments.first(), depth) {
                Kind::Of(DataType::Float(64)) => Kind::Of(DataType::Float(64)),
                _ => Kind::Unknown,
            },
            // A default of another type may widen it.
            "lag" | "lead" => {
                let values = aggregate.arguments.iter().enumerate();
                let values = values.filter(|(at, _)| *at != 1).map(|(_, value)| value);
                self.common(values, depth)
            }
            name => self.given(name, &aggregate.arguments, depth),
        }
    }

    fn given(&self, name: &str, arguments: &[Expression], depth: u32) -> Kind {
        match function(name).map(|function| &function.gives) {
            Some(Gives::Fixed(data_type)) => Kind::Of(data_type.clone()),
            Some(Gives::SameAsFirst) => self.typed(arguments.first(), depth),
            // Of how many bits depends on the dialect.
            Some(Gives::Integer | Gives::Unknown) | None => Kind::Unknown,
        }
    }

    fn typed(&self, expression: Option<&Expression>, depth: u32) -> Kind {
        expression.map_or(Kind::Unknown, |expression| self.kind(expression, depth))
    }
}
