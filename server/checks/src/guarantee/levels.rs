//! Asks a sentence of a model's query, then of the same query over what lies further upstream, until
//! it is settled.
//!
//! What holds at one level holds. What is contradicted there may be ruled out upstream, so it is asked
//! again with the queries of the tables that it reads in their place: only what no level rules out is a
//! contradiction.

use super::binding;
use crate::context::Context;
use index::ModelId;
use index::named::NamedQuery;
use meaning::guarantee::{Answer, Reason, Subject};
use meaning::witness::Facts;

/// A query at some depth.
pub(super) struct Level<'s> {
    /// The query under the names of the workspace.
    pub(super) named: NamedQuery<'s>,
    /// The same, and what its inputs stand for.
    pub(super) subject: Subject,
    /// What is declared of the tables that it reads.
    pub(super) facts: Facts,
    /// Nothing lies further upstream.
    pub(super) is_last: bool,
}

/// So many levels are gone through.
const MOST_LEVELS: usize = 10;

/// The answer of the model's query. `ask` says `None` where the names of the sentence are not found at
/// a level.
pub(super) fn settle<'s>(
    context: &Context<'s>,
    model: ModelId,
    deepens: bool,
    ask: &mut dyn FnMut(&Level<'s>) -> Option<Answer>,
) -> Option<Answer> {
    let snapshot = context.snapshot;
    let mut named = snapshot.named_query(model)?;
    let mut subject = Subject::new(named.query.clone());
    let mut best: Option<Answer> = None;
    for depth in 0..MOST_LEVELS {
        for (_, key) in named.tables() {
            if let Some(table) = snapshot.table(key) {
                context.note(table);
            }
        }
        let deeper = match binding::defined(snapshot, &named).next() {
            Some(_) if deepens => named.deeper(&|_| true),
            _ => None,
        };
        let facts = named
            .declared()
            .for_search(&named.query, &|table| table.clone());
        let is_last = binding::defined(snapshot, &named).next().is_none();
        let level = Level {
            facts,
            is_last,
            named,
            subject,
        };
        match (ask(&level), &best) {
            (Some(Answer::Holds), _) => return Some(Answer::Holds),
            // Upstream something rules it out.
            (Some(answer @ Answer::Undecided(Reason::NoProof)), Some(Answer::Contradicted(_))) => {
                best = Some(answer)
            }
            (Some(Answer::Undecided(_)) | None, Some(Answer::Contradicted(_))) => break,
            (Some(answer @ Answer::Contradicted(_)), Some(Answer::Contradicted(_)))
                if depth == 0 =>
            {
                best = Some(answer);
            }
            // The example over what the model itself reads is the plainer one.
            (Some(Answer::Contradicted(_)), Some(Answer::Contradicted(_))) => {}
            (Some(Answer::Undecided(_)), Some(Answer::AtRisk(_))) | (None, Some(_)) => {}
            (Some(answer), _) => best = Some(answer),
            (None, None) => {}
        }
        let Some(next) = deeper else {
            break;
        };
        subject = level.subject.deeper(next.query.clone());
        named = next;
    }
    best
}
