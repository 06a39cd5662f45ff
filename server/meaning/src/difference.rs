//! How what a query means differs from what it meant.
//!
//! Columns are paired by name, and compared by canonical form; where the forms differ, an example
//! decides whether the meanings do. A difference is *changed* only with an example that proves it; what
//! can't be shown either way is *undecided*. Rows are compared clause by clause.

mod agree;
mod agreed;
mod rename;

use crate::canonical::{Canonical, ClauseMeaning, ColumnMeaning, Sameness, canonical};
use crate::evaluate::Budget;
use crate::witness::{Facts, Question, SEARCH, TableFacts, Verdict, Witness, find_difference};
use agreed::Agreed;
use sql::facts::TableRef;
use sql::lower::Clause;
use sql::relation::{DataType, Query};
use syntax::Name;

/// One of two versions of a query. Tables have the same names in both.
pub struct Version<'v> {
    /// The query.
    pub query: &'v Query,
    /// The query of the model that defines a table of this version; `None` for a table without one.
    pub upstream: &'v dyn Fn(&TableRef) -> Option<Query>,
}

/// How two versions of a query differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How the rows do.
    pub rows: RowsDifference,
    /// How the columns do: those of the new version in their order, then those that are gone. Columns
    /// behind a `*` of which nothing is known are one without a name at the end, where it can't be
    /// told that they are the same.
    pub columns: Vec<ColumnDifference>,
}

/// Whether something means the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It means the same.
    Same,
    /// It does not, as an example proves.
    Changed,
    /// It can't be told.
    Undecided,
}

/// How the rows of two versions differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsDifference {
    /// Whether they are the same rows.
    pub change: Change,
    /// The kinds of clauses that differ, sorted; none where they are the same.
    pub clauses: Vec<Clause>,
    /// What only the old version's clauses say.
    pub was: Vec<ClauseMeaning>,
    /// What only the new version's clauses say.
    pub now: Vec<ClauseMeaning>,
    /// Input rows that show it.
    pub witness: Option<Witness>,
}

/// How a column differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDifference {
    /// Its name, in the version that has it.
    pub name: Option<Name>,
    /// What happened to it.
    pub change: ColumnChange,
    /// What it meant.
    pub was: Option<ColumnMeaning>,
    /// What it means now.
    pub now: Option<ColumnMeaning>,
    /// Input rows that show it.
    pub witness: Option<Witness>,
}

/// What happened to a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnChange {
    /// Nothing, or its meaning is only written differently.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It had this name, and means the same.
    Renamed(Name),
    /// It means something else.
    Changed,
    /// It can't be told.
    Undecided,
}

impl ColumnDifference {
    /// The types that a cast gave it and gives it now, where they differ. Where only one side has a cast, its
    /// type is another where the cast rounds: what the value is without it, nobody says.
    pub fn types(&self) -> Option<(Option<&DataType>, Option<&DataType>)> {
        let was = self.was.as_ref()?.data_type.as_ref();
        let now = self.now.as_ref()?.data_type.as_ref();
        let differ = match (was, now) {
            (Some(was), Some(now)) => was != now,
            (Some(only), None) | (None, Some(only)) => {
                matches!(only, DataType::Decimal(_, Some(scale)) if *scale > 0)
            }
            (None, None) => false,
        };
        differ.then_some((was, now))
    }
}

impl Difference {
    /// Whether nothing differs, no type either.
    pub fn is_none(&self) -> bool {
        let same = |column: &ColumnDifference| {
            column.change == ColumnChange::Same && column.types().is_none()
        };
        self.rows.change == Change::Same && self.columns.iter().all(same)
    }
}

/// All searches together take as many steps at most as so many of them.
const ALL_SEARCHES: u64 = 4;

