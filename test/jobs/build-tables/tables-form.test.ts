import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openTables } from "../../../lab/demo/open-tables.ts";
import { tableNames, tablesForm } from "../../../shared/core/tables/table-schema.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { saveTables } from "../../support/build-tables/tables-world.ts";
import { threeDays } from "../../support/build-tables/three-days.ts";

/** What the rows of three sample days say, by the form of the tables. Whoever changes how rows are made raises the form, and writes both here. */
const rowsOf = { form: 4, sha256: "c419bb82ce94e8460dcb6ac0bdd8fb35ca6ca71a1a53377f9d7bf30f683699e8" };

test("the content of the tables changes only with their form, so that old and new days of one form agree", async () => {
  const dir = await mkdtemp(join(tmpdir(), "nightshift-tables-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const world = await threeDays();
  await runTables(world);
  await saveTables(world.derived, dir);
  const tables = await openTables(dir);
  onTestFinished(() => tables.close());

  const rows = createHash("sha256");
  for (const table of tableNames) {
    const all = await tables.query(`SELECT * FROM ${table}`);
    for (const row of all.map((each) => JSON.stringify(each)).sort()) rows.update(`${table} ${row}\n`);
  }

  expect({ form: tablesForm, sha256: rows.digest("hex") }).toEqual(rowsOf);
});
