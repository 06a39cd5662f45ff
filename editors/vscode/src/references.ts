// Lists places in the editor's own way, which the server can't.

import * as vscode from "vscode";
import type { LanguageClient, Location, Position } from "vscode-languageclient/node";

export const SHOW_REFERENCES = "rationale.showReferences";

export function registerReferences(client: () => LanguageClient | undefined): vscode.Disposable[] {
  return [
    vscode.commands.registerCommand(SHOW_REFERENCES, (uri: string, position: Position, places: Location[]) => {
      const convert = client()?.protocol2CodeConverter;
      if (convert === undefined) {
        return;
      }
      return vscode.commands.executeCommand(
        "editor.action.showReferences",
        vscode.Uri.parse(uri),
        convert.asPosition(position),
        places.map((place) => convert.asLocation(place)),
      );
    }),
  ];
}
