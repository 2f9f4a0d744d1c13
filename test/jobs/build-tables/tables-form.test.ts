import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tableNames, tablesForm } from "../../../shared/core/tables/table-schema.ts";
import { openTables } from "../../../shared/query/open-tables.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { saveTables } from "../../support/build-tables/tables-world.ts";
import { threeDays } from "../../support/build-tables/three-days.ts";

/** SHA-256 of the rows of three sample days, and the form of the tables that they have. */
const file = join(import.meta.dirname, "tables-form.json");
const readStored = async () => JSON.parse(await readFile(file, "utf8"));

test("the content of the tables changes only with their form, so that old and new days of one form agree (UPDATE_DOCS=1 stores a raised form)", async () => {
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

  const content = { form: tablesForm, sha256: rows.digest("hex") };
  const isRaised = tablesForm > (await readStored()).form;
  if (process.env.UPDATE_DOCS && isRaised) await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
  expect(content, "raise tablesForm, then store the content with UPDATE_DOCS=1").toEqual(await readStored());
});
