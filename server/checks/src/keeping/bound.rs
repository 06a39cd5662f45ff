//! What else than SQL needs a column: it can't be taken out without a thought for that.

use crate::context::Context;
use index::{Snapshot, TableKey};
use syntax::Name;
use syntax::jinja::{PieceKind, pieces};

/// Whether a column is a part of what identifies one row of its table, as a spec has it, or is named in a tag
/// of its model's template, such as `unique_key` in a `config`.
pub(super) fn is_bound(snapshot: &Snapshot, key: &TableKey, column: &Name) -> bool {
    let Some(table) = snapshot.table(key) else {
        return false;
    };
    let context = Context::for_fixes(snapshot);
    let mut specs = context.descriptions(table).into_iter();
    if specs.any(|spec| spec.entry.grain.iter().any(|own| own.value == *column)) {
        return true;
    }
    let files = table.models.iter().filter_map(|id| snapshot.file(id.file));
    let mut texts = files.filter(|file| file.project.is_some());
    texts.any(|file| {
        let text = snapshot.text(file);
        text.is_some_and(|text| is_in_tag(&text, column))
    })
}

fn is_in_tag(text: &str, column: &Name) -> bool {
    let all = pieces(text).into_iter();
    let mut tags = all.filter(|piece| !matches!(piece.kind, PieceKind::Text | PieceKind::Comment));
    tags.any(|tag| {
        let inner = text.get(tag.inner.start().into()..tag.inner.end().into());
        let mut words = inner
            .unwrap_or_default()
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
        words.any(|word| word.eq_ignore_ascii_case(column.as_str()))
    })
}
