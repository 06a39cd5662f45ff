//! What is known of a table or column, as short lines above its name: how many amendments speak of it,
//! where it is used, and how many of its guarantees hold. A lens counts what is there; where there is
//! nothing, there is no lens.
//!
//! Which lenses there are is told without a look at any text. Where a lens leads is found out for the
//! one that is shown.

mod spoken;
mod uses;

use crate::history;
use checks::{Answers, Outcome, SentenceAnswer};
use index::{DescriptionId, File, FileId, ModelId, Snapshot, TableKey};
use spec::model::{NativeSpec, Table};
use spoken::Spoken;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Name, TextRange};
use uses::Uses;

/// A line above the name of a table or column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLens {
    /// The name.
    pub range: TextRange,
    /// What it tells.
    pub told: Told,
}

/// What a lens tells, by name, so that it can be found out after any edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The table.
    pub table: TableKey,
    /// The column of it, for a lens of a column.
    pub column: Option<Name>,
    /// What is counted.
    pub counted: Counted,
}

/// What a lens counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// The amendments that speak of it.
    Amendments,
    /// The places in SQL that read it.
    Uses,
    /// The sentences in force about it, and what became of them.
    Guarantees,
}

/// The words of a lens, and the places that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldLens {
    /// `3 amendments`
    pub title: String,
    /// The places, in a fixed order.
    pub places: Vec<(FileId, TextRange)>,
}

/// The lenses of a file: above the tables and columns of a native spec, and above the statements that
/// define a table in SQL.
pub fn code_lenses(snapshot: &Snapshot, answers: &Answers, file: FileId) -> Vec<CodeLens> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    let mut lenses = Lenses {
        snapshot,
        answers,
        spoken: BTreeMap::new(),
        found: Vec::new(),
    };
    if let Some(spec) = file.native_spec() {
        lenses.of_spec(file, spec);
    } else if file.sql().is_some() {
        lenses.of_sql(file);
    }
    lenses.found
}

/// What a lens says and where it leads; none where there is nothing to count any more.
pub fn told_lens(snapshot: &Snapshot, answers: &Answers, told: &Told) -> Option<ToldLens> {
    let table = snapshot.table(&told.table)?;
    let column = told.column.as_ref();
    let places: Vec<(FileId, TextRange)>;
    let title = match told.counted {
        Counted::Amendments => {
            let products = history::products(snapshot, table);
            let spoken: Vec<Spoken<'_>> = products
                .into_iter()
                .map(|product| Spoken::of_product(snapshot, product))
                .collect();
            let found = spoken.iter().flat_map(|it| it.places(&told.table, column));
            places = found.collect();
            counted(places.len(), "amendment", "amendments")
        }
        Counted::Uses => {
            let uses = Uses::of(snapshot, &told.table);
            places = uses.places(snapshot, column);
            counted(places.len(), "use", "uses")
        }
        Counted::Guarantees => {
            let about = of_column(answers.about(&told.table), column);
            let outcomes: Vec<Outcome> = about.iter().map(|answer| answer.outcome).collect();
            let found = about.into_iter().filter_map(|answer| {
                let file = snapshot.file(answer.file)?;
                Some((file.id, file.range(answer.sentence)))
            });
            places = found.collect();
            hold(&outcomes)
        }
    };
    (!places.is_empty()).then_some(ToldLens { title, places })
}

struct Lenses<'a, 's> {
    snapshot: &'s Snapshot,
    answers: &'a Answers,
    spoken: BTreeMap<&'s Name, Spoken<'s>>,
    found: Vec<CodeLens>,
}

