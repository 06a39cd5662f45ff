//! # What it says
//!
//! An ignore comment silences nothing: there is nothing to silence on its line, it gives no reason,
//! there is no such code, or the code is one that can't be silenced.
//!
//! # Why it matters
//!
//! A comment that looks as if it held something back, and does not, hides the next finding from
//! whoever trusts it.
//!
//! # Example
//!
//! ```sql
//! -- rationale: ignore undocumented-column
//! select order_id, coupon_code      -- still reported: the comment says no reason
//! from raw.orders
//! ```
//!
//! # Fix
//!
//! Remove the comment, or write `rationale: ignore CODE because …` with a reason that the next reader
//! understands.

use crate::code::{Check, Code, code, codes};
use crate::finding::{Finding, Subject};
use crate::fix::{Fix, Fixing};
use index::File;
use index::configuration::Level;
use index::file::Ignore;
use spec::nearest;
use syntax::{LineIndex, TextEdit, TextRange, TextSize};

pub(crate) const CODE: Code = Code {
    name: "unused-ignore",
    default: Level::Warning,
    summary: "An ignore comment silences nothing.",
    can_be_silenced: false,
    source: include_str!("unused_ignore.rs"),
    check: Check::NOTHING,
    fixes,
};

/// That `ignore`, a comment in `file`, silences nothing.
pub(crate) fn finding(file: &File, ignore: &Ignore) -> Finding {
    let name = &ignore.code;
    let message = match code(name) {
        None => match meant(name) {
            Some(meant) => format!("There is no check `{name}`. Did you mean `{meant}`?"),
            None => format!("There is no check `{name}`: this comment silences nothing."),
        },
        Some(code) if !code.can_be_silenced => format!("`{name}` can't be silenced by a comment."),
        Some(_) if ignore.because.is_none() => format!(
            "This comment silences nothing, for it gives no reason: write `ignore {name} because …`."
        ),
        Some(_) => format!("There is no `{name}` to silence here."),
    };
    let subject = Subject {
        detail: Some(name.to_string()),
        ..Subject::default()
    };
    Finding::new(&CODE, file, ignore.comment, message).about(subject)
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let removed = || {
        let (file, text) = fixing.file(finding)?;
        let edit = TextEdit::delete(whole(&text, finding.range(fixing.snapshot))?);
        Some(Fix::of(
            file,
            "Remove the ignore comment".to_owned(),
            vec![edit],
        ))
    };
    let respelled = || {
        let (file, text) = fixing.file(finding)?;
        let wrong = finding.subject.detail.as_deref()?;
        let meant = meant(wrong).filter(|_| code(wrong).is_none())?;
        let comment = finding.range(fixing.snapshot);
        let written = text.get(comment.start().into()..comment.end().into())?;
        let at = comment.start() + TextSize::of(written.split_once(wrong)?.0);
        let edit = TextEdit::replace(TextRange::at(at, TextSize::of(wrong)), meant);
        Some(Fix {
            preferred: true,
            ..Fix::of(file, format!("Write `{meant}`"), vec![edit])
        })
    };
    let respelled = respelled();
    let removed = removed().map(|removed| Fix {
        preferred: respelled.is_none(),
        ..removed
    });
    respelled.into_iter().chain(removed).collect()
}

/// The check that a name which is none was likeliest meant to be.
fn meant(name: &str) -> Option<&'static str> {
    nearest(name, codes().iter().map(|code| code.name))
}

/// The comment with the blanks before it; where it stands alone, with its line.
fn whole(text: &str, comment: TextRange) -> Option<TextRange> {
    let lines = LineIndex::new(text);
    let first = lines.line_range(text, lines.line(comment.start()))?;
    let last = lines.line(comment.end());
    let before = text.get(first.start().into()..comment.start().into())?;
    let after = text.get(comment.end().into()..lines.line_range(text, last)?.end().into())?;
    if before.trim().is_empty() && after.trim().is_empty() {
        let next = lines.line_range(text, last + 1).map(|range| range.start());
        return Some(TextRange::new(
            first.start(),
            next.unwrap_or(TextSize::of(text)),
        ));
    }
    let kept = TextSize::of(before.trim_end());
    Some(TextRange::new(first.start() + kept, comment.end()))
}
