//! `textDocument/completion` and `completionItem/resolve`

use super::hover::plain;
use crate::lsp::table_key::TableData;
use crate::lsp::view::View;
use ide::{About, Completion, CompletionKind};
use serde::{Deserialize, Serialize};
use syntax::Name;
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionParams, CompletionTextEdit,
    Documentation, InsertTextFormat, InsertTextMode, MarkupContent, MarkupKind, TextEdit,
};

/// What may be typed next at a position, in the order in which to offer it. What is known of a name is
/// told later, where the client asks for it.
pub(in crate::lsp) fn completions(
    view: &View,
    params: &CompletionParams,
) -> Option<CompletionList> {
    let asked = &params.text_document_position;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let text = view.text(file)?;
    let snippets = view.abilities.snippets;
    let found = ide::completions(&view.snapshot, file.id, offset, snippets);
    let items = found.items.into_iter().enumerate();
    let items = items.map(|(place, completion)| {
        let range = text.range(completion.range, view.abilities);
        item(view, place, completion, range)
    });
    Some(CompletionList {
        is_incomplete: found.has_more,
        items: items.collect(),
    })
}

/// The item with what is known of the table or column that it names.
pub(in crate::lsp) fn resolve_completion(view: &View, item: CompletionItem) -> CompletionItem {
    let about = item
        .data
        .clone()
        .and_then(|data| serde_json::from_value::<Data>(data).ok())
        .and_then(Data::about);
    let told = about.and_then(|about| ide::documentation(&view.snapshot, &about));
    match told {
        Some(told) => CompletionItem {
            documentation: Some(documentation(view, told)),
            ..item
        },
        None => item,
    }
}

fn item(
    view: &View,
    place: usize,
    completion: Completion,
    range: tower_lsp::ls_types::Range,
) -> CompletionItem {
    let Completion {
        label,
        text,
        is_snippet,
        kind,
        detail,
        documentation: known,
        about,
        ..
    } = completion;
    let mut item = CompletionItem {
        // What is compared with the word that is typed stands before what is only shown.
        filter_text: label
            .starts_with("- ")
            .then(|| label.trim_start_matches("- ").to_owned()),
        label,
        kind: Some(kind_of(kind)),
        detail,
        documentation: known.map(|known| documentation(view, known)),
        sort_text: Some(format!("{place:05}")),
        insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
        // Lines that it adds are indented already.
        insert_text_mode: text.contains('\n').then_some(InsertTextMode::AS_IS),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range,
            new_text: text,
        })),
        ..CompletionItem::default()
    };
    match about {
        Some(about) if view.abilities.resolves_documentation => {
            item.data = serde_json::to_value(Data::new(&about)).ok();
        }
        Some(about) => {
            let told = ide::documentation(&view.snapshot, &about);
            item.documentation = told.map(|told| documentation(view, told));
        }
        None => {}
    }
    item
}

fn documentation(view: &View, markdown: String) -> Documentation {
    if view.abilities.markdown_in_completions {
        return Documentation::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value: markdown,
        });
    }
    Documentation::String(plain(&markdown))
}

fn kind_of(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Keyword => CompletionItemKind::KEYWORD,
        CompletionKind::Key => CompletionItemKind::PROPERTY,
        CompletionKind::Table => CompletionItemKind::CLASS,
        CompletionKind::Alias => CompletionItemKind::STRUCT,
        CompletionKind::Column => CompletionItemKind::FIELD,
        CompletionKind::Amendment => CompletionItemKind::EVENT,
        CompletionKind::Macro => CompletionItemKind::FUNCTION,
        CompletionKind::Form => CompletionItemKind::SNIPPET,
        CompletionKind::Constant => CompletionItemKind::CONSTANT,
    }
}

/// What an item names.
#[derive(Debug, Serialize, Deserialize)]
struct Data {
    table: TableData,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
}

impl Data {
    fn new(about: &About) -> Data {
        Data {
            table: TableData::new(&about.table),
            column: about.column.as_ref().map(ToString::to_string),
        }
    }

    fn about(self) -> Option<About> {
        Some(About {
            table: self.table.key()?,
            column: self.column.map(Name::new),
        })
    }
}
