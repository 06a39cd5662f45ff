//! `textDocument/signatureHelp`

use crate::lsp::view::View;
use ide::Signature;
use tower_lsp::ls_types::{
    Documentation, ParameterInformation, ParameterLabel, SignatureHelp, SignatureHelpParams,
    SignatureHelpTriggerKind, SignatureInformation,
};

/// The forms that the sentence at a position may have, and the part of each that is being typed.
pub(in crate::lsp) fn signature_help(
    view: &View,
    params: &SignatureHelpParams,
) -> Option<SignatureHelp> {
    let asked = &params.text_document_position_params;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let context = params.context.as_ref();
    let is_asked = context.is_none_or(|context| {
        context.trigger_kind == SignatureHelpTriggerKind::INVOKED && !context.is_retrigger
    });
    let found = ide::signatures(&view.snapshot, file.id, offset, is_asked);
    let active = u32::try_from(found.first()?.active).ok();
    let signatures = found
        .into_iter()
        .map(|signature| information(view, &signature));
    Some(SignatureHelp {
        signatures: signatures.collect(),
        active_signature: Some(0),
        active_parameter: active,
    })
}

fn information(view: &View, signature: &Signature) -> SignatureInformation {
    let parameters = signature.parts.iter().filter_map(|part| {
        let (start, end) = (
            u32::try_from(part.start).ok()?,
            u32::try_from(part.end).ok()?,
        );
        let label = match view.abilities.parameter_offsets {
            true => ParameterLabel::LabelOffsets([start, end]),
            false => ParameterLabel::Simple(signature.label.get(part.clone())?.to_owned()),
        };
        Some(ParameterInformation {
            label,
            documentation: None,
        })
    });
    SignatureInformation {
        label: signature.label.to_owned(),
        documentation: Some(Documentation::String(signature.example.to_owned())),
        parameters: Some(parameters.collect()),
        active_parameter: u32::try_from(signature.active).ok(),
    }
}
