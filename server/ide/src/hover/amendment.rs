//! An amendment: on its own, as an item of a list, and as the why of a column.

use crate::history::{self, Entry, History, Part, Topic};
use crate::subject::AmendmentKey;
use crate::{lookup, markdown};
use checks::{Answers, Outcome};
use index::{Snapshot, Table};
use spec::history::Standing;
use spec::model::{AmendmentId, Change};
use syntax::Name;

/// How many amendments a hover lists before it counts the rest.
const MOST_AMENDMENTS: usize = 5;

/// How much of a text is shown in an item of a list, in characters.
const LONGEST_ITEM: usize = 200;

/// The whole amendment.
pub(super) fn story(
    snapshot: &Snapshot,
    answers: &Answers,
    key: &AmendmentKey,
) -> Option<Vec<String>> {
    let history = history::of_product(snapshot, &key.product);
    let entry = history.find(&key.id)?;
    let product = markdown::line(key.product.as_str(), LONGEST_ITEM);
    let standing = standing(&history, entry);
    let mut blocks = vec![format!(
        "**Amendment {}**{} to {product} · {standing}",
        key.id,
        told_by(entry)
    )];
    if let Some(requirement) = &entry.amendment.requirement {
        blocks.push(markdown::quotation(&requirement.value));
    }
    if let Some(change) = done(entry) {
        blocks.push(format!("**Change:** {}", markdown::prose(change)));
    }
    let guarantees = &entry.amendment.guarantees;
    if !guarantees.is_empty() {
        let items = (0..guarantees.len())
            .filter_map(|ordinal| guarantee(&history, answers, entry, ordinal));
        blocks.push(format!(
            "**Guarantees**\n{}",
            items.collect::<Vec<_>>().join("\n")
        ));
    }
    let promises = &entry.amendment.promises;
    if !promises.is_empty() {
        let items = promises
            .iter()
            .map(|text| format!("- {}", markdown::line(&text.value, LONGEST_ITEM)));
        blocks.push(format!(
            "**Promises**\n{}",
            items.collect::<Vec<_>>().join("\n")
        ));
    }
    let superseded = entry.amendment.supersedes.iter();
    let superseded: Vec<String> = superseded
        .map(|older| older.amendment.value.to_string())
        .collect();
    if !superseded.is_empty() {
        blocks.push(format!("Supersedes {}.", superseded.join(", ")));
    }
    if let Some(link) = &entry.amendment.link {
        blocks.push(markdown::line(&link.value, LONGEST_ITEM));
    }
    Some(blocks)
}

/// The why of a column that an amendment asked for.
pub(super) fn why(snapshot: &Snapshot, product: &Name, id: &AmendmentId) -> Option<String> {
    let history = history::of_product(snapshot, product);
    let entry = history.find(id)?;
    let requirement = entry.amendment.requirement.as_ref()?;
    let quoted = markdown::quotation(&requirement.value);
    Some(format!(
        "asked for by amendment {id}{}\n{quoted}",
        told_by(entry)
    ))
}

/// The amendments that speak of a part of a table, the newest first, with those of their guarantees
/// that name it. `since` introduced it, and its requirement is shown already.
pub(super) fn list(
    snapshot: &Snapshot,
    answers: &Answers,
    table: &Table,
    part: Part<'_>,
    since: Option<(&Name, &AmendmentId)>,
) -> Option<String> {
    let topic = Topic::new(snapshot, table, part);
    let mut items = Vec::new();
    for product in history::products(snapshot, table) {
        let history = history::of_product(snapshot, product);
        let since = since.filter(|(of, _)| *of == product).map(|(_, id)| id);
        for (ordinal, entry) in history.entries.iter().enumerate().rev() {
            let topic = topic.in_the_words_of(&history, ordinal);
            if topic.is_of(entry, since) {
                items.extend(item(&history, answers, entry, &topic, since));
            }
        }
    }
    if items.is_empty() {
        return None;
    }
    let more = items.len().saturating_sub(MOST_AMENDMENTS);
    items.truncate(MOST_AMENDMENTS);
    if more > 0 {
        items.push(format!("- and {more} earlier"));
    }
    Some(format!("**Amendments**\n{}", items.join("\n")))
}

