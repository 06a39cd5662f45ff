//! The rows of a table made what they were when they were locked, where one local edit does that: a conjunct
//! put back, taken out or restored, a join of the kind that it was, a `DISTINCT` or `ALL`, a `LIMIT` taken out.

use super::entry::selects;
use super::model::Model;
use super::names::spelled;
use crate::context::Context;
use crate::drift;
use crate::fix::{Fix, Fixing};
use crate::guarantee::Levels;
use index::Table;
use meaning::canonical::ClauseMeaning;
use meaning::difference::RowsDifference;
use sql::edit::{Condition, JoinKind, QueryEditor};
use sql::lower::Clause;
use sql::relation::RelationId;
use std::collections::BTreeSet;
use syntax::{Name, TextEdit, TextRange};

/// So many edits are tried.
const MOST_TRIALS: usize = 24;

/// The edit after which the table holds the rows that it held when it was locked, nothing else that it gives
/// is another than before, and no sentence is broken that was not.
pub(crate) fn rows_as_locked(fixing: &Fixing<'_>, table: &Table) -> Option<Fix> {
    let context = Context::for_fixes(fixing.snapshot);
    let drift = drift::from_lock(&context, table)?;
    let model = Model::new(fixing.snapshot, drift.spec.file, table)?;
    let restoring = Restoring {
        editor: model.editor(),
        rows: drift.rows.as_ref()?,
        model: &model,
    };
    let others = drift.columns.iter().map(|column| column.name.clone());
    let others: BTreeSet<Option<Name>> = others.collect();
    let broken = model.broken_before();
    let mut edits = restoring.edits().into_iter().take(MOST_TRIALS);
    let (title, edits) = edits.find(|(_, edits)| restores(&model, edits, &others, &broken))?;
    let title = format!("{title} `{}` as it was locked", drift.spec.name());
    Some(Fix::of(model.file, title, edits))
}

fn restores(
    model: &Model<'_>,
    edits: &[TextEdit],
    others: &BTreeSet<Option<Name>>,
    broken: &BTreeSet<String>,
) -> bool {
    let attempt = || {
        let snapshot = model.after(edits)?;
        let context = Context::for_fixes(&snapshot);
        let table = snapshot.table(&model.table.key)?;
        let (is_same, now) = drift::rows_as_locked(&context, table)?;
        let breaks_none = || {
            let levels = Levels::of(&context, table);
            model.broken(&context, table, &levels).is_subset(broken)
        };
        Some(is_same && now.is_subset(others) && breaks_none())
    };
    attempt().unwrap_or(false)
}

