//! What each word of the sentences in a spec is, for colouring. The rest of a spec is for the editor's own
//! idea of YAML.

use crate::sentence;
use index::{FileId, Snapshot};
use spec::guarantee::{Token, tokens as of_sentence};
use syntax::TextRange;

/// The words of the sentences in `file`, or in a part of it, in the order of the text. None overlaps
/// another, and none goes over the end of a line.
pub fn tokens(snapshot: &Snapshot, file: FileId, within: Option<TextRange>) -> Vec<Token> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    let Some(text) = snapshot.text(file) else {
        return Vec::new();
    };
    let is_wanted =
        |range: TextRange| within.is_none_or(|within| within.intersect(range).is_some());
    let sentences = sentence::all(file).into_iter();
    let sentences = sentences.filter(|sentence| is_wanted(sentence.range));
    let tokens = sentences.flat_map(|sentence| {
        let tokens = of_sentence(sentence.text).into_iter();
        let placed = tokens.filter_map(|token| {
            let range = sentence.part(&text, token.range)?;
            Some(Token { range, ..token })
        });
        placed.collect::<Vec<_>>()
    });
    tokens.collect()
}
