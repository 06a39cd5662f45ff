//! What a place in a file is about: a table, a column, an amendment, a key of the format, a code.
//! Every editor feature starts from here, so that they can't disagree about what is meant. What is
//! known of the subject is for them to find out.

mod claim;
mod key;
mod macros;
mod named;
mod spec_file;
mod sql_file;

pub(crate) use named::configured_at;

use crate::lookup;
use index::{Facts, File, FileId, MacroKey, Snapshot, TableKey};
use named::Named;
use smol_str::SmolStr;
use spec::dbt::keys as dbt;
use spec::keys::Key;
use spec::model::AmendmentId;
use std::cell::OnceCell;
use std::sync::Arc;
use syntax::{Name, TextRange, TextSize};

/// One thing that a place is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where it stands.
    pub range: TextRange,
    /// What is meant.
    pub subject: Subject,
    /// Whether it is told here, or only spoken of.
    pub role: Role,
}

/// What may be meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A table of the workspace.
    Table(TableKey),
    /// A column of it.
    Column(TableKey, Name),
    /// All columns of a table: the `*` of a projection that stands in this file.
    Star(TableKey),
    /// A projection in a CTE or subquery of the same file: the whole entry.
    Projection(TextRange),
    /// An amendment of a product.
    Amendment(AmendmentKey),
    /// One sentence of an amendment, as it is written.
    Guarantee(AmendmentKey, String),
    /// A macro of a dbt project.
    Macro(MacroKey),
    /// A key of the native format.
    Key(&'static Key),
    /// A key of dbt's properties files, and the mapping that it stands in.
    DbtKey(&'static dbt::Key, dbt::Section),
    /// The code of a diagnostic, as it is written.
    Code(SmolStr),
}

/// What an amendment is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendmentKey {
    /// Its product.
    pub product: Name,
    /// Its id.
    pub id: AmendmentId,
}

/// Whether a subject is told at a place, or only spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The entry of a spec that describes it, or the SQL that makes it.
    Definition,
    /// Anything else.
    Mention,
}

/// What the place at `offset` is about, the most telling first: an output column of a query goes
/// before the column of another table that it is. A place at the end of a word belongs to the word.
pub fn subjects(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Mention> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    let place = Place::new(snapshot, file, Some(offset));
    let mut mentions = place.code_to_ignore();
    mentions.extend(of_facts(&place));
    if let Facts::Configuration(configuration) = &*file.facts {
        mentions.extend(place.configured_code(configuration));
    }
    mentions
}

/// The macro whose name stands at `offset` of a template.
pub(crate) fn called_at(snapshot: &Snapshot, file: &File, offset: TextSize) -> Option<MacroKey> {
    macro_at(snapshot, file, offset).map(|(_, key)| key)
}

/// The same, and where its name stands, with that of its package before it.
pub(crate) fn macro_at(
    snapshot: &Snapshot,
    file: &File,
    offset: TextSize,
) -> Option<(TextRange, MacroKey)> {
    let place = Place::new(snapshot, file, Some(offset));
    let mentions = macros::of_template(&place, file.sql()?).into_iter();
    let mut keys = mentions.filter_map(|mention| match mention.subject {
        Subject::Macro(key) => Some((mention.range, key)),
        _ => None,
    });
    keys.next()
}

/// What all places of a spec or of SQL are about: tables, columns, amendments.
pub(crate) fn everywhere(snapshot: &Snapshot, file: &File) -> Vec<Mention> {
    of_facts(&Place::new(snapshot, file, None))
}

fn of_facts(place: &Place<'_>) -> Vec<Mention> {
    match &*place.file.facts {
        Facts::NativeSpec(spec) => spec_file::of_native(place, spec),
        Facts::DbtProperties(properties) => {
            let mut mentions = spec_file::of_tables(place, &properties.tables);
            mentions.extend(macros::of_properties(place, &properties.macros));
            if mentions.is_empty() {
                mentions.extend(named::in_properties(place).map(Named::mention));
            }
            if let (Some(offset), true) = (place.offset, mentions.is_empty()) {
                let key = place.text().and_then(|text| key::of_dbt(text, offset));
                mentions.extend(key.map(|(range, key, section)| Mention {
                    range,
                    subject: Subject::DbtKey(key, section),
                    role: Role::Mention,
                }));
            }
            mentions
        }
        // The table that a macro gives stands at its call, and is less than the macro.
        Facts::Sql(sql) => {
            let mut mentions = macros::of_template(place, sql);
            mentions.extend(sql_file::of_sql(place, sql));
            if let (Some(offset), true) = (place.offset, mentions.is_empty()) {
                let named = configured_at(place.snapshot, place.file, offset);
                mentions.extend(named.map(Named::mention));
            }
            mentions
        }
        _ => Vec::new(),
    }
}

/// A place in a file, and what there is to look things up in.
struct Place<'s> {
    snapshot: &'s Snapshot,
    file: &'s File,
    /// `None` for every place of the file.
    offset: Option<TextSize>,
    text: OnceCell<Option<Arc<str>>>,
}

impl<'s> Place<'s> {
    fn new(snapshot: &'s Snapshot, file: &'s File, offset: Option<TextSize>) -> Place<'s> {
        Place {
            snapshot,
            file,
            offset,
            text: OnceCell::new(),
        }
    }

    /// The text of the file.
    fn text(&self) -> Option<&str> {
        let text = self.text.get_or_init(|| self.snapshot.text(self.file));
        text.as_deref()
    }

    /// The range of `spot`, if it holds the offset or ends there.
    fn within(&self, spot: syntax::Spot) -> Option<TextRange> {
        let range = self.file.range(spot);
        self.touches(range).then_some(range)
    }

    fn touches(&self, range: TextRange) -> bool {
        let holds = |offset| range.contains_inclusive(offset);
        !range.is_empty() && self.offset.is_none_or(holds)
    }

    /// The code in the ignore comment here.
    fn code_to_ignore(&self) -> Vec<Mention> {
        let mut ignores = self.file.ignores.iter();
        let Some(ignore) = ignores.find(|ignore| self.touches(ignore.comment)) else {
            return Vec::new();
        };
        let Some(text) = self.text() else {
            return Vec::new();
        };
        let comment = lookup::slice(text, ignore.comment);
        // The word before it holds the code's letters only by chance, but then it stands before it.
        let after_keyword = comment.find("ignore").map_or(0, |at| at + "ignore".len());
        let rest = comment.get(after_keyword..).unwrap_or_default();
        let Some(start) = rest.find(ignore.code.as_str()) else {
            return Vec::new();
        };
        let start = ignore.comment.start() + lookup::offset(after_keyword + start);
        let range = TextRange::at(start, TextSize::of(ignore.code.as_str()));
        self.code(range, &ignore.code)
    }

    /// The code whose level a `rationale.toml` sets here.
    fn configured_code(&self, file: &index::configuration::ConfigurationFile) -> Vec<Mention> {
        let scoped = file.scopes.iter().flat_map(|scope| &scope.checks);
        let codes = file.checks.iter().chain(scoped).map(|check| &check.code);
        let here = codes.filter_map(|code| Some((self.within(code.spot)?, &code.value)));
        here.flat_map(|(range, code)| self.code(range, code))
            .collect()
    }

    fn code(&self, range: TextRange, code: &SmolStr) -> Vec<Mention> {
        if !self.touches(range) {
            return Vec::new();
        }
        vec![Mention {
            range,
            subject: Subject::Code(code.clone()),
            role: Role::Mention,
        }]
    }
}
