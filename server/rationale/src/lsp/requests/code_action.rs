//! `textDocument/codeAction` and `codeAction/resolve`
//!
//! Fixes come from the range and the server's own findings: what a client sends along as
//! diagnostics may be stripped of half its fields, stale, or nothing at all. A client that resolves gets
//! a list without edits, and asks for those of the one that is chosen.

use crate::lsp::diagnostics::diagnostic;
use crate::lsp::view::View;
use crate::lsp::{commands, edits};
use checks::{Detail, Fix};
use ide::{Action, ActionKind, ActionPlace};
use index::File;
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Range,
    Uri,
};

/// Settles everything in a file that needs no human words.
pub(in crate::lsp) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.rationale");

/// Where an action was offered: what is to be resolved is looked for there again.
#[derive(Debug, Serialize, Deserialize)]
struct Offered {
    uri: Uri,
    range: Range,
}

/// What can be done about what stands in a range.
pub(in crate::lsp) fn code_actions(
    view: &View,
    params: &CodeActionParams,
) -> Option<CodeActionResponse> {
    let uri = &params.text_document.uri;
    let file = view.file(uri)?;
    let place = place(view, file, params.range)?;
    let detail = match view.abilities.resolves_code_actions {
        true => Detail::Title,
        false => Detail::Edits,
    };
    let wanted = params.context.only.as_deref();
    let is_wanted = |kind: &CodeActionKind| wanted.is_none_or(|wanted| is_wanted(kind, wanted));
    let offered = serde_json::to_value(Offered {
        uri: uri.clone(),
        range: params.range,
    });
    let offered = offered.ok()?;
    let mut answer = Vec::new();
    if is_wanted(&CodeActionKind::QUICKFIX) || is_wanted(&CodeActionKind::REFACTOR) {
        let actions = ide::code_actions(&place, detail);
        let actions = actions.iter().filter(|action| is_wanted(&kind(action)));
        answer.extend(actions.filter_map(|action| match (action.amend, detail) {
            (Some(amend), _) if view.abilities.drafts_amendments => Some(asking(
                action,
                commands::draft_amendment(uri, params.range, amend)?,
            )),
            (_, Detail::Title) => Some(CodeAction {
                data: Some(offered.clone()),
                ..outline(view, file, action)
            }),
            (_, Detail::Edits) => with_edits(view, outline(view, file, action), &action.fix),
        }));
    }
    // Nobody wants it in a menu.
    if wanted.is_some() && is_wanted(&FIX_ALL) {
        let all = ide::fix_all(&place).and_then(|fix| {
            let action = CodeAction {
                title: fix.title.clone(),
                kind: Some(FIX_ALL),
                ..CodeAction::default()
            };
            with_edits(view, action, &fix)
        });
        answer.extend(all);
    }
    Some(
        answer
            .into_iter()
            .map(CodeActionOrCommand::CodeAction)
            .collect(),
    )
}

/// The document that an action was offered in.
pub(in crate::lsp) fn document_of(action: &CodeAction) -> Option<Uri> {
    let offered = serde_json::from_value::<Offered>(action.data.clone()?);
    Some(offered.ok()?.uri)
}

/// The action with its edits.
///
/// # Errors
/// Where it can't be done any more, or the text around it allows no safe edit.
pub(in crate::lsp) fn resolve_code_action(view: &View, action: CodeAction) -> Result<CodeAction> {
    let Some(data) = action.data.clone() else {
        // It had all that it needs.
        return Ok(action);
    };
    let offered: Offered = serde_json::from_value(data)
        .map_err(|error| Error::invalid_params(format!("codeAction/resolve: {error}")))?;
    let resolved = || {
        let file = view.file(&offered.uri)?;
        let place = place(view, file, offered.range)?;
        let fix = ide::resolved(&place, &action.title)?;
        with_edits(view, action.clone(), &fix)
    };
    resolved().ok_or_else(|| {
        Error::invalid_params(format!(
            "\"{}\" can't be done: the text has changed, or what stands around it allows no safe edit.",
            action.title
        ))
    })
}

fn place<'v>(view: &'v View, file: &File, range: Range) -> Option<ActionPlace<'v>> {
    Some(ActionPlace {
        snapshot: &view.snapshot,
        base: view.base.as_ref(),
        findings: &view.findings,
        file: file.id,
        range: view.text_range(file, range)?,
    })
}

/// All of an action but its edits.
fn outline(view: &View, file: &File, action: &Action) -> CodeAction {
    CodeAction {
        title: action.fix.title.clone(),
        kind: Some(kind(action)),
        diagnostics: action
            .finding
            .as_ref()
            .map(|finding| vec![diagnostic(view, file, finding)]),
        is_preferred: action.fix.preferred.then_some(true),
        ..CodeAction::default()
    }
}

/// An action that the editor's plugin begins, by asking the person.
fn asking(action: &Action, command: tower_lsp::ls_types::Command) -> CodeAction {
    CodeAction {
        title: action.fix.title.clone(),
        kind: Some(kind(action)),
        command: Some(command),
        ..CodeAction::default()
    }
}

fn with_edits(view: &View, action: CodeAction, fix: &Fix) -> Option<CodeAction> {
    Some(CodeAction {
        edit: Some(edits::workspace_edit(view, fix)?),
        command: commands::place_cursor(view, fix),
        ..action
    })
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
        assert!(is_wanted(&FIX_ALL, &[CodeActionKind::SOURCE_FIX_ALL]));
    }
}
