import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import {
  type AnalyticsRun,
  type AnalyticsWorld,
  account,
  openAnalyticsWorld,
} from "../../support/collect-analytics/analytics-world.ts";

const groups = ["Company", "Users", "Queues", "CompanyNumbers"] as const;

/** Runs nights with everything that is logged: refusals, moving pages, odd responses, outages, an invalid manifest. */
async function eventfulNights(): Promise<readonly [AnalyticsWorld, readonly AnalyticsRun[]]> {
  const corrupted = [{ in: "counters", metric: "allCalls", value: { deep: { er: [] } } }] as const;
  const organisation = { users: 21, queues: 2, companyNumbers: 3 };
  const world = await openAnalyticsWorld({ account: { organisation, analytics: { corrupted } } });
  const runs = [await world.run({ groups })];
  await world.becomes({ analytics: { turnsBetweenPages: 7, refuse: { CompanyNumbers: 403 } } });
  runs.push(await world.nextNight({ groups }));
  await world.becomes({ analytics: {} });
  const odd = { paging: { totalPages: "+16505550100" }, data: { records: "+16505550100" } };
  world.ringCentral().plan({ on: "analyticsAggregation", times: 3, what: { status: 200, body: odd } });
  world.ringCentral().plan({ on: "analyticsTimeline", times: 4, what: { status: 503 } });
  await world.archive.put(aggregateKeys.analytics.manifest(account, "2026-11-03"), toBody("{}"), "application/json");
  runs.push(await world.nextNight({ groups }));
  await world.becomes({ analytics: { enabled: false } });
  runs.push(await world.nextNight({ groups }));
  await world.becomes({ scopes: ["ReadAccounts"] });
  runs.push(await world.nextNight({ groups }));
  return [world, runs];
}

/** Returns stored keys, names and numbers of everything for which calls were counted, except the account's id, which is in each key. */
async function namesStored({ archive }: AnalyticsWorld): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const { key } of archive.list(archiveKeys.responsesPrefix(account))) {
    const { body } = (await archive.get(key)) ?? { body: Buffer.alloc(0) };
    for (const [, name = ""] of gunzipSync(body)
      .toString()
      .matchAll(/"(?:key|name|extensionNumber)":"([^"\\]+)"/g)) {
      names.add(name);
    }
  }
  names.delete(account);
  return names;
}

test("no line of the log contains a name, a key, an extension, a phone number or a secret", async () => {
  const [world, runs] = await eventfulNights();

  const logged = runs.flatMap((run) => run.logged);

  expect(runs.map(({ error }) => error?.code)).toEqual([
    undefined,
    ...["DAYS_INCOMPLETE", "STORAGE_INVALID", "API_REFUSED", "CREDENTIAL_REFUSED"],
  ]);
  const names = await namesStored(world);
  expect(names.size).toBeGreaterThan(45);
  const text = logged.join("\n");
  // Codes, ids, instants and counts may have the digits of a short extension: that is looked for as a whole text.
  const shown = (name: string) => text.includes(name.length > 6 ? name : JSON.stringify(name));
  expect([...names].filter(shown)).toEqual([]);
  for (const secret of world.ringCentral().secrets())
    expect(logged.filter((line) => line.includes(secret))).toEqual([]);
});
