//! The answers to all sentences that are guaranteed of a table: those of amendments, and those that a
//! table section of a spec declares. What is said about an answer stands with the codes.

mod asked;
mod bare;
mod binding;
mod configured;
mod declared;
mod example;
mod gone;
mod levels;
mod of_query;
mod of_workspace;
mod place;
mod sentences;
mod spoken;
mod vanished;

pub(crate) use asked::{Asked, Notes};
pub(crate) use bare::{Rebound, bare_names, is_made_inside, rebound, upstream};
pub(crate) use declared::Declaration;
pub(crate) use gone::or_gone;
pub(crate) use levels::Levels;
pub(crate) use sentences::{AgreedSentence, SentenceIndex};
pub(crate) use spoken::{broken, declaration_broken, not_met, risky};
pub(crate) use vanished::findings as of_vanished_tables;

use crate::context::Context;
use crate::finding::At;
use index::named::NamedQuery;
use index::{File, Table};
use meaning::guarantee::{Answer, Reason};
use spec::guarantee::Guarantee;

/// What became of a sentence.
pub(crate) struct Verdict<'s> {
    /// Whether it holds.
    pub(crate) answer: Answer,
    /// Where the SQL stands that decides it; `None` where there is none.
    pub(crate) place: Option<(&'s File, At)>,
}

impl Verdict<'_> {
    fn undecided(reason: Reason) -> Self {
        Verdict {
            answer: Answer::Undecided(reason),
            place: None,
        }
    }
}

/// The answer to a guarantee about `table`. `file` is the spec that states it, `levels` are the table's.
pub(crate) fn verdict<'s>(
    context: &Context<'s>,
    file: &File,
    table: &Table,
    guarantee: &Guarantee,
    levels: &Levels<'s>,
) -> Verdict<'s> {
    if let Some(asked) = context.asked {
        asked.count_sentence();
    }
    guarantee.clone().for_each_path(&mut |path| {
        for name in &path.parts {
            context.note_name(name);
        }
    });
    // What is not built keeps nothing, and breaks nothing.
    let is_about_presence = matches!(guarantee, Guarantee::Exists(_) | Guarantee::Absent(_));
    if !is_about_presence && !context.is_built(table) {
        context.note(table);
        return Verdict::undecided(Reason::NoQuery);
    }
    if let Some(verdict) = of_workspace::verdict(context, file, table, guarantee) {
        return verdict;
    }
    let unanswered = match levels.has_query() {
        true => Reason::UnknownSql,
        false => Reason::NoQuery,
    };
    // A type stays, whatever is done to the rows.
    let is_about_type = matches!(guarantee, Guarantee::HasType { .. });
    if !is_about_type && levels.has_query() && context.snapshot.is_changed_elsewhere(table) {
        context.note(table);
        return Verdict::undecided(Reason::OtherStatements);
    }
    of_query::verdict(context, file, table, guarantee, levels)
        .unwrap_or(Verdict::undecided(unanswered))
}

/// Whether what a table meant kept a sentence, as far as that can be told from the query alone.
pub(crate) fn was_kept<'s>(
    context: &Context<'s>,
    file: &File,
    table: &Table,
    guarantee: &Guarantee,
    was: NamedQuery<'s>,
) -> bool {
    let levels = Levels::over(context, table, was);
    of_query::is_kept(context, file, table, guarantee, &levels)
}
