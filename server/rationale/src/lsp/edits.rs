//! From fixes to edits of the protocol, and to the place where the person goes on typing.

use super::view::{Text, View};
use checks::{FileEdit, Fix};
use ide::{EditedFile, Note, Renaming};
use std::collections::HashMap;
use std::path::PathBuf;
use syntax::TextRange;
use tower_lsp::ls_types::{
    AnnotatedTextEdit, ChangeAnnotation, CreateFile, CreateFileOptions, DocumentChangeOperation,
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Range, RenameFile,
    RenameFileOptions, ResourceOp, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

/// The edit that a fix asks for; `None` where the client can't do it, or the text has gone.
pub(super) fn workspace_edit(view: &View, fix: &Fix) -> Option<WorkspaceEdit> {
    if view.abilities.document_changes {
        let mut operations = Vec::new();
        for edit in &fix.edits {
            operations.extend(document_operations(view, edit)?);
        }
        operations.extend(moves(view, &fix.moved)?);
        let changes = DocumentChanges::Operations(operations);
        return Some(WorkspaceEdit {
            document_changes: Some(changes),
            change_annotations: annotations(view, fix),
            ..WorkspaceEdit::default()
        });
    }
    // An edit without versions can't create or move files either.
    if !fix.moved.is_empty() {
        return None;
    }
    let mut changes = HashMap::new();
    for edit in &fix.edits {
        if edit.create {
            return None;
        }
        changes.insert(view.uri(&edit.path)?, text_edits(view, edit)?);
    }
    Some(WorkspaceEdit {
        changes: Some(changes),
        ..WorkspaceEdit::default()
    })
}

/// The edit that renames something, and the files named after it. `None` where a text has gone.
pub(super) fn renaming(view: &View, renaming: &Renaming) -> Option<WorkspaceEdit> {
    if !view.abilities.document_changes {
        let mut changes = HashMap::new();
        for file in &renaming.files {
            let edits = noted_edits(view, file)?.into_iter().map(|(edit, _)| edit);
            changes.insert(view.uri(&file.path)?, edits.collect());
        }
        return Some(WorkspaceEdit {
            changes: Some(changes),
            ..WorkspaceEdit::default()
        });
    }
    let annotates = view.abilities.annotates_edits;
    let mut operations = Vec::new();
    let mut annotations = HashMap::new();
    for file in &renaming.files {
        let edits = noted_edits(view, file)?.into_iter();
        let edits = edits.map(|(text_edit, note)| {
            if !annotates {
                return OneOf::Left(text_edit);
            }
            let id = annotation_id(note);
            let annotation = ChangeAnnotation {
                label: note.label().to_owned(),
                needs_confirmation: note.is_unsure().then_some(true),
                description: Some(note.description().to_owned()),
            };
            annotations.insert(id.clone(), annotation);
            OneOf::Right(AnnotatedTextEdit {
                text_edit,
                annotation_id: id,
            })
        });
        operations.push(DocumentChangeOperation::Edit(TextDocumentEdit {
            edits: edits.collect(),
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: view.uri(&file.path)?,
                version: view.open.get(&file.path).map(|open| open.version),
            },
        }));
    }
    operations.extend(moves(view, &renaming.moved)?);
    Some(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
        change_annotations: (!annotations.is_empty()).then_some(annotations),
        ..WorkspaceEdit::default()
    })
}

/// Files that get another path, behind the edits, which name them as they are called before. `None` where
/// the client can't do it.
fn moves(view: &View, moved: &[(PathBuf, PathBuf)]) -> Option<Vec<DocumentChangeOperation>> {
    if !moved.is_empty() && !view.abilities.renames_files {
        return None;
    }
    let operations = moved.iter().map(|(from, to)| {
        let rename = RenameFile {
            old_uri: view.uri(from)?,
            new_uri: view.uri(to)?,
            options: Some(RenameFileOptions {
                overwrite: Some(false),
                ignore_if_exists: Some(false),
            }),
            annotation_id: None,
        };
        Some(DocumentChangeOperation::Op(ResourceOp::Rename(rename)))
    });
    operations.collect()
}

