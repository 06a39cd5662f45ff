//! One finding as people read it: what is so, and the lines of text that show it.

use super::sources::{Source, Sources};
use crate::cli::selection::Selection;
use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};
use checks::{Finding, Severity};
use index::{FileId, Snapshot};
use std::ops::Range;
use syntax::{Encoding, TextRange, TextSize};

/// A range over more lines than this is shown by its first line alone.
const MOST_LINES: u32 = 4;

/// The finding with an excerpt of each place that belongs to it, without a line end at the end.
pub(super) fn render(
    renderer: &Renderer,
    sources: &mut Sources<'_>,
    snapshot: &Snapshot,
    selection: &Selection,
    finding: &Finding,
) -> String {
    let mut places = vec![Place {
        file: finding.file,
        range: finding.range(snapshot),
        label: None,
        kind: AnnotationKind::Primary,
    }];
    places.extend(finding.related.iter().map(|related| Place {
        file: related.file,
        range: related.range(snapshot),
        label: Some(related.message.as_str()),
        kind: AnnotationKind::Context,
    }));
    let elements = places.iter().filter_map(|place| {
        let path = selection.path_from_here(&snapshot.file(place.file)?.path);
        Some(element(sources.source(place.file).as_deref(), path, place))
    });
    let title = level(finding.severity)
        .primary_title(finding.message.as_str())
        .id(finding.code);
    renderer.render(&[title.elements(elements)])
}

/// A place that a finding points to.
struct Place<'f> {
    file: FileId,
    range: TextRange,
    label: Option<&'f str>,
    kind: AnnotationKind,
}

fn element<'f>(source: Option<&Source>, path: String, place: &Place<'f>) -> Element<'f> {
    let Some(source) = source else {
        return Origin::path(path).into();
    };
    let window = Window::around(source, place.range);
    let annotation = place.kind.span(window.highlighted).label(place.label);
    Snippet::source(window.text)
        .line_start(window.first_line as usize + 1)
        .path(path)
        .annotation(annotation)
        .into()
}

/// The lines that a range stands on. Only these are handed to the renderer: it reads all it gets.
struct Window {
    text: String,
    /// Counted from 0.
    first_line: u32,
    /// In bytes of `text`.
    highlighted: Range<usize>,
}

impl Window {
    fn around(source: &Source, range: TextRange) -> Window {
        let (text, lines) = (&source.text, &source.lines);
        let line_of = |offset| lines.position(text, offset, Encoding::Utf8).line;
        let (first_line, last_line) = (line_of(range.start()), line_of(range.end()));
        let first = lines.line_range(text, first_line).unwrap_or_default();
        let last = lines.line_range(text, last_line).unwrap_or(first);
        let end = if last_line - first_line < MOST_LINES {
            last.end()
        } else {
            first.end()
        };
        let within = |offset: TextSize| usize::from(offset.min(end) - first.start());
        Window {
            text: text
                .get(first.start().into()..end.into())
                .unwrap_or_default()
                .to_owned(),
            first_line,
            highlighted: within(range.start())..within(range.end()),
        }
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
    }
}
