//! What a column's name stands for at one place in a query.

use super::context::Lowering;
use crate::relation::{Expression, InputId, RelationId, Unknown, UnknownReason};
use sqlparser::ast::NamedWindowDefinition;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use syntax::Name;

/// The names that can be mentioned in the clauses of one `SELECT`.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// What `FROM` gives, in order.
    pub(super) bindings: Vec<Rc<Binding>>,
    /// Columns that `USING` and `NATURAL` make one of two.
    pub(super) merged: Vec<Merged>,
    /// The columns of the projection that are lowered so far.
    pub(super) aliases: HashMap<Name, Alias>,
    /// Whether those can be mentioned where the scope is asked.
    pub(super) alias_rule: AliasRule,
    /// The `WINDOW` clause.
    pub(super) windows: Vec<NamedWindowDefinition>,
}

/// Something in `FROM` with columns.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    /// Its alias, or the parts of its name; empty where it has neither.
    pub(super) name: Vec<Name>,
    /// The input it stands for.
    pub(super) input: InputId,
    /// Its columns.
    pub(super) columns: Columns,
    /// Whether `*` includes it.
    pub(super) in_star: bool,
    /// Whether its alias can stand for its only column: `UNNEST(x) AS y`.
    pub(super) is_value: bool,
    /// Columns that another binding gives in `*` already, by `USING`.
    pub(super) hidden: Vec<Name>,
}

/// The columns of a binding.
#[derive(Clone, Debug)]
pub(super) enum Columns {
    /// Of a table or table function: the names that are known, and whether there may be more.
    Named {
        /// The names under which they are mentioned here.
        names: Rc<[Name]>,
        /// What they are called there, where an alias renames them by position.
        originals: Option<Rc<[Name]>>,
        /// There may be others.
        open: bool,
    },
    /// Of a relation, with the names that an alias gives to the first of them.
    Relation(RelationId, Vec<Name>),
    /// Nothing is known, not even by name: columns that were pivoted, say.
    Unknown,
}

/// A column of two that `USING` makes one.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    /// Its name.
    pub(super) name: Name,
    /// Its value.
    pub(super) value: Expression,
}

/// A column of the projection.
#[derive(Clone, Debug)]
pub(super) struct Alias {
    /// Its position in the projection.
    pub(super) position: u32,
    /// Its value; where that is too large to be copied, something unknown over the columns in it.
    pub(super) value: Expression,
    /// How many parts that has.
    pub(super) parts: usize,
    /// Whether its own expression mentions a column of that name, so that an input has one too.
    pub(super) shadows: bool,
}

/// Whether names of the projection can be mentioned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AliasRule {
    /// They can't.
    #[default]
    Never,
    /// Where no input has a column of that name.
    AfterColumns,
    /// Before the columns of inputs: sort keys.
    BeforeColumns,
}

/// What a name was found to be.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its value.
    pub(super) value: Expression,
    /// The column of the projection that it names.
    pub(super) alias: Option<u32>,
    /// The input that is named before it.
    pub(super) qualifier: Option<InputId>,
}

impl Found {
    /// That value.
    pub(super) fn value(value: Expression) -> Found {
        Found {
            value,
            alias: None,
            qualifier: None,
        }
    }

    /// A name that nothing has.
    pub(super) fn nothing() -> Found {
        Found::value(Expression::Unknown(Unknown {
            reason: UnknownReason::NoSuchColumn,
            over: Vec::new(),
            name: None,
        }))
    }

    fn one_of(over: Vec<Expression>) -> Found {
        Found::value(ambiguous(over))
    }
}

/// More columns than this are not told of a name that may be any of them: it says nothing then, and
/// a list of such names would cost the square of its length.
const MOST_CANDIDATES: usize = 24;

/// The value of a name that may be each of these columns.
pub(super) fn ambiguous(mut over: Vec<Expression>) -> Expression {
    if over.len() > MOST_CANDIDATES {
        over = Vec::new();
    }
    Expression::Unknown(Unknown {
        reason: UnknownReason::Ambiguous,
        over,
        name: None,
    })
}

impl Binding {
    /// A name of so many letters is an alias sooner than a column.
    const LONGEST_ALIAS: usize = 2;

    /// Whether `qualifier` names it.
    pub(super) fn is_called(&self, qualifier: &[Name]) -> bool {
        !qualifier.is_empty() && self.name.ends_with(qualifier)
    }

    /// Whether this is what it is called, and too short for the name of a column.
    fn is_briefly_called(&self, name: &Name) -> bool {
        let is_short = name.as_str().chars().count() <= Binding::LONGEST_ALIAS;
        is_short && !self.is_value && self.name.as_slice() == std::slice::from_ref(name)
    }

    /// Whether its alias stands for its value.
    fn is_value_called(&self, name: &Name) -> bool {
        self.is_value && self.name.last() == Some(name)
    }
}

/// An alias whose value is too large to be copied to where it is mentioned.
fn not_copied(over: Vec<Expression>) -> Expression {
    Expression::Unknown(Unknown {
        reason: UnknownReason::Unsupported,
        over,
        name: None,
    })
}

