//! Statements that give a table its rows.

use super::context::Lowering;
use super::{Lowered, QueryPlaces};
use crate::facts::{ModelKind, TableName};
use crate::relation::{
    Body, Case, Column, Expression, From, Join, JoinKind, Operator, Query, Relation, RelationId,
    Select, Unknown, UnknownReason,
};
use sqlparser::ast::{
    self, Assignment, AssignmentTarget, Ident, MergeAction, MergeInsertKind, MergeUpdateKind,
    ObjectName, SetExpr, Statement, TableFactor, TableObject, TableWithJoins, UpdateTableFromKind,
};
use syntax::{Name, TextRange};

/// A column that is filled, and with what.
type Filled = (Name, Expression);

impl Lowering<'_> {
    /// Lowers a statement; `None` where it gives no table its rows.
    pub(super) fn statement(mut self, statement: &Statement, range: TextRange) -> Option<Lowered> {
        let (name, kind, root) = match statement {
            Statement::Query(query) => {
                // `WITH … INSERT INTO …`
                if let SetExpr::Insert(inner)
                | SetExpr::Update(inner)
                | SetExpr::Merge(inner)
                | SetExpr::Delete(inner) = query.body.as_ref()
                {
                    self.with(query);
                    return self.statement(inner, range);
                }
                let root = self.query(query);
                let into = match query.body.as_ref() {
                    SetExpr::Select(select) => select.into.as_ref(),
                    _ => None,
                };
                let name = into.and_then(|into| into.targets.first());
                let name = name.and_then(|name| self.name_in_expression(name));
                let kind = if name.is_some() {
                    ModelKind::TableAs
                } else {
                    ModelKind::Query
                };
                (name, kind, root)
            }
            Statement::CreateTable(create) => {
                let root = self.query(create.query.as_ref()?);
                let names = create.columns.iter().map(|column| column.name.clone());
                self.renamed_columns(root, names.collect());
                (self.written_name(&create.name), ModelKind::TableAs, root)
            }
            Statement::CreateView(create) => {
                let root = self.query(&create.query);
                let names = create.columns.iter().map(|column| column.name.clone());
                self.renamed_columns(root, names.collect());
                (self.written_name(&create.name), ModelKind::View, root)
            }
            Statement::Insert(insert) => {
                let root = self.query(insert.source.as_ref()?);
                let names = insert.columns.iter().filter_map(last_ident).collect();
                self.inserted(root, names);
                let TableObject::TableName(name) = &insert.table else {
                    return None;
                };
                (self.written_name(name), ModelKind::Insert, root)
            }
            Statement::Merge(merge) => {
                let TableFactor::Table { name, .. } = &merge.table else {
                    return None;
                };
                let root = self.merge_statement(merge, range);
                (self.written_name(name), ModelKind::Insert, root)
            }
            Statement::Update(update) => {
                let TableFactor::Table { name, .. } = &update.table.relation else {
                    return None;
                };
                let aliased = aliased(update, name);
                let root = self.update(update, aliased.is_some(), range);
                let name = aliased.unwrap_or(name);
                (self.written_name(name), ModelKind::Insert, root)
            }
            _ => return None,
        };
        let (query, places) = self.finish(root, range);
        Some(Lowered {
            name,
            kind,
            query,
            places,
        })
    }

    /// A statement of which nothing is known but that it stands there.
    pub(super) fn nothing_known(mut self, range: TextRange) -> (Query, QueryPlaces) {
        let root = self.unknown(range, Vec::new());
        self.finish(root, range)
    }

    fn name_in_expression(&self, name: &ast::Expr) -> Option<TableName> {
        let idents = match name {
            ast::Expr::Identifier(ident) => std::slice::from_ref(ident),
            ast::Expr::CompoundIdentifier(idents) => idents,
            _ => return None,
        };
        let parts: Option<Vec<Name>> = idents.iter().map(|ident| self.name_of(ident)).collect();
        Some(TableName { parts: parts? })
    }

    fn written_name(&self, name: &ObjectName) -> Option<TableName> {
        let idents = name.0.iter().map(|part| part.as_ident());
        let parts: Option<Vec<Name>> = idents.map(|ident| self.name_of(ident?)).collect();
        let parts = parts?;
        (!parts.is_empty()).then_some(TableName { parts })
    }

    fn renamed_columns(&mut self, root: RelationId, names: Vec<Ident>) {
        let columns = names.into_iter().map(|name| ast::TableAliasColumnDef {
            name,
            data_type: None,
        });
        let columns: Vec<_> = columns.collect();
        self.rename(root, &columns);
    }

    /// Values go into the columns of the table by position, whatever they are called in the query.
    fn inserted(&mut self, root: RelationId, names: Vec<Ident>) {
        let written = !names.is_empty();
        self.renamed_columns(root, names);
        if let (false, Some(relation)) = (written, self.relations.get_mut(root.0 as usize)) {
            for column in &mut relation.columns {
                column.name = None;
            }
        }
    }

    /// `MERGE`: what it may put into each column. Which rows the table then has is not modelled.
    fn merge_statement(&mut self, merge: &ast::Merge, range: TextRange) -> RelationId {
        let id = self.open_select(range);
        let target = [TableWithJoins {
            relation: merge.table.clone(),
            joins: Vec::new(),
        }];
        let source = [TableWithJoins {
            relation: merge.source.clone(),
            joins: Vec::new(),
        }];
        let target = self.tables(id, &target);
        let source = self.tables(id, &source);
        let on = self.expression(&merge.on);
        let from = match (source, target) {
            (Some(left), Some(right)) => Some(From::Join(Box::new(Join {
                kind: JoinKind::Left,
                left,
                right,
                on: Some(on),
            }))),
            (source, target) => source.or(target),
        };
        let mut filled = Vec::new();
        let mut conditions = Vec::new();
        for clause in &merge.clauses {
            if let Some(predicate) = &clause.predicate {
                conditions.push(self.expression(predicate));
            }
            match &clause.action {
                MergeAction::Insert(insert) => {
                    let MergeInsertKind::Values(values) = &insert.kind else {
                        continue;
                    };
                    for row in &values.rows {
                        let targets = insert.columns.iter().filter_map(last_ident);
                        for (target, value) in targets.zip(row.iter()) {
                            filled.push((Name::new(&target.value), self.expression(value)));
                        }
                    }
                }
                MergeAction::Update(update) => {
                    if let MergeUpdateKind::Set(assignments) = &update.kind {
                        filled.extend(self.assigned(assignments));
                    }
                }
                MergeAction::Delete { .. } | MergeAction::DoNothing { .. } => {}
            }
        }
        self.close_select(id, from, filled, conditions)
    }

    /// `UPDATE`; `listed` where the table stands in `FROM` and is named by its alias there.
    fn update(&mut self, update: &ast::Update, listed: bool, range: TextRange) -> RelationId {
        let id = self.open_select(range);
        let target = (!listed).then(|| self.tables(id, std::slice::from_ref(&update.table)));
        let target = target.flatten();
        let further = update.from.as_ref().and_then(|from| match from {
            UpdateTableFromKind::BeforeSet(tables) | UpdateTableFromKind::AfterSet(tables) => {
                self.tables(id, tables)
            }
        });
        let from = match (target, further) {
            (Some(left), Some(right)) => Some(From::Join(Box::new(Join {
                kind: JoinKind::Inner,
                left,
                right,
                on: None,
            }))),
            (target, further) => target.or(further),
        };
        let filled = self.assigned(&update.assignments);
        let selection = update.selection.as_ref();
        let conditions = selection.map(|selection| self.expression(selection));
        self.close_select(id, from, filled, conditions.into_iter().collect())
    }

    fn assigned(&mut self, assignments: &[Assignment]) -> Vec<Filled> {
        let mut filled = Vec::new();
        for assignment in assignments {
            let value = self.expression(&assignment.value);
            match &assignment.target {
                AssignmentTarget::ColumnName(name) => {
                    let name = last_ident(name).map(|ident| Name::new(&ident.value));
                    filled.extend(name.map(|name| (name, value)));
                }
                AssignmentTarget::Tuple(names) => {
                    for name in names.iter().filter_map(last_ident) {
                        let part = Expression::Unknown(Unknown {
                            reason: UnknownReason::Unsupported,
                            over: vec![value.clone()],
                            name: None,
                        });
                        filled.push((Name::new(&name.value), part));
                    }
                }
            }
        }
        filled
    }

    fn open_select(&mut self, range: TextRange) -> RelationId {
        let id = self.reserve(range);
        self.scopes.push(super::scope::Scope::default());
        self.within.push(id);
        id
    }

    fn close_select(
        &mut self,
        id: RelationId,
        from: Option<From>,
        filled: Vec<Filled>,
        mut conditions: Vec<Expression>,
    ) -> RelationId {
        self.scopes.pop();
        self.within.pop();
        let mut columns: Vec<Column> = Vec::new();
        let mut projection: Vec<Expression> = Vec::new();
        for (name, value) in filled {
            let known = columns
                .iter()
                .position(|own| own.name.as_ref() == Some(&name));
            match known.and_then(|at| projection.get_mut(at)) {
                // One of several: which one is the database's to tell.
                Some(own) if *own != value => {
                    let one = std::mem::replace(own, Expression::NULL);
                    *own = Expression::Case(Case {
                        branches: vec![(undecided(), one)],
                        otherwise: Box::new(value),
                    });
                }
                Some(_) => {}
                None => {
                    columns.push(Column {
                        name: Some(name),
                        implicit: false,
                    });
                    projection.push(value);
                }
            }
        }
        conditions.push(undecided());
        let select = Select {
            projection,
            from,
            filter: Some(Expression::operation(Operator::And, conditions)),
            ..Select::default()
        };
        let width = columns.len();
        let relation = Relation {
            columns,
            open: true,
            body: Body::Select(Box::new(select)),
            order: Vec::new(),
            limit: None,
        };
        self.fill(id, relation);
        self.remainders
            .insert(id, super::context::Remainder::Unknown);
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.columns = vec![super::ColumnPlace::default(); width];
        }
        id
    }
}

