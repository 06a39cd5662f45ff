//! The amendment that takes the place of a sentence which the SQL does not keep any more.

use super::amendment::{self, Draft};
use super::record::problems;
use super::sheet::Sheet;
use super::{Fix, Fixing, draft, sentence};
use crate::context::Context;
use crate::drift::coverage::{Called, Part};
use crate::guarantee::{AgreedSentence, Levels, SentenceIndex, verdict};
use index::{File, Table};
use meaning::guarantee::Answer;
use spec::guarantee::{Guarantee, parse};
use spec::history::Standing;
use spec::model::{Amendment, Status};
use syntax::Name;
use syntax::name::dotted;
use syntax::yaml::Value;

/// Drafts an amendment that supersedes `sentence` and guarantees what the SQL gives now, where that can be
/// said in a sentence which holds.
pub(crate) fn by_draft(
    fixing: &Fixing<'_>,
    table: &Table,
    sentence: &AgreedSentence<'_>,
) -> Option<Fix> {
    by(fixing, table, sentence, instead(fixing, table, sentence))
}

/// Drafts an amendment that supersedes `sentence` and guarantees `now` in its place.
pub(crate) fn by(
    fixing: &Fixing<'_>,
    table: &Table,
    sentence: &AgreedSentence<'_>,
    now: Option<String>,
) -> Option<Fix> {
    let id = sentence.id()?;
    let title = match sentence.amendment.guarantees.len() {
        1 => format!("Draft an amendment that supersedes amendment `{id}`"),
        _ => format!("Draft an amendment that supersedes this sentence of amendment `{id}`"),
    };
    let is_said = now.is_some();
    let mut sheet = drafted(fixing, table, sentence, now)?;
    if is_said && brings_problems(fixing, sentence, &sheet) {
        sheet = drafted(fixing, table, sentence, None)?;
    }
    Some(sheet.fix(title, Some(draft::REQUIREMENT)))
}

/// The spec with the draft.
fn drafted<'s>(
    fixing: &Fixing<'s>,
    table: &Table,
    sentence: &AgreedSentence<'s>,
    now: Option<String>,
) -> Option<Sheet<'s>> {
    let written = sentence.text.value.trim();
    let subject = dotted(&sentence.guarantee.subject().parts);
    let change = match &now {
        Some(now) => format!("From here on {now}."),
        None => format!("It is no longer so that {written}."),
    };
    let is_about_table = table
        .key
        .parts
        .ends_with(&sentence.guarantee.subject().parts);
    let draft = Draft {
        id: amendment::free_id(fixing, sentence.file)?,
        requirement: None,
        change,
        changes: vec![match is_about_table {
            true => format!("{subject}.rows"),
            false => subject,
        }],
        supersedes: vec![amendment::superseded(sentence.amendment, written)?],
        is_guess: false,
        guarantees: now.into_iter().collect(),
    };
    let mut sheet = Sheet::open(fixing, sentence.file)?;
    amendment::add(fixing, &mut sheet, &draft)?;
    Some(sheet)
}

/// Whether a sentence of the draft has a name that stands for nothing there, or can't hold with others.
fn brings_problems(fixing: &Fixing<'_>, sentence: &AgreedSentence<'_>, sheet: &Sheet<'_>) -> bool {
    let brings = || {
        let trial = fixing
            .snapshot
            .with_text(&sentence.file.path, sheet.text())?;
        let (before, product) = (fixing.snapshot, &sentence.product);
        Some(problems(&trial, product) > problems(before, product))
    };
    !sheet.is_blank && brings().unwrap_or(false)
}

/// Lists the sentence in each open amendment that names what it is about: it is then replaced once that
/// closes.
pub(crate) fn by_open_ones(
    fixing: &Fixing<'_>,
    table: &Table,
    sentence: &AgreedSentence<'_>,
) -> Vec<Fix> {
    let context = Context::for_fixes(fixing.snapshot);
    let parts = &sentence.guarantee.subject().parts;
    let part = match parts.last() {
        Some(column) if !table.key.parts.ends_with(parts) => Part::Column(column),
        _ => Part::Rows,
    };
    let called = Called::by_name(&table.key.to_string());
    let amendments = context.amendments(&sentence.product).into_iter();
    let open = amendments.filter(|(file, amendment)| {
        let is_agreed = amendment.status() == Status::Accepted;
        let mut changes = amendment.changes.iter();
        let stated = amendment.guarantees.iter();
        let mut stated = stated.filter_map(|stated| parse(&stated.value).ok());
        let names_it = changes.any(|change| called.is_part(&change.value, &part))
            || stated.any(|stated| called.is_guaranteed(&stated, &part));
        !file.quiet && amendment.is_open() && is_agreed && names_it
    });
    let fixes = open.filter_map(|(file, amendment)| {
        let id = &amendment.id.as_ref()?.value;
        if is_listed(amendment, sentence) {
            return None;
        }
        let mut sheet = Sheet::open(fixing, file)?;
        let path = sheet.path_of(file.range(amendment.entry))?;
        let item = amendment::superseded(sentence.amendment, sentence.text.value.trim())?;
        amendment::supersede(&mut sheet, &path, item)?;
        let title = format!("Supersede it by the open amendment `{id}`");
        Some(sheet.fix(title, None))
    });
    let mut fixes: Vec<Fix> = fixes.collect();
    // Of several, nobody can tell which is meant.
    if let [only] = fixes.as_mut_slice() {
        only.preferred = true;
    }
    fixes
}

