// Bundles the extension into dist/extension.js, and copies in what is kept elsewhere in the
// repository: the JSON Schema of specs and the licences. `--minify` for a package, `--watch` while
// working on it.
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const copies = [
  ["../../server/spec/schema/spec.schema.json", "schema/spec.schema.json"],
  ["../../LICENSE-APACHE", "LICENSE-APACHE"],
  ["../../LICENSE-MIT", "LICENSE-MIT"],
];
mkdirSync(here("schema"), { recursive: true });
for (const [from, to] of copies) {
  copyFileSync(here(from), here(to));
}

const options = {
  absWorkingDir: here("."),
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20", // what the oldest VS Code in `engines` runs on
  external: ["vscode"],
  minify: process.argv.includes("--minify"),
  legalComments: "none",
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
}
