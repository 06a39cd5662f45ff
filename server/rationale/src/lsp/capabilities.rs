//! What the client can, read once when it starts, and what the server answers that it can itself.

use super::{commands, requests, watching};
use syntax::Encoding;
use tower_lsp::ls_types::{
    CallHierarchyServerCapability, ClientCapabilities, CodeActionKind, CodeActionOptions,
    CodeActionProviderCapability, CodeLensOptions, CompletionOptions, DeclarationCapability,
    DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions, ExecuteCommandOptions,
    FileOperationFilter, FileOperationPattern, FileOperationPatternKind,
    FileOperationRegistrationOptions, FoldingRangeProviderCapability, HoverProviderCapability,
    MarkupKind, OneOf, PositionEncodingKind, RenameOptions, ResourceOperationKind, SaveOptions,
    SelectionRangeProviderCapability, SemanticTokensFullOptions, SemanticTokensOptions,
    SemanticTokensServerCapabilities, ServerCapabilities, SignatureHelpOptions,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, TypeDefinitionProviderCapability, WorkDoneProgressOptions,
    WorkspaceClientCapabilities, WorkspaceFileOperationsServerCapabilities,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

/// What the client can. What it does not mention it can't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is one independent capability of the protocol"
)]
pub(super) struct Abilities {
    /// What columns count.
    pub(super) encoding: Encoding,
    /// Hovers may be Markdown.
    pub(super) markdown: bool,
    /// A definition may say what it is the definition of.
    pub(super) definition_links: bool,
    /// Code actions may be more than commands.
    pub(super) code_actions: bool,
    /// Their edits may be asked for when one is chosen.
    pub(super) resolves_code_actions: bool,
    /// Its plugin asks for what only a person knows of an amendment.
    pub(super) drafts_amendments: bool,
    /// It can be asked to make an edit.
    pub(super) applies_edits: bool,
    /// Edits may say where a person should look.
    pub(super) annotates_edits: bool,
    /// Edits may name the version of the document that they are for.
    pub(super) document_changes: bool,
    /// Edits may create files.
    pub(super) creates_files: bool,
    /// Edits may rename files.
    pub(super) renames_files: bool,
    /// It can ask whether something can be renamed before it asks for the name.
    pub(super) prepares_renames: bool,
    /// What it tells of files that people create, rename and delete in it.
    pub(super) file_operations: FileOperations,
    /// It asks for diagnostics, and can be asked to ask again.
    pub(super) pulls_diagnostics: bool,
    /// Diagnostics may have related places.
    pub(super) related_places: bool,
    /// Diagnostics may link to the description of their code.
    pub(super) code_descriptions: bool,
    /// Diagnostics may be tagged.
    pub(super) tags: bool,
    /// It shows how long work comes along.
    pub(super) progress: bool,
    /// It can be asked for its settings.
    pub(super) configuration: bool,
    /// It can be asked to tell when its settings change.
    pub(super) registers_configuration: bool,
    /// It can be asked to watch files.
    pub(super) watches_files: bool,
    /// It can be asked to show a place.
    pub(super) shows_documents: bool,
    /// It completes what is typed.
    pub(super) completes: bool,
    /// It colours words by what the server says of them.
    pub(super) semantic_tokens: bool,
    /// It has documents laid out.
    pub(super) formats: bool,
    /// It can be told later which documents the server lays out.
    pub(super) registers_formatting: bool,
    /// What it completes may have places to fill in.
    pub(super) snippets: bool,
    /// It asks for the documentation of what may be completed when it is to be shown.
    pub(super) resolves_documentation: bool,
    /// That documentation may be Markdown.
    pub(super) markdown_in_completions: bool,
    /// It shows what a sentence may become while it is typed.
    pub(super) signatures: bool,
    /// Parts of that may be told by where they stand.
    pub(super) parameter_offsets: bool,
    /// A declaration may say what it is the declaration of.
    pub(super) declaration_links: bool,
    /// The same of a type definition.
    pub(super) type_definition_links: bool,
    /// It shows symbols inside of others.
    pub(super) nested_symbols: bool,
    /// It shows lines above what they are about.
    pub(super) code_lenses: bool,
    /// It can be asked to ask for these lines again.
    pub(super) refreshes_code_lenses: bool,
    /// It shows words in the text that are not a part of it.
    pub(super) inlay_hints: bool,
    /// It can be asked to ask for these words again.
    pub(super) refreshes_inlay_hints: bool,
    /// Its plugin has a command that lists places.
    pub(super) shows_references: bool,
}

