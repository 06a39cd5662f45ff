//! What a check may ask about the workspace, and which of it is to be judged at all.
//!
//! The rules of silence that several checks share stand here, once: what is a source, a seed or
//! disabled is nobody's to explain in this workspace, and columns are compared only where the SQL
//! tells all of them.

use crate::finding::Subject;
use crate::guarantee::{AgreedSentence, Asked, SentenceIndex};
use index::binding::BoundTable;
use index::file::FileKind;
use index::table::Described;
use index::{File, FileId, Snapshot, Table};
use spec::model::{self, Amendment, TableOrigin};
use sql::facts::{Model, ModelKind};
use std::collections::BTreeSet;
use syntax::name::dotted;
use syntax::{Name, Spot};

/// A snapshot, and what holds for all of the workspace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'s> {
    /// What is so.
    pub(crate) snapshot: &'s Snapshot,
    /// There is SQL at all; specs may well be written first.
    pub(crate) has_sql: bool,
    /// The SQL files of which a statement can't be read; `None` where nobody asks for them.
    pub(crate) broken_sql: Option<&'s BTreeSet<FileId>>,
    /// There is a native spec: somebody wants to know why.
    pub(crate) has_native_spec: bool,
    /// The state that the branch was made from, where it is known.
    pub(crate) base: Option<&'s Snapshot>,
    /// What amendments guarantee; `None` where nobody asks for it.
    pub(crate) sentences: Option<&'s SentenceIndex>,
    /// Takes notes of what the answers depend on.
    pub(crate) asked: Option<&'s Asked>,
}

/// An entry of a spec that describes a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Description<'s> {
    /// The spec's file.
    pub(crate) file: &'s File,
    /// What it says.
    pub(crate) entry: &'s model::Table,
}

/// A statement that defines a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition<'s> {
    /// The SQL file.
    pub(crate) file: &'s File,
    /// The statement.
    pub(crate) model: &'s Model,
}

impl Description<'_> {
    /// What the table is called, as the entry spells it.
    pub(crate) fn name(&self) -> String {
        dotted(&self.entry.name.value)
    }
}

impl Definition<'_> {
    /// What the table is called, as the statement or its file spells it.
    pub(crate) fn name(&self) -> String {
        match &self.model.name {
            Some(name) => name.to_string(),
            None => {
                let stem = self.file.path.file_stem();
                stem.map(|stem| stem.to_string_lossy().into_owned())
                    .unwrap_or_default()
            }
        }
    }
}

impl<'s> Context<'s> {
    /// What fixes need to ask, once a finding has been found.
    pub(crate) fn for_fixes(snapshot: &'s Snapshot) -> Context<'s> {
        Context {
            snapshot,
            has_sql: true,
            broken_sql: None,
            has_native_spec: true,
            base: None,
            sentences: None,
            asked: None,
        }
    }

    /// The sentences of amendments about a table.
    pub(crate) fn sentences_about(&self, table: &Table) -> Vec<AgreedSentence<'s>> {
        let sentences = self.sentences.into_iter();
        let about: Vec<AgreedSentence<'s>> = sentences
            .flat_map(|sentences| sentences.about(self.snapshot, table))
            .collect();
        // What lies upstream may have the old names or the new ones.
        if let Some(renamed) = about.iter().find(|sentence| sentence.is_renamed) {
            let levels = self.snapshot.binder(renamed.file).levels(&table.key);
            for table in levels.iter().flatten().filter_map(BoundTable::key) {
                self.note_name(&table.name());
            }
        }
        about
    }

    /// Whether SQL that can't be read mentions one of these names: it may define the table, or read it.
    pub(crate) fn may_be_mentioned(&self, names: &[Name]) -> bool {
        if let Some(asked) = self.asked {
            asked.note_broken_sql();
        }
        let files = self.broken_sql.into_iter().flatten();
        let mut files = files.filter_map(|id| self.snapshot.file(*id));
        files.any(|file| {
            let stem = file.path.file_stem().map(std::ffi::OsStr::to_string_lossy);
            let text = self.snapshot.text(file).unwrap_or_default();
            let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            let mut words = words.chain(stem.as_deref());
            words.any(|word| {
                names
                    .iter()
                    .any(|name| name.as_str().eq_ignore_ascii_case(word))
            })
        })
    }

    /// Notes that an answer depends on what there is of a name.
    pub(crate) fn note_name(&self, name: &Name) {
        if let Some(asked) = self.asked {
            asked.note_name(name);
        }
    }

    /// Notes that an answer depends on the files of a table.
    pub(crate) fn note(&self, table: &Table) {
        if let Some(asked) = self.asked {
            asked.note(table);
        }
    }

