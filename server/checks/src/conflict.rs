//! Whether two guarantees can hold together. Only what no SQL could satisfy is a conflict; where that
//! can't be told, there is none.

mod pairs;
mod proof;

pub(crate) use pairs::earlier;

use crate::context::Context;
use crate::sentences::{Sentence, Sentences};
use index::binding::{Binder, Bound, BoundName, BoundTable, NameInSentence, Renames, Role};
use proof::Proof;
use spec::guarantee::{Guarantee, Path, Sql, Word};
use spec::history::Entry;
use spec::model::AmendmentId;
use std::collections::BTreeSet;
use syntax::Name;
use syntax::name::dotted;

/// A sentence in force, with what its names stand for now.
pub(crate) struct Claim<'a, 's> {
    pub(crate) sentence: &'a Sentence<'s>,
    pub(crate) guarantee: &'a Guarantee,
    subject: Thing,
    /// The other table or column that it is about.
    other: Option<Thing>,
    binder: Binder<'s>,
    renames: Renames,
}

/// A table, or a column of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Thing {
    table: Place,
    column: Option<Name>,
}

/// A table: what its name stands for, or the name, where it stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Bound(BoundTable),
    Written(Vec<Name>),
}

impl Thing {
    /// Whether it is this, or a column of it.
    fn is_within(&self, other: &Thing) -> bool {
        let starts = |own: Vec<Name>, other: Vec<Name>| own.starts_with(&other);
        self == other
            || (other.column.is_none() && self.table == other.table)
            || self
                .written()
                .zip(other.written())
                .is_some_and(|(own, other)| starts(own, other))
    }

    /// Its whole name, where that stands for nothing: it may be a table or a column then.
    fn written(&self) -> Option<Vec<Name>> {
        match &self.table {
            Place::Written(parts) => Some(parts.iter().chain(&self.column).cloned().collect()),
            Place::Bound(_) => None,
        }
    }

    /// The table alone.
    fn is_table_of(&self, other: &Thing) -> bool {
        self.column.is_none() && self.table == other.table
    }
}

/// The sentences in force of a product, the oldest first.
pub(crate) fn claims<'a, 's>(
    context: &Context<'s>,
    sentences: &'a Sentences<'s>,
) -> Vec<Claim<'a, 's>> {
    let in_force = sentences.in_force();
    in_force
        .map(|(sentence, guarantee)| {
            let binder = context.snapshot.binder(sentence.file);
            let renames = sentences.renames(sentence);
            let thing =
                |path: &Path, role: Role| thing(&binder, &renames.now(&path.parts, None), role);
            let role = NameInSentence::role_of_subject(guarantee);
            let other = match guarantee {
                Guarantee::ComesFrom { from, .. } | Guarantee::ComesUnchanged { from, .. } => {
                    Some(thing(from, Role::Column))
                }
                Guarantee::NeverComesFrom { from, .. } => Some(thing(from, Role::Either)),
                Guarantee::Reads { other, .. }
                | Guarantee::NeverReads { other, .. }
                | Guarantee::ExcludesMatching { other, .. }
                | Guarantee::OnlyHasMatching { other, .. }
                | Guarantee::KeepsEveryRow { of: other, .. }
                | Guarantee::CountsOnce { of: other, .. } => Some(thing(other, Role::Table)),
                Guarantee::NeverLeaves { table, .. } => Some(thing(table, Role::Table)),
                _ => None,
            };
            Claim {
                subject: thing(guarantee.subject(), role),
                other,
                sentence,
                guarantee,
                binder,
                renames,
            }
        })
        .collect()
}