/// No difference, of a query whose text and whatever made it are the same in both versions: also what
/// is not known in it is the same then.
pub fn unchanged(query: &Query) -> Difference {
    let columns = canonical(query).columns.into_iter();
    let columns = columns.map(|column| ColumnDifference {
        name: column.name.clone(),
        change: ColumnChange::Same,
        was: Some(column.clone()),
        now: Some(column),
        witness: None,
    });
    Difference {
        rows: RowsDifference {
            change: Change::Same,
            clauses: Vec::new(),
            was: Vec::new(),
            now: Vec::new(),
            witness: None,
        },
        columns: columns.collect(),
    }
}

/// How `new` differs from `old`. `facts` is what is known of the tables that they read.
pub fn difference(old: &Version<'_>, new: &Version<'_>, facts: &Facts) -> Difference {
    let known = |table: &TableRef| {
        let mut tables = facts.tables.iter();
        tables.find(|known| known.table == *table).cloned()
    };
    difference_where(old, new, &known)
}

/// How `new` differs from `old`. `known` tells what is known of a table that they read, at whatever level:
/// also of models that are seen through.
pub fn difference_where(
    old: &Version<'_>,
    new: &Version<'_>,
    known: &dyn Fn(&TableRef) -> Option<TableFacts>,
) -> Difference {
    compare(old, new, known, ALL_SEARCHES * SEARCH.steps)
}

/// How `new` differs from `old` by the canonical forms alone, at a fraction of the cost: no example is
/// looked for, so that whatever is not shown to be the same is undecided.
pub fn difference_of_forms(old: &Version<'_>, new: &Version<'_>) -> Difference {
    compare(old, new, &|_| None, 0)
}

fn compare(
    old: &Version<'_>,
    new: &Version<'_>,
    known: &dyn Fn(&TableRef) -> Option<TableFacts>,
    steps: u64,
) -> Difference {
    let mut comparison = Comparison {
        was: canonical(old.query),
        now: canonical(new.query),
        agreed: None,
        old,
        new,
        known,
        same: Vec::new(),
        steps,
        searches: 1,
    };
    let columns = comparison.columns();
    let rows = comparison.rows(&columns);
    Difference { rows, columns }
}

/// Whether a column is one of a table, under its name there: a `*` that gives all columns of that table gives
/// it too, named or not.
fn is_handed_on(column: &ColumnMeaning) -> bool {
    column.name.is_some() && column.meaning.column() == column.name.as_ref()
}

/// Two versions while they are compared.
struct Comparison<'c> {
    was: Canonical,
    now: Canonical,
    /// Both with the tables substituted that only one of them reads, and their forms.
    agreed: Option<Agreed>,
    old: &'c Version<'c>,
    new: &'c Version<'c>,
    /// What is known of a table.
    known: &'c dyn Fn(&TableRef) -> Option<TableFacts>,
    /// Where the two have columns of one name that mean the same.
    same: Vec<(usize, usize)>,
    /// The steps that are left for searches.
    steps: u64,
    /// How many searches there may still be, that of the rows among them.
    searches: u64,
}

