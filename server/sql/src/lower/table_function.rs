//! Functions in `FROM`: `UNNEST`, `FLATTEN`, `LATERAL VIEW`, `ARRAY JOIN`.

use super::context::Lowering;
use super::expression::table_function;
use super::scope::{Binding, Columns};
use crate::relation::{Call, Expression, From, Join, JoinKind, Literal, Source, SubqueryKind};
use sqlparser::ast::{self, FunctionArg, Ident, ObjectName, Spanned, TableAlias, TableFactor};
use std::rc::Rc;
use syntax::{Name, TextRange};

/// Functions in `FROM` that give one column, or the fields of the elements.
const GIVES_ONE_COLUMN: &[&str] = &[
    "explode",
    "explode_outer",
    "generate_array",
    "generate_date_array",
    "generate_series",
    "generate_timestamp_array",
    "unnest",
];

impl Lowering<'_> {
    pub(super) fn function(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
        range: TextRange,
    ) -> From {
        let Call {
            function,
            mut arguments,
        } = table_function(self, name, args);
        if self.dialect.is_trino() {
            let each = arguments.iter_mut();
            each.for_each(|argument| self.give_rows(argument));
        }
        // `TABLE(FLATTEN(…))` is the function inside.
        if let ("table", [Expression::Call(inner)]) = (function.as_str(), arguments.as_slice()) {
            let inner = inner.clone();
            return self.called(&inner.function, inner.arguments, alias, range);
        }
        self.called(&function, arguments, alias, range)
    }

    /// A query as an argument, `input => TABLE(SELECT …)`, gives the function all of its rows, and the
    /// names of its columns.
    fn give_rows(&self, argument: &mut Expression) {
        let value = match argument {
            Expression::Call(call) if call.function == "named" => call.arguments.last_mut(),
            argument => Some(argument),
        };
        let Some(value) = value else { return };
        let Expression::Subquery(subquery) = value else {
            return;
        };
        if subquery.kind != SubqueryKind::Scalar {
            return;
        }
        subquery.kind = SubqueryKind::Array;
        let relation = self.relation(subquery.relation);
        let columns = relation.map_or(&[][..], |relation| &relation.columns);
        let named = columns.iter().filter(|column| !column.implicit);
        let names = named.map(|column| match &column.name {
            Some(name) => Expression::text(name.as_str()),
            None => Expression::Literal(Literal::Null),
        });
        let names: Vec<Expression> = names.collect();
        *value = Expression::call("table", [value.clone()].into_iter().chain(names));
    }

    /// A function that gives rows.
    pub(super) fn called(
        &mut self,
        function: &str,
        arguments: Vec<Expression>,
        alias: Option<&TableAlias>,
        range: TextRange,
    ) -> From {
        let given: Vec<Name> = alias
            .map(|alias| alias.columns.iter())
            .into_iter()
            .flatten()
            .map(|column| Name::new(&column.name.value))
            .collect();
        let known = Self::function_columns(function);
        let is_value = known.is_none() && given.len() < 2;
        let columns = match (known, given.as_slice()) {
            (Some(known), []) => Columns::Named {
                names: known.iter().map(Name::new).collect(),
                originals: None,
                open: false,
            },
            (Some(known), given) => Columns::Named {
                names: given.into(),
                originals: Some(known.iter().map(Name::new).collect()),
                open: false,
            },
            (None, []) if !GIVES_ONE_COLUMN.contains(&function) => Columns::Named {
                names: Rc::default(),
                originals: None,
                open: true,
            },
            (None, []) => {
                let value = Name::new("value");
                let named = alias.filter(|_| self.dialect.names_values_by_alias());
                let called = named.and_then(|alias| self.name_of(&alias.name));
                Columns::Named {
                    names: Rc::new([called.unwrap_or_else(|| value.clone())]),
                    originals: Some(Rc::new([value])),
                    // The elements may have fields.
                    open: !is_array_of_scalars(&arguments),
                }
            }
            (None, [only]) => Columns::Named {
                names: Rc::new([only.clone()]),
                originals: Some(Rc::new([Name::new("value")])),
                open: false,
            },
            (None, several) => Columns::Named {
                names: several.into(),
                originals: None,
                open: false,
            },
        };
        let call = Call {
            function: function.into(),
            arguments,
        };
        let input = self.input(Source::Function(call), range);
        self.note_alias(input.id, alias);
        let own = || vec![Name::new(function)];
        self.bind(Binding {
            name: alias.map_or_else(own, |alias| self.alias_name(alias)),
            input: input.id,
            columns,
            in_star: true,
            is_value,
            hidden: Vec::new(),
        });
        self.note_alias_columns(alias);
        From::Input(input)
    }

    /// Adds the number of the row to the columns of the last binding.
    pub(super) fn add_counter(&mut self, name: Name) {
        let scope = self.scopes.last_mut();
        let last = scope.and_then(|scope| scope.bindings.last_mut());
        if let Some(Binding {
            columns: Columns::Named {
                names, originals, ..
            },
            ..
        }) = last.map(Rc::make_mut)
        {
            if let Some(originals) = originals {
                *originals = with(originals, name.clone());
            }
            *names = with(names, name);
        }
    }

    /// Hive's `LATERAL VIEW`.
    pub(super) fn lateral_view(
        &mut self,
        from: Option<From>,
        view: &ast::LateralView,
    ) -> Option<From> {
        let range = self.range_of(view.lateral_view.span()).unwrap_or_default();
        let lowered = self.expression(&view.lateral_view);
        let (function, arguments) = match lowered {
            Expression::Call(call) => (call.function.to_string(), call.arguments),
            value => ("unnest".to_owned(), vec![value]),
        };
        let name = view.lateral_view_name.0.last()?.as_ident()?.clone();
        let columns = view.lateral_col_alias.iter();
        let alias = TableAlias {
            explicit: true,
            name,
            columns: columns
                .map(|name| ast::TableAliasColumnDef {
                    name: name.clone(),
                    data_type: None,
                })
                .collect(),
            at: None,
        };
        let right = self.called(&function, arguments, Some(&alias), range);
        let Some(left) = from else {
            return Some(right);
        };
        let kind = if view.outer {
            JoinKind::Left
        } else {
            JoinKind::Inner
        };
        Some(From::Join(Box::new(Join {
            kind,
            left,
            right,
            on: None,
        })))
    }

    /// An array of a table beside it that is written like a table: `FROM orders, orders.lines`.
    pub(super) fn array_of(&mut self, parts: &[Name], idents: &[&Ident]) -> Option<Expression> {
        if parts.len() < 2 {
            return None;
        }
        let scope = self.scopes.last()?;
        let first = parts.get(..1)?;
        let named = scope.bindings.iter().any(|own| own.is_called(first));
        if !named {
            return None;
        }
        let idents: Vec<Ident> = idents.iter().map(|ident| (*ident).clone()).collect();
        Some(self.mention(&idents))
    }

    /// ClickHouse's `ARRAY JOIN`: the array is written like a table.
    pub(super) fn array_join(&mut self, factor: &TableFactor) -> From {
        let range = self.range_of(factor.span()).unwrap_or_default();
        let TableFactor::Table { name, alias, .. } = factor else {
            return self.not_understood(Vec::new(), None, range);
        };
        let idents = name.0.iter().filter_map(|part| part.as_ident());
        let idents: Vec<Ident> = idents.cloned().collect();
        let array = self.mention(&idents);
        let own = idents.last().map(|own| Name::new(&own.value));
        let from = self.called("unnest", vec![array], alias.as_ref(), range);
        // The element is called as the array is, which it stands for from here on.
        let called = alias.as_ref().map(|alias| Name::new(&alias.name.value));
        if let (Some(called), Some(scope)) = (called.or(own), self.scopes.last_mut())
            && let Some((last, others)) = scope.bindings.split_last_mut()
        {
            let last = Rc::make_mut(last);
            last.columns = Columns::Named {
                names: Rc::new([called.clone()]),
                originals: Some(Rc::new([Name::new("value")])),
                open: false,
            };
            last.name = Vec::new();
            if alias.is_none() {
                for other in others {
                    Rc::make_mut(other).hidden.push(called.clone());
                }
            }
        }
        from
    }
}

/// The names and one more.
fn with(names: &[Name], further: Name) -> Rc<[Name]> {
    names.iter().cloned().chain([further]).collect()
}

/// Whether the arguments are one array that is written out and has no structures in it.
fn is_array_of_scalars(arguments: &[Expression]) -> bool {
    match arguments {
        [Expression::Call(call)] if call.function == "array" => {
            let mut elements = call.arguments.iter();
            elements.all(|element| matches!(element, Expression::Literal(_)))
        }
        _ => false,
    }
}
