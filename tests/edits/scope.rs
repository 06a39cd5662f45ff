//! The inputs of a block: the names they go by, and what in the block calls them so.

use super::tree::{Block, edit_own, key};
use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Join, JoinConstraint,
    JoinOperator, ObjectName, ObjectNamePart, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, TableAlias, TableFactor, Visit, VisitMut, Visitor, VisitorMut,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What a rule may know of the block it looks at.
pub(crate) struct Site<'a> {
    pub(crate) dialect: sql::Dialect,
    /// The name that the table behind a placeholder goes by.
    pub(crate) names: &'a BTreeMap<String, String>,
    /// Every word of the model.
    pub(crate) words: &'a BTreeSet<String>,
    pub(crate) in_set: bool,
    pub(crate) in_expression: bool,
}

/// A table, CTE or subquery that a block reads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Input {
    /// What its columns are qualified with, in lower case.
    pub(crate) name: String,
    /// Other names for the same: the placeholder it is mentioned by.
    pub(crate) placeholder: Option<String>,
    /// Whether it is a table, or a subquery that sees nothing of its neighbours.
    pub(crate) stands_alone: bool,
}

/// A plain identifier.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name)
}

/// An alias as `AS name`.
pub(crate) fn alias(name: &str) -> TableAlias {
    TableAlias {
        explicit: true,
        name: ident(name),
        columns: Vec::new(),
        at: None,
    }
}

/// A table by one name.
pub(crate) fn table(name: &str, alias: Option<TableAlias>) -> TableFactor {
    TableFactor::Table {
        name: ObjectName(vec![ObjectNamePart::Identifier(ident(name))]),
        alias,
        args: None,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_directives: Vec::new(),
        inheritance: None,
    }
}

/// The single name of a table that is mentioned without a schema, in lower case.
pub(crate) fn single_name(factor: &TableFactor) -> Option<String> {
    match factor {
        TableFactor::Table {
            name, args: None, ..
        } => match name.0.as_slice() {
            [ObjectNamePart::Identifier(only)] => Some(key(only)),
            _ => None,
        },
        _ => None,
    }
}

/// The alias of a table or subquery.
pub(crate) fn alias_of(factor: &TableFactor) -> Option<&TableAlias> {
    match factor {
        TableFactor::Table { alias, .. } | TableFactor::Derived { alias, .. } => alias.as_ref(),
        _ => None,
    }
}

/// The alias of a table or subquery, to be changed.
pub(crate) fn alias_mut(factor: &mut TableFactor) -> Option<&mut Option<TableAlias>> {
    match factor {
        TableFactor::Table { alias, .. } | TableFactor::Derived { alias, .. } => Some(alias),
        _ => None,
    }
}

/// The input that a table or subquery in `FROM` is; `None` for anything less plain.
pub(crate) fn input(factor: &TableFactor, names: &BTreeMap<String, String>) -> Option<Input> {
    let (placeholder, own, stands_alone) = match factor {
        TableFactor::Table {
            name,
            args,
            json_path,
            version,
            ..
        } => {
            let Some(ObjectNamePart::Identifier(last)) = name.0.last() else {
                return None;
            };
            let own = key(last);
            let plain = args.is_none() && json_path.is_none() && version.is_none();
            match names.get(&last.value) {
                Some(real) => (Some(own), Some(real.to_lowercase()), plain),
                None => (None, Some(own), plain),
            }
        }
        TableFactor::Derived { lateral, .. } => (None, None, !lateral),
        _ => return None,
    };
    let alias = alias_of(factor);
    let name = alias.map(|alias| key(&alias.name)).or(own)?;
    let placeholder = placeholder.filter(|_| alias.is_none());
    Some(Input {
        name,
        placeholder,
        stands_alone,
    })
}

/// The factors of `FROM`, in order.
pub(crate) fn factors(select: &Select) -> Vec<&TableFactor> {
    let mut all = Vec::new();
    for tables in &select.from {
        all.push(&tables.relation);
        all.extend(tables.joins.iter().map(|join| &join.relation));
    }
    all
}

/// The factors of `FROM`, to be changed.
pub(crate) fn factors_mut(select: &mut Select) -> Vec<&mut TableFactor> {
    let mut all = Vec::new();
    for tables in &mut select.from {
        all.push(&mut tables.relation);
        all.extend(tables.joins.iter_mut().map(|join| &mut join.relation));
    }
    all
}

/// All inputs of a block, if each has a name of its own.
pub(crate) fn inputs(select: &Select, names: &BTreeMap<String, String>) -> Option<Vec<Input>> {
    let all: Option<Vec<_>> = factors(select)
        .into_iter()
        .map(|factor| input(factor, names))
        .collect();
    let all = all?;
    let distinct: BTreeSet<_> = all.iter().map(|input| &input.name).collect();
    (distinct.len() == all.len()).then_some(all)
}

/// The condition of an inner join that is written with `ON`.
pub(crate) fn inner_on(join: &Join) -> Option<&Expr> {
    match &join.join_operator {
        JoinOperator::Join(JoinConstraint::On(on))
        | JoinOperator::Inner(JoinConstraint::On(on)) => Some(on),
        _ => None,
    }
}

