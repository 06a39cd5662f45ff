//! The fields of a structure that is built in the query itself: `SELECT s.*`.

use super::context::Lowering;
use super::scope::Columns;
use crate::relation::{Expression, Literal, RelationId, Source};
use std::collections::HashSet;
use syntax::Name;

/// Relations are looked through this deep for where a structure is built.
const DEPTH: usize = 50;

impl Lowering<'_> {
    /// The fields of the structure that the dotted name `parts` stands for, in order; `None` where it
    /// is not known which it has.
    pub(super) fn fields(&mut self, parts: &[Name]) -> Option<Vec<(Option<Name>, Expression)>> {
        let (found, used) = self.resolve(parts);
        let path = parts.get(used..)?;
        let mut value = found.value;
        let mut built = self.built(&value)?;
        for field in path {
            let (_, inner) = fields_of(&built)?
                .into_iter()
                .find(|(name, _)| name.as_ref() == Some(field))?;
            value = field_of(value, field);
            built = inner;
        }
        // A field without a name of its own can't be told by it.
        let mut seen = HashSet::new();
        let fields = fields_of(&built)?.into_iter().map(|(name, _)| {
            let name = name.filter(|name| seen.insert(name.clone()))?;
            let value = field_of(value.clone(), &name);
            Some((Some(name), value))
        });
        fields.collect()
    }

    /// The expression of the projection that `value` is, behind subqueries.
    fn built(&self, value: &Expression) -> Option<Expression> {
        let Expression::Output { input, position } = value else {
            return Some(value.clone());
        };
        let mut bindings = self.scopes.iter().rev().flat_map(|scope| &scope.bindings);
        let Columns::Relation(id, _) = &bindings.find(|own| own.input == *input)?.columns else {
            return None;
        };
        let (mut id, mut position) = (*id, *position);
        for _ in 0..DEPTH {
            match self.projected(id, position)? {
                (Expression::Output { position: next, .. }, Some(inner)) => {
                    (id, position) = (inner, next);
                }
                (value, _) => return Some(value),
            }
        }
        None
    }

    /// The value of a relation's column and, where it is another relation's, that one.
    fn projected(&self, id: RelationId, position: u32) -> Option<(Expression, Option<RelationId>)> {
        let select = self.relation(id)?.select()?;
        let value = select.projection.get(position as usize)?.clone();
        let Expression::Output { input, .. } = &value else {
            return Some((value, None));
        };
        match &select.input(*input)?.source {
            Source::Relation(inner) => Some((value, Some(*inner))),
            _ => None,
        }
    }
}

/// The fields that a structure is built from.
fn fields_of(built: &Expression) -> Option<Vec<(Option<Name>, Expression)>> {
    let Expression::Call(call) = built else {
        return None;
    };
    if call.function != "struct" {
        return None;
    }
    let fields = call.arguments.iter().map(|argument| match argument {
        Expression::Call(named) if named.function == "named" => match named.arguments.as_slice() {
            [Expression::Literal(Literal::Text(name)), value] => {
                (Some(Name::new(name)), value.clone())
            }
            _ => (None, argument.clone()),
        },
        value => (None, value.clone()),
    });
    Some(fields.collect())
}

fn field_of(value: Expression, field: &Name) -> Expression {
    let field = Expression::text(field.as_str().to_lowercase());
    Expression::call("field", [value, field])
}
