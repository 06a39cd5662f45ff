//! `FROM`: tables, subqueries, functions and joins.

use super::context::Lowering;
use super::join::{crossed, form};
use super::scope::{Binding, Columns, Found};
use super::{Clause, select::all_of};
use crate::facts::{TableName, TableRef};
use crate::relation::{Expression, From, Join, RelationId, Source, Unknown, UnknownReason};
use sqlparser::ast::{
    self, Expr, Ident, JoinConstraint, JoinOperator, ObjectName, Spanned, TableAlias, TableFactor,
    TableWithJoins,
};
use std::rc::Rc;
use syntax::{Name, TextRange};

/// More tables in one `FROM` are not told apart.
const MOST_TABLES: usize = 2_000;

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
                Some(JoinConstraint::None) if self.lacks_condition(join, &right) => {
                    on.push(Expression::Unknown(Unknown {
                        reason: UnknownReason::Unsupported,
                        over: Vec::new(),
                        name: None,
                    }));
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

    /// Whether a join has no condition where it must have one, as one that is still to be typed.
    fn lacks_condition(&self, join: &ast::Join, right: &From) -> bool {
        let is_table = matches!(
            join.relation,
            TableFactor::Table { args: None, .. } | TableFactor::Derived { lateral: false, .. }
        );
        let is_function = |right: &From| match right {
            From::Input(input) => matches!(input.source, Source::Function(_)),
            From::Join(_) => false,
        };
        is_table
            && !is_function(right)
            && match join.join_operator {
                JoinOperator::Join(_) | JoinOperator::Inner(_) => {
                    !self.dialect.joins_without_condition()
                }
                JoinOperator::Left(_)
                | JoinOperator::LeftOuter(_)
                | JoinOperator::Right(_)
                | JoinOperator::RightOuter(_)
                | JoinOperator::FullOuter(_) => true,
                _ => false,
            }
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
            } => {
                let alias = alias.as_ref().filter(|alias| !self.is_final(alias));
                self.table(id, name, alias)
            }
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
                match self.recognized(factor, range) {
                    Some(query) => self.named_relation(query, alias.as_ref(), range),
                    None => {
                        let reads = self.apart(table);
                        self.not_understood(reads, alias.as_ref(), range)
                    }
                }
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
        self.note_alias(input.id, alias);
        self.bind(Binding {
            name: alias.map_or(own, |alias| self.alias_name(alias)),
            input: input.id,
            columns,
            in_star: true,
            is_value: false,
            hidden: Vec::new(),
        });
        self.note_alias_columns(alias);
        From::Input(input)
    }

    /// Notes the names that an alias gives to the columns of the last binding as mentions of them.
    pub(super) fn note_alias_columns(&mut self, alias: Option<&TableAlias>) {
        let idents = alias.map_or(&[] as &[_], |alias| &alias.columns);
        let scope = self.scopes.last();
        let binding = scope.and_then(|scope| scope.bindings.last()).cloned();
        if let (Some(binding), false) = (binding, idents.is_empty()) {
            for column in idents {
                let value = self.column_of(&binding, &Name::new(&column.name.value));
                self.note(&column.name, &Found::value(value));
            }
        }
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
                    names: given.into(),
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
        self.note_alias(input.id, alias);
        self.bind(Binding {
            name,
            input: input.id,
            columns,
            in_star: true,
            is_value: false,
            hidden: Vec::new(),
        });
        self.note_alias_columns(alias);
        From::Input(input)
    }

    pub(super) fn not_understood(
        &mut self,
        reads: Vec<Source>,
        alias: Option<&TableAlias>,
        range: TextRange,
    ) -> From {
        let input = self.input(Source::Unknown { reads }, range);
        self.note_alias(input.id, alias);
        self.bind(Binding {
            name: alias.map_or_else(Vec::new, |alias| self.alias_name(alias)),
            input: input.id,
            columns: Columns::Unknown,
            in_star: true,
            is_value: false,
            hidden: Vec::new(),
        });
        self.note_alias_columns(alias);
        From::Input(input)
    }

    pub(super) fn alias_name(&self, alias: &TableAlias) -> Vec<Name> {
        self.name_of(&alias.name).into_iter().collect()
    }
}

/// The name of a table that has no alias.
pub(super) fn own_name(table: &TableRef) -> Vec<Name> {
    match table {
        TableRef::Ref { name, .. } | TableRef::Source { table: name, .. } => vec![name.clone()],
        TableRef::Named(name) => name.parts.clone(),
        TableRef::Unknown => Vec::new(),
    }
}

fn last_ident(name: &ObjectName) -> Option<Ident> {
    name.0.last()?.as_ident().cloned()
}
