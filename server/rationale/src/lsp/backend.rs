//! Where messages arrive: each is pushed into the inbox, and nothing else happens here.
//!
//! A notification pushes and returns. A request pushes and awaits its answer; when the client
//! cancels it, the future is dropped, and the worker finds the other end gone. What stands before
//! the first await of a handler runs in the order in which messages arrive, so the inbox has it too.

use super::inbox::{Event, FileText, Inbox, Needs, Reply};
use super::progress::Running;
use super::view::View;
use super::{commands, requests, uri};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::oneshot;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoTypeDefinitionParams,
    GotoTypeDefinitionResponse,
};
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
    CodeAction, CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionItem,
    CompletionParams, CompletionResponse, CreateFilesParams, DeleteFilesParams,
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, DocumentDiagnosticParams, DocumentDiagnosticReportResult,
    DocumentFormattingParams, DocumentHighlight, DocumentHighlightParams, DocumentLink,
    DocumentLinkParams, DocumentSymbolParams, DocumentSymbolResponse, ExecuteCommandParams,
    FoldingRange, FoldingRangeParams, GotoDefinitionParams, GotoDefinitionResponse, Hover,
    HoverParams, InitializeParams, InitializeResult, InitializedParams, InlayHint, InlayHintParams,
    LSPAny, Location, PrepareRenameResponse, ReferenceParams, RenameFilesParams, RenameParams,
    SelectionRange, SelectionRangeParams, SemanticTokensParams, SemanticTokensRangeParams,
    SemanticTokensRangeResult, SemanticTokensResult, SignatureHelp, SignatureHelpParams,
    TextDocumentIdentifier, TextDocumentPositionParams, TextEdit, Uri,
    WorkDoneProgressCancelParams, WorkspaceDiagnosticParams, WorkspaceDiagnosticReportResult,
    WorkspaceEdit, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

/// The handlers of all messages.
#[derive(Debug)]
pub(super) struct Backend {
    inbox: Inbox,
    was_shut_down: Arc<AtomicBool>,
    running: Running,
}

impl Backend {
    /// Handlers that push into `inbox`, and note there whether `shutdown` has been asked for.
    pub(super) fn new(inbox: Inbox, was_shut_down: Arc<AtomicBool>) -> Backend {
        Backend {
            inbox,
            was_shut_down,
            running: Running::default(),
        }
    }

    /// `rationale/fileText`: the text and version of an open document as the server has it, to
    /// compare it with what the client has.
    pub(super) async fn file_text(
        &self,
        document: TextDocumentIdentifier,
    ) -> Result<Option<FileText>> {
        let Some(path) = uri::path(&document.uri) else {
            return Ok(None);
        };
        self.ask(|reply| Event::FileText(path, reply)).await
    }

    /// `window/workDoneProgress/cancel`
    pub(super) async fn cancel_progress(&self, params: WorkDoneProgressCancelParams) {
        self.running.cancel(&params.token);
    }

