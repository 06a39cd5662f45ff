//! The keys of a `SELECT`.

use super::Grain;
use super::dependency::{Closure, Rule, TermId};
use super::from::Reading;
use super::key;
use crate::derive::scope::conjuncts;
use sql::relation::{Distinct, Expression, Relation, Select, Unknown, UnknownReason, Window};
use std::borrow::Cow;

impl Grain<'_> {
    /// The keys of a relation that is this select.
    pub(super) fn select(&self, relation: &Relation, select: &Select) -> Vec<Vec<usize>> {
        // A piece of a template that was not read may join or group.
        if conjuncts(&select.filter).into_iter().any(is_template) {
            return Vec::new();
        }
        let mut reading = Reading::of(self, select);
        let Some(identity) = identity(&mut reading, select) else {
            return Vec::new();
        };
        let mut rules = reading.rows(select);
        rules.extend(reading.conditions(&select.having));
        rules.extend(reading.conditions(&select.qualify));
        for window in row_numbers(select) {
            numbered(&mut reading, window, &identity, &mut rules);
        }
        if let Distinct::On(values) = &select.distinct {
            let when = values.iter();
            let when = when.map(|value| reading.terms.value(Cow::Borrowed(value)));
            rules.push(Rule::new(&when.collect::<Vec<_>>(), &identity));
        }
        let values = select.projection.iter();
        let terms: Vec<TermId> = values
            .map(|value| reading.terms.value(Cow::Borrowed(value)))
            .collect();
        rules.push(Rule::new(&identity, &terms));
        let is_distinct = select.distinct == Distinct::All && !relation.open;
        let wanted = if is_distinct { &terms } else { &identity };
        let parts: Vec<Vec<TermId>> = reading
            .terms
            .rules()
            .iter()
            .chain(&rules)
            .map(|rule| rule.when.clone())
            .filter(|when| !when.is_empty())
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        let closure = Closure::of(&reading.terms, &[&rules]);
        key::keys(&closure, &terms, wanted, &parts)
    }
}

/// What a row is, before `DISTINCT`: a row of each input, or a group. `None` where there are several
/// kinds of groups.
fn identity<'g>(reading: &mut Reading<'g>, select: &'g Select) -> Option<Vec<TermId>> {
    let Some(grouping) = &select.grouping else {
        let visible = reading.visible(select).into_iter();
        return Some(visible.map(|input| reading.terms.row(input)).collect());
    };
    let [set] = grouping.sets.as_slice() else {
        return None;
    };
    let keys = set.iter().map(|at| grouping.keys.get(*at as usize));
    let keys: Option<Vec<&Expression>> = keys.collect();
    Some(
        keys?
            .into_iter()
            .map(|key| reading.terms.key(key))
            .collect(),
    )
}

/// Every `row_number` that the select computes.
fn row_numbers(select: &Select) -> Vec<&Window> {
    let mut windows = Vec::new();
    for expression in select.projection.iter().chain(&select.qualify) {
        expression.for_each(&mut |part| match part {
            Expression::Window(window) if window.function.function == "row_number" => {
                windows.push(&**window);
            }
            _ => {}
        });
    }
    windows
}

/// A row is told from its number and from what the numbers start again for.
fn numbered<'g>(
    reading: &mut Reading<'g>,
    window: &'g Window,
    identity: &[TermId],
    rules: &mut Vec<Rule>,
) {
    let number = Expression::Window(Box::new(window.clone()));
    let mut when = vec![reading.terms.value(Cow::Owned(number))];
    for value in &window.partition {
        when.push(reading.terms.value(Cow::Borrowed(value)));
    }
    rules.push(Rule::new(&when, identity));
}

fn is_template(condition: &Expression) -> bool {
    matches!(
        condition,
        Expression::Unknown(Unknown {
            reason: UnknownReason::Template,
            ..
        })
    )
}
