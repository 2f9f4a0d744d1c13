import { once } from "node:events";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { archiveKeys } from "../../shared/core/object-keys.ts";
import { account, archiveName } from "../support/audit/archive-lab.ts";
import { first, second, servedSample } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { loggedIn, nightshift, startNightshift } from "../support/cli/run-nightshift.ts";

const { shared } = servedSample();
const archive = ["--bucket", archiveName];
const find = (args: readonly string[], env = loggedIn(shared())) => nightshift(["find", ...args], env);
const calls = (day: string) => archiveKeys.calls(account, day);

describe("nightshift find", () => {
  test("writes each call that it finds as a line of JSON, and ends with 0", async () => {
    const { status, out, err } = await find([...archive, "--recording", "14", "--number", "+1 (650) 555-0100"]);

    const [line = "", ...rest] = out.split("\n");
    expect(JSON.parse(line)).toMatchObject({
      day: first,
      recordings: [{ id: "14", state: "stored", key: archiveKeys.recording(account, first, "14", "mp3") }],
      record: { id: "c14", from: { phoneNumber: "+16505550100", name: "Jane Doe" } },
    });
    expect(rest).toEqual([""]);
    expect(err).toBe("");
    expect(status).toBe(0);
  });

  test("searches from one day until before another", async () => {
    const { out } = await find([...archive, "--from", first, "--to", second, "--extension", "101"]);

    const ids = [...out.matchAll(/"record":\{"id":"(\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(["c11", "c12", "c13", "c14"]);
  });

  test.each([
    ["", "No call matches. Searched: the calls of 4 days from 2026-11-01 to 2026-11-04."],
    ["--json", "No call matches. Searched: the calls of 4 days from 2026-11-01 to 2026-11-04."],
    ["--day 2026-11-02", "No call matches. Searched: the calls of 2026-11-02."],
    ["--from 2027-01-01", "No call was searched: the archive has no calls from 2027-01-01 on."],
    ["--to 2019-01-01", "No call was searched: the archive has no calls before 2019-01-01."],
    ["--day 2027-01-01", "No call was searched: the archive has no calls of 2027-01-01."],
  ])("ends with 1 if it finds nothing, writes nothing, and says what was searched: %s", async (args, err) => {
    const ended = await find([...archive, "--record", "nothing", ...args.split(" ").filter(Boolean)]);

    expect(ended).toEqual({ status: 1, out: "", err: `${err}\n` });
  });

  test("writes the readable calls, names a damaged day, and ends with 2", async () => {
    await tamperWith(shared()).put(calls(first), "damaged");

    const { status, out, err } = await find([...archive, "--recording", "14"]);

    expect(out).toMatch(/^\{"day":"2026-11-02".*\}\n$/);
    expect(err.split("\n")).toEqual([
      `STORAGE_INVALID: Damaged objects were not searched: ${calls(first)}`,
      expect.stringContaining("npx nightshift restore"),
      "",
    ]);
    expect(status).toBe(2);
  });

  test("escapes control characters in a caller's name, and writes the name unchanged otherwise", async () => {
    const record = { id: "odd", startTime: `${first}T10:00:00.000Z`, from: { name: "\u001b[2J\u009b\u2028\u007f" } };
    await tamperWith(shared()).put(calls(first), gzipSync(`${JSON.stringify(record)}\n`));

    const { out } = await find([...archive, "--day", first]);

    expect(out).not.toMatch(/[^\P{Cc}\n]|\u2028/u);
    expect(JSON.parse(out)).toMatchObject({ record });
  });

  test("ends without output if its reader goes away", async () => {
    const lines = Array.from({ length: 50_000 }, (_, n) => `{"id":"${n}","startTime":"${first}T10:00:00.000Z"}\n`);
    await tamperWith(shared()).put(calls(first), gzipSync(lines.join("")));
    const child = startNightshift(["find", ...archive, "--day", first], loggedIn(shared()));

    child.stdout.once("data", () => child.stdout.destroy());
    const [err] = await Promise.all([text(child.stderr), once(child, "close")]);

    expect(err).toBe("");
    expect(child.exitCode).toBe(2);
  });
});

describe("nightshift find refuses, in one line with a hint in another,", () => {
  const rows: readonly [string, readonly string[], string][] = [
    [
      "to look without a bucket, or for nothing",
      [],
      "--stack or --bucket is missing; at least one condition is needed",
    ],
    [
      "options that are wrong, all at once",
      ["--number", "anonymous", "--day", "x"],
      "--number: expected a phone number; --day: expected a date",
    ],
    [
      "a day and a span together, or a span that holds no day",
      [...archive, "--day", first, "--from", second, "--to", first],
      "--day cannot be combined with --from or --to; --to must be later than --from",
    ],
  ];

  test.each(rows)("%s", async (_what, args, message) => {
    const { status, out, err } = await find(args, {});

    expect(err).toMatch(`REQUEST_INVALID: ${message}`);
    expect(err).toMatch(/\nSee --help\.\n$/);
    expect(out).toBe("");
    expect(status).toBe(2);
  });

  test("an account without calls in this bucket", async () => {
    const { status, err } = await find([...archive, "--account", "8", "--record", "c11"]);

    expect(err).toBe("REQUEST_INVALID: The bucket holds no archive of 8, but of 7\nChoose one with --account.\n");
    expect(status).toBe(2);
  });
});

test("nightshift find --help prints its options and ends with 0", async () => {
  const { status, out } = await find(["--help"], {});

  const options = ["bucket", "account", "record", "session", "recording", "number", "extension", "day", "from", "to"];
  for (const option of options) expect(out).toContain(`--${option}`);
  expect(status).toBe(0);
});
