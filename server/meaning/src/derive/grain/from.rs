//! What is told from what in the rows of `FROM` and `WHERE`: by keys of inputs, and by joins.

use super::dependency::{Closure, Rule, TermId, Terms};
use super::{FanOut, Grain};
use sql::relation::{Expression, From, Input, InputId, Join, JoinKind, Select, Source};
use std::borrow::Cow;

/// A select that is looked at.
pub(super) struct Reading<'g> {
    pub(super) grain: &'g Grain<'g>,
    pub(super) terms: Terms<'g>,
    /// Joins are asked whether they repeat rows.
    pub(super) records_fan_out: bool,
    pub(super) fan_out: Vec<FanOut>,
    filter: Vec<Rule>,
}

impl<'g> Reading<'g> {
    pub(super) fn of(grain: &'g Grain<'g>, select: &Select) -> Reading<'g> {
        let own = select.from.as_ref().map(ids).unwrap_or_default();
        Reading {
            grain,
            terms: Terms::new(&grain.scopes, own),
            records_fan_out: false,
            fan_out: Vec::new(),
            filter: Vec::new(),
        }
    }

    /// What is told from what in the rows after `WHERE`.
    pub(super) fn rows(&mut self, select: &'g Select) -> Vec<Rule> {
        self.filter = self.conditions(&select.filter);
        let mut rules = match &select.from {
            Some(from) => self.from(from),
            None => Vec::new(),
        };
        rules.extend(self.filter.iter().cloned());
        rules
    }

    /// The inputs whose columns the select can give.
    pub(super) fn visible(&self, select: &Select) -> Vec<InputId> {
        fn enter(from: &From, visible: &mut Vec<InputId>) {
            match from {
                From::Input(input) => visible.push(input.id),
                From::Join(join) => {
                    enter(&join.left, visible);
                    if !matches!(join.kind, JoinKind::Semi | JoinKind::Anti) {
                        enter(&join.right, visible);
                    }
                }
            }
        }
        let mut visible = Vec::new();
        if let Some(from) = &select.from {
            enter(from, &mut visible);
        }
        visible
    }

    fn from(&mut self, from: &'g From) -> Vec<Rule> {
        match from {
            From::Input(input) => self.input(input),
            From::Join(join) => self.join(join),
        }
    }

    /// The row of an input is told from each of its keys.
    fn input(&mut self, input: &'g Input) -> Vec<Rule> {
        let mut keys: Vec<Vec<Expression>> = Vec::new();
        let mut around: Vec<TermId> = Vec::new();
        match &input.source {
            Source::Table(table) => {
                for key in self.grain.facts.keys(table) {
                    let columns = key.into_iter().map(|name| Expression::Column {
                        input: input.id,
                        name,
                    });
                    keys.push(columns.collect());
                }
            }
            Source::Relation(relation) => {
                for key in self.grain.keys(*relation) {
                    let columns = key.iter().map(|position| Expression::Output {
                        input: input.id,
                        position: *position as u32,
                    });
                    keys.push(columns.collect());
                }
                // A lateral query has that key for each row beside it.
                for free in self.grain.scopes.free(*relation) {
                    around.push(self.terms.value(Cow::Borrowed(free)));
                }
            }
            Source::Function(_) | Source::Unknown { .. } => {}
        }
        let then = self.terms.row(input.id);
        let rule = |key: Vec<Expression>| {
            let columns = key.into_iter();
            let mut when: Vec<TermId> = columns
                .map(|column| self.terms.value(Cow::Owned(column)))
                .collect();
            when.extend(&around);
            Rule {
                when,
                then: vec![then],
            }
        };
        keys.into_iter().map(rule).collect()
    }

    fn join(&mut self, join: &'g Join) -> Vec<Rule> {
        let left = self.from(&join.left);
        if matches!(join.kind, JoinKind::Semi | JoinKind::Anti) {
            // Rows of the left side, each once.
            return left;
        }
        let right = self.from(&join.right);
        let on = self.conditions(&join.on);
        let from_left: Sides<'_, 'g> = (&join.left, &left, &join.right, &right);
        let from_right: Sides<'_, 'g> = (&join.right, &right, &join.left, &left);
        match join.kind {
            JoinKind::Inner => {
                self.record(join.kind, from_left, &on);
                [left, right, on].concat()
            }
            JoinKind::Left => {
                self.record(join.kind, from_left, &on);
                let partner = self.partner(join, from_left, &on);
                [left, surviving(right), partner].concat()
            }
            JoinKind::Right => {
                self.record(join.kind, from_right, &on);
                let partner = self.partner(join, from_right, &on);
                [right, surviving(left), partner].concat()
            }
            JoinKind::Full => {
                self.record(join.kind, from_left, &on);
                self.record(join.kind, from_right, &on);
                let merged = self.merged(join, from_left, from_right, &on);
                [surviving(left), surviving(right), merged].concat()
            }
            JoinKind::Unknown => {
                self.record(join.kind, from_left, &on);
                [surviving(left), surviving(right)].concat()
            }
            JoinKind::Semi | JoinKind::Anti => left,
        }
    }

    /// In an outer join, what is told of the side that may be missing from what the join asks of the
    /// other side: its row, if there is at most one.
    fn partner(&mut self, join: &'g Join, sides: Sides<'_, 'g>, on: &[Rule]) -> Vec<Rule> {
        let (kept, kept_rules, missing, missing_rules) = sides;
        let kept = ids(kept);
        let wanted = self.row_terms(&ids(missing));
        let inputs = missing.inputs();
        let mut asked: Vec<&Expression> = join.on.iter().collect();
        for input in inputs {
            match &input.source {
                Source::Relation(relation) => asked.extend(self.grain.scopes.free(*relation)),
                Source::Function(call) => asked.extend(&call.arguments),
                Source::Table(_) | Source::Unknown { .. } => {}
            }
        }
        let mut rules = Vec::new();
        if let Some(mentions) = self.mentions(asked, &kept) {
            // Whether there is a partner depends on these alone, and if so, what is compared with
            // them is the same.
            let closure = Closure::of(&self.terms, &[missing_rules, on]);
            let found = closure.from(mentions.iter().copied());
            let is_found = |term: &TermId| found.get(*term).copied().unwrap_or_default();
            let compared = missing_rules.iter().chain(on);
            let mut compared: Vec<TermId> = compared
                .flat_map(|rule| rule.when.iter().chain(&rule.then).copied())
                .filter(is_found)
                .collect();
            compared.sort_unstable();
            compared.dedup();
            rules = vec![Rule::new(&mentions, &compared)];
            if wanted.iter().all(is_found) {
                return rules;
            }
        }
        let rows = self.row_terms(&kept);
        let all = [kept_rules, missing_rules, on, &self.filter];
        if Closure::of(&self.terms, &all).tells(rows.iter().copied(), &wanted) {
            rules.push(Rule::new(&rows, &wanted));
        }
        rules
    }

    /// In a full join on keys of both sides, both rows are told from the merged key.
    fn merged(
        &mut self,
        join: &'g Join,
        left: Sides<'_, 'g>,
        right: Sides<'_, 'g>,
        on: &[Rule],
    ) -> Vec<Rule> {
        let pairs = self.compared(join);
        let Some(pairs) = pairs else {
            return Vec::new();
        };
        let mut wanted = Vec::new();
        for (side, is_left) in [(left, true), (right, false)] {
            let (_, _, other, other_rules) = side;
            let rows = self.row_terms(&ids(other));
            let own = pairs.iter().map(|(a, b)| if is_left { *a } else { *b });
            let own: Vec<TermId> = own
                .map(|value| self.terms.value(Cow::Borrowed(value)))
                .collect();
            if !Closure::of(&self.terms, &[other_rules, on]).tells(own, &rows) {
                return Vec::new();
            }
            wanted.extend(rows);
        }
        let mut rules = Vec::new();
        // The values of either side may come first.
        for is_turned in [false, true] {
            let merged = pairs.iter().map(|(a, b)| {
                let values = if is_turned { [*b, *a] } else { [*a, *b] };
                Expression::call("coalesce", values.map(Expression::clone))
            });
            let merged: Vec<TermId> = merged
                .map(|value| self.terms.value(Cow::Owned(value)))
                .collect();
            rules.push(Rule::new(&merged, &wanted));
        }
        rules
    }

    /// The pairs of values, left and right, that a join asks to be equal, if it asks nothing else.
    fn compared(&self, join: &'g Join) -> Option<Vec<(&'g Expression, &'g Expression)>> {
        use sql::relation::Operator;
        let left = ids(&join.left);
        let right = ids(&join.right);
        let is_of = |value: &Expression, inputs: &[InputId]| {
            let columns = crate::derive::scope::leaves(value);
            !columns.is_empty()
                && columns.iter().all(|column| match column {
                    Expression::Column { input, .. } | Expression::Output { input, .. } => {
                        inputs.contains(input)
                    }
                    _ => false,
                })
        };
        let mut pairs = Vec::new();
        for condition in crate::derive::scope::conjuncts(&join.on) {
            let Expression::Operation(operation) = condition else {
                return None;
            };
            match (operation.operator, operation.operands.as_slice()) {
                (Operator::Equal, [a, b]) if is_of(a, &left) && is_of(b, &right) => {
                    pairs.push((a, b));
                }
                (Operator::Equal, [a, b]) if is_of(b, &left) && is_of(a, &right) => {
                    pairs.push((b, a));
                }
                _ => return None,
            }
        }
        (!pairs.is_empty()).then_some(pairs)
    }

    /// Notes the join if a row of the first side may have several partners.
    fn record(&mut self, kind: JoinKind, sides: Sides<'_, 'g>, on: &[Rule]) {
        if !self.records_fan_out {
            return;
        }
        let (repeated, repeated_rules, by, by_rules) = sides;
        let start = self.row_terms(&ids(repeated));
        let wanted = self.row_terms(&ids(by));
        // How rows are joined is not known.
        let on = if kind == JoinKind::Unknown { &[] } else { on };
        let rules = [repeated_rules, by_rules, on, &self.filter];
        if !Closure::of(&self.terms, &rules).tells(start, &wanted) {
            self.fan_out.push(FanOut {
                kind,
                repeated: ids(repeated),
                by: ids(by),
            });
        }
    }

    fn row_terms(&mut self, inputs: &[InputId]) -> Vec<TermId> {
        inputs.iter().map(|input| self.terms.row(*input)).collect()
    }
}

/// A side of a join with its rules, and the other one.
type Sides<'r, 'g> = (&'g From, &'r [Rule], &'g From, &'r [Rule]);

/// What still holds where the side may be missing: there, all is `NULL`, so what was the same in all
/// rows is not any more.
fn surviving(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.retain(|rule| !rule.when.is_empty());
    rules
}

fn ids(from: &From) -> Vec<InputId> {
    from.inputs().into_iter().map(|input| input.id).collect()
}
