// Starts the server, and restarts it on demand. Everything that an editor without this extension could
// do as well is done by the server.

import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { registerAmendments } from "./amendments";
import { announcedCommands } from "./announced";
import { registerReferences } from "./references";
import { documentSelector } from "./selector";
import { findServer } from "./server";
import { registerSpecs } from "./specs";

let client: LanguageClient | undefined;
let log: vscode.LogOutputChannel;
// Starts and stops wait for each other: two of them at once would leave two servers behind.
let queue: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel("Rationale", { log: true });
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand("rationale.restartServer", () => restart(context)),
    vscode.commands.registerCommand("rationale.showLog", () => log.show()),
    ...registerReferences(() => client),
    ...registerAmendments(() => client),
    registerSpecs(() => client),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("rationale.server")) {
        void restart(context);
      }
    }),
  );
  await restart(context);
}

export function deactivate(): Promise<void> {
  return enqueue(stop);
}

function restart(context: vscode.ExtensionContext): Promise<void> {
  return enqueue(async () => {
    await stop();
    await start(context);
  });
}

function enqueue(step: () => Promise<void>): Promise<void> {
  queue = queue.then(step).catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  return queue;
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const server = findServer(context);
  if ("missing" in server) {
    log.error(server.missing);
    void tellMissing(server.missing);
    return;
  }
  log.info(`Starting ${server.program} lsp`);
  client = new LanguageClient(
    "rationale", // its traffic goes to the log as `rationale.trace.server` says
    "Rationale",
    { command: server.program, args: ["lsp"] },
    {
      documentSelector,
      diagnosticPullOptions: { onChange: true, onFocus: true }, // of itself it asks when a file is opened only
      outputChannel: log,
      stdioOptions: { stdout: () => undefined, stderr: logStandardError },
      synchronize: { configurationSection: "rationale" },
    },
  );
  client.registerFeature(announcedCommands);
  await client.start();
}

async function stop(): Promise<void> {
  const stopping = client;
  client = undefined;
  // One that failed to start can't be stopped either, and that is no reason not to start another.
  await stopping?.dispose().catch((error: unknown) => log.debug(String(error)));
}

/** What the server logs comes as messages; standard error has it all once more, and a crash's last words. */
function logStandardError(stderr: Readable): void {
  createInterface({ input: stderr }).on("line", (line) => log.debug(line));
}

async function tellMissing(message: string): Promise<void> {
  const openSettings = "Open Settings";
  if ((await vscode.window.showErrorMessage(message, openSettings)) === openSettings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "rationale.server.path");
  }
}