impl Comparison<'_> {
    fn columns(&mut self) -> Vec<ColumnDifference> {
        let columns = (0..).zip(&self.now.columns);
        let positions: Vec<Option<usize>> = columns
            .map(|(now, column)| self.position(column, now))
            .collect();
        let same_rest = self.has_same_rest();
        // What is to be searched is known before, so that each search has its share.
        let mut same = Vec::new();
        for (now, was) in (0..).zip(&positions) {
            let is_same = was.is_some_and(|was| self.is_same(was, now));
            self.searches += u64::from(was.is_some() && !is_same);
            if let (Some(was), true) = (was, is_same) {
                self.same.push((*was, now));
            }
            same.push(is_same);
        }
        let mut columns = Vec::new();
        for ((now, was), same) in (0..).zip(positions.iter().copied()).zip(same) {
            let Some(column) = self.now.columns.get(now).cloned() else {
                continue;
            };
            columns.push(match was {
                Some(was) => self.column(was, now, same),
                None => ColumnDifference {
                    name: column.name.clone(),
                    // It may have been behind a `*`.
                    change: match self.was.open && (!same_rest || is_handed_on(&column)) {
                        true => ColumnChange::Undecided,
                        false => ColumnChange::Added,
                    },
                    was: None,
                    now: Some(column),
                    witness: None,
                },
            });
        }
        let gone = (0..)
            .zip(&self.was.columns)
            .filter(|(was, column)| column.name.is_some() && !positions.contains(&Some(*was)));
        let gone = gone
            .map(|(_, column)| column)
            .map(|column| ColumnDifference {
                name: column.name.clone(),
                change: match self.now.open && (!same_rest || is_handed_on(column)) {
                    true => ColumnChange::Undecided,
                    false => ColumnChange::Removed,
                },
                was: Some(column.clone()),
                now: None,
                witness: None,
            });
        columns.extend(gone.collect::<Vec<_>>());
        let mut columns = rename::pair(columns);
        if !same_rest {
            columns.push(ColumnDifference {
                name: None,
                change: ColumnChange::Undecided,
                was: None,
                now: None,
                witness: None,
            });
        }
        columns
    }

    /// Whether the columns behind stars that are not known are the same in both versions.
    fn has_same_rest(&mut self) -> bool {
        let same = |old: &Query, new: &Query| {
            let is_open = old.root().open || new.root().open;
            !is_open || old.rest.is_some() && old.rest == new.rest
        };
        if same(self.old.query, self.new.query) {
            return true;
        }
        let agreed = self.agreed();
        same(&agreed.both.old, &agreed.both.new)
    }

    /// Where the old version has the column at `now` of the new one.
    fn position(&self, column: &ColumnMeaning, now: usize) -> Option<usize> {
        let mut was = self.was.columns.iter();
        match &column.name {
            Some(_) => {
                // The second of a name is the second of that name.
                let before = self.now.columns.iter().take(now);
                let before = before.filter(|other| other.name == column.name).count();
                let named = (0..).zip(was).filter(|(_, was)| was.name == column.name);
                named.map(|(place, _)| place).nth(before)
            }
            // One without a name is known by its place.
            None => was.nth(now).filter(|was| was.name.is_none()).map(|_| now),
        }
    }

    fn column(&mut self, was: usize, now: usize, same: bool) -> ColumnDifference {
        let (old, new) = (self.was.columns.get(was), self.now.columns.get(now));
        let (old, new) = (old.cloned(), new.cloned());
        // Where both are the same but for what is not known, no example can be told from it.
        let is_open = |old: &ColumnMeaning, new: &ColumnMeaning| old.meaning == new.meaning;
        let both = old.as_ref().zip(new.as_ref());
        let (change, witness) = match same {
            true => (ColumnChange::Same, None),
            false if both.is_some_and(|(old, new)| is_open(old, new)) => {
                (ColumnChange::Undecided, None)
            }
            false if self.is_same_upstream(was, now) => (ColumnChange::Same, None),
            false => match self.search(&Question::Column { old: was, new: now }) {
                Some(witness) => (ColumnChange::Changed, Some(witness)),
                None => (ColumnChange::Undecided, None),
            },
        };
        ColumnDifference {
            name: new.as_ref().and_then(|column| column.name.clone()),
            change,
            was: old,
            now: new,
            witness,
        }
    }

    /// Whether the canonical forms of two columns are equal.
    fn is_same(&mut self, was: usize, now: usize) -> bool {
        let same = |was: Option<&ColumnMeaning>, now: Option<&ColumnMeaning>| match (was, now) {
            (Some(was), Some(now)) => was.meaning.compare(&now.meaning) == Sameness::Same,
            _ => false,
        };
        if same(self.was.columns.get(was), self.now.columns.get(now)) {
            return true;
        }
        let agreed = self.agreed();
        if same(agreed.was.columns.get(was), agreed.now.columns.get(now)) {
            return true;
        }
        // Conditions make columns equal, and one of them stands for all: they may differ in that.
        let by_themselves = agreed.by_themselves();
        same(by_themselves.0.get(was), by_themselves.1.get(now))
    }

    /// Whether two columns are the same over what lies upstream: the tables that both versions read may
    /// never hold what an example puts there.
    fn is_same_upstream(&mut self, was: usize, now: usize) -> bool {
        self.upstream().is_some_and(|(old, new)| {
            let both = old.columns.get(was).zip(new.columns.get(now));
            both.is_some_and(|(was, now)| was.meaning.compare(&now.meaning) == Sameness::Same)
        })
    }

    fn has_same_rows_upstream(&mut self) -> bool {
        let forms = self.upstream();
        forms.is_some_and(|(old, new)| old.rows.compare(&new.rows) == Sameness::Same)
    }

    /// The forms of both versions over what lies upstream of the tables that they share; `None` where
    /// nothing does.
    fn upstream(&mut self) -> Option<&(Canonical, Canonical)> {
        let (old, new) = (self.old, self.new);
        self.agreed().upstream(old, new)
    }

    fn rows(&mut self, columns: &[ColumnDifference]) -> RowsDifference {
        let same = RowsDifference {
            change: Change::Same,
            clauses: Vec::new(),
            was: Vec::new(),
            now: Vec::new(),
            witness: None,
        };
        if self.was.rows.compare(&self.now.rows) == Sameness::Same {
            return same;
        }
        let agreed = self.agreed();
        if agreed.was.rows.compare(&agreed.now.rows) == Sameness::Same {
            return same;
        }
        if self.has_same_rows_upstream() {
            return same;
        }
        let witness = if self.was.rows == self.now.rows {
            None
        } else {
            let same = self.same_columns(columns);
            self.search(&Question::Rows { same })
        };
        let was = owned(self.was.rows.beyond(&self.now.rows));
        let now = owned(self.now.rows.beyond(&self.was.rows));
        let mut clauses: Vec<Clause> = was.iter().chain(&now).map(|clause| clause.clause).collect();
        clauses.sort_unstable();
        clauses.dedup();
        RowsDifference {
            change: match witness {
                Some(_) => Change::Changed,
                None => Change::Undecided,
            },
            clauses,
            was,
            now,
            witness,
        }
    }

    /// The positions, in the old and in the new version, of the columns that mean the same, in the order
    /// of the new one.
    fn same_columns(&self, columns: &[ColumnDifference]) -> Vec<(usize, usize)> {
        let position = |canonical: &Canonical, name: Option<&Name>| {
            let mut columns = canonical.columns.iter();
            columns.position(|column| column.name.as_ref() == name)
        };
        let renamed = columns.iter().filter_map(|column| match &column.change {
            ColumnChange::Renamed(old) => Some((
                position(&self.was, Some(old))?,
                position(&self.now, column.name.as_ref())?,
            )),
            _ => None,
        });
        let mut same: Vec<(usize, usize)> = self.same.iter().copied().chain(renamed).collect();
        same.sort_by_key(|(_, now)| *now);
        same
    }

    fn search(&mut self, question: &Question) -> Option<Witness> {
        if self.steps == 0 {
            return None;
        }
        let known = self.known;
        let share = (self.steps / self.searches.max(1)).min(SEARCH.steps);
        self.searches = self.searches.saturating_sub(1);
        let mut budget = Budget::of(share);
        let agreed = self.agreed();
        if !agreed.both.is_whole {
            return None;
        }
        let (old, new, facts) = agreed.searched(known);
        let verdict = find_difference(old, new, question, facts, &mut budget);
        self.steps -= share.saturating_sub(budget.steps);
        match verdict {
            Verdict::Different(witness) => Some(witness),
            Verdict::NotFound => None,
        }
    }

    fn agreed(&mut self) -> &mut Agreed {
        let (old, new) = (self.old, self.new);
        let (was, now) = (&self.was, &self.now);
        self.agreed
            .get_or_insert_with(|| Agreed::new(old, new, was, now))
    }
}

fn owned(clauses: Vec<&ClauseMeaning>) -> Vec<ClauseMeaning> {
    clauses.into_iter().cloned().collect()
}
