//! `textDocument/codeLens` and `codeLens/resolve`
//!
//! What a lens counts, its `data` says by name; the words and the places are found when it is shown.

use crate::lsp::commands;
use crate::lsp::table_key::TableData;
use crate::lsp::view::View;
use ide::{Counted, Told, ToldLens};
use serde::{Deserialize, Serialize};
use syntax::Name;
use tower_lsp::ls_types::{CodeLens, CodeLensParams, Location, Uri};

/// The lenses of a document, without their words.
pub(in crate::lsp) fn code_lenses(view: &View, params: &CodeLensParams) -> Option<Vec<CodeLens>> {
    if !view.shown.code_lenses {
        return None;
    }
    let uri = &params.text_document.uri;
    let file = view.file(uri)?;
    let lenses = ide::code_lenses(&view.snapshot, &view.answers, file.id);
    let lenses = lenses.into_iter().filter_map(|lens| {
        let data = Data::new(uri, lens.told);
        Some(CodeLens {
            range: view.range(file, lens.range)?,
            command: None,
            data: Some(serde_json::to_value(data).ok()?),
        })
    });
    Some(lenses.collect())
}

/// The lens with its words, and a command that leads to what it counts. One of which nothing is left
/// stays without words.
pub(in crate::lsp) fn resolve_code_lens(view: &View, lens: CodeLens) -> CodeLens {
    let command = lens
        .data
        .clone()
        .and_then(|data| serde_json::from_value::<Data>(data).ok())
        .and_then(|data| {
            let (uri, told) = data.told()?;
            let ToldLens { title, places } = ide::told_lens(&view.snapshot, &view.answers, &told)?;
            let locations = places.into_iter().filter_map(|(file, range)| {
                let file = view.snapshot.file(file)?;
                Some(Location::new(
                    view.uri(&file.path)?,
                    view.range(file, range)?,
                ))
            });
            let locations: Vec<Location> = locations.collect();
            Some(commands::show_references(
                view,
                title,
                &uri,
                lens.range.start,
                &locations,
            ))
        });
    CodeLens { command, ..lens }
}

/// What a lens tells.
#[derive(Debug, Serialize, Deserialize)]
struct Data {
    uri: Uri,
    table: TableData,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    counted: CountedData,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum CountedData {
    Amendments,
    Uses,
    Guarantees,
}

impl Data {
    fn new(uri: &Uri, told: Told) -> Data {
        Data {
            uri: uri.clone(),
            table: TableData::new(&told.table),
            column: told.column.map(|column| column.to_string()),
            counted: match told.counted {
                Counted::Amendments => CountedData::Amendments,
                Counted::Uses => CountedData::Uses,
                Counted::Guarantees => CountedData::Guarantees,
            },
        }
    }

    fn told(self) -> Option<(Uri, Told)> {
        let told = Told {
            table: self.table.key()?,
            column: self.column.map(Name::new),
            counted: match self.counted {
                CountedData::Amendments => Counted::Amendments,
                CountedData::Uses => Counted::Uses,
                CountedData::Guarantees => Counted::Guarantees,
            },
        };
        Some((self.uri, told))
    }
}