impl Alias {
    /// Values of more parts than this are not copied.
    const MOST_PARTS: usize = 1_000;
    /// No more columns than this are kept of one that is not.
    const MOST_COLUMNS: usize = 200;

    /// It, where it is mentioned; without its value, where `too_many` parts are copied already.
    fn found(&self, too_many: bool) -> Found {
        let value = if too_many {
            not_copied(Vec::new())
        } else {
            self.value.clone()
        };
        Found {
            alias: Some(self.position),
            ..Found::value(value)
        }
    }

    /// The alias of the column at `position`, called `name`.
    pub(super) fn new(name: &Name, position: u32, value: &Expression) -> Alias {
        let mut shadows = false;
        let mut parts = 0;
        let mut columns = BTreeSet::new();
        value.for_each(&mut |part| {
            parts += 1;
            match part {
                Expression::Column { name: own, .. } => {
                    shadows |= own == name;
                    columns.insert(part);
                }
                Expression::Output { .. } => {
                    columns.insert(part);
                }
                _ => {}
            }
        });
        if parts <= Alias::MOST_PARTS {
            return Alias {
                position,
                value: value.clone(),
                parts,
                shadows,
            };
        }
        let columns = columns.into_iter().take(Alias::MOST_COLUMNS).cloned();
        let columns: Vec<Expression> = columns.collect();
        Alias {
            position,
            parts: columns.len() + 1,
            value: not_copied(columns),
            shadows,
        }
    }
}

/// How sure it is that a binding has a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Has {
    Yes,
    Perhaps,
    No,
}