fn thing(binder: &Binder<'_>, parts: &[Name], role: Role) -> Thing {
    let table = |parts: &[Name]| match binder.table(parts) {
        Bound::To(table) => Place::Bound(table),
        _ => Place::Written(parts.to_vec()),
    };
    let column = || {
        let (column, qualifier) = parts.split_last()?;
        (!qualifier.is_empty()).then(|| Thing {
            table: table(qualifier),
            column: Some(column.clone()),
        })
    };
    let whole = || Thing {
        table: table(parts),
        column: None,
    };
    match role {
        Role::Table => whole(),
        Role::Column => column().unwrap_or_else(whole),
        Role::Either => match binder.table_or_column(parts) {
            Bound::To(BoundName::Table(table)) => Thing {
                table: Place::Bound(table),
                column: None,
            },
            // A column that there is not may be one of a table that there is.
            _ => match column() {
                Some(found) if matches!(found.table, Place::Bound(_)) => found,
                _ => whole(),
            },
        },
    }
}

/// Why two claims can't both hold, as the end of a sentence that starts with what the later one says;
/// none where they can, or where it can't be told.
pub(crate) fn between(
    context: &Context<'_>,
    older: &Claim<'_, '_>,
    newer: &Claim<'_, '_>,
) -> Option<String> {
    presence(older, newer)
        .or_else(|| presence(newer, older))
        .or_else(|| sources(older, newer))
        .or_else(|| sources(newer, older))
        .or_else(|| same_subject(context, older, newer))
}

/// The sentences in force of other amendments that can't hold together with those of the amendment `id`, the
/// oldest first.
pub(crate) fn beside<'a, 's>(
    context: &Context<'s>,
    sentences: &'a Sentences<'s>,
    id: &AmendmentId,
) -> Vec<&'a Sentence<'s>> {
    let claims = claims(context, sentences);
    let is_own = |claim: &Claim<'_, '_>| {
        let entry = sentences.entry(claim.sentence);
        entry.and_then(Entry::id) == Some(id)
    };
    let mut others: BTreeSet<usize> = BTreeSet::new();
    for (at, (newer, earlier)) in claims.iter().zip(earlier(&claims)).enumerate() {
        for before in earlier {
            let Some(older) = claims.get(before) else {
                continue;
            };
            let (is_newer, is_older) = (is_own(newer), is_own(older));
            if is_newer != is_older && between(context, older, newer).is_some() {
                others.insert(if is_newer { before } else { at });
            }
        }
    }
    let others = others.into_iter().filter_map(|at| claims.get(at));
    others.map(|claim| claim.sentence).collect()
}

/// `absent` says that something is not there, `there` something of it or that it is.
fn presence(absent: &Claim<'_, '_>, there: &Claim<'_, '_>) -> Option<String> {
    let Guarantee::Absent(_) = absent.guarantee else {
        return None;
    };
    if matches!(
        there.guarantee,
        Guarantee::Absent(_) | Guarantee::NeverComesFrom { .. } | Guarantee::NeverReads { .. }
    ) || matches!(
        there.guarantee,
        Guarantee::NeverLeaves { .. } | Guarantee::ClassifiedNeverLeave { .. }
    ) || !there.subject.is_within(&absent.subject)
    {
        return None;
    }
    Some("what is not there can't be so".to_owned())
}

/// `forbids` forbids what `needs` needs.
fn sources(forbids: &Claim<'_, '_>, needs: &Claim<'_, '_>) -> Option<String> {
    let (forbidden, needed) = (forbids.other.as_ref()?, needs.other.as_ref()?);
    let is_conflict = match (forbids.guarantee, needs.guarantee) {
        (
            Guarantee::NeverComesFrom { .. },
            Guarantee::ComesFrom { .. } | Guarantee::ComesUnchanged { .. },
        ) => needs.subject.is_within(&forbids.subject) && needed.is_within(forbidden),
        (
            Guarantee::NeverReads { .. },
            Guarantee::Reads { .. }
            | Guarantee::KeepsEveryRow { .. }
            | Guarantee::CountsOnce { .. },
        ) => needs.subject == forbids.subject && needed == forbidden,
        (
            Guarantee::NeverReads { .. },
            Guarantee::ComesFrom { .. } | Guarantee::ComesUnchanged { .. },
        ) => forbids.subject.is_table_of(&needs.subject) && forbidden.is_table_of(needed),
        (Guarantee::NeverLeaves { except, .. }, Guarantee::ComesUnchanged { .. }) => {
            let is_excepted = except.iter().any(|path| {
                let now = forbids.renames.now(&path.parts, None);
                thing(&forbids.binder, &now, Role::Table).is_table_of(&needs.subject)
            });
            *needed == forbids.subject && !forbidden.is_table_of(&needs.subject) && !is_excepted
        }
        _ => false,
    };
    is_conflict.then(|| "the one needs what the other forbids".to_owned())
}