/// What a client tells of files that people create, rename and delete in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FileOperations {
    will_rename: bool,
    did_create: bool,
    did_rename: bool,
    did_delete: bool,
}

impl Abilities {
    /// What a client with these capabilities can.
    pub(super) fn new(capabilities: &ClientCapabilities) -> Abilities {
        let document = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let window = capabilities.window.as_ref();
        let published = document.and_then(|document| document.publish_diagnostics.as_ref());
        let pulled = document.and_then(|document| document.diagnostic.as_ref());
        let refreshes =
            workspace.and_then(|workspace| workspace.diagnostics.as_ref()?.refresh_support);
        let completion_item =
            document.and_then(|document| document.completion.as_ref()?.completion_item.as_ref());
        let resolved = completion_item.and_then(|item| item.resolve_support.as_ref());
        let formats = completion_item.and_then(|item| item.documentation_format.as_ref());
        let signature = document.and_then(|document| document.signature_help.as_ref());
        let parameter = signature
            .and_then(|help| help.signature_information.as_ref())
            .and_then(|signature| signature.parameter_information.as_ref());
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let operations = edits.and_then(|edits| edits.resource_operations.as_deref());
        let operations = operations.unwrap_or_default();
        let has = |flag: Option<bool>| flag == Some(true);
        Abilities {
            encoding: encoding(capabilities),
            markdown: document
                .and_then(|document| document.hover.as_ref()?.content_format.as_ref())
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            definition_links: has(
                document.and_then(|document| document.definition.as_ref()?.link_support)
            ),
            code_actions: document
                .and_then(|document| {
                    document
                        .code_action
                        .as_ref()?
                        .code_action_literal_support
                        .as_ref()
                })
                .is_some(),
            resolves_code_actions: document
                .and_then(|document| document.code_action.as_ref())
                .is_some_and(|actions| {
                    let resolves = actions.resolve_support.as_ref();
                    let properties = resolves.map(|resolves| resolves.properties.as_slice());
                    let resolves = |property: &str| {
                        let mut properties = properties.unwrap_or_default().iter();
                        properties.any(|own| own == property)
                    };
                    has(actions.data_support) && resolves("edit") && resolves("command")
                }),
            drafts_amendments: has_command(capabilities, commands::DRAFT_AMENDMENT),
            applies_edits: has(workspace.and_then(|workspace| workspace.apply_edit)),
            // Operations on files stand nowhere else; Neovim announces only these.
            document_changes: has(edits.and_then(|edits| edits.document_changes))
                || !operations.is_empty(),
            creates_files: operations.contains(&ResourceOperationKind::Create),
            renames_files: operations.contains(&ResourceOperationKind::Rename),
            annotates_edits: edits.is_some_and(|edits| edits.change_annotation_support.is_some()),
            prepares_renames: has(
                document.and_then(|document| document.rename.as_ref()?.prepare_support)
            ),
            file_operations: FileOperations::new(workspace),
            pulls_diagnostics: pulled.is_some() && has(refreshes),
            related_places: has(published.and_then(|published| published.related_information)),
            code_descriptions: has(
                published.and_then(|published| published.code_description_support)
            ),
            tags: published.is_some_and(|published| published.tag_support.is_some()),
            progress: has(window.and_then(|window| window.work_done_progress)),
            configuration: has(workspace.and_then(|workspace| workspace.configuration)),
            registers_configuration: has(workspace
                .and_then(|workspace| workspace.did_change_configuration?.dynamic_registration)),
            watches_files: has(workspace
                .and_then(|workspace| workspace.did_change_watched_files?.dynamic_registration)),
            completes: document.is_some_and(|document| document.completion.is_some()),
            semantic_tokens: document.is_some_and(|document| document.semantic_tokens.is_some()),
            formats: document.is_some_and(|document| document.formatting.is_some()),
            registers_formatting: has(
                document.and_then(|document| document.formatting?.dynamic_registration)
            ),
            snippets: has(completion_item.and_then(|item| item.snippet_support)),
            resolves_documentation: resolved
                .is_some_and(|resolved| resolved.properties.iter().any(|it| it == "documentation")),
            markdown_in_completions: formats
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            signatures: signature.is_some(),
            parameter_offsets: has(parameter.and_then(|it| it.label_offset_support)),
            declaration_links: has(
                document.and_then(|document| document.declaration.as_ref()?.link_support)
            ),
            type_definition_links: has(
                document.and_then(|document| document.type_definition.as_ref()?.link_support)
            ),
            nested_symbols: has(document.and_then(|document| {
                let symbols = document.document_symbol.as_ref()?;
                symbols.hierarchical_document_symbol_support
            })),
            code_lenses: document.is_some_and(|document| document.code_lens.is_some()),
            refreshes_code_lenses: has(
                workspace.and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support)
            ),
            inlay_hints: document.is_some_and(|document| document.inlay_hint.is_some()),
            refreshes_inlay_hints: has(
                workspace.and_then(|workspace| workspace.inlay_hint.as_ref()?.refresh_support)
            ),
            shows_references: has_command(capabilities, commands::SHOW_REFERENCES),
            shows_documents: window
                .and_then(|window| window.show_document.as_ref())
                .is_some_and(|show| show.support),
        }
    }

    /// What the server can for such a client. What is not there is not announced.
    pub(super) fn answer(&self) -> ServerCapabilities {
        ServerCapabilities {
            position_encoding: Some(match self.encoding {
                Encoding::Utf8 => PositionEncodingKind::UTF8,
                Encoding::Utf16 => PositionEncodingKind::UTF16,
                Encoding::Utf32 => PositionEncodingKind::UTF32,
            }),
            text_document_sync: Some(TextDocumentSyncCapability::Options(
                TextDocumentSyncOptions {
                    open_close: Some(true),
                    change: Some(TextDocumentSyncKind::INCREMENTAL),
                    save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                        include_text: Some(false),
                    })),
                    ..TextDocumentSyncOptions::default()
                },
            )),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            definition_provider: Some(OneOf::Left(true)),
            declaration_provider: Some(DeclarationCapability::Simple(true)),
            type_definition_provider: Some(TypeDefinitionProviderCapability::Simple(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            workspace_symbol_provider: Some(OneOf::Left(true)),
            // Whoever can be told so hears that it is specs only: SQL has other formatters.
            document_formatting_provider: (self.formats && !self.registers_formatting)
                .then_some(OneOf::Left(true)),
            folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
            selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
            document_link_provider: Some(DocumentLinkOptions {
                resolve_provider: Some(false),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            completion_provider: self.completes.then(|| CompletionOptions {
                // A blank begins the next word of a sentence, a parenthesis or a quote a name in a template.
                trigger_characters: Some([".", " ", "(", "'", "\""].map(str::to_owned).to_vec()),
                resolve_provider: Some(self.resolves_documentation),
                ..CompletionOptions::default()
            }),
            signature_help_provider: self.signatures.then(|| SignatureHelpOptions {
                trigger_characters: Some(vec![" ".to_owned(), ",".to_owned()]),
                ..SignatureHelpOptions::default()
            }),
            semantic_tokens_provider: self.semantic_tokens.then(|| {
                SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
                    legend: requests::legend(),
                    range: Some(true),
                    full: Some(SemanticTokensFullOptions::Bool(true)),
                    ..SemanticTokensOptions::default()
                })
            }),
            rename_provider: Some(match self.prepares_renames {
                true => OneOf::Right(RenameOptions {
                    prepare_provider: Some(true),
                    work_done_progress_options: WorkDoneProgressOptions::default(),
                }),
                false => OneOf::Left(true),
            }),
            code_lens_provider: self.code_lenses.then_some(CodeLensOptions {
                resolve_provider: Some(true),
            }),
            inlay_hint_provider: self.inlay_hints.then_some(OneOf::Left(true)),
            call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
            code_action_provider: self.code_actions.then(|| {
                CodeActionProviderCapability::Options(CodeActionOptions {
                    code_action_kinds: Some(vec![
                        CodeActionKind::QUICKFIX,
                        CodeActionKind::REFACTOR,
                        requests::FIX_ALL,
                    ]),
                    resolve_provider: Some(self.resolves_code_actions),
                    ..CodeActionOptions::default()
                })
            }),
            execute_command_provider: Some(commands::names(self))
                .filter(|commands| !commands.is_empty())
                .map(|commands| ExecuteCommandOptions {
                    commands,
                    ..ExecuteCommandOptions::default()
                }),
            diagnostic_provider: self.pulls_diagnostics.then(|| {
                DiagnosticServerCapabilities::Options(DiagnosticOptions {
                    identifier: Some("rationale".to_owned()),
                    inter_file_dependencies: true,
                    workspace_diagnostics: true,
                    ..DiagnosticOptions::default()
                })
            }),
            workspace: Some(WorkspaceServerCapabilities {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(OneOf::Left(true)),
                }),
                file_operations: self.file_operations.answer(),
            }),
            ..ServerCapabilities::default()
        }
    }
}

