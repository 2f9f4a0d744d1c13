import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { readRows } from "../../../shared/jobs/build-pages/read-table.ts";
import { findBuildIndex } from "../../../shared/storage/build-index.ts";
import { withTables } from "../../support/build-pages/pages-world.ts";
import { account } from "../../support/build-tables/tables-world.ts";
import { all } from "../../support/storage/streams.ts";

const [day, other] = ["2026-11-02", "2026-11-03"] as const;
const key = derivedKeys.table("calls", day);

/** A table as it was built, and its rows as they are stored. */
async function withTable() {
  const { derived } = await withTables([day, other]);
  const written = (await findBuildIndex(derived, account)).days.get(day)?.tables.get("calls");
  if (!written) throw new Error("build-tables built no table");
  const rows = () => all(readRows(derived, { table: "calls", day, written, columns: ["id", "session_id"] }));
  return { derived, written, rows };
}

describe("a table that is not the one that was written is refused", () => {
  test("when its object is missing", async () => {
    const { derived, written } = await withTable();
    const missing = { ...derived, open: async () => undefined };

    await expect(all(readRows(missing, { table: "calls", day, written, columns: ["id"] }))).rejects.toMatchObject({
      code: "STORAGE_INVALID",
      details: { key },
    });
  });

  test("when it is a sound table of another day", async () => {
    const { derived, rows } = await withTable();
    const sound = (await derived.get(derivedKeys.table("calls", other)))?.body ?? "";
    await derived.put(key, toBody(sound), "");

    await expect(rows()).rejects.toMatchObject({ code: "STORAGE_INVALID", details: { key } });
  });

  test("when it has the same length, and one byte of its values is another one", async () => {
    const { derived, written, rows } = await withTable();
    const body = Buffer.from((await derived.get(key))?.body ?? "");
    const place = body.indexOf(day);
    body.writeUInt8(body.readUInt8(place) + 1, place);
    await derived.put(key, toBody(body), "");

    expect([place > 0, body.length]).toEqual([true, written.bytes]);
    await expect(rows()).rejects.toMatchObject({ code: "STORAGE_INVALID" });
  });
});

test("a table as it was written gives every row, with the columns that were asked for", async () => {
  const rows = await (await withTable()).rows();

  expect(rows).toHaveLength(12);
  expect(Object.keys(rows[0] ?? {}).sort()).toEqual(["id", "session_id"]);
});