/// The table that `UPDATE t … FROM tables AS t` changes (T-SQL), where `named` is an alias in `FROM`.
fn aliased<'u>(update: &'u ast::Update, named: &ObjectName) -> Option<&'u ObjectName> {
    let (Some(from), [part]) = (&update.from, named.0.as_slice()) else {
        return None;
    };
    let wanted = part.as_ident()?;
    let (UpdateTableFromKind::BeforeSet(tables) | UpdateTableFromKind::AfterSet(tables)) = from;
    let factors = tables.iter().flat_map(|table| {
        let joined = table.joins.iter().map(|join| &join.relation);
        std::iter::once(&table.relation).chain(joined)
    });
    let mut named = factors.filter_map(|factor| match factor {
        TableFactor::Table {
            name,
            alias: Some(alias),
            ..
        } => alias
            .name
            .value
            .eq_ignore_ascii_case(&wanted.value)
            .then_some(name),
        _ => None,
    });
    named.next()
}

/// A condition of which nothing is known.
fn undecided() -> Expression {
    Expression::Unknown(Unknown {
        reason: UnknownReason::Unsupported,
        over: Vec::new(),
        name: None,
    })
}

fn last_ident(name: &ObjectName) -> Option<Ident> {
    name.0.last()?.as_ident().cloned()
}
