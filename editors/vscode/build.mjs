// Bundles the extension into dist/extension.js, with the licences of what went into it beside it, and
// copies in what is kept elsewhere in the repository: the JSON Schema of specs and our own licences.
// `--minify` for a package, `--watch` while working on it.

import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));

const COPIES = [
  ["../../server/spec/schema/spec.schema.json", "schema/spec.schema.json"],
  ["../../LICENSE-APACHE", "LICENSE-APACHE"],
  ["../../LICENSE-MIT", "LICENSE-MIT"],
];
// What may be bundled: the licences under which ours can be given.
const LICENCES = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"];

const options = {
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20", // what the oldest VS Code in `engines` runs on
  external: ["vscode"],
  minify: process.argv.includes("--minify"),
  legalComments: "none", // all of them are in dist/LICENSES.txt
  logLevel: "warning",
  metafile: true,
};

mkdirSync("schema", { recursive: true });
for (const [from, to] of COPIES) {
  copyFileSync(from, to);
}
if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  const { metafile } = await build(options);
  writeFileSync("dist/LICENSES.txt", licences(Object.keys(metafile.inputs)));
}

/** The licence texts of the packages that `inputs` are from. Throws where one may not be bundled. */
function licences(inputs) {
  const folders = inputs.map((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
      if (!LICENCES.includes(license)) {
        throw new Error(`${name} may not be bundled: its licence is ${license}`);
      }
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? "" : readFileSync(path.join(folder, file), "utf8").trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
