// The one command that the server can't have: listing places in the editor's own way.

import * as vscode from "vscode";
import type { ClientCapabilities, LanguageClient, Location, Position, StaticFeature } from "vscode-languageclient/node";

const SHOW_REFERENCES = "rationale.showReferences";

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

/** Tells the server that there is such a command. */
export const referencesFeature: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { ...capabilities.experimental, commands: { commands: [SHOW_REFERENCES] } };
  },
  initialize(): void {},
  getState() {
    return { kind: "static" };
  },
  clear(): void {},
};
