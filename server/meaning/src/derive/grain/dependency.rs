//! Functional dependencies: of the values that stand together in a row, which are told from which.

use crate::derive::scope::Scopes;
use sql::functions::function;
use sql::relation::{Expression, InputId};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Something that has one value in each row, by its place among the [`Terms`].
pub(super) type TermId = usize;

/// Where all of these are equal, those are too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) when: Vec<TermId>,
    pub(super) then: Vec<TermId>,
}

impl Rule {
    pub(super) fn new(when: &[TermId], then: &[TermId]) -> Rule {
        Rule {
            when: when.to_vec(),
            then: then.to_vec(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Term<'q> {
    /// Which row of an input it is.
    Row(InputId),
    /// The value of an expression.
    Value(Cow<'q, Expression>),
    /// The value of an expression that has another one each time.
    Alone(usize),
}

/// The terms of a select, and what is told from what whatever the data.
pub(super) struct Terms<'q> {
    scopes: &'q Scopes<'q>,
    own: Vec<InputId>,
    ids: BTreeMap<Term<'q>, TermId>,
    /// Columns from their rows, expressions from their columns.
    rules: Vec<Rule>,
}

impl<'q> Terms<'q> {
    /// No terms yet, of a select that reads these inputs.
    pub(super) fn new(scopes: &'q Scopes<'q>, own: Vec<InputId>) -> Terms<'q> {
        Terms {
            scopes,
            own,
            ids: BTreeMap::new(),
            rules: Vec::new(),
        }
    }

    /// The row of an input.
    pub(super) fn row(&mut self, input: InputId) -> TermId {
        self.id(Term::Row(input)).0
    }

    /// The value of an expression.
    pub(super) fn value(&mut self, expression: Cow<'q, Expression>) -> TermId {
        if let Some(known) = self.ids.get(&Term::Value(expression.clone())) {
            return *known;
        }
        let columns = match columns_of(self.scopes, &expression) {
            Told::By(columns) => Some(columns),
            Told::ByRows => None,
            Told::ByNothing => return self.id(Term::Alone(self.ids.len())).0,
        };
        self.told_by(expression, columns)
    }

    /// The value of an expression that rows are grouped by: it is the same one wherever it stands.
    pub(super) fn key(&mut self, expression: &'q Expression) -> TermId {
        let columns = match columns_of(self.scopes, expression) {
            Told::By(columns) => Some(columns),
            Told::ByRows | Told::ByNothing => None,
        };
        self.told_by(Cow::Borrowed(expression), columns)
    }

    /// Whether the value is the same in all rows: a constant, or a column of a query around this one.
    pub(super) fn is_constant(&self, expression: &Expression) -> bool {
        match columns_of(self.scopes, expression) {
            Told::By(columns) => columns.iter().all(|column| !self.is_own(column)),
            Told::ByRows | Told::ByNothing => false,
        }
    }

    /// The columns of `inputs` that an expression is told from; `None` where it takes more.
    pub(super) fn columns_among(
        &mut self,
        expression: &Expression,
        inputs: &[InputId],
    ) -> Option<Vec<TermId>> {
        let Told::By(columns) = columns_of(self.scopes, expression) else {
            return None;
        };
        let among = columns.into_iter().filter(|column| match input_of(column) {
            Some(input) => inputs.contains(&input),
            None => false,
        });
        Some(among.map(|column| self.value(Cow::Owned(column))).collect())
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Where an expression is told from its columns, and columns from their rows.
    pub(super) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    fn told_by(
        &mut self,
        expression: Cow<'q, Expression>,
        columns: Option<Vec<Expression>>,
    ) -> TermId {
        let column = input_of(&expression);
        let (id, is_new) = self.id(Term::Value(expression));
        if !is_new {
            return id;
        }
        let when = match (column, columns) {
            (Some(input), _) if self.own.contains(&input) => vec![self.row(input)],
            (Some(_), _) => Vec::new(),
            (None, Some(columns)) => {
                let columns = columns.into_iter();
                columns
                    .map(|column| self.value(Cow::Owned(column)))
                    .collect()
            }
            (None, None) => return id,
        };
        self.rules.push(Rule {
            when,
            then: vec![id],
        });
        id
    }

    fn is_own(&self, column: &Expression) -> bool {
        input_of(column).is_some_and(|input| self.own.contains(&input))
    }

    fn id(&mut self, term: Term<'q>) -> (TermId, bool) {
        let next = self.ids.len();
        let id = *self.ids.entry(term).or_insert(next);
        (id, id == next)
    }
}

/// What follows from rules.
pub(super) struct Closure<'r> {
    rules: Vec<&'r Rule>,
    by_term: Vec<Vec<usize>>,
    /// How many steps it takes at most to tell what follows.
    pub(super) size: usize,
}

impl<'r> Closure<'r> {
    /// By the rules of the terms and these.
    pub(super) fn of(terms: &'r Terms<'_>, rules: &[&'r [Rule]]) -> Closure<'r> {
        let all = [terms.rules()];
        let all = all.iter().chain(rules).copied().flatten();
        let rules: Vec<&Rule> = all.collect();
        let mut by_term = vec![Vec::new(); terms.len()];
        for (at, rule) in rules.iter().enumerate() {
            for term in &rule.when {
                if let Some(own) = by_term.get_mut(*term) {
                    own.push(at);
                }
            }
        }
        let of_rules = rules
            .iter()
            .map(|rule| 1 + rule.when.len() + rule.then.len());
        let size = by_term.len() + of_rules.sum::<usize>();
        Closure {
            rules,
            by_term,
            size,
        }
    }

    /// Which terms are told from those of `start`.
    pub(super) fn from(&self, start: impl IntoIterator<Item = TermId>) -> Vec<bool> {
        let mut found = vec![false; self.by_term.len()];
        let mut missing: Vec<usize> = self.rules.iter().map(|rule| rule.when.len()).collect();
        let mut waiting: Vec<TermId> = start.into_iter().collect();
        let ready = self.rules.iter().filter(|rule| rule.when.is_empty());
        waiting.extend(ready.flat_map(|rule| &rule.then));
        while let Some(term) = waiting.pop() {
            match found.get_mut(term) {
                Some(own) if !*own => *own = true,
                _ => continue,
            }
            for at in self.by_term.get(term).into_iter().flatten() {
                if let (Some(left), Some(rule)) = (missing.get_mut(*at), self.rules.get(*at)) {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        waiting.extend(&rule.then);
                    }
                }
            }
        }
        found
    }

    /// Whether all of `wanted` are told from `start`.
    pub(super) fn tells(&self, start: impl IntoIterator<Item = TermId>, wanted: &[TermId]) -> bool {
        let found = self.from(start);
        let has = |term: &TermId| found.get(*term).copied().unwrap_or_default();
        wanted.iter().all(has)
    }

    /// The terms that something but themselves is told from.
    pub(super) fn useful(&self) -> Vec<bool> {
        self.by_term.iter().map(|rules| !rules.is_empty()).collect()
    }
}

/// What the value of an expression is told from.
enum Told {
    By(Vec<Expression>),
    /// It is computed over several rows.
    ByRows,
    /// It is another one each time, or not known.
    ByNothing,
}

fn columns_of(scopes: &Scopes<'_>, expression: &Expression) -> Told {
    let mut columns = Vec::new();
    let mut over_rows = false;
    let mut changes = false;
    expression.for_each(&mut |part| match part {
        Expression::Column { .. } | Expression::Output { .. } => columns.push(part.clone()),
        Expression::Call(call) => {
            changes |= function(&call.function).is_some_and(|function| function.volatile);
        }
        Expression::Aggregate(_) | Expression::Window(_) => over_rows = true,
        Expression::Subquery(subquery) => columns.extend(scopes.free(subquery.relation).cloned()),
        Expression::Unknown(_) => changes = true,
        Expression::Literal(_)
        | Expression::Operation(_)
        | Expression::Case(_)
        | Expression::Cast(_) => {}
    });
    match (changes, over_rows) {
        (true, _) => Told::ByNothing,
        (false, true) => Told::ByRows,
        (false, false) => Told::By(columns),
    }
}

fn input_of(column: &Expression) -> Option<InputId> {
    match column {
        Expression::Column { input, .. } | Expression::Output { input, .. } => Some(*input),
        _ => None,
    }
}
