//! A model whose SQL is to be edited, and what becomes of its table then.

use crate::context::{Context, product_of};
use crate::guarantee::{Declaration, Levels, SentenceIndex, verdict};
use index::named::NamedQuery;
use index::{File, ModelId, Snapshot, Table};
use meaning::guarantee::Answer;
use spec::guarantee::Guarantee;
use spec::history::Standing;
use sql::Options;
use sql::edit::QueryEditor;
use sql::lower::Lowered;
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::{TextEdit, edit};

/// The model that alone defines a table, in a file that may be edited.
pub(crate) struct Model<'s> {
    pub(super) snapshot: &'s Snapshot,
    /// The spec that says what the table is to be.
    pub(super) spec: &'s File,
    pub(super) table: &'s Table,
    /// The file of the model.
    pub(super) file: &'s File,
    pub(super) text: Arc<str>,
    pub(super) options: Options,
    pub(super) lowered: Lowered,
    pub(super) named: NamedQuery<'s>,
}

impl<'s> Model<'s> {
    /// That of `table`.
    pub(super) fn new(
        snapshot: &'s Snapshot,
        spec: &'s File,
        table: &'s Table,
    ) -> Option<Model<'s>> {
        let model: ModelId = snapshot.defining_model(table)?;
        let (relations, at) = snapshot.relation(model)?;
        let file = snapshot.file(model.file).filter(|file| !file.quiet)?;
        Some(Model {
            snapshot,
            spec,
            table,
            file,
            text: snapshot.text(file)?,
            options: snapshot.sql_options(file),
            lowered: relations.full.get(at)?.clone(),
            named: snapshot.named_query(model)?,
        })
    }

    /// The text, to be edited.
    pub(super) fn editor(&self) -> QueryEditor<'_> {
        QueryEditor::new(&self.text, &self.options)
    }

    /// The workspace once its text is edited.
    pub(super) fn after(&self, edits: &[TextEdit]) -> Option<Snapshot> {
        let text = edit::apply(&self.text, edits)?;
        self.snapshot.with_text(&self.file.path, &text)
    }

    /// What the SQL contradicts as it is.
    pub(super) fn broken_before(&self) -> BTreeSet<String> {
        let context = Context::for_fixes(self.snapshot);
        self.broken(&context, self.table, &Levels::of(&context, self.table))
    }

    /// The sentences in force and the declarations about the table that are contradicted.
    pub(super) fn broken<'t>(
        &self,
        context: &Context<'t>,
        table: &Table,
        levels: &Levels<'t>,
    ) -> BTreeSet<String> {
        let mut index = SentenceIndex::default();
        if let Some(product) = product_of(self.spec) {
            index.note(context.snapshot, &product);
        }
        let is_broken = |file: &File, guarantee: &Guarantee| {
            let answer = verdict(context, file, table, guarantee, levels).answer;
            matches!(answer, Answer::Contradicted(_))
        };
        let agreed = index.about(context.snapshot, table).into_iter();
        let agreed = agreed
            .filter(|agreed| agreed.standing == Standing::InForce)
            .filter(|agreed| is_broken(agreed.file, &agreed.guarantee))
            .map(|agreed| agreed.text.value.clone());
        let declared = Declaration::of(context, table).into_iter();
        let declared = declared
            .filter(|declared| is_broken(declared.file, &declared.guarantee))
            .map(|declared| format!("{:?} {}", declared.column, declared.written));
        agreed.chain(declared).collect()
    }
}