    /// Pushes the event that carries a request, and awaits the answer.
    async fn ask<T>(&self, event: impl FnOnce(Reply<T>) -> Event) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.inbox.push(event(reply));
        // Without an answer the work has panicked, or the server is at its end.
        answer
            .await
            .unwrap_or_else(|_| Err(Error::internal_error()))
    }

    /// Has a worker read the workspace, as it is once all that came before is done.
    async fn read<T: Send + 'static>(
        &self,
        name: &'static str,
        needs: Needs,
        read: impl FnOnce(&View) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.ask(|reply: Reply<T>| {
            let read = Box::new(move |view: &View| {
                if !reply.is_closed() {
                    // The request may be cancelled while it is answered.
                    let _ = reply.send(read(view));
                }
            });
            Event::Read { name, needs, read }
        })
        .await
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        self.ask(|reply| Event::Initialize(Box::new(params), reply))
            .await
    }

    async fn initialized(&self, _: InitializedParams) {
        self.inbox.push(Event::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        self.was_shut_down.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.inbox.push(Event::Opened(params));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.inbox.push(Event::Changed(params));
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.inbox.push(Event::Saved(params));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.inbox.push(Event::Closed(params));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.inbox.push(Event::FilesChanged(params));
    }

    async fn did_create_files(&self, params: CreateFilesParams) {
        let files = params.files.into_iter().map(|file| file.uri).collect();
        let name = "workspace/didCreateFiles";
        self.inbox.push(Event::FilesOperated(name, files));
    }

    async fn did_rename_files(&self, params: RenameFilesParams) {
        let files = params.files.into_iter();
        let files = files
            .flat_map(|file| [file.old_uri, file.new_uri])
            .collect();
        let name = "workspace/didRenameFiles";
        self.inbox.push(Event::FilesOperated(name, files));
    }

    async fn did_delete_files(&self, params: DeleteFilesParams) {
        let files = params.files.into_iter().map(|file| file.uri).collect();
        let name = "workspace/didDeleteFiles";
        self.inbox.push(Event::FilesOperated(name, files));
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.read("workspace/willRenameFiles", Needs::Nothing, move |view| {
            Ok(requests::will_rename_files(view, &params))
        })
        .await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.read("textDocument/prepareRename", Needs::Nothing, move |view| {
            requests::prepare_rename(view, &params)
        })
        .await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.read("textDocument/rename", Needs::Nothing, move |view| {
            requests::rename(view, &params)
        })
        .await
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.inbox.push(Event::ConfigurationChanged(params));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.inbox.push(Event::FoldersChanged(params));
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.read("textDocument/hover", Needs::Nothing, move |view| {
            Ok(requests::hover(view, &params))
        })
        .await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.read("textDocument/completion", Needs::Nothing, move |view| {
            Ok(requests::completions(view, &params).map(CompletionResponse::List))
        })
        .await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.read("completionItem/resolve", Needs::Nothing, move |view| {
            Ok(requests::resolve_completion(view, item))
        })
        .await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.read("textDocument/signatureHelp", Needs::Nothing, move |view| {
            Ok(requests::signature_help(view, &params))
        })
        .await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        self.read(
            "textDocument/semanticTokens/full",
            Needs::Nothing,
            move |view| {
                Ok(requests::semantic_tokens(view, &params).map(SemanticTokensResult::Tokens))
            },
        )
        .await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.read(
            "textDocument/semanticTokens/range",
            Needs::Nothing,
            move |view| {
                let tokens = requests::semantic_tokens_in_range(view, &params);
                Ok(tokens.map(SemanticTokensRangeResult::Tokens))
            },
        )
        .await
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        self.read("textDocument/definition", Needs::Nothing, move |view| {
            Ok(requests::definition(view, &params))
        })
        .await
    }

    async fn goto_declaration(
        &self,
        params: GotoDeclarationParams,
    ) -> Result<Option<GotoDeclarationResponse>> {
        self.read("textDocument/declaration", Needs::Nothing, move |view| {
            Ok(requests::declaration(view, &params))
        })
        .await
    }

    async fn goto_type_definition(
        &self,
        params: GotoTypeDefinitionParams,
    ) -> Result<Option<GotoTypeDefinitionResponse>> {
        self.read("textDocument/typeDefinition", Needs::Nothing, move |view| {
            Ok(requests::type_definition(view, &params))
        })
        .await
    }

    async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        self.read("textDocument/documentSymbol", Needs::Nothing, move |view| {
            Ok(requests::document_symbols(view, &params))
        })
        .await
    }

    async fn symbol(
        &self,
        params: WorkspaceSymbolParams,
    ) -> Result<Option<WorkspaceSymbolResponse>> {
        self.read("workspace/symbol", Needs::Nothing, move |view| {
            Ok(requests::workspace_symbols(view, &params))
        })
        .await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.read("textDocument/foldingRange", Needs::Nothing, move |view| {
            Ok(requests::folding_ranges(view, &params))
        })
        .await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.read("textDocument/formatting", Needs::Nothing, move |view| {
            Ok(requests::formatting(view, &params))
        })
        .await
    }

    async fn selection_range(
        &self,
        params: SelectionRangeParams,
    ) -> Result<Option<Vec<SelectionRange>>> {
        self.read("textDocument/selectionRange", Needs::Nothing, move |view| {
            Ok(requests::selection_ranges(view, &params))
        })
        .await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.read("textDocument/documentLink", Needs::Nothing, move |view| {
            Ok(requests::document_links(view, &params))
        })
        .await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.read("textDocument/references", Needs::Nothing, move |view| {
            Ok(requests::references(view, &params))
        })
        .await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        self.read(
            "textDocument/documentHighlight",
            Needs::Nothing,
            move |view| Ok(requests::document_highlights(view, &params)),
        )
        .await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.read(
            "textDocument/prepareCallHierarchy",
            Needs::Nothing,
            move |view| Ok(requests::prepare_call_hierarchy(view, &params)),
        )
        .await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.read("callHierarchy/incomingCalls", Needs::Nothing, move |view| {
            Ok(requests::incoming_calls(view, &params))
        })
        .await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.read("callHierarchy/outgoingCalls", Needs::Nothing, move |view| {
            Ok(requests::outgoing_calls(view, &params))
        })
        .await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let of = findings_of(&params.text_document.uri);
        self.read("textDocument/codeAction", of, move |view| {
            Ok(requests::code_actions(view, &params))
        })
        .await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.read("textDocument/codeLens", Needs::Nothing, move |view| {
            Ok(requests::code_lenses(view, &params))
        })
        .await
    }

    async fn code_lens_resolve(&self, lens: CodeLens) -> Result<CodeLens> {
        self.read("codeLens/resolve", Needs::Nothing, move |view| {
            Ok(requests::resolve_code_lens(view, lens))
        })
        .await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.read("textDocument/inlayHint", Needs::Nothing, move |view| {
            Ok(requests::inlay_hints(view, &params))
        })
        .await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        let document = requests::document_of(&action);
        let of = document.as_ref().map_or(Needs::Nothing, findings_of);
        self.read("codeAction/resolve", of, move |view| {
            requests::resolve_code_action(view, action)
        })
        .await
    }

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let of = findings_of(&params.text_document.uri);
        self.read("textDocument/diagnostic", of, move |view| {
            Ok(requests::document_diagnostics(view, &params))
        })
        .await
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        self.ask(|reply| Event::WorkspaceDiagnostic(params, reply))
            .await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let token = params.work_done_progress_params.work_done_token.clone();
        let command = commands::Command::decode(params)?;
        let inbox = self.inbox.clone();
        let task = self.running.task(token, inbox.clone());
        let _guard = task.guard();
        self.read("workspace/executeCommand", command.needs(), move |view| {
            for message in command.execute(view, &task)? {
                inbox.push(Event::Tell(message));
            }
            Ok(None)
        })
        .await
    }
}

fn findings_of(document: &Uri) -> Needs {
    uri::path(document).map_or(Needs::Nothing, Needs::FindingsOf)
}