impl<'s> Lenses<'_, 's> {
    fn of_spec(&mut self, file: &'s File, spec: &'s NativeSpec) {
        for (ordinal, entry) in (0..).zip(&spec.tables) {
            let file_id = file.id;
            let id = DescriptionId {
                file: file_id,
                ordinal,
            };
            if let Some(table) = self.snapshot.table_of_description(id) {
                let uses = self.of_table(&table.key, file.range(entry.name.spot));
                self.of_columns(file, entry, &table.key, &uses);
            }
        }
    }

    fn of_sql(&mut self, file: &'s File) {
        let models = file.sql().map_or(&[][..], |sql| &sql.models);
        let mut seen = BTreeSet::new();
        for (ordinal, model) in (0..).zip(models) {
            let id = ModelId {
                file: file.id,
                ordinal,
            };
            // Of several statements that fill one table the first will do.
            let table = self.snapshot.table_of_model(id);
            if let Some(table) = table.filter(|table| seen.insert(table.key.clone())) {
                self.of_table(&table.key, file.range(model.name_spot));
            }
        }
    }

    fn of_table(&mut self, key: &TableKey, range: TextRange) -> Uses {
        let uses = Uses::of(self.snapshot, key);
        let guarantees = self.answers.about(key).len();
        let counts = [
            (Counted::Amendments, self.amendments(key, None)),
            (Counted::Uses, uses.count(None)),
            (Counted::Guarantees, guarantees),
        ];
        self.push(range, key, None, counts);
        uses
    }

    /// Above a column of which nothing but its `since` is told elsewhere stands nothing: that can be
    /// read right there.
    fn of_columns(&mut self, file: &File, entry: &'s Table, key: &TableKey, uses: &Uses) {
        for column in &entry.columns {
            let name = &column.name.value;
            let guarantees = of_column(self.answers.about(key), Some(name)).len();
            let amendments = self.amendments(key, Some(name));
            let in_its_entry = usize::from(column.since.is_some());
            if guarantees == 0 && amendments <= in_its_entry {
                continue;
            }
            let counts = [
                (Counted::Amendments, amendments),
                (Counted::Uses, uses.count(Some(name))),
                (Counted::Guarantees, guarantees),
            ];
            self.push(file.range(column.name.spot), key, Some(name), counts);
        }
    }

    fn push(
        &mut self,
        range: TextRange,
        table: &TableKey,
        column: Option<&Name>,
        counts: [(Counted, usize); 3],
    ) {
        let there = counts.into_iter().filter(|(_, count)| *count > 0);
        self.found.extend(there.map(|(counted, _)| CodeLens {
            range,
            told: Told {
                table: table.clone(),
                column: column.cloned(),
                counted,
            },
        }));
    }

    fn amendments(&mut self, key: &TableKey, column: Option<&Name>) -> usize {
        let Some(table) = self.snapshot.table(key) else {
            return 0;
        };
        let snapshot = self.snapshot;
        let products = history::products(snapshot, table).into_iter();
        let counts = products.map(|product| {
            let spoken = self.spoken.entry(product);
            let spoken = spoken.or_insert_with(|| Spoken::of_product(snapshot, product));
            spoken.count(key, column)
        });
        counts.sum()
    }
}

/// The answers about a column, or all of them.
fn of_column<'a>(answers: &'a [SentenceAnswer], column: Option<&Name>) -> Vec<&'a SentenceAnswer> {
    let is_wanted = |answer: &&SentenceAnswer| column.is_none() || answer.column.as_ref() == column;
    answers.iter().filter(is_wanted).collect()
}

/// `guarantees 3/4 hold, 1 contradicted`
fn hold(outcomes: &[Outcome]) -> String {
    let (mut holding, mut contradicted, mut at_risk, mut open) = (0, 0, 0, 0);
    for outcome in outcomes {
        *match outcome {
            Outcome::Holds => &mut holding,
            Outcome::Contradicted => &mut contradicted,
            Outcome::AtRisk => &mut at_risk,
            Outcome::Undecided(_) => &mut open,
        } += 1;
    }
    let mut title = format!("guarantees {holding}/{} hold", outcomes.len());
    for (count, words) in [
        (contradicted, "contradicted"),
        (at_risk, "at risk"),
        (open, "can't be told"),
    ] {
        if count > 0 {
            title.push_str(&format!(", {count} {words}"));
        }
    }
    title
}

fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}
