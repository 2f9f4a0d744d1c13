import { expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { updateCachedAccount } from "../../../shared/storage/cached-account.ts";
import { pagesIn, withTables } from "../../support/build-pages/pages-world.ts";
import { runPages } from "../../support/build-pages/run-pages.ts";
import { account, type TablesWorld } from "../../support/build-tables/tables-world.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const withdrawn = "This page is not written any more";
const style = { locale: "de-DE", timeZone: "America/New_York", people: "none" };

/** Runs the job again, and returns how many pages it wrote. */
const pagesWritten = async (world: TablesWorld, services = {}) =>
  (await runPages(world, { services })).metrics.PagesWritten;

/** Files that are withdrawn. */
const withdrawnIn = async (world: TablesWorld) =>
  [...(await pagesIn(world))].flatMap(([file, html]) => (html.includes(withdrawn) ? [file] : []));

test("a lost index keeps no page in place that another setting does not plan any more, so that no name stays", async () => {
  const world = await withTables(days);
  await runPages(world);
  await world.derived.put(derivedKeys.pagesBuildIndex, toBody("lost"), "application/gzip");

  await runPages(world, { services: { style } });

  expect(await withdrawnIn(world)).toEqual(["week-2026-11-01.html"]);
  expect(await pagesWritten(world, { style })).toBeUndefined();
});

test("the pages of another account are withdrawn, once", async () => {
  const world = await withTables(days);
  await runPages(world);
  const all = [...(await pagesIn(world)).keys()];
  await updateCachedAccount(world.state, { id: `${account}1` });

  await runPages(world);

  expect((await withdrawnIn(world)).sort()).toEqual(all.filter((file) => file !== "index.html").sort());
  expect(await pagesWritten(world)).toBeUndefined();
});

test("a page that someone added is withdrawn, and an object whose name no page has is left to verify", async () => {
  const world = await withTables(days);
  await world.derived.put(derivedKeys.page("2026-10-31.html"), toBody("forged"), "text/html");
  await world.derived.put(derivedKeys.page("notes.txt"), toBody("notes"), "text/plain");

  await runPages(world);

  expect(await withdrawnIn(world)).toEqual(["2026-10-31.html"]);
  expect((await pagesIn(world)).get("notes.txt")).toBe("notes");
});
