import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { launcher, nightshift } from "../support/cli/run-nightshift.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** What `git clone` and `npm ci` make, as far as the command line needs it. */
function freshClone(): string {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-clone-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ["package.json", "cli", "shared"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** The first Node on the path that is too old, if this machine has one. */
async function olderNode(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const node = join(folder, "node");
    if (!existsSync(node)) continue;
    const { stdout } = await run(node, ["--version"]);
    if (Number(/^v(\d+)/.exec(stdout)?.[1]) < 24) return node;
  }
  return undefined;
}

const evaluate = (code: string) => run(process.execPath, ["--input-type=module", "--eval", code]);

describe("nightshift", () => {
  test("without a command shows its help and ends with 2, because nothing was found out", async () => {
    const { status, out } = await nightshift([], {});

    expect(out).toContain("Usage: nightshift");
    expect(status).toBe(2);
  });

  test("names the command that was meant", async () => {
    const { status, err } = await nightshift(["verfy"], {});

    expect(err).toBe("REQUEST_INVALID: unknown command 'verfy' (Did you mean verify?)\nSee --help.\n");
    expect(status).toBe(2);
  });

  test("shows a help that names every command and the exit statuses, and ends with 0", async () => {
    const { status, out } = await nightshift(["--help"], {});

    for (const word of ["status", "verify", "find", "run", "stop", "credential", "0 whole", "1 something is wrong"])
      expect(out).toContain(word);
    expect(status).toBe(0);
  });

  test.each(["status", "verify", "find"])("%s has a help with examples", async (command) => {
    const { out } = await nightshift([command, "--help"], {});

    expect(out).toContain(`  nightshift ${command} --stack prod`);
    for (const option of ["--stack", "--bucket", "--account", "--json"]) expect(out).toContain(option);
  });

  test.each(["run", "backfill", "follow", "stop", "pause", "resume", "credential put"])(
    "%s has a help with examples, which says what its exit statuses mean",
    async (command) => {
      const { status, out } = await nightshift([...command.split(" "), "--help"], {});

      expect(out).toMatch(new RegExp(`^ {2}nightshift ${command} .*--stack prod`, "m"));
      for (const text of ["Exit status: 0 ", "--stack", "--json"]) expect(out).toContain(text);
      expect(status).toBe(0);
    },
  );

  test("ends with 2 for a group without a command, and shows the commands of it", async () => {
    const { status, out } = await nightshift(["credential"], {});

    expect(out).toContain("put");
    expect(status).toBe(2);
  });

  test("shows its help without importing a command's work or the AWS SDK", async () => {
    const { stdout } = await evaluate(`
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      process.argv = ["node", "nightshift", "--help"];
      const { main } = await import(${JSON.stringify(join(root, "cli/main.ts"))});
      await main();
      process.stdout.write(loaded.join("\\n"));
    `);

    expect(stdout).toContain("/cli/run-nightshift.ts");
    expect(stdout).not.toMatch(/aws-sdk|\/cli\/(?:verify|find|status|run|follow|stop|pause|credential-put)\.ts|zod/);
  });

  test("starts the Node that npm ci has installed if it was started by an older one", async () => {
    const asOlderNode = evaluate(`
      Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } });
      process.argv = ["node", "nightshift", "verify"];
      await import(${JSON.stringify(launcher)});
    `);

    const message = expect.stringMatching(/^REQUEST_INVALID: --stack or --bucket is missing\n/);
    await expect(asOlderNode).rejects.toMatchObject({ code: 2, stderr: message });
  });

  test("says what to do if there is no newer Node", async () => {
    const folder = freshClone();
    rmSync(join(folder, "node_modules"));
    const asOlderNode = evaluate(`
      Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } });
      await import(${JSON.stringify(join(folder, "cli/nightshift.mjs"))});
    `);

    await expect(asOlderNode).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("install Node 24") });
  });
});

describe("in a fresh clone", () => {
  test("npx nightshift runs, also in a folder of it", async () => {
    const clone = freshClone();
    const environment = { PATH: process.env.PATH, HOME: clone, npm_config_offline: "true" };

    const inFolder = run("npx", ["nightshift", "status", "--help"], { cwd: join(clone, "cli"), env: environment });

    expect((await inFolder).stdout).toContain("Usage: nightshift status");
  });

  test("its exit status is that of the command", async () => {
    const clone = freshClone();
    const started = run(join(clone, "cli/nightshift.mjs"), ["status"], { env: { PATH: process.env.PATH } });

    await expect(started).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("--stack or --bucket") });
  });
});

test("an older Node that really is one starts the Node that is installed", async (context) => {
  const node = await olderNode();
  if (node === undefined) return context.skip("this machine has no older Node");

  expect((await run(node, [launcher, "--help"])).stdout).toContain("Usage: nightshift");
});
