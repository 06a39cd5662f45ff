//! What expressions ask of the queries around them.

use super::context::Lowering;
use super::expression::Names;
use crate::dialect::Dialect;
use crate::relation::{Expression, RelationId};
use sqlparser::ast::{Ident, NamedWindowExpr, ObjectName, Query, WindowSpec};
use sqlparser::tokenizer::Location;
use syntax::Name;

/// Named windows may be defined by other ones, this deep at most.
const DEPTH: usize = 16;

impl Names for Lowering<'_> {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn column(&mut self, parts: &[Ident]) -> Expression {
        self.mention(parts)
    }

    fn subquery(&mut self, query: &Query) -> RelationId {
        self.query(query)
    }

    fn named_window(&mut self, name: &Ident) -> Option<WindowSpec> {
        let scope = self.scopes.last()?;
        let mut name = name;
        for _ in 0..DEPTH {
            let mut windows = scope.windows.iter();
            let own = windows.find(|own| own.0.value.eq_ignore_ascii_case(&name.value))?;
            match &own.1 {
                NamedWindowExpr::WindowSpec(window) => return Some(window.clone()),
                NamedWindowExpr::NamedWindow(other) => name = other,
            }
        }
        None
    }

    fn is_hole(&self, ident: &Ident) -> bool {
        self.hole_of(ident).is_some()
    }

    fn is_list_hole(&self, location: Location) -> bool {
        Lowering::is_list_hole(self, location)
    }

    fn positional(&mut self, table: Option<&Ident>, position: usize) -> Option<Expression> {
        let named = table.and_then(|table| self.name_of(table));
        let mut bindings = self.scopes.last()?.bindings.iter();
        let binding = match (table, named) {
            (None, _) => bindings.next().filter(|_| bindings.next().is_none()),
            (Some(_), Some(name)) => {
                bindings.find(|own| own.is_called(std::slice::from_ref(&name)))
            }
            (Some(_), None) => None,
        };
        let (columns, open) = self.columns_of(binding?);
        let column = columns.into_iter().nth(position).filter(|_| !open);
        column.map(|(_, value)| value)
    }

    fn wildcard(&mut self, qualifier: Option<&ObjectName>) -> Option<Vec<Expression>> {
        let Some(qualifier) = qualifier else {
            return self.wildcard_values(None);
        };
        let idents = qualifier.0.iter().map(|part| part.as_ident());
        let parts: Option<Vec<Name>> = idents.map(|ident| self.name_of(ident?)).collect();
        self.wildcard_values(Some(&parts?))
    }
}