/// Titles and edits, the likeliest first.
type Tries = Vec<(&'static str, Vec<TextEdit>)>;

const FILTER: &str = "Filter the rows of";
const JOIN: &str = "Join the rows of";
const LIMIT: &str = "Take all rows of";
const KEEP_DUPLICATES: &str = "Keep the duplicates of";
const LEAVE_DUPLICATES_OUT: &str = "Leave out the duplicates of";

struct Restoring<'m, 's> {
    model: &'m Model<'s>,
    editor: QueryEditor<'m>,
    rows: &'m RowsDifference,
}

impl Restoring<'_, '_> {
    fn edits(&self) -> Tries {
        let differs = |clause: Clause| self.rows.clauses.contains(&clause);
        let mut tries = Vec::new();
        // `DISTINCT` and `UNION` are read as `GROUP BY` of all columns.
        let duplicates = [Clause::Distinct, Clause::GroupBy, Clause::Set];
        if duplicates.into_iter().any(differs) {
            tries.extend(self.duplicates());
        }
        if differs(Clause::Limit) {
            let limits = self.editor.without_limits().into_iter();
            tries.extend(limits.map(|edits| (LIMIT, edits)));
        }
        // A join that only asks for partners is read as `EXISTS`.
        let clauses = self.rows.was.iter().chain(&self.rows.now);
        let mut meanings = clauses.map(|clause| clause.meaning.to_string());
        let asks_for_partners = meanings.any(|meaning| meaning.contains("EXISTS ("));
        if differs(Clause::From) || differs(Clause::On) || asks_for_partners {
            tries.extend(self.joins());
        }
        let (was, now) = (conditions(&self.rows.was), conditions(&self.rows.now));
        let edits = match (was.as_slice(), now.as_slice()) {
            ([], []) => Vec::new(),
            ([], now) => self.taken_out(now),
            (was, []) => self.put_back(was),
            (was, now) => self.replaced(was, now),
        };
        tries.extend(edits.into_iter().map(|edits| (FILTER, edits)));
        tries
    }

    fn duplicates(&self) -> Tries {
        let joins_rows =
            |clause: &ClauseMeaning| [Clause::Distinct, Clause::GroupBy].contains(&clause.clause);
        let title = match self.rows.was.iter().any(joins_rows) {
            true => LEAVE_DUPLICATES_OUT,
            false => KEEP_DUPLICATES,
        };
        let starts = selects(self.model).into_iter();
        let starts = starts.filter_map(|relation| self.range(relation));
        let distinct = starts.filter_map(|range| self.editor.toggle_distinct(range.start()));
        let edits = self.editor.toggle_unions().into_iter().chain(distinct);
        edits.map(|edits| (title, edits)).collect()
    }

    /// Every join in another way; the last one first, for it is the likeliest to be new.
    fn joins(&self) -> Tries {
        let joins = self.editor.joins();
        let mut tries = Vec::new();
        for kind in JoinKind::ALL {
            let others = joins.iter().rev().filter(|join| join.kind != kind);
            tries.extend(others.filter_map(|join| self.editor.set_join(*join, kind)));
        }
        tries.into_iter().map(|edits| (JOIN, edits)).collect()
    }

    /// What was said is said again: in its clause of each `SELECT`, and of each join.
    fn put_back(&self, was: &[&ClauseMeaning]) -> Vec<Vec<TextEdit>> {
        let clause = was.first().map_or(Clause::Where, |first| first.clause);
        let said = all_of(was);
        let mut tries = Vec::new();
        for relation in selects(self.model) {
            let Some(range) = self.range(relation) else {
                continue;
            };
            let spelled = spelled(self.model, relation, &said).into_iter();
            tries.extend(
                spelled.filter_map(|it| self.editor.add_condition(range.start(), clause, &it)),
            );
        }
        for on in self.editor.conditions() {
            let first = on.conjuncts.first().filter(|_| on.clause == Clause::On);
            let relation = first.and_then(|first| self.relation_around(*first));
            let spelled = relation.map(|relation| spelled(self.model, relation, &said));
            let spelled = spelled.into_iter().flatten();
            tries.extend(spelled.filter_map(|it| self.editor.add_conjunct(&on, &it)));
        }
        tries
    }

    /// What is new is taken out: one conjunct, or as many of one condition as are new.
    fn taken_out(&self, now: &[&ClauseMeaning]) -> Vec<Vec<TextEdit>> {
        let ranked = self.ranked(now);
        let single = ranked
            .iter()
            .filter_map(|(condition, at)| self.editor.without_conjuncts(condition, &[*at]));
        let mut tries: Vec<Vec<TextEdit>> = single.collect();
        if now.len() > 1 {
            for condition in self.editor.conditions() {
                let own = ranked.iter().filter(|(other, _)| *other == condition);
                let places: Vec<usize> = own.map(|(_, at)| *at).take(now.len()).collect();
                tries.extend(self.editor.without_conjuncts(&condition, &places));
            }
        }
        tries
    }

    /// What was said is said in the place of one conjunct.
    fn replaced(&self, was: &[&ClauseMeaning], now: &[&ClauseMeaning]) -> Vec<Vec<TextEdit>> {
        let said = all_of(was);
        let mut tries = Vec::new();
        for (condition, at) in self.ranked(now) {
            let range = condition.conjuncts.get(at);
            let relation = range.and_then(|range| self.relation_around(*range));
            let spelled = relation.map(|relation| spelled(self.model, relation, &said));
            let spelled = spelled.into_iter().flatten();
            tries.extend(spelled.filter_map(|it| self.editor.set_conjunct(&condition, at, &it)));
        }
        tries
    }

    /// Every conjunct; those first that share most words with what is new, and of these the shortest.
    fn ranked(&self, now: &[&ClauseMeaning]) -> Vec<(Condition, usize)> {
        let said: BTreeSet<String> = now
            .iter()
            .flat_map(|clause| words(&clause.meaning.to_string()))
            .collect();
        let mut found = Vec::new();
        for condition in self.editor.conditions() {
            for (at, range) in condition.conjuncts.iter().enumerate() {
                let own = words(self.slice(*range));
                let shared = own.intersection(&said).count();
                found.push((usize::MAX - shared, own.len(), condition.clone(), at));
            }
        }
        found.sort_by_key(|(unshared, length, ..)| (*unshared, *length));
        let found = found.into_iter();
        found.map(|(_, _, condition, at)| (condition, at)).collect()
    }

    fn range(&self, relation: RelationId) -> Option<TextRange> {
        let place = self.model.lowered.places.relation(relation);
        place.map(|place| place.range)
    }

    /// The innermost `SELECT` around a range.
    fn relation_around(&self, range: TextRange) -> Option<RelationId> {
        let around = selects(self.model).into_iter().filter_map(|relation| {
            let own = self.range(relation)?;
            own.contains_range(range).then_some((own.len(), relation))
        });
        around.min_by_key(|(length, _)| *length).map(|(_, it)| it)
    }

    fn slice(&self, range: TextRange) -> &str {
        let text = self
            .model
            .text
            .get(range.start().into()..range.end().into());
        text.unwrap_or_default()
    }
}

/// Those that are conditions.
fn conditions(clauses: &[ClauseMeaning]) -> Vec<&ClauseMeaning> {
    let kinds = [Clause::On, Clause::Where, Clause::Having, Clause::Qualify];
    clauses
        .iter()
        .filter(|clause| kinds.contains(&clause.clause))
        .collect()
}

/// Conditions as one.
fn all_of(clauses: &[&ClauseMeaning]) -> String {
    let texts = clauses.iter().map(|clause| {
        let text = clause.meaning.to_string();
        flipped(&text).unwrap_or(text)
    });
    match clauses.len() {
        1 => texts.collect(),
        _ => texts
            .map(|text| format!("({text})"))
            .collect::<Vec<_>>()
            .join(" AND "),
    }
}

/// `2 < x` as people write it: `x > 2`.
fn flipped(text: &str) -> Option<String> {
    const SIGNS: [(&str, &str); 6] = [
        (" <= ", " >= "),
        (" >= ", " <= "),
        (" <> ", " <> "),
        (" < ", " > "),
        (" > ", " < "),
        (" = ", " = "),
    ];
    let found = SIGNS.iter().filter_map(|(sign, flipped)| {
        let (literal, value) = text.split_once(sign)?;
        Some((literal, *flipped, value))
    });
    let (literal, sign, value) = found.min_by_key(|(literal, ..)| literal.len())?;
    let inner = literal
        .strip_prefix('\'')
        .and_then(|it| it.strip_suffix('\''));
    let is_literal = match inner {
        Some(inner) => !inner.contains('\''),
        None => literal.parse::<f64>().is_ok(),
    };
    is_literal.then(|| format!("{value}{sign}{literal}"))
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_stands_behind_what_it_is_compared_with() {
        for (text, expected) in [
            ("1 < COUNT(*)", Some("COUNT(*) > 1")),
            ("'a = b' <= t.x", None),
            ("'a' <> t.x", Some("t.x <> 'a'")),
            ("t.x = 1", None),
        ] {
            assert_eq!(flipped(text).as_deref(), expected, "{text}");
        }
    }
}