impl Lowering<'_> {
    /// What the dotted name `parts` stands for, and how many of its parts name the column; further
    /// ones are fields of it.
    pub(super) fn resolve(&mut self, parts: &[Name]) -> (Found, usize) {
        if let Some((binding, length)) = self.qualified(parts) {
            let value = match parts.get(length) {
                Some(name) => self.column_of(&binding, name),
                None => Expression::NULL,
            };
            let found = Found {
                qualifier: Some(binding.input),
                ..Found::value(value)
            };
            return (found, length + 1);
        }
        match parts.first() {
            Some(name) => (self.unqualified(name), 1),
            None => (Found::nothing(), 0),
        }
    }

    /// The binding that the first parts name, and how many parts that are.
    pub(super) fn qualified(&self, parts: &[Name]) -> Option<(Rc<Binding>, usize)> {
        let qualifiers = parts.len().checked_sub(1)?;
        for scope in self.scopes.iter().rev() {
            // `schema.table.column` before `table.column.field`.
            for length in (1..=qualifiers.min(4)).rev() {
                let qualifier = parts.get(..length)?;
                let mut named = scope.bindings.iter().filter(|own| own.is_called(qualifier));
                if let Some(binding) = named.next() {
                    return Some((Rc::clone(binding), length));
                }
            }
        }
        None
    }

    fn unqualified(&mut self, name: &Name) -> Found {
        let mut perhaps = Vec::new();
        for level in (0..self.scopes.len()).rev() {
            let Some(scope) = self.scopes.get(level) else {
                continue;
            };
            let rule = scope.alias_rule;
            let alias = scope.aliases.get(name);
            let alias = alias.filter(|_| rule != AliasRule::Never);
            let parts = alias.map_or(0, |alias| alias.parts);
            let too_many = parts > self.parts_left;
            let shadows = alias.map(|alias| alias.shadows);
            self.parts_left = self.parts_left.saturating_sub(parts);
            if let (AliasRule::BeforeColumns, Some(alias)) = (rule, alias) {
                return alias.found(too_many);
            }
            let merged = scope.merged.iter().rfind(|merged| merged.name == *name);
            if let (Some(merged), true) = (merged, perhaps.is_empty()) {
                return Found::value(merged.value.clone());
            }
            let mut bindings = scope.bindings.iter();
            if let Some(binding) = bindings.find(|own| own.is_value_called(name)) {
                return Found::value(Expression::Column {
                    input: binding.input,
                    name: Name::new("value"),
                });
            }
            let (mut sure, mut unsure) = (Vec::new(), Vec::new());
            let bindings = scope.bindings.iter();
            for binding in bindings.filter(|binding| !binding.hidden.contains(name)) {
                match self.has(binding, name) {
                    Has::Yes => sure.push(Rc::clone(binding)),
                    Has::Perhaps => unsure.push(Rc::clone(binding)),
                    Has::No => {}
                }
            }
            match sure.as_slice() {
                [binding] if perhaps.is_empty() => {
                    return Found::value(self.column_of(binding, name));
                }
                [] => {}
                several => {
                    for binding in several {
                        perhaps.push(self.column_of(binding, name));
                    }
                    return Found::one_of(perhaps);
                }
            }
            // Where it is not told whether an input has such a column, one of the projection counts,
            // unless it is made from a column of that name.
            let found = |scopes: &[Scope]| {
                let alias = scopes.get(level)?.aliases.get(name)?;
                Some(alias.found(too_many))
            };
            if (rule, shadows) == (AliasRule::AfterColumns, Some(false))
                && perhaps.is_empty()
                && let Some(found) = found(&self.scopes)
            {
                return found;
            }
            // Whether there is a column of that name is not told, but an alias there is.
            let short = self.scopes.get(level).and_then(|scope| {
                let mut named = scope.bindings.iter();
                named.find(|own| own.is_briefly_called(name))
            });
            if let (Some(binding), true) = (short.cloned(), perhaps.is_empty()) {
                return Found::value(self.whole_row(&binding));
            }
            // A name that only unknown tables can have is the innermost ones': outer ones count beside
            // them only where they are known to have it.
            if perhaps.is_empty() {
                for binding in &unsure {
                    perhaps.push(self.column_of(binding, name));
                }
            }
            if (rule, shadows) == (AliasRule::AfterColumns, Some(true))
                && perhaps.is_empty()
                && let Some(found) = found(&self.scopes)
            {
                return found;
            }
            let row = self.scopes.get(level).and_then(|scope| {
                let mut named = scope.bindings.iter();
                named.find(|own| own.is_called(std::slice::from_ref(name)))
            });
            if let (Some(binding), true) = (row.cloned(), perhaps.is_empty()) {
                return Found::value(self.whole_row(&binding));
            }
        }
        match perhaps.len() {
            0 => Found::nothing(),
            1 => Found::value(perhaps.remove(0)),
            _ => Found::one_of(perhaps),
        }
    }

    /// A table's name that stands for its whole row.
    fn whole_row(&mut self, binding: &Binding) -> Expression {
        let columns = self.columns_of(binding);
        let (values, open) = (columns.0, columns.1);
        if open {
            return Expression::Unknown(Unknown {
                reason: UnknownReason::Unsupported,
                over: values.into_iter().map(|(_, value)| value).collect(),
                name: None,
            });
        }
        Expression::call("row", values.into_iter().map(|(_, value)| value))
    }

    /// Whether `binding` has a column of that name.
    pub(super) fn has(&self, binding: &Binding, name: &Name) -> Has {
        match &binding.columns {
            Columns::Named { names, open, .. } => match (names.contains(name), open) {
                (true, _) => Has::Yes,
                (false, true) => Has::Perhaps,
                (false, false) => Has::No,
            },
            Columns::Relation(id, names) => {
                if names.contains(name) {
                    return Has::Yes;
                }
                self.relation_has(*id, names.len(), name)
            }
            Columns::Unknown => Has::Perhaps,
        }
    }

    /// The value of a column of `binding`.
    pub(super) fn column_of(&mut self, binding: &Binding, name: &Name) -> Expression {
        let input = binding.input;
        match &binding.columns {
            Columns::Named {
                names,
                originals,
                open,
            } => {
                let at = names.iter().position(|own| own == name);
                match (at, originals) {
                    (Some(at), Some(originals)) => match originals.get(at) {
                        Some(original) => Expression::Column {
                            input,
                            name: original.clone(),
                        },
                        None => Found::nothing().value,
                    },
                    (Some(_), None) => Expression::Column {
                        input,
                        name: name.clone(),
                    },
                    (None, _) if *open => Expression::Column {
                        input,
                        name: name.clone(),
                    },
                    (None, _) => Found::nothing().value,
                }
            }
            Columns::Relation(id, names) => {
                let given = names.iter().position(|own| own == name);
                let position = given.or_else(|| self.demand(*id, names.len(), name));
                match position {
                    Some(position) => Expression::Output {
                        input,
                        position: position as u32,
                    },
                    None => Found::nothing().value,
                }
            }
            Columns::Unknown => Expression::Column {
                input,
                name: name.clone(),
            },
        }
    }

    /// All known columns of `binding` in order, and whether there may be others.
    pub(super) fn columns_of(&self, binding: &Binding) -> (Vec<(Option<Name>, Expression)>, bool) {
        let input = binding.input;
        match &binding.columns {
            Columns::Named {
                names,
                originals,
                open,
            } => {
                let originals = originals.as_ref().unwrap_or(names);
                let columns = names.iter().zip(originals.iter()).map(|(name, original)| {
                    let value = Expression::Column {
                        input,
                        name: original.clone(),
                    };
                    (Some(name.clone()), value)
                });
                (columns.collect(), *open)
            }
            Columns::Relation(id, names) => {
                let Some(relation) = self.relations.get(id.0 as usize) else {
                    return (Vec::new(), true);
                };
                let listed = relation.columns.iter().enumerate();
                let columns = listed.filter(|(_, column)| !column.implicit);
                let columns = columns.map(|(position, column)| {
                    let name = names.get(position).cloned().or_else(|| column.name.clone());
                    let value = Expression::Output {
                        input,
                        position: position as u32,
                    };
                    (name, value)
                });
                (columns.collect(), relation.open)
            }
            Columns::Unknown => (Vec::new(), true),
        }
    }
}
