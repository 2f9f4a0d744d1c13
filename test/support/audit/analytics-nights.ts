import { gzipSync } from "node:zlib";
import { toBody } from "../../../shared/aws/bucket.ts";
import type { Signer } from "../../../shared/aws/signer.ts";
import {
  type AnalyticsRules,
  analyticsAggregate,
  requiredDatasets,
} from "../../../shared/core/analytics/analytics-aggregate.ts";
import type { AnalyticsDayEvent } from "../../../shared/core/analytics/analytics-manifest.ts";
import { analyticsHttpRequest, type Dataset, type Interval } from "../../../shared/core/analytics/analytics-query.ts";
import { archiveKeys } from "../../../shared/core/object-keys.ts";
import { addDays, type Day } from "../../../shared/core/time/days.ts";
import { createDayStore } from "../../../shared/storage/day-store.ts";
import { writeLedger } from "../../../shared/storage/write-ledger.ts";
import { account, type TestArchive } from "./archive-lab.ts";
import { first, fourth, type Nights, second, third } from "./sample-archive.ts";

const rules: AnalyticsRules = { groups: ["Queues"], recollectDays: 2 };
/** Pages of responses; the middle queue is on both, as if a queue was added meanwhile. */
const pages = [
  ["62264426001", "62264426002"],
  ["62264426002", "62264426003"],
];
/** Three queues, each with one number a day or an hour. */
const counts: Readonly<Record<Interval, { readonly keys: number; readonly values: number }>> = {
  Day: { keys: 3, values: 3 },
  Hour: { keys: 3, values: 6 },
};

/**
 * The first two days closed by the second night, whose numbers of the second day are others; the third day closed by the
 * third; the fourth open, for it may still change.
 */
export const nightsOfAnalytics: Nights = async (lab, sign) => {
  await analyticsNight(lab, new Map([first, second].map((day) => [day, 1])), sign);
  await analyticsNight(lab, new Map([second, third].map((day) => [day, 2])), sign);
  await analyticsNight(lab, new Map([third, fourth].map((day) => [day, 2])), sign);
};

/** Collects days and writes the ledger, as a run does; every number of a day is the given one. Then a day passes. */
export async function analyticsNight(lab: TestArchive, days: ReadonlyMap<Day, number>, sign?: Signer): Promise<void> {
  const { now, run, ...others } = lab.services(`analytics of ${days.size} days`, { sign });
  const s = { ...others, now, run, aggregate: analyticsAggregate(rules) };
  const store = createDayStore({ ...s, account });
  for (const [day, number] of days) {
    for (const part of requiredDatasets(rules)) {
      const body = toBody(responsesOn(day, part, number));
      const key = archiveKeys.responses(account, day, part);
      const etag = await s.archive.put(key, body, "application/gzip");
      const object = { key, bytes: body.bytes, sha256: body.sha256, etag };
      const collection = { run: run.name, at: now().toISOString(), fingerprint: body.sha256 };
      const event: AnalyticsDayEvent = { type: "collected", ...part, collection, object, ...counts[part.interval] };
      await store.append(day, `${part.group}-${part.interval}`, [event]);
    }
    await store.commit(day, ({ manifest }) => manifest);
  }
  await writeLedger(s, store);
  lab.dayPasses();
}

/** Returns stored responses: a line for each page, beside its request. */
export function responsesOn(day: Day, part: Dataset, number: number): Buffer {
  const lines = pages.map((keys, place) => {
    const query = { ...part, from: day, to: addDays(day, 1) };
    const request = analyticsHttpRequest(query, place + 1, { timeZone: "UTC", metrics: ["allCalls"] });
    const records = keys.map((key) => ({ key, info: { name: `Jane Doe's ${key}` }, ...numbersOf(day, part, number) }));
    return { request, response: { paging: { totalPages: pages.length }, data: { groupedBy: part.group, records } } };
  });
  return zippedLines(lines);
}

export function zippedLines(lines: readonly object[]): Buffer {
  return gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

function numbersOf(day: Day, { interval }: Dataset, number: number) {
  const counters = { allCalls: { valueType: "Instances", values: number } };
  if (interval === "Day") return { counters };
  return { points: ["09", "10"].map((hour) => ({ time: `${day}T${hour}:00:00Z`, counters })) };
}
