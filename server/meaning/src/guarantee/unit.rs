//! `orders.order_amount is in USD`

use super::blame::blamed;
use super::subject::DEEPEST;
use super::trace::{relation_of, table_of};
use super::{Answer, Contradiction, Reason};
use sql::facts::TableRef;
use sql::relation::{Body, Expression, Operator, Query, RelationId};
use syntax::Name;

/// Whether the column at `position` is in a unit. `unit_of` tells the declared unit of a table's
/// column. What multiplies or divides changes units, and is not followed.
pub fn is_in_unit(
    query: &Query,
    position: usize,
    unit: &str,
    unit_of: &dyn Fn(&TableRef, &Name) -> Option<String>,
) -> Answer {
    let units_in = |relation, position| {
        let mut units = Units {
            query,
            unit_of,
            found: Vec::new(),
            is_complete: true,
        };
        units.column(relation, position, 0);
        units
    };
    let is_other = |found: &&(TableRef, Name, String)| !found.2.eq_ignore_ascii_case(unit);
    let units = units_in(query.root, position);
    if let Some((table, column, found)) = units.found.iter().find(is_other) {
        return Answer::Contradicted(Contradiction {
            at: blamed(query, position, &|branch, position| {
                units_in(branch, position)
                    .found
                    .iter()
                    .any(|found| is_other(&found))
            }),
            now: Some(format!("{table}.{column}, which is in {found}")),
            witness: None,
        });
    }
    match units.is_complete && !units.found.is_empty() {
        true => Answer::Holds,
        false => Answer::Undecided(Reason::NothingDeclared),
    }
}

/// The declared units of what a value is copied, added or picked from.
struct Units<'u> {
    query: &'u Query,
    unit_of: &'u dyn Fn(&TableRef, &Name) -> Option<String>,
    found: Vec<(TableRef, Name, String)>,
    is_complete: bool,
}

/// Functions whose value is in the unit of their arguments.
const KEEPING: [&str; 12] = [
    "abs",
    "any_value",
    "avg",
    "ceil",
    "coalesce",
    "floor",
    "greatest",
    "least",
    "max",
    "min",
    "round",
    "sum",
];

impl Units<'_> {
    fn column(&mut self, relation: RelationId, position: usize, depth: usize) {
        if depth > DEEPEST {
            self.is_complete = false;
            return;
        }
        match &self.query.relation(relation).body {
            Body::Select(select) => match select.projection.get(position) {
                Some(value) => self.value(relation, value, depth),
                None => self.is_complete = false,
            },
            Body::Set(set) => {
                for branch in set.giving() {
                    self.column(branch, position, depth + 1);
                }
            }
            _ => self.is_complete = false,
        }
    }

    fn value(&mut self, home: RelationId, value: &Expression, depth: usize) {
        match value {
            Expression::Literal(_) => {}
            Expression::Column { input, name } => {
                let table = table_of(self.query, home, *input);
                match table.and_then(|table| Some((table, (self.unit_of)(table, name)?))) {
                    Some((table, unit)) => self.found.push((table.clone(), name.clone(), unit)),
                    None => self.is_complete = false,
                }
            }
            Expression::Output { input, position } => match relation_of(self.query, home, *input) {
                Some(relation) => self.column(relation, *position as usize, depth + 1),
                None => self.is_complete = false,
            },
            Expression::Cast(cast) => self.value(home, &cast.value, depth),
            Expression::Case(case) => {
                for (_, value) in &case.branches {
                    self.value(home, value, depth);
                }
                self.value(home, &case.otherwise, depth);
            }
            Expression::Call(call) if KEEPING.contains(&call.function.as_str()) => {
                // What `round` is told to round to is no amount.
                let amounts = match call.function.as_str() {
                    "round" | "ceil" | "floor" => 1,
                    _ => usize::MAX,
                };
                for value in call.arguments.iter().take(amounts) {
                    self.value(home, value, depth);
                }
            }
            Expression::Aggregate(aggregate) if KEEPING.contains(&aggregate.function.as_str()) => {
                for value in &aggregate.arguments {
                    self.value(home, value, depth);
                }
            }
            Expression::Window(window) if KEEPING.contains(&window.function.function.as_str()) => {
                for value in &window.function.arguments {
                    self.value(home, value, depth);
                }
            }
            Expression::Operation(operation)
                if matches!(
                    operation.operator,
                    Operator::Add | Operator::Subtract | Operator::Negate
                ) =>
            {
                for value in &operation.operands {
                    self.value(home, value, depth);
                }
            }
            _ => self.is_complete = false,
        }
    }
}
