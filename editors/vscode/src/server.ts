// Finds the server's program: what the setting names, else the one bundled with the extension, else
// the one on the PATH. Knows nothing of the protocol.

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";

const PROGRAM = process.platform === "win32" ? "rationale.exe" : "rationale";

/** Where the server is, or a sentence that says why it can't be started. */
export type Server = { program: string } | { missing: string };

export function findServer(context: vscode.ExtensionContext): Server {
  const configured = vscode.workspace.getConfiguration("rationale").get<string>("server.path", "").trim();
  if (configured !== "") {
    const program = expand(configured);
    return isProgram(program)
      ? { program }
      : { missing: `The setting rationale.server.path names ${program}, which is not a program.` };
  }

  const bundled = context.asAbsolutePath(path.join("server", PROGRAM));
  const onPath = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder)) // never one of the workspace's own
    .map((folder) => path.join(folder, PROGRAM));
  const program = [bundled, ...onPath].find(isProgram);
  return program !== undefined
    ? { program }
    : {
        missing:
          "The program `rationale` was not found on the PATH. Build it with `cargo install --path server/rationale`, " +
          "or name it in the setting rationale.server.path.",
      };
}

function expand(configured: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();
  const expanded = configured.replaceAll("${workspaceFolder}", folder).replace(/^~(?=$|[\\/])/, os.homedir());
  return path.resolve(folder, expanded);
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