/// The constraint of an inner, left or right join.
pub(crate) fn constraint_mut(join: &mut Join) -> Option<&mut JoinConstraint> {
    match &mut join.join_operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint) => Some(constraint),
        _ => None,
    }
}

/// Whether it keeps every row of what stands left of it, once or more often: such a join commutes
/// with a filter on that.
pub(crate) fn is_inner_or_left(join: &Join) -> bool {
    matches!(
        join.join_operator,
        JoinOperator::Join(_)
            | JoinOperator::Inner(_)
            | JoinOperator::Left(_)
            | JoinOperator::LeftOuter(_)
            | JoinOperator::CrossJoin(_)
    )
}

/// The qualifiers that an expression's columns have; `None` where one has none, or a nested query
/// might read anything.
pub(crate) fn qualifiers(expression: &Expr) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let vague = super::tree::any(expression, |inner| match inner {
        Expr::CompoundIdentifier(parts) if parts.len() == 2 => {
            found.insert(key(&parts[0]));
            false
        }
        Expr::CompoundIdentifier(_) | Expr::Subquery(_) | Expr::Exists { .. } => true,
        Expr::Identifier(_) => true,
        _ => super::expression::has_query(inner),
    });
    (!vague).then_some(found)
}

/// Calls an input by another name in all of a block, nested queries included. `None` where that
/// can't be done for certain: something else there goes by the old name.
pub(crate) fn requalify(block: &mut Block, input: &Input, new: &str) -> Option<()> {
    let mut olds = vec![input.name.clone()];
    olds.extend(input.placeholder.clone());
    let mut check = Check {
        olds: &olds,
        queries: 0,
        clash: false,
    };
    let _ = block.select.visit(&mut check);
    let _ = block.order_by.visit(&mut check);
    if check.clash {
        return None;
    }
    let mut rename = Rename { olds: &olds, new };
    let _ = VisitMut::visit(&mut block.select, &mut rename);
    let _ = VisitMut::visit(&mut block.order_by, &mut rename);
    rename.projection(&mut block.select);
    Some(())
}

/// Looks for whatever else is called by an old name.
struct Check<'a> {
    olds: &'a [String],
    queries: usize,
    clash: bool,
}

impl Check<'_> {
    fn is_old(&self, name: &Ident) -> bool {
        self.olds.contains(&key(name))
    }
}

impl Visitor for Check<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.queries += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.queries -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, .. } = factor {
            let parts: Vec<_> = name.0.iter().filter_map(ObjectNamePart::as_ident).collect();
            // The first of several may be a neighbour whose array is read.
            self.clash |= parts.len() > 1
                && self.is_old(parts[0])
                && !self.olds.contains(&key(parts[parts.len() - 1]));
            let own = alias_of(factor)
                .map(|alias| &alias.name)
                .or(parts.last().copied());
            self.clash |= self.queries > 0 && own.is_some_and(|own| self.is_old(own));
        } else if let Some(alias) = alias_of(factor) {
            self.clash |= self.queries > 0 && self.is_old(&alias.name);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        match expression {
            Expr::Identifier(name) => self.clash |= self.is_old(name),
            Expr::CompoundIdentifier(parts) if parts.len() > 2 => {
                self.clash |= parts.iter().skip(1).any(|part| self.is_old(part));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

struct Rename<'a> {
    olds: &'a [String],
    new: &'a str,
}

impl Rename<'_> {
    fn name(&self, name: &mut ObjectName) {
        if let [ObjectNamePart::Identifier(only)] = name.0.as_mut_slice() {
            self.ident(only);
        }
    }

    fn ident(&self, name: &mut Ident) {
        if self.olds.contains(&key(name)) {
            *name = ident(self.new);
        }
    }

    fn projection(&self, select: &mut Select) {
        for item in &mut select.projection {
            if let SelectItem::QualifiedWildcard(
                SelectItemQualifiedWildcardKind::ObjectName(name),
                _,
            ) = item
            {
                self.name(name);
            }
        }
    }
}

impl VisitorMut for Rename<'_> {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        self.projection(select);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        match expression {
            Expr::CompoundIdentifier(parts) => self.ident(&mut parts[0]),
            Expr::QualifiedWildcard(name, _) => self.name(name),
            Expr::Function(function) => {
                if let FunctionArguments::List(list) = &mut function.args {
                    for argument in &mut list.args {
                        if let FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name)) =
                            argument
                        {
                            self.name(name);
                        }
                    }
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Whether a nested query stands anywhere in a block's expressions.
pub(crate) fn has_nested_query(block: &Block) -> bool {
    super::tree::own_expressions(block)
        .iter()
        .any(super::expression::has_query)
}

/// Runs `edit` on the block's own expressions, those of its `ORDER BY` included.
pub(crate) fn edit_block(block: &mut Block, edit: &mut dyn FnMut(&mut Expr)) {
    edit_own(&mut block.select, edit);
    edit_own(&mut block.order_by, edit);
}
