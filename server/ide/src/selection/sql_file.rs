//! The parts of SQL around a place: what stands in parentheses, entries, clauses, queries, statements,
//! comments, and the tags of a template.

use sql::outline::outline;
use sql::{Options, Templating};
use syntax::jinja::{PieceKind, pieces};
use syntax::{TextRange, TextSize};

pub(super) fn parts(text: &str, options: &Options, offset: TextSize, found: &mut Vec<TextRange>) {
    let outline = outline(text, options);
    for part in outline.around(offset) {
        found.push(part.range);
        found.extend(part.name);
    }
    let around = outline.parentheses.iter();
    for range in around.filter(|range| range.contains_inclusive(offset)) {
        found.push(*range);
        let (start, end) = (range.start(), range.end());
        let one = TextSize::new(1);
        if range.len() >= one + one {
            found.push(TextRange::new(start + one, end - one));
        }
    }
    found.extend(outline.comments);
    if options.templating == Templating::Jinja {
        let tags = pieces(text).into_iter();
        let tags = tags.filter(|piece| piece.kind != PieceKind::Text);
        found.extend(tags.flat_map(|piece| [piece.inner, piece.range]));
    }
}