/// Two sentences about the same thing.
fn same_subject(
    context: &Context<'_>,
    older: &Claim<'_, '_>,
    newer: &Claim<'_, '_>,
) -> Option<String> {
    if older.subject != newer.subject {
        return None;
    }
    let proof = || Proof::new(context, older, newer);
    match (older.guarantee, newer.guarantee) {
        (Guarantee::HasType { data_type: old, .. }, Guarantee::HasType { data_type: new, .. }) => {
            proof()
                .types_differ(old, new)
                .then(|| "a column has one type".to_owned())
        }
        (Guarantee::OneOf { values: old, .. }, Guarantee::OneOf { values: new, .. }) => {
            have_none_in_common(old, new)
                .then(|| "the two lists have no value in common".to_owned())
        }
        (
            Guarantee::OneOf { values, .. },
            Guarantee::Equals {
                value,
                filter: None,
                ..
            },
        )
        | (
            Guarantee::Equals {
                value,
                filter: None,
                ..
            },
            Guarantee::OneOf { values, .. },
        ) => have_none_in_common(values, std::slice::from_ref(value))
            .then(|| "that value is not in the list".to_owned()),
        (
            Guarantee::Equals {
                value: old,
                per: old_per,
                filter: old_filter,
                ..
            },
            Guarantee::Equals {
                value: new,
                per: new_per,
                filter: new_filter,
                ..
            },
        ) => {
            let is_alike = names(older, old_per) == names(newer, new_per)
                && text(old_filter.as_ref()) == text(new_filter.as_ref());
            let example = is_alike
                .then(|| proof().values_differ(old, new))
                .flatten()?;
            Some(example)
        }
        (Guarantee::InUnit { unit: old, .. }, Guarantee::InUnit { unit: new, .. }) => {
            differ(old, new).then(|| "a column has one unit".to_owned())
        }
        (Guarantee::InZone { zone: old, .. }, Guarantee::InZone { zone: new, .. }) => {
            let is_universal =
                |zone: &Word| !zone.text.contains('/') || zone.text.starts_with("Etc/");
            let is_conflict = differ(old, new) && !(is_universal(old) && is_universal(new));
            is_conflict.then(|| "a column has one zone".to_owned())
        }
        (
            Guarantee::MaterializedAs { kind: old, .. },
            Guarantee::MaterializedAs { kind: new, .. },
        ) => {
            let is_conflict = !old.text.eq_ignore_ascii_case(&new.text);
            is_conflict.then(|| "a table is materialized in one way".to_owned())
        }
        (Guarantee::MergedBy { columns: old, .. }, Guarantee::MergedBy { columns: new, .. }) => {
            let is_conflict = names(older, old) != names(newer, new);
            is_conflict.then(|| "a table is merged by one key".to_owned())
        }
        (Guarantee::OneRowPer { columns: old, .. }, Guarantee::OneRowPer { columns: new, .. }) => {
            let (old, new) = (names(older, old), names(newer, new));
            let is_finer = old.is_subset(&new) && old != new;
            is_finer.then(|| "the older one leaves no room for several rows".to_owned())
        }
        (
            Guarantee::KeepsLatest {
                per: old_per,
                by: old_by,
                ..
            },
            Guarantee::KeepsLatest {
                per: new_per,
                by: new_by,
                ..
            },
        ) => {
            let first = |claim: &Claim<'_, '_>, by: &[Path]| by.first().map(|path| claim.now(path));
            let is_conflict = names(older, old_per) == names(newer, new_per)
                && first(older, old_by) != first(newer, new_by);
            is_conflict.then(|| "the latest row is the latest by one column".to_owned())
        }
        (
            Guarantee::ExcludesMatching { on: old, .. },
            Guarantee::OnlyHasMatching { on: new, .. },
        )
        | (
            Guarantee::OnlyHasMatching { on: old, .. },
            Guarantee::ExcludesMatching { on: new, .. },
        ) => {
            let is_conflict = older.other == newer.other && names(older, old) == names(newer, new);
            is_conflict.then(|| "no row both matches and does not match".to_owned())
        }
        (old, new) => {
            let (old, new) = (row_rule(old)?, row_rule(new)?);
            let is_conflict = older.sentence.text.value != newer.sentence.text.value
                && proof().leave_no_row(old, new);
            is_conflict.then(|| "no row could keep both".to_owned())
        }
    }
}

