// Drafts the specs of models that have none. That takes a while in a large folder, so it is shown and can be
// cancelled.

import * as vscode from "vscode";
import { ExecuteCommandRequest, type LanguageClient, WorkDoneProgress } from "vscode-languageclient/node";

/** `rationale.draftSpecs`, on a folder or a file of the explorer; of the whole workspace from the palette. */
export function registerSpecs(client: () => LanguageClient | undefined): vscode.Disposable {
  let runs = 0;
  return vscode.commands.registerCommand("rationale.draftSpecs", async (folder?: vscode.Uri) => {
    const server = client();
    if (server === undefined) {
      return;
    }
    const workDoneToken = `draft-specs-${(runs += 1)}`;
    const uri = folder && server.code2ProtocolConverter.asUri(folder);
    const options = { location: vscode.ProgressLocation.Notification, title: "Draft specs", cancellable: true };
    await vscode.window.withProgress(options, async (progress, cancelled) => {
      let told = 0;
      const shown = server.onProgress(WorkDoneProgress.type, workDoneToken, (step) => {
        const percentage = "percentage" in step ? (step.percentage ?? told) : told;
        progress.report({ message: step.message ?? "", increment: percentage - told });
        told = percentage;
      });
      try {
        const params = { command: "rationale.describe", arguments: [{ uri }], workDoneToken };
        await server.sendRequest(ExecuteCommandRequest.type, params, cancelled);
      } catch (error) {
        if (!cancelled.isCancellationRequested) {
          void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
        }
      } finally {
        shown.dispose();
      }
    });
  });
}
