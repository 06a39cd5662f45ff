//! What is said of a sentence that does not hold.

use super::{AgreedSentence, Declaration, Verdict, example};
use crate::code::Code;
use crate::context::product_of;
use crate::finding::{Finding, Subject};
use crate::sentences::Sentence;
use index::Table;
use meaning::derive::CauseKind;
use meaning::guarantee::{Contradiction, Risk, RiskyOperator};
use spec::guarantee::Guarantee;
use spec::model::Amendment;
use syntax::Name;
use syntax::name::dotted;

/// A sentence that the SQL contradicts, as a finding of `code`.
pub(crate) fn broken(
    code: &Code,
    table: &Table,
    sentence: &AgreedSentence<'_>,
    verdict: &Verdict<'_>,
    broken: &Contradiction,
) -> Finding {
    let mut message = format!(
        "`{}` breaks {}.",
        called(table, &sentence.guarantee),
        amendment(sentence.amendment),
    );
    message.push_str(&agreed(sentence, broken));
    placed(code, sentence, verdict, message)
        .about(subject(table, sentence))
        .shown_by(broken.witness.as_ref())
}

/// A sentence that an operator lets data break, as a finding of `code`.
pub(crate) fn risky(
    code: &Code,
    table: &Table,
    sentence: &AgreedSentence<'_>,
    verdict: &Verdict<'_>,
    risk: &Risk,
) -> Finding {
    let message = format!(
        "{} This may break \"{}\" of {}.",
        operator(&risk.operator),
        sentence.text.value.trim(),
        amendment(sentence.amendment),
    );
    placed(code, sentence, verdict, message).about(subject(table, sentence))
}

/// A finding at the SQL that decides, which points to the sentence; at the sentence, where there is no SQL.
fn placed(
    code: &Code,
    sentence: &AgreedSentence<'_>,
    verdict: &Verdict<'_>,
    message: String,
) -> Finding {
    match &verdict.place {
        Some((file, at)) => Finding::new(code, file, *at, message).see(
            sentence.file,
            sentence.text.spot,
            "This is what was agreed.",
        ),
        None => Finding::new(code, sentence.file, sentence.text.spot, message),
    }
}

/// A sentence about a table that no SQL makes any more, as a finding of `code`.
pub(super) fn vanished(
    code: &Code,
    table: &str,
    sentence: &Sentence<'_>,
    of: &Amendment,
) -> Finding {
    let message = format!(
        "No SQL makes `{table}` any more, which breaks {}. Agreed: {}.",
        amendment(of),
        sentence.text.value.trim()
    );
    Finding::new(code, sentence.file, sentence.text.spot, message)
}

/// A sentence of an open amendment that the SQL does not meet yet, as a finding of `code`.
pub(crate) fn not_met(
    code: &Code,
    table: &Table,
    sentence: &AgreedSentence<'_>,
    verdict: &Verdict<'_>,
    broken: &Contradiction,
) -> Finding {
    let message = format!(
        "`{}` is not yet as {} asks.{}",
        called(table, &sentence.guarantee),
        amendment(sentence.amendment),
        agreed(sentence, broken),
    );
    let mut finding = Finding::new(code, sentence.file, sentence.text.spot, message);
    if let Some((file, at)) = &verdict.place {
        finding = finding.see(file, *at, "The SQL is to be changed here.");
    }
    finding
        .about(subject(table, sentence))
        .shown_by(broken.witness.as_ref())
}

/// A declaration that the SQL contradicts, as a finding of `code`.
pub(crate) fn declaration_broken(
    code: &Code,
    table: &Table,
    declaration: &Declaration<'_>,
    verdict: &Verdict<'_>,
    broken: &Contradiction,
) -> Finding {
    let mut message = format!(
        "`{}` is declared `{}`, and the SQL contradicts it.",
        called(table, &declaration.guarantee),
        declaration.written,
    );
    message.push_str(&now(&declaration.guarantee, &declaration.written, broken));
    let finding = match &verdict.place {
        Some((file, at)) => Finding::new(code, file, *at, message).see(
            declaration.file,
            declaration.spot,
            "It is declared here.",
        ),
        None => Finding::new(code, declaration.file, declaration.spot, message),
    };
    let subject = Subject {
        product: product_of(declaration.file),
        table: Some(table.key.clone()),
        column: declaration.column.clone(),
        detail: Some(declaration.written.clone()),
        ..Subject::default()
    };
    finding.about(subject).shown_by(broken.witness.as_ref())
}

fn subject(table: &Table, sentence: &AgreedSentence<'_>) -> Subject {
    let column = column_of(table, &sentence.guarantee);
    Subject {
        product: Some(sentence.product.clone()),
        table: Some(table.key.clone()),
        column: column.cloned(),
        amendment: sentence.id().cloned(),
        detail: Some(words(&sentence.text.value)),
    }
}

