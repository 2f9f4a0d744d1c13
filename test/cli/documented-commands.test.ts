import { readFileSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { account, archiveName } from "../support/audit/archive-lab.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { sampleArchive } from "../support/audit/sample-archive.ts";
import { verifySample } from "../support/audit/verify-sample.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { shared } = sampleArchive({ signed: true });
const root = join(import.meta.dirname, "../..");
const documents = ["README.md", "SECURITY.md", "docs/operations.md", "docs/how-it-works.md", "docs/data.md"];

/** Every command of the documents, in blocks and in sentences, without comments and repetitions. */
const commands = [
  ...new Set(
    documents
      .flatMap((file) => readFileSync(join(root, file), "utf8").match(/npx nightshift [^`\n]*/g) ?? [])
      .map((command) => command.replace(/\s+#.*$/, "").trim())
      // A sentence that only names the command.
      .filter((command) => command.includes("-")),
  ),
];

/** The arguments as a shell passes them on. */
const words = (command: string) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? plain).slice(2);

/** Values in place of the placeholders, and of files that the reader has. */
let values: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  const lab = shared();
  const { head } = (await verifySample(lab)).verification;
  values = {
    "<name>": "sample",
    "<archive>": archiveName,
    "<state>": "state",
    "<account id>": account,
    "<number>:<sha256>": `${head?.number}:${head?.sha256}`,
    "<command>": "status",
    "<id>": "11",
    "./copy": join(lab.dir, "copy"),
    "ledger.pem": join(lab.dir, "ledger.pem"),
  };
  await cp(join(lab.dir, archiveName), join(lab.dir, "copy"), { recursive: true });
  await writeFile(join(lab.dir, "ledger.pem"), pemOf(await publicKey(lab)));
});

describe("a command of the documents runs as it stands there:", () => {
  test("some are found", () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  test.each(commands)("%s", async (command) => {
    const filledIn = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), command);
    const interrupt = new AbortController();
    const pause = async () => interrupt.abort();

    const { status, err } = await nightshift(words(filledIn), loggedIn(shared()), {
      interrupted: interrupt.signal,
      pause,
    });

    expect(filledIn).not.toContain("<");
    expect(err).toBe("");
    expect([0, 1]).toContain(status);
  });
});
