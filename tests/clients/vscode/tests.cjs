// What is checked inside the extension host, where VS Code calls `run`. Every wait polls.

const assert = require("node:assert/strict");
const fs = require("node:fs");
const vscode = require("vscode");

const TIMEOUT = 30_000; // milliseconds
const expected = JSON.parse(fs.readFileSync(process.env.EXPECTED, "utf8"));

async function eventually(what, probe) {
  const end = Date.now() + TIMEOUT;
  while (Date.now() < end) {
    const value = await probe();
    if (value) {
      return value;
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
  throw new Error(`waited in vain for ${what}`);
}

async function open(file) {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, file);
  const document = await vscode.workspace.openTextDocument(uri);
  // Refused where another editor is shown in between, as for a place that the server shows.
  await eventually(`${file} to be shown`, () =>
    vscode.window.showTextDocument(document).then((editor) => editor.document === document, () => false));
  return document;
}

/** Where `word` stands in the first line that holds `line`. */
function position(document, { line, word }) {
  const start = document.getText().indexOf(line);
  assert.notEqual(start, -1, `no line of ${document.fileName} holds ${line}`);
  return document.positionAt(document.getText().indexOf(word, start));
}

function diagnostic(document, { code, on }) {
  return vscode.languages
    .getDiagnostics(document.uri)
    .find((found) => codeOf(found) === code && document.getText(found.range) === on);
}

function codeOf(found) {
  return typeof found.code === "object" ? found.code.value : found.code;
}

/** A line with the place in it marked, without the white space around. */
function marked(document, range) {
  const line = document.lineAt(range.start.line).text;
  const { start, end } = range;
  return `${line.slice(0, start.character)}«${document.getText(range)}»${line.slice(end.character)}`.trim();
}

/** Does the action of that title, resolved, as somebody who picks it from the list. */
async function choose(document, range, kind, title) {
  const actions = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", document.uri, range, kind, 20);
  const action = actions.find((offered) => offered.title.startsWith(title));
  assert.ok(action, `offered: ${actions.map(({ title }) => title)}`);
  if (action.edit) {
    assert.ok(await vscode.workspace.applyEdit(action.edit));
  }
  if (action.command) {
    await vscode.commands.executeCommand(action.command.command, ...action.command.arguments);
  }
}

function* checks() {
  for (const wanted of expected.diagnostics) {
    yield [`diagnostic ${wanted.code} in ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      await eventually("the diagnostic", () => diagnostic(document, wanted));
    }];
  }

  for (const wanted of expected.hovers) {
    yield [`hover on ${wanted.word} in ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      const hovers = await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, position(document, wanted));
      const text = hovers.flatMap((hover) => hover.contents).map((content) => content.value).join("\n");
      assert.ok(text.includes(wanted.says), `the hover says: ${text}`);
    }];
  }

  for (const wanted of expected.definitions) {
    yield [`definition of ${wanted.word} in ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      const found = await vscode.commands.executeCommand("vscode.executeDefinitionProvider", document.uri, position(document, wanted));
      const targets = found.map((link) => ({ uri: link.targetUri ?? link.uri, range: link.targetSelectionRange ?? link.targetRange ?? link.range }));
      const target = await open(wanted.leads_to.file);
      const lines = targets
        .filter(({ uri }) => uri.toString() === target.uri.toString())
        .map(({ range }) => target.lineAt(range.start.line).text);
      assert.ok(lines.some((line) => line.includes(wanted.leads_to.line)), `it leads to ${JSON.stringify(targets)}`);
    }];
  }

  for (const wanted of expected.highlights) {
    yield [`highlights of ${wanted.word} in ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      const found = await vscode.commands.executeCommand("vscode.executeDocumentHighlights", document.uri, position(document, wanted));
      assert.deepEqual(found.map(({ range }) => marked(document, range)).sort(), [...wanted.marks].sort());
    }];
  }

  for (const wanted of expected.references) {
    yield [`references of ${wanted.word} in ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      const found = await vscode.commands.executeCommand("vscode.executeReferenceProvider", document.uri, position(document, wanted));
      const told = [];
      for (const { uri, range } of found) {
        told.push(`${vscode.workspace.asRelativePath(uri)}: ${marked(await vscode.workspace.openTextDocument(uri), range)}`);
      }
      assert.deepEqual(told.sort(), [...wanted.finds].sort());
    }];
  }

  for (const wanted of expected.calls) {
    yield [`lineage of ${wanted.word} in ${wanted.file}, as calls`, async () => {
      const document = await open(wanted.file);
      const [item] = await vscode.commands.executeCommand("vscode.prepareCallHierarchy", document.uri, position(document, wanted));
      assert.equal(item.name, wanted.is);
      const incoming = async (of) => (await vscode.commands.executeCommand("vscode.provideIncomingCalls", of)).map(({ from }) => from);
      const outgoing = async (of) => (await vscode.commands.executeCommand("vscode.provideOutgoingCalls", of)).map(({ to }) => to);
      const names = (items) => items.map(({ name }) => name).sort();
      assert.deepEqual(names(await incoming(item)), [...wanted.incoming].sort());
      assert.deepEqual(names(await outgoing(item)), [...wanted.outgoing].sort());
      for (const [path, calls] of [[wanted.upstream, incoming], [wanted.downstream, outgoing]]) {
        let at = item;
        for (const name of path ?? []) {
          const next = await calls(at);
          at = next.find((found) => found.name === name);
          assert.ok(at, `${name} is not in ${names(next)}`);
        }
      }
    }];
  }

  for (const wanted of expected.lenses) {
    yield [`lenses on ${wanted.word} in ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      const { line } = position(document, wanted);
      const lenses = await eventually("the lenses", async () => {
        const found = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", document.uri, 100);
        const here = found.filter((lens) => lens.range.start.line === line);
        return here.length > 0 && here;
      });
      // The command gives each lens when it is resolved: their order is that of the answers.
      assert.deepEqual(lenses.map((lens) => lens.command.title).sort(), [...wanted.says].sort());
      const { command } = lenses.find((lens) => lens.command.title === wanted.says[0]);
      await vscode.commands.executeCommand(command.command, ...command.arguments);
    }];
  }

  for (const wanted of expected.hints) {
    yield [`hint behind ${wanted.word} in ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      const { line, character } = position(document, wanted);
      const range = document.lineAt(line).range;
      const hints = await vscode.commands.executeCommand("vscode.executeInlayHintProvider", document.uri, range);
      const hint = hints.find((found) => found.position.character === character + wanted.word.length);
      assert.equal(hint?.label, wanted.says);
    }];
  }

  for (const wanted of expected.symbols) {
    yield [`symbols of ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      const symbols = await vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", document.uri);
      const names = (found) => found.flatMap(({ name, children }) => [name, ...names(children)]);
      for (const name of wanted.names) {
        assert.ok(names(symbols).includes(name), `${name} is not in ${names(symbols)}`);
      }
    }];
  }

  yield ["the workspace is searched for symbols", async () => {
    const { query, finds } = expected.search;
    const found = await vscode.commands.executeCommand("vscode.executeWorkspaceSymbolProvider", query);
    assert.ok(found.some(({ name }) => name === finds), `found: ${found.map(({ name }) => name)}`);
  }];

  for (const wanted of expected.completions) {
    yield [`completion of ${wanted.offers} in ${wanted.file}`, async () => {
      const document = await open(wanted.file);
      const list = await vscode.commands.executeCommand("vscode.executeCompletionItemProvider", document.uri, position(document, wanted), undefined, 50);
      const label = (item) => item.label.label ?? item.label;
      const item = list.items.find((found) => label(found) === wanted.offers);
      assert.ok(item, `offered: ${list.items.map(label)}`);
      assert.ok((item.documentation?.value ?? "").includes(wanted.says), `it says: ${item.documentation?.value}`);
    }];
  }

  yield ["a spec that is laid out stays as it is", async () => {
    const document = await open(expected.fix.file);
    const edits = await vscode.commands.executeCommand("vscode.executeFormatDocumentProvider", document.uri, { tabSize: 4, insertSpaces: true });
    assert.equal((edits ?? []).length, 0);
  }];

  yield ["a setting reaches the server", async () => {
    const wanted = expected.diagnostics[0];
    const document = await open(wanted.file);
    const settings = vscode.workspace.getConfiguration("rationale");
    await settings.update("checks", { [wanted.code]: "off" }, vscode.ConfigurationTarget.Global);
    await eventually("the diagnostic to go", () => !diagnostic(document, wanted));
    await settings.update("checks", undefined, vscode.ConfigurationTarget.Global);
    await eventually("the diagnostic again", () => diagnostic(document, wanted));
  }];

  yield ["quick fix removes its diagnostic, and places the cursor", async () => {
    const wanted = expected.fix;
    const document = await open(wanted.file);
    const found = await eventually("the diagnostic", () => diagnostic(document, wanted));
    const before = document.getText();
    await choose(document, found.range, "quickfix", wanted.title);
    await eventually("the edit", () => document.getText() !== before && document.getText().includes(wanted.writes));
    await eventually("the cursor in what was written", () => {
      const { document: shown, selection } = vscode.window.activeTextEditor ?? {};
      return shown === document && document.lineAt(selection.active.line).text.includes(wanted.writes);
    });
    await eventually("the diagnostic to go", () => !diagnostic(document, wanted));
  }];

  yield ["an edit that breaks a requirement is told at once, and undone by its fix", async () => {
    const wanted = expected.contradiction;
    const document = await open(wanted.file);
    const before = document.getText();
    const start = document.positionAt(before.indexOf(wanted.edit.from));
    const end = document.positionAt(before.indexOf(wanted.edit.from) + wanted.edit.from.length);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(start, end), wanted.edit.to);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const found = await eventually("the contradiction", () =>
      vscode.languages.getDiagnostics(document.uri).find((found) => codeOf(found) === wanted.code));
    await choose(document, found.range, "quickfix", wanted.title);
    await eventually("what was agreed", () => document.getText() === before);
  }];

  yield ["a lock counts as it is edited, before it is written", async () => {
    const wanted = expected.lock;
    const model = await open(wanted.file);
    const isTold = () => vscode.languages.getDiagnostics(model.uri).some((found) => codeOf(found) === wanted.code);
    await eventually("silence", () => !isTold());
    const lock = await open(wanted.lock);
    const before = lock.getText();
    const change = async (from, to) => {
      const start = lock.getText().indexOf(from);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(lock.uri, new vscode.Range(lock.positionAt(start), lock.positionAt(start + from.length)), to);
      assert.ok(await vscode.workspace.applyEdit(edit));
    };
    await change(wanted.edit.from, wanted.edit.to);
    await eventually("the drift", isTold);
    await change(wanted.edit.to, wanted.edit.from);
    assert.equal(lock.getText(), before);
    await eventually("silence again", () => !isTold());
  }];

  yield ["an amendment is drafted once the person is asked, with a place for what was not answered", async () => {
    const wanted = expected.amendment;
    const document = await open(wanted.file);
    const at = position(document, wanted);
    const chosen = choose(document, new vscode.Range(at, at), "refactor", wanted.title);
    await eventually("the place for the requirement in the spec, and the cursor there", async () => {
      // Enter, as soon as the question is shown; typing into it is beyond the extension host.
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      const { document: shown, selection } = vscode.window.activeTextEditor ?? {};
      return shown?.uri.path.endsWith(wanted.spec)
        && shown.getText().includes("change: tbd\n    changes:\n      - orders.order_amount\n")
        && shown.lineAt(selection.active.line).text.includes("TODO: who needs this");
    });
    await chosen;
  }];

  yield ["a column is renamed in every file that names it", async () => {
    const wanted = expected.rename;
    const document = await open(wanted.file);
    const at = position(document, wanted);
    const prepared = await vscode.commands.executeCommand("vscode.prepareRename", document.uri, at);
    assert.equal(prepared.placeholder, wanted.word);
    const edit = await vscode.commands.executeCommand("vscode.executeDocumentRenameProvider", document.uri, at, wanted.to);
    assert.ok(await vscode.workspace.applyEdit(edit));
    for (const written of wanted.writes) {
      const document = await open(written.file);
      await eventually(`the edit of ${written.file}`, () => document.getText().includes(written.text));
    }
  }];

  yield ["a file that is renamed takes its table along", async () => {
    const wanted = expected.moved;
    const document = await open(wanted.from);
    await document.save();
    const edit = new vscode.WorkspaceEdit();
    const to = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, wanted.to);
    edit.renameFile(document.uri, to);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const spec = await open(wanted.writes.file);
    await eventually("the edit of the spec", () => spec.getText().includes(wanted.writes.text));
  }];

  yield ["the specs of a folder are drafted", async () => {
    const wanted = expected.described;
    const uri = (path) => vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, path);
    await vscode.workspace.fs.writeFile(uri(wanted.file), Buffer.from(wanted.sql));
    // The server hears of the file from the editor; a watcher may take its time with a new folder.
    const document = await open(wanted.file);
    await eventually("what is known of the model", async () => {
      const symbols = await vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", document.uri);
      return symbols?.some(({ name }) => name === "parcels");
    });
    await vscode.commands.executeCommand("rationale.draftSpecs", uri(wanted.folder));
    await eventually("the spec, and the cursor where the person is to write", () => {
      const { document: shown, selection } = vscode.window.activeTextEditor ?? {};
      return shown?.uri.toString() === uri(wanted.spec).toString()
        && shown.getText().includes(wanted.writes)
        && shown.lineAt(selection.active.line).text.includes("TODO");
    });
  }];

  yield ["restart starts a server that finds the same", async () => {
    const wanted = expected.diagnostics[1];
    const document = await open(wanted.file);
    const old = await eventually("the diagnostic", () => diagnostic(document, wanted));
    const gone = eventually("the old diagnostic to go", () => diagnostic(document, wanted) !== old);
    await vscode.commands.executeCommand("rationale.restartServer");
    await gone;
    await eventually("the diagnostic again", () => diagnostic(document, wanted));
  }];
}

exports.run = async () => {
  const results = [];
  for (const [name, check] of checks()) {
    try {
      await check();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error?.stack ?? error) });
    }
  }
  const report = process.env.REPORT;
  fs.writeFileSync(`${report}.part`, JSON.stringify(results));
  fs.renameSync(`${report}.part`, report); // whoever waits for it never sees half of it
};