/// The open amendment that is to take the place of `sentence`, and the spec that it stands in.
pub(crate) fn open_successor<'s>(
    fixing: &Fixing<'s>,
    sentence: &AgreedSentence<'_>,
) -> Option<(&'s File, &'s Amendment)> {
    let context = Context::for_fixes(fixing.snapshot);
    let mut amendments = context.amendments(&sentence.product).into_iter();
    amendments.find(|(file, amendment)| {
        let is_agreed = amendment.status() == Status::Accepted;
        !file.quiet && amendment.is_open() && is_agreed && is_listed(amendment, sentence)
    })
}

/// What an amendment supersedes that takes a column away: every sentence in force about it.
pub(crate) fn all_about(
    fixing: &Fixing<'_>,
    product: &Name,
    table: &Table,
    column: &Name,
) -> Option<Vec<Value>> {
    let own = in_force_about(fixing, product, table, column).into_iter();
    own.map(|agreed| amendment::superseded(agreed.amendment, agreed.text.value.trim()))
        .collect()
}

/// The sentences in force of a product about a column of `table`.
pub(crate) fn in_force_about<'s>(
    fixing: &Fixing<'s>,
    product: &Name,
    table: &Table,
    column: &Name,
) -> Vec<AgreedSentence<'s>> {
    let mut index = SentenceIndex::default();
    index.note(fixing.snapshot, product);
    let agreed = index.about(fixing.snapshot, table).into_iter();
    let own = agreed.filter(|agreed| {
        agreed.standing == Standing::InForce && agreed.column.as_ref() == Some(column)
    });
    own.collect()
}

/// Whether `amendment` says that it supersedes a sentence.
pub(crate) fn is_listed(amendment: &Amendment, sentence: &AgreedSentence<'_>) -> bool {
    let words = || sentence.text.value.split_whitespace();
    amendment.supersedes.iter().any(|own| {
        let one = own.guarantee.as_ref();
        Some(&own.amendment.value) == sentence.id()
            && one.is_none_or(|one| one.value.split_whitespace().eq(words()))
    })
}

/// What could be guaranteed instead, as the SQL is.
fn instead(fixing: &Fixing<'_>, table: &Table, agreed: &AgreedSentence<'_>) -> Option<String> {
    let context = Context::for_fixes(fixing.snapshot);
    let levels = Levels::of(&context, table);
    let answer =
        |guarantee: &Guarantee| verdict(&context, agreed.file, table, guarantee, &levels).answer;
    let Answer::Contradicted(broken) = answer(&agreed.guarantee) else {
        return None;
    };
    let subject = dotted(&agreed.guarantee.subject().parts);
    let instead = match (&*agreed.guarantee, broken.now) {
        (Guarantee::Equals { .. }, Some(now)) => {
            let now = sentence::about(fixing.snapshot, table, &now);
            format!("{subject} = {now}")
        }
        (Guarantee::HasType { .. }, Some(now)) => format!("{subject} is {now}"),
        (Guarantee::InZone { .. }, Some(now)) => format!("{subject} is in {now}"),
        (Guarantee::MaterializedAs { .. }, Some(now)) => {
            format!("{subject} is materialized as {now}")
        }
        (Guarantee::MergedBy { .. }, Some(now)) => format!("{subject} is merged by {now}"),
        (Guarantee::Reads { other, .. }, _) => {
            format!("{subject} never reads {}", dotted(&other.parts))
        }
        (Guarantee::NeverReads { other, .. }, _) => {
            format!("{subject} reads {}", dotted(&other.parts))
        }
        (Guarantee::Absent(_), _) => format!("{subject} exists"),
        (Guarantee::Exists(_), _) => format!("{subject} is absent"),
        _ => return None,
    };
    let holds = parse(&instead).is_ok_and(|guarantee| answer(&guarantee) == Answer::Holds);
    holds.then_some(instead)
}
