//! `PIVOT` and `UNPIVOT`, written out as grouping and as union.

use super::context::Lowering;
use super::scope::Scope;
use super::select::all_of;
use crate::dialect::Dialect;
use crate::relation::{
    Body, Column, Distinct, Expression, From, Grouping, Operator, Relation, RelationId, Select,
    SetOperation, SetOperator, Source,
};
use sqlparser::ast::{
    self, Expr, ExprWithAlias, NullInclusion, PivotValueSource, TableFactor, TableWithJoins,
};
use syntax::{Name, TextRange};

/// A column that is given, before it is put in its relation.
type Given = (Option<Name>, Expression);

/// `UNPIVOT` is not written out where its branches had more columns than this.
const MOST_UNPIVOTED: usize = 100_000;

impl Lowering<'_> {
    /// The relation that a `PIVOT` or `UNPIVOT` is; one of which nothing is known where the columns
    /// of its table, or the values, are not known.
    pub(super) fn reshaped(&mut self, factor: &TableFactor, range: TextRange) -> RelationId {
        let (TableFactor::Pivot { table, .. } | TableFactor::Unpivot { table, .. }) = factor else {
            return self.unknown(range, Vec::new());
        };
        let id = self.reserve(range);
        let (from, around) = self.enter_table(id, table);
        let relation = match factor {
            TableFactor::Pivot {
                aggregate_functions,
                value_column,
                value_source: PivotValueSource::List(values),
                default_on_null: None,
                ..
            } => self.pivot(from, aggregate_functions, value_column, values),
            TableFactor::Unpivot {
                value,
                name,
                columns,
                null_inclusion,
                ..
            } => {
                let keeps_null = matches!(null_inclusion, Some(NullInclusion::IncludeNulls));
                self.unpivot(from, value, &Name::new(&name.value), columns, keeps_null)
            }
            _ => None,
        };
        self.leave_table(around);
        match relation {
            Some(relation) => {
                let width = relation.columns.len();
                self.fill(id, relation);
                if let Some(places) = self.places.get_mut(id.0 as usize) {
                    places.columns = vec![super::ColumnPlace::default(); width];
                }
                id
            }
            None => {
                let table = self.passthrough_of(table, range);
                self.unknown(range, vec![Source::Relation(table)])
            }
        }
    }

    /// Reads a table for the relation `id` that is made of it, in a scope that has nothing else. Gives the
    /// scope around it, for [`Lowering::leave_table`].
    pub(super) fn enter_table(
        &mut self,
        id: RelationId,
        table: &TableFactor,
    ) -> (Option<From>, Option<Scope>) {
        let around = self.scopes.pop();
        self.scopes.push(Scope::default());
        self.within.push(id);
        let written = TableWithJoins {
            relation: table.clone(),
            joins: Vec::new(),
        };
        (self.tables(id, std::slice::from_ref(&written)), around)
    }

    pub(super) fn leave_table(&mut self, around: Option<Scope>) {
        self.within.pop();
        self.scopes.pop();
        self.scopes.extend(around);
    }

    fn passthrough_of(&mut self, table: &TableFactor, range: TextRange) -> RelationId {
        let id = self.reserve(range);
        let (from, around) = self.enter_table(id, table);
        self.leave_table(around);
        let select = Select {
            from,
            ..Select::default()
        };
        self.fill(id, relation(Vec::new(), true, select));
        id
    }

    /// All columns of the table in scope; `None` where they are not all known.
    fn all_columns(&self) -> Option<Vec<Given>> {
        let scope = self.scopes.last()?;
        let mut all = Vec::new();
        for binding in &scope.bindings {
            let (columns, open) = self.columns_of(binding);
            if open {
                return None;
            }
            all.extend(columns);
        }
        Some(all)
    }

    fn pivot(
        &mut self,
        from: Option<From>,
        functions: &[ExprWithAlias],
        value_column: &[Expr],
        values: &[ExprWithAlias],
    ) -> Option<Relation> {
        let [by] = value_column else { return None };
        let all = self.all_columns()?;
        let by = self.expression(by);
        let mut aggregates = Vec::new();
        for function in functions {
            let Expression::Aggregate(aggregate) = self.expression(&function.expr) else {
                return None;
            };
            let alias = function.alias.as_ref().map(|alias| alias.value.clone());
            aggregates.push((alias, aggregate));
        }
        let mut used = vec![by.clone()];
        for (_, aggregate) in &aggregates {
            for argument in &aggregate.arguments {
                argument.for_each(&mut |part| used.push(part.clone()));
            }
        }
        let mut given: Vec<Given> = all
            .into_iter()
            .filter(|(_, value)| !used.contains(value))
            .collect();
        let keys: Vec<Expression> = given.iter().map(|(_, value)| value.clone()).collect();
        for value in values {
            let wanted = self.expression(&value.expr);
            for (alias, aggregate) in &aggregates {
                let mut own = aggregate.clone();
                let is_wanted =
                    Expression::operation(Operator::Equal, [by.clone(), wanted.clone()]);
                own.filter = all_of(own.filter.into_iter().chain([is_wanted]).collect());
                let name = pivoted_name(self.dialect, value, alias.as_deref(), aggregates.len());
                given.push((name, Expression::Aggregate(own)));
            }
        }
        let sets = vec![(0..keys.len() as u32).collect()];
        let select = Select {
            from,
            grouping: Some(Grouping { keys, sets }),
            ..Select::default()
        };
        Some(relation(given, false, select))
    }

    fn unpivot(
        &mut self,
        from: Option<From>,
        value: &Expr,
        name: &Name,
        columns: &[ExprWithAlias],
        keeps_null: bool,
    ) -> Option<Relation> {
        let Expr::Identifier(value_name) = value else {
            return None;
        };
        let value_name = Name::new(&value_name.value);
        let all = self.all_columns()?;
        let mut unpivoted = Vec::new();
        for column in columns {
            let Expr::Identifier(ident) = &column.expr else {
                return None;
            };
            let own = self.expression(&column.expr);
            let at = all.iter().position(|(_, value)| *value == own)?;
            let label = match &column.alias {
                Some(alias) => alias.value.clone(),
                None if ident.quote_style.is_none() && self.dialect.folds_to_capitals() => {
                    ident.value.to_uppercase()
                }
                None => ident.value.clone(),
            };
            unpivoted.push((label, at));
        }
        if unpivoted.len() * all.len() > MOST_UNPIVOTED {
            return None;
        }
        let names: Vec<Option<Name>> = all.iter().map(|(name, _)| name.clone()).collect();
        let select = Select {
            from,
            ..Select::default()
        };
        let base = self.reserve(TextRange::default());
        self.fill(base, relation(all, false, select));
        let mut branches = Vec::new();
        for (label, own) in &unpivoted {
            let input = self.input(Source::Relation(base), TextRange::default());
            let output = |at: usize| Expression::Output {
                input: input.id,
                position: at as u32,
            };
            let kept = names.iter().enumerate();
            let kept = kept.filter(|(at, _)| !unpivoted.iter().any(|(_, own)| own == at));
            let mut given: Vec<Given> = kept.map(|(at, name)| (name.clone(), output(at))).collect();
            given.push((Some(name.clone()), Expression::text(label)));
            given.push((Some(value_name.clone()), output(*own)));
            let is_null = Expression::operation(Operator::IsNull, [output(*own)]);
            let is_there = Expression::operation(Operator::Not, [is_null]);
            let select = Select {
                from: Some(From::Input(input)),
                filter: (!keeps_null).then_some(is_there),
                ..Select::default()
            };
            branches.push(relation(given, false, select));
        }
        self.all_of_branches(branches)
    }

    /// `UNION ALL` of relations with the same columns.
    fn all_of_branches(&mut self, branches: Vec<Relation>) -> Option<Relation> {
        let mut branches = branches.into_iter();
        let mut result = branches.next()?;
        for branch in branches {
            let columns = result.columns.clone();
            let [left, right] = [result, branch].map(|branch| {
                let id = self.reserve(TextRange::default());
                self.fill(id, branch);
                id
            });
            result = Relation {
                columns,
                open: false,
                body: Body::Set(SetOperation {
                    operator: SetOperator::Union,
                    all: true,
                    left,
                    right,
                }),
                order: Vec::new(),
                limit: None,
            };
        }
        Some(result)
    }
}

