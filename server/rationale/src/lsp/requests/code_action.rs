//! `textDocument/codeAction`
//!
//! Fixes come from the range and the server's own findings: what a client sends along as
//! diagnostics may be stripped of half its fields, stale, or nothing at all.

use crate::lsp::diagnostics::diagnostic;
use crate::lsp::view::View;
use crate::lsp::{commands, edits};
use ide::{Action, ActionKind};
use index::File;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse,
};

/// What can be done about what stands in a range.
pub(in crate::lsp) fn code_actions(
    view: &View,
    params: &CodeActionParams,
) -> Option<CodeActionResponse> {
    let file = view.file(&params.text_document.uri)?;
    let range = view.text_range(file, params.range)?;
    let actions = ide::code_actions(&view.snapshot, &view.findings, file.id, range);
    let wanted = params.context.only.as_deref();
    let answer = actions
        .iter()
        .filter(|action| wanted.is_none_or(|wanted| is_wanted(&kind(action), wanted)))
        .filter_map(|action| code_action(view, file, action))
        .map(CodeActionOrCommand::CodeAction);
    Some(answer.collect())
}

fn code_action(view: &View, file: &File, action: &Action) -> Option<CodeAction> {
    let mut answer = CodeAction {
        title: action.title.clone(),
        kind: Some(kind(action)),
        diagnostics: action
            .finding
            .as_ref()
            .map(|finding| vec![diagnostic(view, file, finding)]),
        is_preferred: action.fix.preferred.then_some(true),
        ..CodeAction::default()
    };
    answer.edit = Some(edits::workspace_edit(view, &action.fix)?);
    answer.command = commands::place_cursor(view, &action.fix);
    Some(answer)
}

fn kind(action: &Action) -> CodeActionKind {
    match action.kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::Refactor => CodeActionKind::REFACTOR,
    }
}

/// Whether `kind` is one of those wanted, or below one: `quickfix.add` is below `quickfix`
/// (LSP 3.17, `CodeActionKind`).
fn is_wanted(kind: &CodeActionKind, wanted: &[CodeActionKind]) -> bool {
    wanted.iter().any(|wanted| {
        let below = kind.as_str().strip_prefix(wanted.as_str());
        below.is_some_and(|below| {
            wanted.as_str().is_empty() || below.is_empty() || below.starts_with('.')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_wanted_with_all_below_it() {
        let quick_fix = CodeActionKind::QUICKFIX;
        assert!(is_wanted(&quick_fix, &[CodeActionKind::EMPTY]));
        assert!(is_wanted(
            &quick_fix,
            &[CodeActionKind::REFACTOR, CodeActionKind::QUICKFIX]
        ));
        assert!(is_wanted(
            &"quickfix.add".into(),
            &[CodeActionKind::QUICKFIX]
        ));
        assert!(!is_wanted(
            &"quickfixes".into(),
            &[CodeActionKind::QUICKFIX]
        ));
        assert!(!is_wanted(&quick_fix, &[CodeActionKind::SOURCE]));
        assert!(!is_wanted(&quick_fix, &[]));
    }
}