impl FileOperations {
    fn new(workspace: Option<&WorkspaceClientCapabilities>) -> FileOperations {
        let operations = workspace.and_then(|workspace| workspace.file_operations.as_ref());
        let Some(operations) = operations else {
            return FileOperations::default();
        };
        FileOperations {
            will_rename: operations.will_rename == Some(true),
            did_create: operations.did_create == Some(true),
            did_rename: operations.did_rename == Some(true),
            did_delete: operations.did_delete == Some(true),
        }
    }

    /// What is wanted of what the client can tell; `None` where that is nothing.
    fn answer(self) -> Option<WorkspaceFileOperationsServerCapabilities> {
        let filter = |glob: &str, kind: FileOperationPatternKind| FileOperationFilter {
            scheme: Some("file".to_owned()),
            pattern: FileOperationPattern {
                glob: glob.to_owned(),
                matches: Some(kind),
                options: None,
            },
        };
        let any = || FileOperationRegistrationOptions {
            filters: vec![
                filter(watching::FILES, FileOperationPatternKind::File),
                filter("**/*", FileOperationPatternKind::Folder),
            ],
        };
        // Those that a table may be named after, or that name others by their paths.
        let named_after = || FileOperationRegistrationOptions {
            filters: vec![
                filter("**/*.{sql,py,csv,yaml,yml}", FileOperationPatternKind::File),
                filter("**/*", FileOperationPatternKind::Folder),
            ],
        };
        let answer = WorkspaceFileOperationsServerCapabilities {
            will_rename: self.will_rename.then(named_after),
            did_create: self.did_create.then(any),
            did_rename: self.did_rename.then(any),
            did_delete: self.did_delete.then(any),
            ..WorkspaceFileOperationsServerCapabilities::default()
        };
        (self != FileOperations::default()).then_some(answer)
    }
}

