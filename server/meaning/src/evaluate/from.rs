//! `FROM`: tables, functions that give rows, and joins.

use super::expression::{Binding, Joined, Scope};
use super::number::Number;
use super::relation::{Machine, union};
use super::value::Value;
use super::{Undecided, undecided};
use sql::relation::{Call, Expression, From, Input, Join, JoinKind, Source};
use std::rc::Rc;
use syntax::Name;

/// How many rows a function may give.
const MOST_ROWS: i64 = 400;

impl<'q> Machine<'q> {
    /// The rows of a `FROM`.
    pub(super) fn from(
        &mut self,
        from: &'q From,
        scope: &Scope<'_, 'q>,
    ) -> Result<Vec<Joined>, Undecided> {
        match from {
            From::Input(input) => self.input(input, scope),
            From::Join(join) => {
                self.enter()?;
                let rows = self.join(join, scope);
                self.leave();
                rows
            }
        }
    }

    fn input(&mut self, input: &'q Input, scope: &Scope<'_, 'q>) -> Result<Vec<Joined>, Undecided> {
        let names = self.names(input)?;
        let joined = |values: Rc<[Value]>, origin: Rc<[u32]>| Joined {
            bindings: vec![Binding {
                input: input.id,
                names: names.clone(),
                values,
            }],
            origin,
        };
        match &input.source {
            Source::Table(table) => {
                let Some((table, first)) = self.tables.find(table) else {
                    return undecided("a table has no rows");
                };
                let numbered = table.rows.iter().zip(first..);
                Ok(numbered
                    .map(|(row, number)| joined(row.clone(), Rc::from([number])))
                    .collect())
            }
            Source::Relation(relation) => {
                let rows = self.relation(*relation, Some(scope))?;
                Ok(rows
                    .iter()
                    .map(|row| joined(row.values.clone(), row.origin.clone()))
                    .collect())
            }
            Source::Function(call) => {
                let values = self.table_function(call, scope)?;
                Ok(values
                    .into_iter()
                    .map(|value| joined(Rc::from([value]), Rc::from([])))
                    .collect())
            }
            Source::Unknown { .. } => undecided("an input is not known"),
        }
    }

    /// The names by which columns of an input are mentioned.
    fn names(&self, input: &Input) -> Result<Rc<[Name]>, Undecided> {
        match &input.source {
            Source::Table(table) => match self.tables.find(table) {
                Some((table, _)) => Ok(table.columns.clone()),
                None => undecided("a table has no rows"),
            },
            Source::Function(_) => Ok(Rc::from([Name::new("value")])),
            Source::Relation(_) | Source::Unknown { .. } => Ok(Rc::from([])),
        }
    }

    fn table_function(
        &mut self,
        call: &'q Call,
        scope: &Scope<'_, 'q>,
    ) -> Result<Vec<Value>, Undecided> {
        let arguments: Result<Vec<Value>, Undecided> = call
            .arguments
            .iter()
            .map(|argument| self.value(argument, scope))
            .collect();
        match (call.function.as_str(), arguments?.as_slice()) {
            ("unnest", [Value::Array(values)]) => Ok(values.clone()),
            ("generate_series", [Value::Number(first), Value::Number(last)]) => {
                let (Some(first), Some(last)) = (first.whole(), last.whole()) else {
                    return undecided("a series of numbers is not whole");
                };
                if last.saturating_sub(first) > MOST_ROWS {
                    return undecided("a series is long");
                }
                Ok((first..=last)
                    .map(|number| Value::Number(Number::integer(number)))
                    .collect())
            }
            _ => undecided("a function that gives rows is not known"),
        }
    }

    /// A row of `NULL` for the inputs of one side of a join.
    fn padding(&self, from: &From) -> Result<Vec<Binding>, Undecided> {
        let mut bindings = Vec::new();
        for input in from.inputs() {
            let names = self.names(input)?;
            let width = match &input.source {
                Source::Relation(relation) => self.query.relation(*relation).columns.len(),
                _ => names.len(),
            };
            let values = vec![Value::Null; width].into();
            bindings.push(Binding {
                input: input.id,
                names,
                values,
            });
        }
        Ok(bindings)
    }

    /// Whether a side of a join may mention inputs of the other.
    fn is_lateral(&self, from: &From) -> bool {
        from.inputs().iter().any(|input| match &input.source {
            Source::Relation(relation) => self.needed.is_correlated(*relation),
            Source::Function(call) => !call
                .arguments
                .iter()
                .all(|argument| matches!(argument, Expression::Literal(_))),
            Source::Table(_) | Source::Unknown { .. } => false,
        })
    }

    fn join(&mut self, join: &'q Join, scope: &Scope<'_, 'q>) -> Result<Vec<Joined>, Undecided> {
        use JoinKind::{Anti, Full, Inner, Left, Right, Semi, Unknown};
        let kind = join.kind;
        if kind == Unknown {
            return undecided("how rows are joined is not known");
        }
        let left = self.from(&join.left, scope)?;
        let lateral = self.is_lateral(&join.right);
        if lateral && matches!(kind, Right | Full) {
            return undecided("a side of an outer join mentions the other");
        }
        let mut right = match lateral {
            true => Vec::new(),
            false => self.from(&join.right, scope)?,
        };
        let mut matched_right = vec![false; right.len()];
        let right_padding = match kind {
            Left | Full => self.padding(&join.right)?,
            _ => Vec::new(),
        };
        let mut rows = Vec::new();
        for row in &left {
            if lateral {
                let around = Scope::rows(Some(scope), &row.bindings);
                right = self.from(&join.right, &around)?;
                matched_right = vec![false; right.len()];
            }
            let mut matched = false;
            for (partner, used) in right.iter().zip(&mut matched_right) {
                let both = both(row, partner);
                self.budget.spend(1 + both.bindings.len() as u64)?;
                let holds = match &join.on {
                    None => true,
                    Some(on) => self.holds(on, &Scope::rows(Some(scope), &both.bindings))?,
                };
                if holds {
                    matched = true;
                    *used = true;
                    if !matches!(kind, Semi | Anti) {
                        rows.push(both);
                    }
                }
            }
            match kind {
                Semi if matched => rows.push(row.clone()),
                Anti if !matched => rows.push(row.clone()),
                Left | Full if !matched => {
                    let mut padded = row.clone();
                    padded.bindings.extend(right_padding.iter().cloned());
                    self.budget.spend(padded.bindings.len() as u64)?;
                    rows.push(padded);
                }
                Inner | Left | Right | Full | Semi | Anti | Unknown => {}
            }
        }
        if matches!(kind, Right | Full) {
            let padding = self.padding(&join.left)?;
            for (partner, _) in right.iter().zip(&matched_right).filter(|(_, used)| !**used) {
                let mut bindings = padding.clone();
                bindings.extend(partner.bindings.iter().cloned());
                rows.push(Joined {
                    bindings,
                    origin: partner.origin.clone(),
                });
            }
        }
        Ok(rows)
    }
}

fn both(left: &Joined, right: &Joined) -> Joined {
    Joined {
        bindings: left
            .bindings
            .iter()
            .chain(&right.bindings)
            .cloned()
            .collect(),
        origin: union([&left.origin, &right.origin]),
    }
}