/// What the databases call the column of a value.
fn pivoted_name(
    dialect: Dialect,
    value: &ExprWithAlias,
    aggregate: Option<&str>,
    aggregates: usize,
) -> Option<Name> {
    let label = match (&value.alias, &value.expr) {
        (Some(alias), _) => alias.value.clone(),
        // Snowflake keeps the quotes of a text in the name.
        (None, expression) if dialect == Dialect::Snowflake => expression.to_string(),
        (None, Expr::Value(value)) => value.value.clone().into_string()?,
        (None, Expr::Identifier(ident)) => ident.value.clone(),
        (None, _) => return None,
    };
    let name = match aggregate {
        Some(aggregate) if dialect == Dialect::BigQuery => format!("{aggregate}_{label}"),
        Some(aggregate) if aggregates > 1 || dialect == Dialect::DuckDb => {
            format!("{label}_{aggregate}")
        }
        None if aggregates > 1 => return None,
        _ => label,
    };
    Some(Name::new(name))
}

fn relation(given: Vec<Given>, open: bool, select: Select) -> Relation {
    let (names, projection): (Vec<_>, Vec<_>) = given.into_iter().unzip();
    Relation {
        columns: names
            .into_iter()
            .map(|name| Column {
                name,
                implicit: false,
            })
            .collect(),
        open,
        body: Body::Select(Box::new(Select {
            projection,
            distinct: Distinct::Keep,
            ..select
        })),
        order: Vec::new(),
        limit: None,
    }
}

/// A `SELECT` without anything in it.
pub(super) fn empty_select() -> ast::Select {
    ast::Select {
        select_token: ast::helpers::attached_token::AttachedToken::empty(),
        optimizer_hints: Vec::new(),
        distinct: None,
        select_modifiers: None,
        top: None,
        top_before_distinct: false,
        projection: Vec::new(),
        exclude: None,
        into: None,
        from: Vec::new(),
        lateral_views: Vec::new(),
        prewhere: None,
        selection: None,
        connect_by: Vec::new(),
        group_by: ast::GroupByExpr::Expressions(Vec::new(), Vec::new()),
        cluster_by: Vec::new(),
        distribute_by: Vec::new(),
        sort_by: Vec::new(),
        having: None,
        named_window: Vec::new(),
        qualify: None,
        window_before_qualify: false,
        value_table_mode: None,
        flavor: ast::SelectFlavor::Standard,
    }
}
