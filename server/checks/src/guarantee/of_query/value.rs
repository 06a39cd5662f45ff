//! `orders.order_amount = sum(…) per order_id where …`.

use super::{Asking, agreed, last_names};
use crate::context::product_of;
use crate::guarantee::binding::Scope;
use crate::guarantee::levels::{Depths, Level, settle};
use index::Table;
use index::relations::Run;
use meaning::guarantee::{self, Answer, Definition, Formula, Known};
use spec::guarantee::{Guarantee, Path, Sql};
use sql::lower::{FreeExpression, data_type_of, free_expression};
use sql::relation::{DataType, Expression};
use std::collections::BTreeSet;
use syntax::Name;

impl<'s> Asking<'_, 's> {
    pub(super) fn value(&self, value: &Sql, per: &[Path], filter: Option<&Sql>) -> Option<Answer> {
        let declared = self
            .column
            .and_then(|name| self.table.column(name)?.data_type.as_deref())
            .and_then(|written| data_type_of(written, self.dialect));
        let parsed = |sql: &Sql| free_expression(&sql.text, self.dialect).ok();
        let value = parsed(value)?;
        let filter = match filter {
            Some(filter) => Some(parsed(filter)?),
            None => None,
        };
        let mut bound: Option<Vec<Definition>> = None;
        settle(self.context, self.levels, Depths::Telling, &mut |level| {
            let position = self.position(&level.subject.query)?;
            if bound.is_none() {
                let scope = self.scope(level, self.column);
                bound = definitions(&scope, &value, per, filter.as_ref(), declared.as_ref());
            }
            let definitions = bound.as_ref()?;
            Some(agreed(definitions.iter().map(|definition| {
                let known = Known {
                    declared: level.declared(),
                    facts: level.facts(),
                    may_leave_out: &|name| self.may_leave_out(level, &definition.value, name),
                };
                guarantee::has_value(&level.subject, position, definition, &known)
            })))
        })
    }

    /// Whether a sentence about the table, or about one whose columns are named, asks for rows to be kept
    /// out by a column of this name.
    fn may_leave_out(&self, level: &Level<'s>, value: &Formula, name: &Name) -> bool {
        // An incremental run leaves out what is there already.
        if self.levels.run == Run::Incremental {
            return true;
        }
        let named = value.tables().into_iter().filter_map(|table| {
            let key = level.named.key(table)?;
            self.context.snapshot.table(key).map(|table| &**table)
        });
        let mut tables = [self.table].into_iter().chain(named);
        tables.any(|table| self.agreed_columns(table).contains(name))
    }

    /// The columns by which sentences ask rows of a table to be kept out. Of another table than the one that
    /// is asked about only those of the same product: with these, its sentences are answered anew.
    fn agreed_columns(&self, table: &Table) -> BTreeSet<Name> {
        let product = product_of(self.file);
        let mut sentences = self.context.sentences_about(table);
        sentences.retain(|sentence| {
            table.key == self.table.key || product.as_ref() == Some(&sentence.product)
        });
        let mut names = BTreeSet::new();
        for sentence in sentences {
            if let Guarantee::ExcludesRows { condition, .. }
            | Guarantee::OnlyHasRows { condition, .. } = &*sentence.guarantee
                && let Ok(free) = free_expression(&condition.text, self.dialect)
            {
                free.value.for_each(&mut |part| {
                    if let Expression::Column { name, .. } = part {
                        names.insert(name.clone());
                    }
                });
            }
        }
        names
    }
}

/// The definitions that a sentence may mean, one for each table that a bare name may belong to.
fn definitions(
    scope: &Scope<'_, '_>,
    value: &FreeExpression,
    per: &[Path],
    filter: Option<&FreeExpression>,
    data_type: Option<&DataType>,
) -> Option<Vec<Definition>> {
    let filters: Vec<Option<Formula>> = match filter {
        None => vec![None],
        Some(filter) => scope.formulas(filter)?.into_iter().map(Some).collect(),
    };
    let values = scope.values(value)?;
    let mut definitions = Vec::new();
    for value in &values {
        for filter in &filters {
            definitions.push(Definition {
                value: value.clone(),
                per: last_names(per),
                filter: filter.clone(),
                data_type: data_type.cloned(),
            });
        }
    }
    Some(definitions)
}
