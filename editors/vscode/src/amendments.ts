// Asks what only a person knows of an amendment; the server then drafts it. The protocol has no text input.

import * as vscode from "vscode";
import type { LanguageClient, Range } from "vscode-languageclient/node";

export const DRAFT_AMENDMENT = "rationale.draftAmendment";

/** An amendment to be drafted, as the server has it. */
interface Amending {
  uri: string;
  range: Range;
  amend?: string;
  asks?: string;
}

export function registerAmendments(client: () => LanguageClient | undefined): vscode.Disposable[] {
  return [
    vscode.commands.registerCommand(DRAFT_AMENDMENT, draft),
    vscode.commands.registerCommand("rationale.newAmendment", () => {
      const editor = vscode.window.activeTextEditor;
      const convert = client()?.code2ProtocolConverter;
      if (editor === undefined || convert === undefined) {
        return;
      }
      const uri = convert.asUri(editor.document.uri);
      return draft({ uri, range: convert.asRange(editor.selection) });
    }),
  ];
}

async function draft(amending: Amending): Promise<void> {
  const title = "New amendment";
  const requirement = await vscode.window.showInputBox({
    title,
    prompt: "Who needs what, and for what? In their own words.",
    placeHolder: "Revenue must not count test orders.",
    ignoreFocusOut: true,
  });
  if (requirement === undefined) {
    return;
  }
  const detail =
    amending.asks === undefined
      ? undefined
      : await vscode.window.showInputBox({ title, prompt: amending.asks, ignoreFocusOut: true });
  if (amending.asks !== undefined && detail === undefined) {
    return;
  }
  await vscode.commands.executeCommand("rationale.amend", { ...amending, requirement, detail });
}
