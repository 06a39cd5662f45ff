//! Where a spec leads out of itself: addresses of pages and tickets, and the file of a model.

use crate::lookup;
use index::{File, FileId, Snapshot};
use spec::model::NativeSpec;
use syntax::{Spot, TextRange, TextSize};

/// A text that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The text, without quotes.
    pub range: TextRange,
    /// Where it leads.
    pub to: LinkTarget,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// An address on the web.
    Url(String),
    /// A file of the workspace.
    File(FileId),
}

/// The links in a native spec, in the order of the text. References that SQL and specs make by name are
/// none: they have definitions.
pub fn links(snapshot: &Snapshot, file: FileId) -> Vec<Link> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    let (Some(spec), Some(text)) = (file.native_spec(), snapshot.text(file)) else {
        return Vec::new();
    };
    let mut found = urls(file, spec, &text);
    found.extend(models(snapshot, file, spec, &text));
    found.sort_by_key(|link| link.range.start());
    found
}

fn urls(file: &File, spec: &NativeSpec, text: &str) -> Vec<Link> {
    let listed = spec.links.iter().map(|link| (&link.value, link.spot));
    let amendments = spec.amendments.iter();
    let of_amendments = amendments.filter_map(|amendment| {
        let link = amendment.link.as_ref()?;
        Some((&link.value, link.spot))
    });
    let all = listed.chain(of_amendments);
    let links = all.filter_map(|(value, spot)| {
        Some(Link {
            range: written(file, text, spot, value)?,
            to: LinkTarget::Url(is_url(value).then(|| value.trim().to_owned())?),
        })
    });
    links.collect()
}

fn models(snapshot: &Snapshot, file: &File, spec: &NativeSpec, text: &str) -> Vec<Link> {
    let named = spec.tables.iter().filter_map(|table| {
        let model = table.model.as_ref()?;
        let target = snapshot.file_named(file, &model.value)?;
        Some(Link {
            range: written(file, text, model.spot, &model.value)?,
            to: LinkTarget::File(target.id),
        })
    });
    named.collect()
}

/// Where a value is written in one piece.
fn written(file: &File, text: &str, spot: Spot, value: &str) -> Option<TextRange> {
    let range = file.range(spot);
    let start = lookup::slice(text, range).find(value)?;
    let range = TextRange::at(range.start() + lookup::offset(start), TextSize::of(value));
    (!range.is_empty()).then_some(range)
}

/// Whether a text is an address that an editor may open: no program, no file.
fn is_url(text: &str) -> bool {
    let text = text.trim();
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}
