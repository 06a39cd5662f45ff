//! `textDocument/hover`

use crate::lsp::view::View;
use tower_lsp::ls_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};

/// What is known of what stands at a position.
pub(in crate::lsp) fn hover(view: &View, params: &HoverParams) -> Option<Hover> {
    let asked = &params.text_document_position_params;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let hover = ide::hover(&view.snapshot, &view.answers, file.id, offset)?;
    let content = if view.abilities.markdown {
        MarkupContent {
            kind: MarkupKind::Markdown,
            value: hover.markdown,
        }
    } else {
        MarkupContent {
            kind: MarkupKind::PlainText,
            value: plain(&hover.markdown),
        }
    };
    Some(Hover {
        contents: HoverContents::Markup(content),
        range: view.range(file, hover.range),
    })
}

/// Markdown without what only a renderer understands: rules, fences, emphasis and escapes.
pub(super) fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if !in_code && matches!(line.trim(), "---" | "***") {
            text.push('\n');
            continue;
        }
        if in_code {
            text.push_str(line);
        } else {
            plain_line(line, &mut text);
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

fn plain_line(line: &str, text: &mut String) {
    let mut characters = line
        .trim_start_matches('#')
        .trim_start_matches(|c| c == ' ' && line.starts_with('#'))
        .chars()
        .peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(
                characters
                    .next_if(char::is_ascii_punctuation)
                    .or(Some('\\')),
            ),
            '*' | '`' => {}
            _ => text.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_reads_without_a_renderer() {
        let markdown = "**order_amount** `DECIMAL(10,2)` · USD\n\n---\n\n### Why\nFinance \\*asked\\*.\n\n```sql\nSUM(a * b)\n```";
        let expected =
            "order_amount DECIMAL(10,2) · USD\n\n\n\nWhy\nFinance *asked*.\n\nSUM(a * b)";
        assert_eq!(plain(markdown), expected);
    }
}
