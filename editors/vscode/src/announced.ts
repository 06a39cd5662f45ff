// Tells the server which commands this extension has, so that it offers what needs them.

import type { ClientCapabilities, StaticFeature } from "vscode-languageclient/node";
import { DRAFT_AMENDMENT } from "./amendments";
import { SHOW_REFERENCES } from "./references";

export const announcedCommands: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const commands = [SHOW_REFERENCES, DRAFT_AMENDMENT];
    capabilities.experimental = { ...capabilities.experimental, commands: { commands } };
  },
  initialize(): void {},
  getState() {
    return { kind: "static" };
  },
  clear(): void {},
};