/// A sentence without what does not matter to it.
fn words(sentence: &str) -> String {
    sentence.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The column that a sentence is about; `None` where it is about the whole table.
fn column_of<'g>(table: &Table, guarantee: &'g Guarantee) -> Option<&'g Name> {
    let parts = guarantee.subject().parts.as_slice();
    match parts {
        _ if table.key.parts.ends_with(parts) => None,
        parts => parts.last(),
    }
}

fn called(table: &Table, guarantee: &Guarantee) -> String {
    match column_of(table, guarantee) {
        Some(column) => column.to_string(),
        None => table.key.to_string(),
    }
}

/// `amendment 1 (Finance, 2026-01-10): "We want …"`
fn amendment(amendment: &Amendment) -> String {
    let id = amendment.id.as_ref().map(|id| id.value.to_string());
    let by: Vec<&str> = [&amendment.author, &amendment.date]
        .into_iter()
        .flatten()
        .map(|field| field.value.as_str())
        .collect();
    let mut text = format!("amendment {}", id.unwrap_or_default());
    if !by.is_empty() {
        text.push_str(&format!(" ({})", by.join(", ")));
    }
    if let Some(requirement) = &amendment.requirement {
        let requirement = requirement.value.trim();
        text.push_str(&format!(": \"{}\"", requirement.trim_end_matches('.')));
    }
    text
}

fn agreed(sentence: &AgreedSentence<'_>, broken: &Contradiction) -> String {
    let agreed = match &*sentence.guarantee {
        Guarantee::Equals {
            value, per, filter, ..
        } => {
            let mut agreed = value.text.trim().to_owned();
            if !per.is_empty() {
                let keys: Vec<String> = per.iter().map(|path| dotted(&path.parts)).collect();
                agreed.push_str(&format!(" per {}", keys.join(", ")));
            }
            if let Some(filter) = filter {
                agreed.push_str(&format!(" where {}", filter.text.trim()));
            }
            agreed
        }
        _ => sentence.text.value.trim().to_owned(),
    };
    format!(
        " Agreed: {agreed}.{}",
        now(&sentence.guarantee, &sentence.text.value, broken)
    )
}

/// The longest piece of SQL that a message quotes, in characters.
const LONGEST_QUOTE: usize = 160;

fn now(guarantee: &Guarantee, sentence: &str, broken: &Contradiction) -> String {
    let mut text = String::new();
    if let Some(now) = &broken.now {
        let mut quoted: String = now.chars().take(LONGEST_QUOTE).collect();
        if quoted.len() < now.len() {
            quoted.push('…');
        }
        text.push_str(&format!(" Now: {quoted}."));
    }
    if let Some(witness) = &broken.witness {
        let told = match guarantee {
            Guarantee::Equals { .. } => example::of_value(witness, sentence),
            Guarantee::ExcludesRows { .. }
            | Guarantee::OnlyHasRows { .. }
            | Guarantee::ExcludesMatching { .. }
            | Guarantee::OnlyHasMatching { .. } => example::of_rows(witness, sentence, "is let in"),
            Guarantee::Unique(_) | Guarantee::OneRowPer { .. } => {
                example::of_rows(witness, sentence, "gives the same key twice")
            }
            _ => example::of_rows(witness, sentence, "gives it"),
        };
        text.push_str(&format!(" {told}"));
    }
    text
}

fn operator(operator: &RiskyOperator) -> String {
    match operator {
        RiskyOperator::Null(cause) => null(cause),
        RiskyOperator::FanOut => {
            "This is joined on what is no known key of it, so it may repeat rows.".to_owned()
        }
        RiskyOperator::Union => {
            "The branches that are put together may repeat each other's rows.".to_owned()
        }
        RiskyOperator::InnerJoin => "This join drops rows that have no partner here.".to_owned(),
        RiskyOperator::FinerGroups => "The rows are grouped by more than that.".to_owned(),
    }
}

fn null(cause: &CauseKind) -> String {
    match cause {
        CauseKind::OuterJoin(_) => {
            "This outer join gives NULL where there is no partner.".to_owned()
        }
        CauseKind::CaseWithoutElse => {
            "This CASE gives NULL where none of its branches applies.".to_owned()
        }
        CauseKind::Null => "A constant NULL is one of its values.".to_owned(),
        CauseKind::NullIf => "A NULLIF gives NULL.".to_owned(),
        CauseKind::AggregateOverNoRows => "An aggregate over no rows gives NULL.".to_owned(),
        CauseKind::EmptySubquery(_) => "A subquery that finds no row gives NULL.".to_owned(),
        CauseKind::GroupingSets => {
            "Some of the grouping sets do not have it, and give NULL.".to_owned()
        }
        CauseKind::TryCast => "A cast of a value that does not fit gives NULL.".to_owned(),
        CauseKind::DivisionByZero => "A division by zero gives NULL.".to_owned(),
        CauseKind::Function(name) => format!("{} gives NULL for some values.", name.to_uppercase()),
        CauseKind::Window(name) => {
            format!(
                "{} gives NULL where there is no such row.",
                name.to_uppercase()
            )
        }
        CauseKind::EmptyFrame => "A window without rows gives NULL.".to_owned(),
    }
}