/// Whether the client's plugin has a command of this name. No version of the protocol has a place for
/// that; other servers have it told in this one.
fn has_command(capabilities: &ClientCapabilities, name: &str) -> bool {
    let experimental = capabilities.experimental.as_ref();
    let commands = experimental.and_then(|it| it.get("commands")?.get("commands")?.as_array());
    commands.is_some_and(|commands| commands.iter().any(|command| command == name))
}

/// UTF-8 where the client offers it, for nothing has to be counted then; UTF-16 where it offers
/// nothing (LSP 3.17, `positionEncodings`).
fn encoding(capabilities: &ClientCapabilities) -> Encoding {
    let offered = capabilities
        .general
        .as_ref()
        .and_then(|general| general.position_encodings.as_deref());
    let offered = offered.unwrap_or_default();
    if offered.contains(&PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if offered.is_empty() || offered.contains(&PositionEncodingKind::UTF16) {
        Encoding::Utf16
    } else if offered.contains(&PositionEncodingKind::UTF32) {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn abilities(capabilities: serde_json::Value) -> Abilities {
        Abilities::new(&serde_json::from_value(capabilities).unwrap())
    }

    #[test]
    fn the_encoding_is_the_best_that_is_offered() {
        for (offered, expected) in [
            (json!(["utf-16", "utf-8"]), Encoding::Utf8),
            (json!(["utf-32", "utf-16"]), Encoding::Utf16),
            (json!(["utf-32"]), Encoding::Utf32),
            (json!(["utf-7"]), Encoding::Utf16),
            (json!([]), Encoding::Utf16),
            (json!(null), Encoding::Utf16),
        ] {
            let client = json!({ "general": { "positionEncodings": offered } });
            assert_eq!(abilities(client).encoding, expected);
        }
    }

    #[test]
    fn diagnostics_are_pulled_only_where_the_client_can_be_asked_to_ask_again() {
        let pull = json!({ "textDocument": { "diagnostic": {} } });
        assert_eq!(abilities(pull).answer().diagnostic_provider, None);
        let both = json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } });
        assert!(abilities(both).answer().diagnostic_provider.is_some());
    }

    #[test]
    fn a_client_that_says_nothing_or_null_can_nothing() {
        let silent = abilities(json!({}));
        assert_eq!(
            abilities(
                json!({ "textDocument": null, "workspace": { "configuration": null }, "later": {} })
            ),
            silent
        );
        assert!(!silent.code_actions && !silent.progress && !silent.watches_files);
    }
}
