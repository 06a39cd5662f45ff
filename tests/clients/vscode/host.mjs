// Runs tests.cjs inside the extension host of a real VS Code, with the extension as it is built in
// editors/vscode, on a copy of the example. The last line says how many checks passed.

import fs from "node:fs";
import path from "node:path";
import { eventually, inWorkbench, repository } from "./workbench.mjs";

const LIMIT = 240_000; // milliseconds for all checks, each of which has a limit of its own

const folder = fs.realpathSync(process.env.WORKSPACE);
const report = path.join(folder, "..", "report.json");
const extension = path.join(repository, "editors/vscode");
const tests = path.join(repository, "tests/clients/vscode/tests.cjs");

const results = await inWorkbench(
  {
    folder,
    payload: (at) => [
      ["extensionDevelopmentPath", at(extension)],
      ["extensionTestsPath", at(tests)],
    ],
    settings: { "rationale.server.path": process.env.RATIONALE }, // the extension host has a PATH of its own
    env: { REPORT: report },
  },
  () => eventually("the report of the tests", () => fs.existsSync(report) && JSON.parse(fs.readFileSync(report, "utf8")), LIMIT),
);

for (const { name, error } of results) {
  console.log(error === undefined ? `ok    ${name}` : `FAIL  ${name}\n${error}`);
}
const failed = results.filter(({ error }) => error !== undefined).length;
console.log(`vscode: ${results.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 && results.length > 0 ? 0 : 1);
