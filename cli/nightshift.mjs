#!/usr/bin/env -S node --max-semi-space-size=4
// Plain JavaScript, which any Node can run: one that is too old starts the Node that `npm ci` has installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import nodeModule from "node:module";
import { fileURLToPath } from "node:url";

const [major] = process.versions.node.split(".");
const installed = (path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

if (Number(major) >= 24) {
  nodeModule.enableCompileCache(installed(".cache/nightshift"));
  const { main } = await import("./main.ts");
  await main();
} else startInstalledNode(installed(".bin/node"));

function startInstalledNode(node) {
  if (!existsSync(node)) {
    process.stderr.write(
      `nightshift needs Node 24, this is ${process.version}.\nRun npm ci on Linux, or install Node 24.\n`,
    );
    process.exitCode = 2;
    return;
  }
  const args = ["--max-semi-space-size=4", fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: "inherit" });
  // A terminal sends Ctrl-C to the child as well.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("close", (code) => process.exit(code ?? 2));
}
