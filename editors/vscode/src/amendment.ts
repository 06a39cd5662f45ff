// Asks for the requirement of an amendment that the server is about to draft. The protocol has no
// text input: without the answer the server drafts a placeholder.

import * as vscode from "vscode";

const DRAFT_AMENDMENT = "rationale.draftAmendment";

/**
 * The arguments of `command`, with what the user answered as `requirement` in the first one.
 * `undefined` when the user thought better of it. Arguments of other commands are passed on as they are.
 */
export async function withRequirement(command: string, args: unknown[]): Promise<unknown[] | undefined> {
  const [draft, ...rest] = args;
  if (command !== DRAFT_AMENDMENT || typeof draft !== "object" || draft === null || "requirement" in draft) {
    return args;
  }
  const requirement = await vscode.window.showInputBox({
    title: "Draft an amendment",
    prompt: "What is needed, in the words of whoever needs it? Left empty, a placeholder is drafted.",
    placeHolder: "Revenue must not count test orders.",
    ignoreFocusOut: true,
  });
  if (requirement === undefined) {
    return undefined;
  }
  return requirement.trim() === "" ? args : [{ ...draft, requirement: requirement.trim() }, ...rest];
}
