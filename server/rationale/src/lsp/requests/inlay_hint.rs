//! `textDocument/inlayHint`

use crate::lsp::view::View;
use ide::HintKind;
use tower_lsp::ls_types::{
    InlayHint, InlayHintKind, InlayHintLabel, InlayHintLabelPart, InlayHintParams, Location,
};

/// What is shown in a part of a document without being written there.
pub(in crate::lsp) fn inlay_hints(view: &View, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    if !view.shown.inlay_hints {
        return None;
    }
    let file = view.file(&params.text_document.uri)?;
    let within = view.text_range(file, params.range)?;
    let text = view.text(file)?;
    let hints = ide::inlay_hints(&view.snapshot, file.id, within);
    let hints = hints.into_iter().map(|hint| {
        let location = hint.leads_to.and_then(|(file, range)| {
            let file = view.snapshot.file(file)?;
            Some(Location::new(
                view.uri(&file.path)?,
                view.range(file, range)?,
            ))
        });
        let label = match location {
            Some(location) => InlayHintLabel::LabelParts(vec![InlayHintLabelPart {
                value: hint.text,
                location: Some(location),
                ..InlayHintLabelPart::default()
            }]),
            None => InlayHintLabel::String(hint.text),
        };
        InlayHint {
            position: text.position(hint.at, view.abilities),
            label,
            kind: (hint.kind == HintKind::Type).then_some(InlayHintKind::TYPE),
            text_edits: None,
            tooltip: None,
            padding_left: Some(hint.kind == HintKind::Standing),
            padding_right: None,
            data: None,
        }
    });
    Some(hints.collect())
}
