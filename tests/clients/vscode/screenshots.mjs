// Takes pictures of the workbench with the packed extension on a copy of the example: a squiggle with its
// message, a broken requirement, a hover, the quick fixes, lenses, hints and completion, and where a
// definition leads. Fails where one of
// them does not come.
// They are written to target/clients/screenshots; the best ones are kept in editors/vscode/images.

import fs from "node:fs";
import path from "node:path";
import { inWorkbench, repository } from "./workbench.mjs";

const expected = JSON.parse(fs.readFileSync(process.env.EXPECTED, "utf8"));
const folder = fs.realpathSync(process.env.WORKSPACE);
const pictures = path.join(repository, "target/clients/screenshots");
fs.mkdirSync(pictures, { recursive: true });

const LOOK = {
  "breadcrumbs.enabled": false,
  "editor.fontSize": 14,
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.stickyScroll.enabled": false,
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "workbench.statusBar.visible": false,
  "rationale.server.path": process.env.RATIONALE,
};

await inWorkbench(
  {
    folder,
    extensions: [path.join(repository, "editors/vscode/rationale.vsix")],
    settings: LOOK,
    size: { width: 1000, height: 560 },
  },
  async (page) => {
    await page.locator(".monaco-workbench").waitFor();
    const [, inSql] = expected.diagnostics;
    const take = async (name) => {
      await settled(page);
      await page.screenshot({ path: path.join(pictures, `${name}.png`) });
      console.log(`ok    ${name}`);
    };

    await open(page, inSql.file);
    await page.keyboard.press("Control+B"); // the side bar only takes room
    await page.locator(".codelens-decoration", { hasText: "hold" }).first().waitFor();
    await goTo(page, inSql.on);
    await squiggle(page);
    await page.keyboard.press("F8"); // next problem: the message under its line
    await page.locator(".marker-widget").waitFor();
    await take("squiggle");
    await page.keyboard.press("Escape");

    // Typed as a person would: the price goes, and with it what the invoices need.
    const { without } = expected.breaks;
    await goTo(page, without);
    for (let letter = 0; letter < without.length; letter++) {
      await page.keyboard.press("Shift+ArrowRight");
    }
    await page.keyboard.press("Delete");
    await page.locator(".squiggly-error").first().waitFor({ state: "attached" });
    await page.keyboard.press("F8");
    await page.locator(".marker-widget").waitFor();
    await take("contradiction");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Z");

    const [hover] = expected.hovers;
    await open(page, hover.file);
    await goTo(page, hover.word);
    await squiggle(page);
    await page.keyboard.press("Control+K");
    await page.keyboard.press("Control+I");
    await page.locator(".monaco-hover:visible", { hasText: hover.says }).waitFor();
    await take("hover");
    await page.keyboard.press("Escape");

    await open(page, expected.fix.file);
    await goTo(page, expected.fix.on);
    await squiggle(page);
    await page.locator("[class*=lightbulb], .codicon-light-bulb").first().waitFor({ state: "attached" });
    await page.keyboard.press("Control+.");
    await page.locator(".action-widget .monaco-list-row", { hasText: expected.fix.title }).first().waitFor();
    await take("quick-fix");
    await page.keyboard.press("Escape");

    const [lens] = expected.lenses;
    await open(page, lens.file);
    await page.keyboard.press("Control+Home");
    await page.locator(".codelens-decoration", { hasText: lens.says.at(-1) }).first().waitFor();
    await take("lenses");

    const [hint] = expected.hints;
    await open(page, hint.file);
    await goTo(page, hint.word);
    await page.locator(".view-line", { hasText: hint.says.trim().split(" ").at(-1) }).first().waitFor();
    await page.keyboard.press("End");
    await page.keyboard.type(", orders.");
    await page.locator(".suggest-widget.visible .monaco-list-row").first().waitFor();
    await take("completion");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Z");

    const [definition] = expected.definitions;
    await open(page, definition.file);
    await goTo(page, definition.word);
    await page.keyboard.press("Control+Shift+F10"); // peek
    await page.locator(".peekview-widget .preview .view-line", { hasText: definition.leads_to.line }).first().waitFor();
    await take("definition");
  },
);

/** Opens a file of the workspace by its name, as a person would. */
async function open(page, file) {
  await page.keyboard.press("Control+P");
  await page.locator(".quick-input-widget:visible input").fill(file);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: path.basename(file) }).first().click();
  await page.getByRole("tab", { name: new RegExp(path.basename(file).replaceAll(".", "\\.")), selected: true }).waitFor();
}

/** Puts the cursor on the first place of `text` in the open file, by the editor's search. */
async function goTo(page, text) {
  await page.locator(".monaco-editor .view-lines").first().click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+F");
  const input = page.locator(".find-widget.visible textarea").first();
  await input.fill(text);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ArrowLeft");
}

function squiggle(page) {
  return page.locator(".squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint").first().waitFor({ state: "attached" });
}

/** Waits until two pictures in a row are the same: nothing moves or is being drawn any more. */
async function settled(page) {
  let before = Buffer.alloc(0);
  for (let tries = 0; tries < 50; tries++) {
    const now = await page.screenshot({ animations: "disabled", caret: "hide" });
    if (now.equals(before)) {
      return;
    }
    before = now;
  }
}
