import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { savedQueryNames } from "../../shared/query/saved-queries.ts";
import { nightshift } from "../support/cli/run-nightshift.ts";

/** A folder with no table yet: each is empty, as in Athena. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nightshift-query-"));
  await mkdir(join(folder, "tables"));
});
afterAll(() => rm(folder, { recursive: true }));
const query = (...args: readonly string[]) => nightshift(["query", ...args], {});
const over = (sql: string, ...args: readonly string[]) => query(sql, "--tables", folder, ...args);

describe("nightshift query refuses, with what to do,", () => {
  test.each([
    ["a query without a folder", () => query("SELECT 1 AS one"), "--tables is missing"],
    ["a folder without tables", () => query("SELECT 1 AS one", "--tables", tmpdir()), "aws s3 sync"],
    ["a saved query that does not exist", () => over("call-per-hour"), "Did you mean calls-per-hour?"],
    ["a column that does not exist", () => over("SELECT nothing FROM calls"), "docs/data.md"],
    ["what is no SQL", () => over("DELETE all"), "docs/data.md"],
  ])("%s", async (_what, run, hint) => {
    const { status, out, err } = await run();

    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(/^REQUEST_INVALID: /);
    expect(err).toContain(hint);
  });
});

describe("nightshift query", () => {
  test("prints rows as a table, and with --json as lines", async () => {
    const sql = "SELECT count(*) AS records, 'a' AS word FROM calls";

    expect(await over(sql)).toEqual({ status: 0, out: "records  word\n0        a\n", err: "" });
    expect((await over(sql, "--json")).out).toBe('{"records":0,"word":"a"}\n');
  });

  test("names the saved queries, and runs each of them by its name", async () => {
    const names = (await query()).out.trim().split("\n");

    expect(names).toEqual(savedQueryNames());
    for (const name of names) expect((await over(name)).err, name).toBe("");
  });

  test("ends with 1 if there are no rows", async () => {
    expect(await over("SELECT day FROM calls")).toEqual({ status: 1, out: "", err: "" });
  });
});
