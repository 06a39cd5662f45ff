//! `textDocument/completion`

use crate::lsp::view::View;
use ide::{Completion, CompletionKind};
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionParams, CompletionTextEdit, Documentation,
    MarkupContent, MarkupKind, TextEdit,
};

/// What may be typed next at a position, in the order in which to offer it.
pub(in crate::lsp) fn completions(
    view: &View,
    params: &CompletionParams,
) -> Option<Vec<CompletionItem>> {
    let asked = &params.text_document_position;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let found = ide::completions(&view.snapshot, file.id, offset);
    let range = view.range(file, found.first()?.range)?;
    let items = found.into_iter().enumerate().map(|(place, completion)| {
        let Completion {
            text,
            kind,
            detail,
            documentation,
            ..
        } = completion;
        CompletionItem {
            label: text.clone(),
            kind: Some(kind_of(kind)),
            detail,
            documentation: documentation.map(|value| {
                Documentation::MarkupContent(MarkupContent {
                    kind: MarkupKind::Markdown,
                    value,
                })
            }),
            sort_text: Some(format!("{place:05}")),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range,
                new_text: text,
            })),
            ..CompletionItem::default()
        }
    });
    Some(items.collect())
}

fn kind_of(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Keyword => CompletionItemKind::KEYWORD,
        CompletionKind::Table => CompletionItemKind::CLASS,
        CompletionKind::Column => CompletionItemKind::FIELD,
        CompletionKind::Constant => CompletionItemKind::CONSTANT,
    }
}