/// The edits of a file in the client's positions.
fn noted_edits(view: &View, file: &EditedFile) -> Option<Vec<(TextEdit, Note)>> {
    let known = view.snapshot.file_at(&file.path)?;
    // It must be as it was read. Of data and of models that are not SQL that was but a part.
    view.snapshot.text(known)?;
    let text = Text::new(view.snapshot.whole_text(known)?);
    let edits = file.edits.iter().map(|noted| {
        let range = text.range(noted.edit.range, view.abilities);
        (TextEdit::new(range, noted.edit.insert.clone()), noted.note)
    });
    Some(edits.collect())
}

fn annotation_id(note: Note) -> String {
    let name = match note {
        Note::Name => "name",
        Note::HandedOn => "handed-on",
        Note::Amendment => "amendment",
        Note::Unsure => "unsure",
    };
    format!("rationale/{name}")
}

/// The annotation of an edit that writes what a person is to confirm.
const DRAFT: &str = "draft";

fn annotations(view: &View, fix: &Fix) -> Option<HashMap<String, ChangeAnnotation>> {
    let mut edits = fix.edits.iter().flat_map(|edit| &edit.edits);
    let has_draft = edits.any(|edit| checks::is_draft(&edit.insert));
    let draft = ChangeAnnotation {
        label: "Draft".to_owned(),
        needs_confirmation: Some(false),
        description: Some("to be confirmed by a person".to_owned()),
    };
    (has_draft && view.abilities.annotates_edits)
        .then(|| HashMap::from([(DRAFT.to_owned(), draft)]))
}

/// Where the cursor belongs once `fix` is applied. A note of what is to be written there is selected, so that
/// typing takes its place.
pub(super) fn cursor(view: &View, fix: &Fix) -> Option<(Uri, Range)> {
    let (path, offset) = fix.cursor.as_ref()?;
    let edit = fix.edits.iter().find(|edit| edit.path == *path);
    let before = before(view, path, edit.is_some_and(|edit| edit.create))?;
    let edits = edit.map(|edit| edit.edits.as_slice()).unwrap_or_default();
    let after = syntax::edit::apply(&before.text, edits)?;
    let note = checks::note_length(after.get((*offset).into()..)?);
    let range = TextRange::at(*offset, note);
    let range = Text::new(after.into()).range(range, view.abilities);
    Some((view.uri(path)?, range))
}

fn document_operations(view: &View, edit: &FileEdit) -> Option<Vec<DocumentChangeOperation>> {
    let uri = view.uri(&edit.path)?;
    let mut operations = Vec::new();
    if edit.create {
        if !view.abilities.creates_files {
            return None;
        }
        // What somebody has written there meanwhile must not be lost.
        let options = CreateFileOptions {
            overwrite: Some(false),
            ignore_if_exists: Some(false),
        };
        let create = CreateFile {
            uri: uri.clone(),
            options: Some(options),
            annotation_id: None,
        };
        operations.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
    }
    let version = view.open.get(&edit.path).map(|open| open.version);
    operations.push(DocumentChangeOperation::Edit(TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: text_edits(view, edit)?
            .into_iter()
            .map(
                |edit| match view.abilities.annotates_edits && checks::is_draft(&edit.new_text) {
                    true => OneOf::Right(AnnotatedTextEdit {
                        text_edit: edit,
                        annotation_id: DRAFT.to_owned(),
                    }),
                    false => OneOf::Left(edit),
                },
            )
            .collect(),
    }));
    Some(operations)
}

fn text_edits(view: &View, edit: &FileEdit) -> Option<Vec<TextEdit>> {
    let text = before(view, &edit.path, edit.create)?;
    let edits = edit.edits.iter();
    Some(
        edits
            .map(|edit| TextEdit::new(text.range(edit.range, view.abilities), edit.insert.clone()))
            .collect(),
    )
}

/// The text that an edit applies to: an empty one for a file that it creates.
fn before(view: &View, path: &std::path::Path, create: bool) -> Option<Text> {
    if create {
        return Some(Text::new("".into()));
    }
    view.text(view.snapshot.file_at(path)?)
}