    /// The entries that describe `table` in files that may have findings, the leading one first;
    /// none where the table is not to be judged.
    pub(crate) fn descriptions(&self, table: &Table) -> Vec<Description<'s>> {
        if !self.is_judged(table) {
            return Vec::new();
        }
        let entries = self.all_descriptions(table);
        entries
            .filter(|description| !description.file.quiet)
            .collect()
    }

    /// The only statement that defines `table`, where its text tells all columns.
    pub(crate) fn closed_definition(&self, table: &Table) -> Option<Definition<'s>> {
        let is_certain = !table.open && !table.cyclic && self.is_judged(table);
        is_certain.then(|| self.definition(table)).flatten()
    }

    /// The only statement that defines `table`, in a file that may have findings. What only fills a
    /// table defines none.
    pub(crate) fn definition(&self, table: &Table) -> Option<Definition<'s>> {
        let models = table
            .models
            .iter()
            .filter_map(|id| self.snapshot.model(*id));
        let mut defining = models.filter(|(_, model)| model.kind != ModelKind::Insert);
        let (file, model) = defining.next()?;
        let is_only = defining.next().is_none();
        (is_only && !file.quiet).then_some(Definition { file, model })
    }

    /// The amendments of a product, in the order of paths, then of the text.
    pub(crate) fn amendments(&self, product: &Name) -> Vec<(&'s File, &'s Amendment)> {
        let files = self.snapshot.product_files(product).into_iter();
        let amendments = files.filter_map(|file| Some((file, file.native_spec()?)));
        amendments
            .flat_map(|(file, spec)| {
                spec.amendments
                    .iter()
                    .map(move |amendment| (file, amendment))
            })
            .collect()
    }

    /// The entry of a spec that describes a column.
    pub(crate) fn column_entry(
        &self,
        described: Described,
    ) -> Option<(&'s File, &'s model::Column)> {
        let (file, table) = self.snapshot.description(described.table)?;
        Some((file, table.columns.get(described.ordinal as usize)?))
    }

    /// Whether somebody wants everything said about `table`: a native spec names it, a
    /// `rationale.toml` holds for it, or it is in no dbt project.
    ///
    /// A dbt project that has never heard of a *why* is to be told once a file, not once a column.
    pub(crate) fn is_asked_for(&self, table: &Table) -> bool {
        let is_configured = |file: &File| self.snapshot.settings(&file.path).is_configured;
        table.key.project.is_none()
            || self.all_descriptions(table).any(|description| {
                description.entry.origin == TableOrigin::Native || is_configured(description.file)
            })
            || self.models(table).any(is_configured)
    }

    /// The subject of findings about `table`, as the spec in `file` describes it.
    pub(crate) fn subject(&self, table: &Table, file: &File, column: Option<&Name>) -> Subject {
        Subject {
            product: product_of(file),
            table: Some(table.key.clone()),
            column: column.cloned(),
            ..Subject::default()
        }
    }

    /// Whether the workspace is where `table` is made and explained: it is no source, no seed, and
    /// not disabled.
    fn is_judged(&self, table: &Table) -> bool {
        let is_foreign = |origin: &TableOrigin| {
            matches!(origin, TableOrigin::DbtSource { .. } | TableOrigin::DbtSeed)
        };
        !table.key.is_source
            && self.is_built(table)
            && !self.models(table).any(|file| file.kind == FileKind::Seed)
            && !self
                .all_descriptions(table)
                .any(|description| is_foreign(&description.entry.origin))
    }

    /// Whether nothing says that the table is not to be built.
    pub(crate) fn is_built(&self, table: &Table) -> bool {
        let mut described = self.all_descriptions(table);
        !table.is_disabled && !described.any(|description| description.entry.disabled)
    }

    fn all_descriptions(&self, table: &Table) -> impl Iterator<Item = Description<'s>> {
        let snapshot = self.snapshot;
        table.descriptions.iter().filter_map(move |&id| {
            let (file, entry) = snapshot.description(id)?;
            Some(Description { file, entry })
        })
    }

    fn models(&self, table: &Table) -> impl Iterator<Item = &'s File> {
        let snapshot = self.snapshot;
        table
            .models
            .iter()
            .filter_map(move |model| snapshot.file(model.file))
    }
}

/// Where findings about a column stand: at its name, or, where the entry is an alias of another one,
/// at the alias.
pub(crate) fn column_place(file: &File, column: &model::Column) -> Spot {
    let entry = file.range(column.entry);
    match entry.contains_range(file.range(column.name.spot)) {
        true => column.name.spot,
        false => column.entry,
    }
}

/// The product that `file` is a part of, if it is a native spec.
pub(crate) fn product_of(file: &File) -> Option<Name> {
    let product = file.native_spec()?.product.as_ref()?;
    Some(product.value.clone())
}