fn item(
    history: &History<'_>,
    answers: &Answers,
    entry: &Entry<'_>,
    topic: &Topic<'_>,
    since: Option<&AmendmentId>,
) -> Option<String> {
    let id = entry.id()?;
    let mut item = format!(
        "- **{id}**{} · {}",
        told_by(entry),
        standing(history, entry)
    );
    let requirement = entry
        .amendment
        .requirement
        .as_ref()
        .map(|field| field.value.as_str());
    // The requirement by which a column was introduced is its why, and shown as that.
    let text = if since == Some(id) {
        done(entry)
    } else {
        requirement
    };
    if let Some(text) = text {
        item.push_str(": ");
        item.push_str(&markdown::line(text, LONGEST_ITEM));
    }
    for (ordinal, text) in entry.amendment.guarantees.iter().enumerate() {
        if topic.is_named_in(&text.value, entry.file) {
            item.push_str("\n  ");
            item.push_str(&guarantee(history, answers, entry, ordinal)?);
        }
    }
    Some(item)
}

fn guarantee(
    history: &History<'_>,
    answers: &Answers,
    entry: &Entry<'_>,
    ordinal: usize,
) -> Option<String> {
    let stated = entry.amendment.guarantees.get(ordinal)?;
    let sentence = &stated.value;
    let mut item = format!("- {}", markdown::code(sentence));
    if let Some(outcome) = answers.of(entry.file.id, stated.spot) {
        item.push_str(&format!(" · {}", became(outcome)));
    }
    let replaced_by = entry
        .superseded_guarantees
        .get(&ordinal)
        .and_then(|by| id(history, *by));
    if let Some(by) = replaced_by {
        item.push_str(&format!(" (superseded by {by})"));
    }
    let coming = to_be_superseded_by(history, entry, |guarantee| {
        guarantee.is_some_and(|guarantee| lookup::same_words(guarantee, sentence))
    });
    if !coming.is_empty() {
        item.push_str(&format!(" (to be superseded by {coming})"));
    }
    Some(item)
}

/// What became of a sentence, in a few words.
pub(super) fn became(outcome: Outcome) -> String {
    match outcome {
        Outcome::Holds => "holds".to_owned(),
        Outcome::Contradicted => "**contradicted**".to_owned(),
        Outcome::AtRisk => "at risk".to_owned(),
        Outcome::Undecided(reason) => format!("can't be told from the SQL: {reason}"),
    }
}

/// What was done, unless it is still to be done.
fn done<'s>(entry: &Entry<'s>) -> Option<&'s str> {
    match &entry.amendment.change.as_ref()?.value {
        Change::Done(change) => Some(change.as_str()),
        Change::ToBeDone => None,
    }
}

/// ` (Finance, 2026-01-10)`, as far as it is told.
fn told_by(entry: &Entry<'_>) -> String {
    let told = [&entry.amendment.author, &entry.amendment.date];
    let told = told
        .into_iter()
        .flatten()
        .map(|field| markdown::line(&field.value, LONGEST_ITEM));
    match told.collect::<Vec<_>>().join(", ") {
        nothing if nothing.is_empty() => nothing,
        told => format!(" ({told})"),
    }
}

/// Where an amendment stands: `in force`, `superseded by 4`.
fn standing(history: &History<'_>, entry: &Entry<'_>) -> String {
    let standing = match entry.standing {
        Standing::InForce => "in force".to_owned(),
        Standing::Open => "open".to_owned(),
        Standing::Proposed => "proposed".to_owned(),
        Standing::Withdrawn => "withdrawn".to_owned(),
        Standing::Superseded { by } => match id(history, by) {
            Some(by) => format!("superseded by {by}"),
            None => "superseded".to_owned(),
        },
    };
    let coming = to_be_superseded_by(history, entry, |guarantee| guarantee.is_none());
    if coming.is_empty() {
        return standing;
    }
    format!("{standing}, to be superseded by {coming}")
}

/// The ids of the amendments that will supersede `entry` once they close, by a sentence that `which`
/// takes, or by none.
fn to_be_superseded_by(
    history: &History<'_>,
    entry: &Entry<'_>,
    which: impl Fn(Option<&str>) -> bool,
) -> String {
    let later = entry
        .to_be_superseded_by
        .iter()
        .filter_map(|later| history.entries.get(*later));
    let replacing = later.filter(|later| {
        later.amendment.supersedes.iter().any(|superseded| {
            let guarantee = superseded
                .guarantee
                .as_ref()
                .map(|field| field.value.as_str());
            Some(&superseded.amendment.value) == entry.id() && which(guarantee)
        })
    });
    let ids = replacing
        .filter_map(|later| later.id())
        .map(ToString::to_string);
    ids.collect::<Vec<_>>().join(", ")
}

fn id<'s>(history: &History<'s>, ordinal: usize) -> Option<&'s AmendmentId> {
    history.entries.get(ordinal)?.id()
}
