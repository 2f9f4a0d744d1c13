import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { archiveKeys } from "../../shared/core/object-keys.ts";
import { archiveFolder } from "../support/audit/archive-folder.ts";
import { account, archiveName } from "../support/audit/archive-lab.ts";
import { first, second, servedSample } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { shared, open } = servedSample();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "nightshift-fetch-"));
});
afterEach(() => rm(dir, { recursive: true }));

const file = () => join(dir, "call.mp3");
const fetch = (args: readonly string[], lab = shared()) =>
  nightshift(["fetch", ...args, "--bucket", archiveName], loggedIn(lab));

describe("nightshift fetch writes nothing", () => {
  test("without an id, or with a link and a file at once", async () => {
    const { status, err } = await nightshift(["fetch", "--link", "--into", file()], loggedIn(shared()));

    expect(status).toBe(2);
    expect(err).toContain(
      "the id of the recording is missing; --stack or --bucket is missing; --link and --into cannot be combined",
    );
  });

  test("if the recording is not stored, and ends with 1", async () => {
    const { status, out, err } = await fetch(["41", "--into", file()]);

    expect([status, out]).toEqual([1, ""]);
    expect(err).toContain("No recording 41 is stored.");
    expect(await readdir(dir)).toEqual([]);
  });

  test("if it lies in the folder of another day than the given one", async () => {
    expect((await fetch(["11", "--day", second, "--into", file()])).status).toBe(1);
  });

  test("over a file that is there, nor into a folder that does not exist", async () => {
    await writeFile(file(), "precious");

    const existing = await fetch(["11", "--into", file()]);
    const nowhere = await fetch(["11", "--into", join(dir, "nowhere", "call.mp3")]);

    expect([existing.status, nowhere.status]).toEqual([2, 2]);
    expect(existing.err).toContain("call.mp3 is there already\nMove it, or name another file: --into.");
    expect(nowhere.err).toContain("call.mp3 cannot be written: ENOENT");
    expect(await readFile(file(), "utf8")).toBe("precious");
  });

  test("of a download that fails in the middle", async () => {
    const lab = await open();
    const key = archiveKeys.recording(account, first, "11", "mp3");
    lab.aws.plan({ on: { operation: "GetObject", key }, what: { status: 403, code: "AccessDenied" }, times: "always" });

    const { status } = await fetch(["11", "--into", file()], lab);

    expect(status).toBe(2);
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("nightshift fetch", () => {
  test("finds the recording whatever its day, writes it, and checks it against the manifest", async () => {
    const { status, out } = await fetch(["11", "--into", file()]);

    expect(await readFile(file(), "utf8")).toBe("audio of 11");
    expect(out).toBe(`${file()}: 11 bytes; its SHA-256 is that of the manifest of ${first}.\n`);
    expect(status).toBe(0);
    expect(await readdir(dir)).toEqual(["call.mp3"]);
  });

  test("writes a recording that was altered, says so, and ends with 1", async () => {
    const lab = await open();
    await tamperWith(lab).put(archiveKeys.recording(account, first, "11", "mp3"), "another voice");

    const { status, out } = await fetch(["11", "--into", file(), "--json"], lab);

    expect(JSON.parse(out)).toMatchObject({ day: first, isSame: false });
    expect(status).toBe(1);
  });

  test("prints a link that lives two minutes, and writes no file", async () => {
    const { status, out } = await fetch(["11", "--link"]);

    const { pathname, searchParams } = new URL(out.trim());
    expect(decodeURIComponent(pathname)).toBe(`/${archiveName}/${archiveKeys.recording(account, first, "11", "mp3")}`);
    expect(searchParams.get("X-Amz-Expires")).toBe("120");
    expect(searchParams.get("X-Amz-Signature")).toMatch(/^[0-9a-f]{64}$/);
    expect(status).toBe(0);
  });

  test("copies from a folder, which has no links", async () => {
    const folder = await archiveFolder(shared());

    const linked = await nightshift(["fetch", "11", "--bucket", folder, "--link"], {});
    const copied = await nightshift(["fetch", "11", "--bucket", folder, "--into", file()], {});

    expect([linked.status, copied.status]).toEqual([2, 0]);
    expect(linked.err).toContain("A folder has no links");
    expect(await readFile(file(), "utf8")).toBe("audio of 11");
  });
});
