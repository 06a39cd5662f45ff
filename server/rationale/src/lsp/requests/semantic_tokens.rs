//! `textDocument/semanticTokens/full` and `textDocument/semanticTokens/range`

use crate::lsp::view::View;
use spec::guarantee::{Token, TokenKind};
use syntax::TextRange;
use tower_lsp::ls_types::{
    SemanticToken, SemanticTokenType, SemanticTokens, SemanticTokensLegend, SemanticTokensParams,
    SemanticTokensRangeParams, Uri,
};

/// The types of tokens that are sent, each by its place in this list.
const TYPES: &[(TokenKind, SemanticTokenType)] = &[
    (TokenKind::Keyword, SemanticTokenType::KEYWORD),
    (TokenKind::Table, SemanticTokenType::CLASS),
    (TokenKind::Column, SemanticTokenType::PROPERTY),
    (TokenKind::Function, SemanticTokenType::FUNCTION),
    (TokenKind::Type, SemanticTokenType::TYPE),
    (TokenKind::Constant, SemanticTokenType::ENUM_MEMBER),
    (TokenKind::Number, SemanticTokenType::NUMBER),
    (TokenKind::Text, SemanticTokenType::STRING),
    (TokenKind::Operator, SemanticTokenType::OPERATOR),
];

/// What the numbers of token types mean.
pub(in crate::lsp) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.iter().map(|(_, name)| name.clone()).collect(),
        token_modifiers: Vec::new(),
    }
}

/// What each word of the sentences in a spec is.
pub(in crate::lsp) fn semantic_tokens(
    view: &View,
    params: &SemanticTokensParams,
) -> Option<SemanticTokens> {
    answer(view, &params.text_document.uri, |_| Some(None))
}

/// The same, of a part of the document.
pub(in crate::lsp) fn semantic_tokens_in_range(
    view: &View,
    params: &SemanticTokensRangeParams,
) -> Option<SemanticTokens> {
    answer(view, &params.text_document.uri, |file| {
        view.text_range(file, params.range).map(Some)
    })
}

fn answer(
    view: &View,
    uri: &Uri,
    within: impl FnOnce(&index::File) -> Option<Option<TextRange>>,
) -> Option<SemanticTokens> {
    let file = view.file(uri)?;
    let tokens = ide::tokens(&view.snapshot, file.id, within(file)?);
    let text = view.text(file)?;
    let mut data = Vec::new();
    let (mut line, mut column) = (0, 0);
    for Token { range, kind } in tokens {
        let range = text.range(range, view.abilities);
        let (start, end) = (range.start, range.end);
        let number = TYPES.iter().position(|(known, _)| *known == kind);
        let Some(token_type) = number.and_then(|number| u32::try_from(number).ok()) else {
            continue;
        };
        if start.line != end.line {
            continue;
        }
        // Each counts from the start of the one before it (LSP 3.17, semantic tokens).
        data.push(SemanticToken {
            delta_line: start.line - line,
            delta_start: if start.line == line {
                start.character - column
            } else {
                start.character
            },
            length: end.character - start.character,
            token_type,
            token_modifiers_bitset: 0,
        });
        (line, column) = (start.line, start.character);
    }
    Some(SemanticTokens {
        result_id: None,
        data,
    })
}
