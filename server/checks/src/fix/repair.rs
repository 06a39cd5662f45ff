//! The repairs that the decode of a spec proposes, as edits.

use super::{Fix, Fixing};
use crate::finding::{At, Finding};
use index::File;
use index::file::ProblemKind;
use spec::Repair;
use syntax::{TextEdit, TextRange};

/// The repairs of the problem that `finding` tells.
pub(crate) fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((file, text)) = fixing.file(finding) else {
        return Vec::new();
    };
    let problems = file
        .problems
        .iter()
        .filter_map(|problem| match &problem.kind {
            ProblemKind::Spec(problem) => Some(problem),
            _ => None,
        });
    let mut problems = problems.filter(|problem| {
        problem.code.as_str() == finding.code
            && At::Range(problem.range) == finding.at
            && problem.message == finding.message
    });
    let repairs = problems
        .next()
        .map(|problem| problem.repairs.as_slice())
        .unwrap_or_default();
    let fixes = repairs.iter().filter_map(|repair| fix(file, &text, repair));
    let mut fixes: Vec<Fix> = fixes.collect();
    if let [only] = fixes.as_mut_slice() {
        only.preferred = true;
    }
    fixes
}

fn fix(file: &File, text: &str, repair: &Repair) -> Option<Fix> {
    let spelled = |range: TextRange| text.get(range.start().into()..range.end().into());
    let (title, edits) = match repair {
        Repair::RenameKey { key, to } => {
            let title = format!("Rename `{}` to `{to}`", spelled(*key)?);
            (title, vec![TextEdit::replace(*key, to.clone())])
        }
        Repair::Replace { value, by } => {
            let title = format!("Write `{by}`");
            (title, vec![TextEdit::replace(*value, by.clone())])
        }
        _ => return None,
    };
    Some(Fix::of(file, title, edits))
}
