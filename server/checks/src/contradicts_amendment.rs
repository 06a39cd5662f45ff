//! # What it says
//!
//! The SQL contradicts a guarantee of an amendment that is in force: whose requirement that breaks, what
//! was agreed, what it is now, and rows for which it makes a difference.
//!
//! A column of which something was agreed, and which the SQL does not select any more, breaks it too, and so
//! does a table that the lock knows, or that was there where the branch was made, and that no SQL makes any
//! more, unless an amendment lists it in `changes`, says that it is absent, or gives it another name.
//!
//! An aggregate is taken over all rows that the table's own `WHERE` lets in, or those that `where` says. A
//! condition of a subquery or of an outer join that leaves others out of a sum breaks it, unless another
//! sentence asks for that. An incremental run is to compute what a full refresh does.
//!
//! It is said only where some input that what is declared and the query's own conditions allow makes
//! the sentence false. What can't be told is counted at the end of `rationale check`, and is no finding.
//! While an open amendment supersedes the sentence, it is said as information.
//!
//! # Why it matters
//!
//! Somebody needed it to be so, and may rely on it today. No test fails, the pipeline runs, and the
//! numbers are others than they take them for.
//!
//! # Example
//!
//! ```yaml
//! amendments:
//!   - id: 1
//!     requirement: We want the total value of each order on the invoice.
//!     change: Added order_amount.
//!     guarantees: |
//!       orders.order_amount = SUM(order_lines.quantity * order_lines.unit_price)
//! ```
//!
//! ```sql
//! SELECT order_id, SUM(quantity) AS order_amount  -- error: order_amount breaks amendment 1
//! FROM order_lines GROUP BY order_id
//! ```
//!
//! # Fix
//!
//! Make the SQL give what was agreed: a quick fix does so where it is a local edit, and tries it before it
//! offers it. If the requirement has changed, supersede the sentence, by an amendment that is open or by one
//! that a quick fix drafts: so whoever asked for it hears of it. Where an open amendment does so already, what the
//! SQL does now is recorded in it by a quick fix. A comment does not silence this.

use crate::answers::SentenceAnswer;
use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::{Finding, Severity};
use crate::fix::{Fix, Fixing, record, supersede};
use crate::guarantee::{self, AgreedSentence, Levels, rebound};
use crate::{guarantee_at_risk, keeping, not_yet_met, rebound_name};
use index::Table;
use index::configuration::Level;
use meaning::guarantee::{Answer, Reason};
use spec::history::Standing;
use syntax::Name;

pub(crate) const CODE: Code = Code {
    name: "contradicts-amendment",
    default: Level::Error,
    summary: "The SQL contradicts a guarantee in force.",
    can_be_silenced: false,
    source: include_str!("contradicts_amendment.rs"),
    check: Check {
        table: check,
        product: vanished,
        ..Check::NOTHING
    },
    fixes,
};

/// Answers every sentence about a table once, for this code and for those of the other answers.
fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let levels = Levels::of(context, table);
    for sentence in context.sentences_about(table) {
        let is_in_force = sentence.standing == Standing::InForce;
        if let (true, Some(rebound)) = (is_in_force, rebound(context, table, &sentence)) {
            if !rebound.is_open {
                findings.push(rebound_name::finding(table, &sentence, rebound));
            }
            if let Some(asked) = context.asked {
                let answer = Answer::Undecided(Reason::Rebound);
                asked.answered(SentenceAnswer::new(&sentence, &answer));
            }
            continue;
        }
        let verdict =
            guarantee::verdict(context, sentence.file, table, &sentence.guarantee, &levels);
        let verdict = guarantee::or_gone(context, table, &sentence.guarantee, is_in_force, verdict);
        if let (true, Some(asked)) = (is_in_force, context.asked) {
            asked.answered(SentenceAnswer::new(&sentence, &verdict.answer));
        }
        match (&verdict.answer, is_in_force) {
            (Answer::Contradicted(broken), true) => {
                let finding = guarantee::broken(&CODE, table, &sentence, &verdict, broken);
                findings.push(superseded(finding, &sentence));
            }
            (Answer::AtRisk(risk), true) => {
                let code = &guarantee_at_risk::CODE;
                findings.push(guarantee::risky(code, table, &sentence, &verdict, risk));
            }
            (Answer::Contradicted(broken), false) => {
                let code = &not_yet_met::CODE;
                findings.push(guarantee::not_met(code, table, &sentence, &verdict, broken));
            }
            _ => {}
        }
    }
}

/// The tables of which something was agreed, and which are gone.
fn vanished(context: &Context<'_>, product: &Name, findings: &mut Vec<Finding>) {
    guarantee::of_vanished_tables(context, product, &CODE, findings);
}

/// The finding, as information where an open amendment is about to supersede the sentence.
fn superseded(finding: Finding, sentence: &AgreedSentence<'_>) -> Finding {
    match &sentence.successor {
        Some(by) => Finding {
            message: format!(
                "{} It is being superseded by amendment {by}.",
                finding.message
            ),
            ..finding
        }
        .milder(Severity::Info),
        None => finding,
    }
}

/// The SQL made to keep the sentence again, or an amendment that takes its place.
fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((table, sentence)) = keeping::sentence_of(fixing, finding) else {
        return Vec::new();
    };
    let kept = keeping::kept(
        fixing,
        sentence.file,
        table,
        &sentence.guarantee,
        Some(sentence.amendment),
    );
    let successor = supersede::open_successor(fixing, &sentence);
    // Who has an amendment open means the SQL as it is.
    let mut fixes = match successor {
        Some((file, amendment)) => {
            let recorded = record::closed(fixing, file, amendment).into_iter();
            let recorded = recorded.map(|fix| Fix {
                preferred: true,
                ..fix
            });
            recorded.collect()
        }
        None => supersede::by_open_ones(fixing, table, &sentence),
    };
    let is_preferred = successor.is_none() && fixes.is_empty();
    fixes.extend((0..).zip(kept).map(|(at, fix)| Fix {
        preferred: is_preferred && at == 0,
        ..fix
    }));
    if successor.is_none() {
        fixes.extend(supersede::by_draft(fixing, table, &sentence));
    }
    fixes
}