/// A predicate, and whether rows for which it is true are asked for (else they are left out).
type RowRule<'g> = (bool, &'g Sql);

fn row_rule(guarantee: &Guarantee) -> Option<RowRule<'_>> {
    match guarantee {
        Guarantee::OnlyHasRows { condition, .. } => Some((true, condition)),
        Guarantee::ExcludesRows { condition, .. } => Some((false, condition)),
        _ => None,
    }
}

impl Claim<'_, '_> {
    /// What a column of it is called now.
    fn now(&self, path: &Path) -> Name {
        let subject = self.guarantee.subject();
        let now = self.renames.now(&path.parts, Some(&subject.parts));
        now.last().cloned().unwrap_or_default()
    }

    /// The columns of an older sentence may have been renamed since.
    fn has_renames(&self) -> bool {
        self.renames != Renames::default()
    }

    /// How it reads, for a message.
    pub(crate) fn subject_name(&self) -> String {
        dotted(&self.guarantee.subject().parts)
    }
}

fn names(claim: &Claim<'_, '_>, paths: &[Path]) -> BTreeSet<Name> {
    paths.iter().map(|path| claim.now(path)).collect()
}

fn text(sql: Option<&Sql>) -> Option<&str> {
    sql.map(|sql| sql.text.as_str())
}

fn differ(old: &Word, new: &Word) -> bool {
    !old.text.eq_ignore_ascii_case(&new.text)
}

/// Whether two lists of literals share no value. Only lists of plain strings or of plain numbers are
/// compared, and letter case does not count.
fn have_none_in_common(old: &[Sql], new: &[Sql]) -> bool {
    let plain = |values: &[Sql]| values.iter().map(|value| literal(&value.text)).collect();
    let (old, new): (Option<Vec<Literal>>, Option<Vec<Literal>>) = (plain(old), plain(new));
    let (Some(old), Some(new)) = (old, new) else {
        return false;
    };
    let is_text = |literal: &Literal| matches!(literal, Literal::Text(_));
    let kinds: BTreeSet<bool> = old.iter().chain(&new).map(is_text).collect();
    kinds.len() == 1 && !old.iter().any(|value| new.contains(value))
}

#[derive(PartialEq)]
enum Literal {
    Text(String),
    Number(f64),
}

fn literal(text: &str) -> Option<Literal> {
    let text = text.trim();
    let inner = text
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    match inner {
        Some(inner) if !inner.replace("''", "").contains(['\'', '\\']) => {
            Some(Literal::Text(inner.replace("''", "'").to_lowercase()))
        }
        Some(_) => None,
        None => text.replace(' ', "").parse().ok().map(Literal::Number),
    }
}
