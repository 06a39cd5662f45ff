//! Findings as people read them: what is so, and the lines of text that show it.

use super::sources::{Source, Sources};
use crate::cli::selection::Selection;
use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};
use checks::{Finding, Severity};
use index::{FileId, Snapshot};
use std::collections::BTreeSet;
use std::ops::Range;
use syntax::{Encoding, TextRange, TextSize};

/// A range over more lines than this is shown by its first line alone.
const MOST_LINES: u32 = 4;

/// Makes the excerpts of one report.
pub(super) struct Excerpts<'r> {
    renderer: Renderer,
    sources: Sources<'r>,
    snapshot: &'r Snapshot,
    selection: &'r Selection,
    /// Related places that were shown already.
    shown: BTreeSet<(FileId, TextSize, TextSize)>,
}

/// A place that a finding points to.
struct Place<'f> {
    file: FileId,
    range: TextRange,
    label: Option<&'f str>,
    kind: AnnotationKind,
}

impl<'r> Excerpts<'r> {
    /// Of findings in `snapshot`, with paths as `selection` shows them.
    pub(super) fn new(
        renderer: Renderer,
        snapshot: &'r Snapshot,
        selection: &'r Selection,
    ) -> Excerpts<'r> {
        Excerpts {
            renderer,
            sources: Sources::new(snapshot),
            snapshot,
            selection,
            shown: BTreeSet::new(),
        }
    }

    /// The finding with an excerpt of each place that belongs to it, without a line end at the end.
    /// A related place that an earlier finding has shown is only named.
    pub(super) fn render(&mut self, finding: &Finding) -> String {
        let mut elements = Vec::new();
        elements.extend(self.element(&Place {
            file: finding.file,
            range: finding.range(self.snapshot),
            label: None,
            kind: AnnotationKind::Primary,
        }));
        for related in &finding.related {
            let place = Place {
                file: related.file,
                range: related.range(self.snapshot),
                label: Some(related.message.as_str()),
                kind: AnnotationKind::Context,
            };
            let key = (place.file, place.range.start(), place.range.end());
            elements.extend(if self.shown.insert(key) {
                self.element(&place)
            } else {
                self.name(&place)
            });
        }
        let title = level(finding.severity)
            .primary_title(finding.message.as_str())
            .id(finding.code);
        self.renderer.render(&[title.elements(elements)])
    }

    fn element<'f>(&mut self, place: &Place<'f>) -> Option<Element<'f>> {
        let path = self.path(place)?;
        let Some(source) = self.sources.source(place.file) else {
            return Some(Origin::path(path).into());
        };
        let window = Window::around(&source, place.range);
        let annotation = place.kind.span(window.highlighted).label(place.label);
        let snippet = Snippet::source(window.text)
            .line_start(window.first_line as usize + 1)
            .path(path)
            .annotation(annotation);
        Some(snippet.into())
    }

    fn name(&mut self, place: &Place<'_>) -> Option<Element<'static>> {
        let path = self.path(place)?;
        let Some(source) = self.sources.source(place.file) else {
            return Some(Origin::path(path).into());
        };
        let start = place.range.start();
        let start = source.lines.position(&source.text, start, Encoding::Utf32);
        let origin = Origin::path(path)
            .line(start.line as usize + 1)
            .char_column(start.column as usize + 1);
        Some(origin.into())
    }

    fn path(&self, place: &Place<'_>) -> Option<String> {
        let file = self.snapshot.file(place.file)?;
        Some(self.selection.path_from_here(&file.path))
    }
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
