import { describe, expect, test } from "vitest";
import { findDerivedStrays } from "../../../shared/audit/find-strays.ts";
import { everyObject } from "../../../shared/audit/selection.ts";
import { verifyDerived } from "../../../shared/audit/verify-derived.ts";
import { toBody } from "../../../shared/aws/bucket.ts";
import type { Finding } from "../../../shared/core/finding.ts";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { copyOf, pagesIn, withTables } from "../../support/build-pages/pages-world.ts";
import { runPages } from "../../support/build-pages/run-pages.ts";
import { account, type TablesWorld } from "../../support/build-tables/tables-world.ts";
import { once } from "../../support/once.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];

const written = once(async () => {
  const world = await withTables(days, 4);
  await runPages(world);
  return world;
});
const withPages = async (): Promise<TablesWorld> => copyOf(await written());

/** Verifies tables and pages; returns code and key of each finding. */
async function findingsIn({ archive, derived }: TablesWorld): Promise<readonly string[]> {
  const findings: Finding[] = [];
  const onFinding = (each: Finding) => void findings.push(each);
  await verifyDerived({ archive, derived, account, selection: everyObject("bytes"), onFinding });
  for await (const each of findDerivedStrays(derived)) findings.push(each);
  return findings.map(({ code, key }) => `${code} ${key}`);
}

const page = derivedKeys.page("2026-11-02.html");
const figures = derivedKeys.figures("2026-11-02");
const index = derivedKeys.pagesBuildIndex;

describe("what someone else has written is found by verify, and the next run puts it right:", () => {
  test.each([
    ["a page", page, "object-changed"],
    ["the index of pages that people open", derivedKeys.page("index.html"), "object-changed"],
    ["the page of a month", derivedKeys.page("month-2026-11.html"), "object-changed"],
    ["figures", figures, "object-changed"],
    ["the build index", index, "object-corrupt"],
  ])("%s", async (_what, key, code) => {
    const world = await withPages();
    const before = await pagesIn(world);
    await world.derived.put(key, toBody("<script>forged</script>"), "text/html");

    const found = await findingsIn(world);
    await runPages(world);

    expect(found).toEqual([`${code} ${key}`]);
    expect(await findingsIn(world)).toEqual([]);
    expect(await pagesIn(world)).toEqual(before);
  });
});

test.each(["pages/2026-11-02.htm", "pages/evil/2026-11-02.html", "figures/day=2026-13-01.json.gz", "built/x.json"])(
  "verify finds %s, which no job writes",
  async (key) => {
    const world = await withPages();
    await world.derived.put(key, toBody("x"), "text/html");

    expect(await findingsIn(world)).toEqual([`object-unexpected ${key}`]);
  },
);

test("what a run has just written, and not noted yet, is no finding", async () => {
  const world = await withPages();
  await world.derived.put(derivedKeys.figures("2026-11-04"), toBody("x"), "application/gzip");
  const { archive, derived } = world;
  const options = { archive, derived, account, selection: everyObject("listing"), judgedUntil: new Date(-1) };

  const { findings, notChecked } = await verifyDerived({ ...options, onFinding: () => {} });

  expect(findings).toBe(0);
  expect(notChecked).toBeGreaterThan(0);
});

test("a page of a day that has none is found", async () => {
  const world = await withPages();
  await world.derived.put(derivedKeys.page("2026-10-31.html"), toBody("x"), "text/html");

  expect(await findingsIn(world)).toEqual([`object-unexpected ${derivedKeys.page("2026-10-31.html")}`]);
});

test("while the index of another account is stored, nothing says what was written, and nothing is found", async () => {
  const world = await withPages();
  const counted = await verifyDerived({
    ...{ archive: world.archive, derived: world.derived, account: "8" },
    ...{ selection: everyObject("listing"), onFinding: () => {} },
  });

  expect(counted).toMatchObject({ objects: 0, findings: 0 });
  expect(counted.notChecked).toBeGreaterThan(days.length);
});

test("a day whose table is not as it was built is left out and noted, the others are written, and it follows when the table is built again", async () => {
  const world = await withTables(days, 4);
  const table = derivedKeys.table("calls", "2026-11-02");
  const whole = (await world.derived.get(table))?.body ?? "";
  await world.derived.put(table, toBody("forged"), "text/plain");

  const { error, lines } = await runPages(world);
  const without = [...(await pagesIn(world)).keys()];
  await world.derived.put(table, toBody(whole), "text/plain");
  await runPages(world);

  expect(error).toBeUndefined();
  expect(lines.filter(({ message }) => /^day left out/.test(message)).map(({ facts }) => facts.day)).toEqual([
    "2026-11-02",
  ]);
  expect(without).toContain("2026-11-03.html");
  expect(without).not.toContain("2026-11-02.html");
  expect([...(await pagesIn(world)).keys()]).toContain("2026-11-02.html");
});

test("a run over figures that someone replaced with an older day's fails for the pages that need them, and no other", async () => {
  const world = await withPages();
  const other = (await world.derived.get(derivedKeys.figures("2026-11-01")))?.body ?? Buffer.alloc(0);
  let isReplaced = false;
  const derived: TablesWorld["derived"] = {
    ...world.derived,
    // After the listing, before the read.
    get: async (key) => {
      if (key === figures && !isReplaced) {
        isReplaced = true;
        await world.derived.put(figures, toBody(other), "application/gzip");
      }
      return world.derived.get(key);
    },
  };

  const { error } = await runPages({ ...world, derived }, { request: { days: ["2026-11-03"] } });
  const next = await runPages(world);

  expect(error).toMatchObject({ code: "DAYS_INCOMPLETE" });
  expect(next.error).toBeUndefined();
  expect(await findingsIn(world)).toEqual([]);
});
