//! `FROM`: tables, subqueries, functions and joins.

use super::context::Lowering;
use super::expression::table_function;
use super::scope::{Binding, Columns, Has, Merged};
use super::{Clause, select::all_of};
use crate::facts::{TableName, TableRef};
use crate::relation::{
    Call, Expression, From, Join, JoinKind, Operator, RelationId, Source, Unknown, UnknownReason,
};
use sqlparser::ast::{
    self, Expr, FunctionArg, Ident, JoinConstraint, JoinOperator, ObjectName, Spanned, TableAlias,
    TableFactor, TableWithJoins,
};
use std::rc::Rc;
use syntax::{Name, TextRange};

/// More tables in one `FROM` are not told apart.
const MOST_TABLES: usize = 2_000;

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

/// How the two sides of a join are written.
struct JoinForm<'j> {
    kind: JoinKind,
    constraint: Option<&'j JoinConstraint>,
    /// The right side may mention the left one: `APPLY`.
    lateral: bool,
    /// The right side's columns can be mentioned and are in `*`.
    adds_columns: bool,
    /// A condition besides the constraint: `ASOF … MATCH_CONDITION`.
    further: Option<&'j Expr>,
}

impl Lowering<'_> {
    /// What `FROM` gives; its bindings are added to the innermost scope.
    pub(super) fn tables(&mut self, id: RelationId, tables: &[TableWithJoins]) -> Option<From> {
        let mut from = None;
        let mut array_joined = false;
        for table in tables {
            // The tree of joins is as deep as the list is long.
            if self.bindings() > MOST_TABLES {
                let rest = self.not_understood(Vec::new(), None, TextRange::default());
                return Some(match from {
                    Some(left) => crossed(left, rest),
                    None => rest,
                });
            }
            // `ARRAY JOIN a, b`: all that follows are arrays.
            let next = if array_joined {
                self.array_join(&table.relation)
            } else {
                self.joined(id, table)
            };
            let last = table.joins.last().map(|join| &join.join_operator);
            array_joined |= matches!(
                last,
                Some(
                    JoinOperator::ArrayJoin
                        | JoinOperator::LeftArrayJoin
                        | JoinOperator::InnerArrayJoin
                )
            );
            from = Some(match from {
                Some(left) => crossed(left, next),
                None => next,
            });
        }
        from
    }

    fn joined(&mut self, id: RelationId, table: &TableWithJoins) -> From {
        let first = self.bindings();
        let mut left = self.factor(id, &table.relation, false);
        for join in &table.joins {
            let form = form(&join.join_operator);
            let behind = self.bindings();
            let right = match &join.join_operator {
                JoinOperator::ArrayJoin
                | JoinOperator::LeftArrayJoin
                | JoinOperator::InnerArrayJoin => self.array_join(&join.relation),
                _ => self.factor(id, &join.relation, form.lateral),
            };
            let mut on = Vec::new();
            if let Some(further) = form.further {
                on.push(self.condition(id, Clause::On, further));
            }
            match form.constraint {
                Some(JoinConstraint::On(condition)) => {
                    on.push(self.condition(id, Clause::On, condition));
                }
                Some(JoinConstraint::Using(names) | JoinConstraint::UsingAlias(names, _)) => {
                    let names: Vec<Ident> = names.iter().filter_map(last_ident).collect();
                    on.extend(self.using(id, form.kind, first..behind, &names));
                }
                Some(JoinConstraint::Natural) => {
                    on.extend(self.natural(id, form.kind, first..behind));
                }
                Some(JoinConstraint::None) | None => {}
            }
            if !form.adds_columns
                && let Some(scope) = self.scopes.last_mut()
            {
                for binding in scope.bindings.iter_mut().skip(behind) {
                    Rc::make_mut(binding).in_star = false;
                }
            }
            left = From::Join(Box::new(Join {
                kind: form.kind,
                left,
                right,
                on: all_of(on),
            }));
        }
        left
    }

    /// How many bindings the innermost scope has.
    fn bindings(&self) -> usize {
        self.scopes.last().map_or(0, |scope| scope.bindings.len())
    }

    fn factor(&mut self, id: RelationId, factor: &TableFactor, lateral: bool) -> From {
        let range = self.range_of(factor.span()).unwrap_or_default();
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                ..
            } => self.table(id, name, alias.as_ref()),
            TableFactor::Table {
                name,
                alias,
                args: Some(args),
                ..
            } => self.function(name, &args.args, alias.as_ref(), range),
            TableFactor::Function {
                name, args, alias, ..
            } => self.function(name, args, alias.as_ref(), range),
            TableFactor::Derived {
                lateral: own,
                subquery,
                alias,
                ..
            } => {
                let query = self.derived(subquery, lateral || *own);
                self.named_relation(query, alias.as_ref(), range)
            }
            TableFactor::TableFunction { expr, alias } => match expr {
                Expr::Function(function) => {
                    let args = match &function.args {
                        ast::FunctionArguments::List(list) => list.args.as_slice(),
                        _ => &[],
                    };
                    self.function(&function.name, args, alias.as_ref(), range)
                }
                expr => {
                    let value = self.expression(expr);
                    self.called("table", vec![value], alias.as_ref(), range)
                }
            },
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias,
                with_ordinality,
            } => {
                let arrays = array_exprs.iter().map(|array| self.expression(array));
                let arrays: Vec<Expression> = arrays.collect();
                let from = self.called("unnest", arrays, alias.as_ref(), range);
                if *with_offset || *with_ordinality {
                    let given = with_offset_alias
                        .as_ref()
                        .map(|name| Name::new(&name.value));
                    let fallback = if *with_offset { "offset" } else { "ordinality" };
                    self.add_counter(given.unwrap_or_else(|| Name::new(fallback)));
                }
                from
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias,
            } => match alias {
                None => self.joined(id, table_with_joins),
                Some(alias) => {
                    let query = self.nested(table_with_joins, range);
                    self.named_relation(query, Some(alias), range)
                }
            },
            TableFactor::Pivot { alias, .. } | TableFactor::Unpivot { alias, .. } => {
                let query = self.reshaped(factor, range);
                self.named_relation(query, alias.as_ref(), range)
            }
            TableFactor::JsonTable {
                json_expr, alias, ..
            }
            | TableFactor::OpenJsonTable {
                json_expr, alias, ..
            } => {
                let value = self.expression(json_expr);
                self.called("json_table", vec![value], alias.as_ref(), range)
            }
            TableFactor::XmlTable {
                row_expression,
                alias,
                ..
            } => {
                let value = self.expression(row_expression);
                self.called("xmltable", vec![value], alias.as_ref(), range)
            }
            TableFactor::UnpivotExpr { expression, .. } => {
                let value = self.expression(expression);
                self.called("unpivot", vec![value], None, range)
            }
            TableFactor::MatchRecognize { table, alias, .. } => {
                let reads = self.apart(table);
                self.not_understood(reads, alias.as_ref(), range)
            }
            TableFactor::SemanticView { alias, .. } => {
                self.not_understood(Vec::new(), alias.as_ref(), range)
            }
        }
    }

    /// A query in `FROM`. Only a lateral one sees the tables beside it.
    fn derived(&mut self, query: &ast::Query, lateral: bool) -> RelationId {
        if lateral {
            return self.query(query);
        }
        let own = self.scopes.pop();
        let lowered = self.query(query);
        self.scopes.extend(own);
        lowered
    }

    /// A join in parentheses that has an alias.
    fn nested(&mut self, table: &TableWithJoins, range: TextRange) -> RelationId {
        let select = ast::Select {
            projection: vec![ast::SelectItem::Wildcard(
                ast::WildcardAdditionalOptions::default(),
            )],
            from: vec![table.clone()],
            ..super::pivot::empty_select()
        };
        let own = self.scopes.pop();
        let id = self.select(&select, None);
        self.scopes.extend(own);
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.range = range;
        }
        id
    }

    /// What stands in a factor that is not understood itself.
    fn apart(&mut self, factor: &TableFactor) -> Vec<Source> {
        let table = TableWithJoins {
            relation: factor.clone(),
            joins: Vec::new(),
        };
        let range = self.range_of(factor.span()).unwrap_or_default();
        vec![Source::Relation(self.nested(&table, range))]
    }

    fn table(&mut self, id: RelationId, name: &ObjectName, alias: Option<&TableAlias>) -> From {
        let idents: Vec<&Ident> = name.0.iter().filter_map(|part| part.as_ident()).collect();
        let range = self.range_of(name.span()).unwrap_or_default();
        self.note_clause(id, Clause::From, range);
        if let [ident] = idents.as_slice()
            && let Some(table) = self.table_of_hole(ident)
        {
            let own = own_name(&table);
            return self.named_table(table, own, alias, range);
        }
        let names: Option<Vec<Name>> = idents.iter().map(|ident| self.name_of(ident)).collect();
        let Some(parts) = names.filter(|parts| parts.len() == name.0.len()) else {
            let own = Vec::new();
            return self.named_table(TableRef::Unknown, own, alias, range);
        };
        if let Some(array) = self.array_of(&parts, &idents) {
            return self.called("unnest", vec![array], alias, range);
        }
        let parts = self.split_path(parts);
        match self.source_of_name(parts.clone()) {
            Source::Relation(cte) => {
                let named = alias.map_or(parts, |alias| self.alias_name(alias));
                self.bound_relation(cte, named, alias, range)
            }
            Source::Table(table) => self.named_table(table, parts, alias, range),
            Source::Function(_) | Source::Unknown { .. } => {
                self.not_understood(Vec::new(), alias, range)
            }
        }
    }

    /// The table or common table expression of that name.
    pub(super) fn source_of_name(&self, parts: Vec<Name>) -> Source {
        if let [only] = parts.as_slice()
            && let Some((_, cte)) = self.ctes.iter().rev().find(|(own, _)| own == only)
        {
            return Source::Relation(*cte);
        }
        Source::Table(TableRef::Named(TableName { parts }))
    }

    /// BigQuery writes a whole path in one pair of quotes.
    fn split_path(&self, parts: Vec<Name>) -> Vec<Name> {
        if !self.dialect.quotes_whole_paths() {
            return parts;
        }
        let parts = parts.iter();
        parts
            .flat_map(|part| part.as_str().split('.').map(Name::new))
            .collect()
    }

    /// An array of a table beside it that is written like a table: `FROM orders, orders.lines`.
    fn array_of(&mut self, parts: &[Name], idents: &[&Ident]) -> Option<Expression> {
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
    fn array_join(&mut self, factor: &TableFactor) -> From {
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
                names: vec![called.clone()],
                originals: Some(vec![Name::new("value")]),
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

    fn named_table(
        &mut self,
        table: TableRef,
        own: Vec<Name>,
        alias: Option<&TableAlias>,
        range: TextRange,
    ) -> From {
        let columns = if table == TableRef::Unknown {
            Columns::Unknown
        } else {
            self.columns_of_table(&table)
        };
        let columns = match alias {
            Some(alias) if !alias.columns.is_empty() => self.renamed(columns, alias),
            _ => columns,
        };
        let input = self.input(Source::Table(table), range);
        self.bind(Binding {
            name: alias.map_or(own, |alias| self.alias_name(alias)),
            input: input.id,
            columns,
            in_star: true,
            is_value: false,
            hidden: Vec::new(),
        });
        From::Input(input)
    }

    /// The columns of a table under the names that an alias gives them.
    fn renamed(&self, columns: Columns, alias: &TableAlias) -> Columns {
        let given = alias.columns.iter();
        let given: Option<Vec<Name>> = given.map(|column| self.name_of(&column.name)).collect();
        match (columns, given) {
            (
                Columns::Named {
                    names, open: false, ..
                },
                Some(mut given),
            ) => {
                given.extend(names.iter().skip(given.len()).cloned());
                Columns::Named {
                    names: given,
                    originals: Some(names),
                    open: false,
                }
            }
            _ => Columns::Unknown,
        }
    }

    fn named_relation(
        &mut self,
        id: RelationId,
        alias: Option<&TableAlias>,
        range: TextRange,
    ) -> From {
        if let Some(alias) = alias {
            let name = self.range_of(alias.name.span).unwrap_or_default();
            if let Some(places) = self.places.get_mut(id.0 as usize) {
                places.name = name;
            }
        }
        let named = alias.map_or_else(Vec::new, |alias| self.alias_name(alias));
        self.bound_relation(id, named, alias, range)
    }

    fn bound_relation(
        &mut self,
        id: RelationId,
        name: Vec<Name>,
        alias: Option<&TableAlias>,
        range: TextRange,
    ) -> From {
        let given = alias.map_or(&[] as &[_], |alias| &alias.columns);
        let given = given.iter().map(|column| Name::new(&column.name.value));
        let columns = Columns::Relation(id, given.collect());
        let input = self.input(Source::Relation(id), range);
        self.bind(Binding {
            name,
            input: input.id,
            columns,
            in_star: true,
            is_value: false,
            hidden: Vec::new(),
        });
        From::Input(input)
    }

    fn function(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
        range: TextRange,
    ) -> From {
        let Call {
            function,
            arguments,
        } = table_function(self, name, args);
        // `TABLE(FLATTEN(…))` is the function inside.
        if let ("table", [Expression::Call(inner)]) = (function.as_str(), arguments.as_slice()) {
            let inner = inner.clone();
            return self.called(&inner.function, inner.arguments, alias, range);
        }
        self.called(&function, arguments, alias, range)
    }

    /// A function that gives rows.
    fn called(
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
                names: given.to_vec(),
                originals: Some(known.iter().map(Name::new).collect()),
                open: false,
            },
            (None, []) if !GIVES_ONE_COLUMN.contains(&function) => Columns::Named {
                names: Vec::new(),
                originals: None,
                open: true,
            },
            (None, []) => {
                let value = Name::new("value");
                let named = alias.filter(|_| self.dialect.names_values_by_alias());
                let called = named.and_then(|alias| self.name_of(&alias.name));
                Columns::Named {
                    names: vec![called.unwrap_or_else(|| value.clone())],
                    originals: Some(vec![value]),
                    // The elements may have fields.
                    open: !is_array_of_scalars(&arguments),
                }
            }
            (None, [only]) => Columns::Named {
                names: vec![only.clone()],
                originals: Some(vec![Name::new("value")]),
                open: false,
            },
            (None, several) => Columns::Named {
                names: several.to_vec(),
                originals: None,
                open: false,
            },
        };
        let call = Call {
            function: function.into(),
            arguments,
        };
        let input = self.input(Source::Function(call), range);
        let own = || vec![Name::new(function)];
        self.bind(Binding {
            name: alias.map_or_else(own, |alias| self.alias_name(alias)),
            input: input.id,
            columns,
            in_star: true,
            is_value,
            hidden: Vec::new(),
        });
        From::Input(input)
    }

    /// Adds the number of the row to the columns of the last binding.
    fn add_counter(&mut self, name: Name) {
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
                originals.push(name.clone());
            }
            names.push(name);
        }
    }

    fn not_understood(
        &mut self,
        reads: Vec<Source>,
        alias: Option<&TableAlias>,
        range: TextRange,
    ) -> From {
        let input = self.input(Source::Unknown { reads }, range);
        self.bind(Binding {
            name: alias.map_or_else(Vec::new, |alias| self.alias_name(alias)),
            input: input.id,
            columns: Columns::Unknown,
            in_star: true,
            is_value: false,
            hidden: Vec::new(),
        });
        From::Input(input)
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

    /// Conditions for tables of which only a sample is read: which rows that are is not known.
    pub(super) fn sampled(&self, tables: &[TableWithJoins]) -> Option<Expression> {
        let factors = tables.iter().flat_map(|table| {
            let joined = table.joins.iter().map(|join| &join.relation);
            std::iter::once(&table.relation).chain(joined)
        });
        let mut samples = factors.filter(|factor| match factor {
            TableFactor::Table { sample, .. } | TableFactor::Derived { sample, .. } => {
                sample.is_some()
            }
            _ => false,
        });
        samples.next().map(|_| {
            Expression::Unknown(Unknown {
                reason: UnknownReason::Unsupported,
                over: Vec::new(),
            })
        })
    }

    fn alias_name(&self, alias: &TableAlias) -> Vec<Name> {
        self.name_of(&alias.name).into_iter().collect()
    }

    /// `USING`: equal columns of both sides, and from then on one of the two.
    fn using(
        &mut self,
        id: RelationId,
        kind: JoinKind,
        left: std::ops::Range<usize>,
        names: &[Ident],
    ) -> Vec<Expression> {
        let mut conditions = Vec::new();
        for ident in names {
            if let Some(range) = self.range_of(ident.span) {
                self.note_clause(id, Clause::On, range);
            }
            let name = Name::new(&ident.value);
            let one = self.side(left.clone(), &name);
            let other = self.side(left.end..usize::MAX, &name);
            self.note(
                ident,
                &super::scope::Found {
                    value: one.clone(),
                    alias: None,
                },
            );
            conditions.push(Expression::operation(
                Operator::Equal,
                [one.clone(), other.clone()],
            ));
            self.merge(kind, left.clone(), name, one, other);
        }
        conditions
    }

    fn natural(
        &mut self,
        id: RelationId,
        kind: JoinKind,
        left: std::ops::Range<usize>,
    ) -> Vec<Expression> {
        let Some(scope) = self.scopes.last() else {
            return Vec::new();
        };
        let bindings = scope.bindings.clone();
        let listed = |bindings: &[Rc<Binding>]| {
            let mut names = Vec::new();
            let mut open = false;
            for binding in bindings {
                let (columns, more) = self.columns_of(binding);
                open |= more;
                names.extend(columns.into_iter().filter_map(|(name, _)| name));
            }
            (names, open)
        };
        let (own, own_open) = listed(bindings.get(left.clone()).unwrap_or_default());
        let (others, others_open) = listed(bindings.get(left.end..).unwrap_or_default());
        if own_open || others_open {
            return vec![Expression::Unknown(Unknown {
                reason: UnknownReason::Unsupported,
                over: Vec::new(),
            })];
        }
        let shared = own.into_iter().filter(|name| others.contains(name));
        let shared: Vec<Ident> = shared.map(|name| Ident::new(name.as_str())).collect();
        self.using(id, kind, left, &shared)
    }

    /// The column of that name that some of the bindings of the innermost scope have.
    fn side(&mut self, bindings: std::ops::Range<usize>, name: &Name) -> Expression {
        let Some(scope) = self.scopes.last() else {
            return super::star::nothing();
        };
        if bindings.start == 0 || bindings.end != usize::MAX {
            let merged = scope.merged.iter().rfind(|merged| merged.name == *name);
            if let Some(merged) = merged {
                return merged.value.clone();
            }
        }
        let end = bindings.end.min(scope.bindings.len());
        let own = scope.bindings.get(bindings.start..end);
        let own: Vec<Rc<Binding>> = own.unwrap_or_default().to_vec();
        let sure = own
            .iter()
            .find(|binding| self.has(binding, name) == Has::Yes);
        if let Some(binding) = sure.cloned() {
            return self.column_of(&binding, name);
        }
        let unsure = own.iter().filter(|own| self.has(own, name) == Has::Perhaps);
        let unsure: Vec<Rc<Binding>> = unsure.cloned().collect();
        let mut values: Vec<Expression> = unsure
            .iter()
            .map(|binding| self.column_of(binding, name))
            .collect();
        match values.len() {
            0 => super::star::nothing(),
            1 => values.remove(0),
            _ => Expression::Unknown(Unknown {
                reason: UnknownReason::Ambiguous,
                over: values,
            }),
        }
    }

    fn merge(
        &mut self,
        kind: JoinKind,
        left: std::ops::Range<usize>,
        name: Name,
        one: Expression,
        other: Expression,
    ) {
        let value = match kind {
            JoinKind::Right => other,
            JoinKind::Full => Expression::call("coalesce", [one, other]),
            _ => one,
        };
        if let Some(scope) = self.scopes.last_mut() {
            for binding in scope.bindings.iter_mut().skip(left.end) {
                Rc::make_mut(binding).hidden.push(name.clone());
            }
            scope.merged.retain(|merged| merged.name != name);
            scope.merged.push(Merged { name, value });
        }
    }
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

/// Every pair of rows.
fn crossed(left: From, right: From) -> From {
    From::Join(Box::new(Join {
        kind: JoinKind::Inner,
        left,
        right,
        on: None,
    }))
}

fn own_name(table: &TableRef) -> Vec<Name> {
    match table {
        TableRef::Ref { name, .. } | TableRef::Source { table: name, .. } => vec![name.clone()],
        TableRef::Named(name) => name.parts.clone(),
        TableRef::Unknown => Vec::new(),
    }
}

fn last_ident(name: &ObjectName) -> Option<Ident> {
    name.0.last()?.as_ident().cloned()
}

fn form(operator: &JoinOperator) -> JoinForm<'_> {
    let plain = |kind, constraint| JoinForm {
        kind,
        constraint: Some(constraint),
        lateral: false,
        adds_columns: true,
        further: None,
    };
    let half = |kind, constraint| JoinForm {
        adds_columns: false,
        ..plain(kind, constraint)
    };
    let applied = |kind| JoinForm {
        kind,
        constraint: None,
        lateral: true,
        adds_columns: true,
        further: None,
    };
    match operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::CrossJoin(constraint)
        | JoinOperator::StraightJoin(constraint) => plain(JoinKind::Inner, constraint),
        JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
            plain(JoinKind::Left, constraint)
        }
        JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
            plain(JoinKind::Right, constraint)
        }
        JoinOperator::FullOuter(constraint) => plain(JoinKind::Full, constraint),
        JoinOperator::Semi(constraint) | JoinOperator::LeftSemi(constraint) => {
            half(JoinKind::Semi, constraint)
        }
        JoinOperator::Anti(constraint) | JoinOperator::LeftAnti(constraint) => {
            half(JoinKind::Anti, constraint)
        }
        // Which side is kept is the other one; no dialect that people use for models has them.
        JoinOperator::RightSemi(constraint) | JoinOperator::RightAnti(constraint) => {
            plain(JoinKind::Unknown, constraint)
        }
        JoinOperator::CrossApply | JoinOperator::ArrayJoin | JoinOperator::InnerArrayJoin => {
            applied(JoinKind::Inner)
        }
        JoinOperator::OuterApply | JoinOperator::LeftArrayJoin => applied(JoinKind::Left),
        JoinOperator::AsOf {
            match_condition,
            constraint,
        } => JoinForm {
            further: Some(match_condition),
            ..plain(JoinKind::Unknown, constraint)
        },
    }
}
