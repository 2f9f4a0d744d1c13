import { expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { pagesIn } from "../../support/build-pages/pages-world.ts";
import { runPages } from "../../support/build-pages/run-pages.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { sampleDay } from "../../support/build-tables/sample-days.ts";
import { account, type GivenPart, openTablesWorld, type TablesWorld } from "../../support/build-tables/tables-world.ts";
import { textIn } from "../../support/pages/tables-in.ts";

const day = "2026-11-01";
const { responses: _, ...calls } = sampleDay(day, 12);
const notCollected = /RingCentral's analytics of \S+ were not collected/;

/** What RingCentral answers of a group without members. */
const emptyGroup = (group: GivenPart["group"]): GivenPart => {
  const request = { path: "/analytics/calls/v1/accounts/7", query: {}, body: {} };
  return { group, interval: "Day", lines: [{ request, response: { data: { groupedBy: group, records: [] } } }] };
};

/** Stores the analytics of the day, builds its tables and pages, and returns its page. */
async function pageWith(world: TablesWorld, groups: readonly GivenPart["group"][]): Promise<string> {
  await world.give({ ...calls, responses: groups.map(emptyGroup) });
  await runTables(world);
  return pageAfterRun(world);
}

async function pageAfterRun(world: TablesWorld): Promise<string> {
  await runPages(world);
  return textIn((await pagesIn(world)).get(`${day}.html`) ?? "");
}

test("of a group that was not collected the page says so", async () => {
  expect(await pageWith(await openTablesWorld(), ["Company", "Users"])).toContain(
    "RingCentral's analytics of queues were not collected.",
  );
});

test("groups that were collected without a row, as on a closed Sunday, are not called uncollected", async () => {
  const page = await pageWith(await openTablesWorld(), ["Company", "Queues", "Departments", "Users"]);

  expect(page).toContain("No queue had calls.");
  expect(page).not.toMatch(/analytics of [\w ]+ were not collected/);
});

test("a group that is collected later without a row changes the page, although no table has changed", async () => {
  const world = await openTablesWorld();
  const before = await pageWith(world, ["Company"]);
  const after = await pageWith(world, ["Company", "Queues", "Users"]);

  expect(before).toMatch(notCollected);
  expect(after).not.toMatch(notCollected);
});

test("a damaged manifest of the analytics stops no page, and its day is counted again once it is restored", async () => {
  const world = await openTablesWorld();
  const key = aggregateKeys.analytics.manifest(account, day);
  await world.give({ ...calls, responses: [emptyGroup("Company"), emptyGroup("Queues"), emptyGroup("Users")] });
  await runTables(world);
  const whole = (await world.archive.get(key))?.body ?? Buffer.alloc(0);
  await world.archive.put(key, toBody("{"), "application/json");
  const damaged = await pageAfterRun(world);
  await world.archive.put(key, toBody(whole), "application/json");

  expect(damaged).toContain("80% of 5 inbound calls were answered");
  expect(await pageAfterRun(world)).toContain("No queue had calls.");
});
