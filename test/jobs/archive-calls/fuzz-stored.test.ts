import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bucket } from "../../../shared/aws/bucket.ts";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import { emptyCallManifest, reduceCallManifest } from "../../../shared/core/calls/reduce-call-manifest.ts";
import { aggregateKeys, archiveKeys, stateKeys } from "../../../shared/core/object-keys.ts";
import { isDay, spanOf } from "../../../shared/core/time/days.ts";
import { JobError } from "../../../shared/errors.ts";
import { closeCallDays } from "../../../shared/jobs/archive-calls/close-call-days.ts";
import { estimateArchive } from "../../../shared/jobs/archive-calls/estimate.ts";
import { type DaysToArchive, findDaysToArchive } from "../../../shared/jobs/archive-calls/find-days-to-archive.ts";
import { planRecordings } from "../../../shared/jobs/archive-calls/plan-recordings.ts";
import { readDueRecordings } from "../../../shared/jobs/archive-calls/recording-plan.ts";
import type { ArchiveServices } from "../../../shared/jobs/archive-calls/services.ts";
import { parseManifest } from "../../../shared/storage/manifest-file.ts";
import { attempted, listed, rules, stored } from "../../support/core/day-events.ts";
import { workOff } from "../../support/runtime/work-off.ts";
import { account, addToLedger, aggregate, timeZone, withDayStore } from "../../support/storage/archive-world.ts";
import { hostileBytes, hostileLines } from "../../support/storage/hostile-bytes.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";
import { all } from "../../support/storage/streams.ts";
import { valueOrJobError } from "../../support/storage/value-or-job-error.ts";

const day = "2026-11-01";
const now = new Date("2026-11-20T12:00:00Z");
const runs = { numRuns: 150 };

const happened: readonly CallDayEvent[] = [
  listed(3, ["a", "b"]),
  listed(30, ["a", "b", "c"], { fingerprint: "other", missing: 1, missingIds: ["x"] }),
  stored("a"),
  attempted("b", 4, "not-found"),
  { type: "listing-failed", failure: { run: "run 40", at: "2026-11-03T21:00:00.000Z", code: "API_BAD_REQUEST" } },
  { type: "horizon-passed", cause: "age", passedAt: "2026-11-10T05:00:00.000Z" },
];
const manifest = reduceCallManifest(emptyCallManifest(account, day, timeZone, spanOf(day, timeZone)), happened, rules);
const record = { id: "call", startTime: "2026-11-01T10:00:00.000Z", recording: { id: "a" }, legs: [{ kept: true }] };
const calls = hostileLines([record, record]);
const manifests = hostileBytes({ ...manifest, revision: 3, account, day });

/** Returns the services of a run's steps over these buckets. */
function servicesOver(archive: Bucket, state: Bucket): ArchiveServices {
  const those: Partial<ArchiveServices> = {
    ...{ archive, state, rules, aggregate, timeZone, sign: undefined, archiveFrom: day },
    run: { name: "run", manual: false },
    now: () => now,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    metrics: { add: () => {}, set: () => {}, publish: () => {} },
    client: { sendText: async () => `{"id":"${account}"}` } as unknown as ArchiveServices["client"],
  };
  return withDayStore(those as ArchiveServices);
}

const retention = { days: 90, daysToFetch: 90, maxCount: 100_000 };

function opened(days: readonly string[]): DaysToArchive {
  const nothing = {
    toList: [],
    requested: [],
    acceptShrunk: false,
    unreadable: { days: [], first: undefined },
  };
  return { ...nothing, account, days, retention };
}

/** Does everything that a run and an estimate do with stored objects, without requests to RingCentral. */
async function nightOver(archive: Bucket, state: Bucket) {
  const services = servicesOver(archive, state);
  const request = { days: [], relist: false, acceptShrunk: false };
  const open = await valueOrJobError(() => findDaysToArchive(services, { account, retention }, request));
  const plan = await valueOrJobError(() => planRecordings(services, opened([day])));
  const due = plan instanceof JobError ? plan : await valueOrJobError(() => all(readDueRecordings(services, plan, 0)));
  const closed = await valueOrJobError(() => workOff(closeCallDays(services, opened([day]))));
  const ledger = await valueOrJobError(() => addToLedger(services));
  const estimate = await valueOrJobError(() => estimateArchive({ ...services, now }, request));
  return { open, plan, due, closed, ledger, estimate };
}

test("a manifest of another day is invalid: that day is left unchanged, and the others are archived", async () => {
  const [other, key] = ["2026-11-02", aggregateKeys.calls.manifest(account, day)];
  const body = Buffer.from(JSON.stringify({ ...manifest, day: other }));
  const archive = memoryBucket({ [key]: body });
  const notes = gzipSync(JSON.stringify(happened));
  const state = memoryBucket({ [aggregateKeys.calls.eventFile(account, other, "run 3", "listing")]: notes });

  const closed = await workOff(closeCallDays(servicesOver(archive, state), opened([day, other])));

  expect(closed.at(-1)?.tally).toMatchObject({ done: 1, failed: 1, firstFailed: day });
  expect((await archive.get(key))?.body).toEqual(body);
  expect(await archive.get(aggregateKeys.calls.manifest(account, other))).toBeDefined();
});

describe("a night ends, with no errors except JobErrors, for any bytes in place of", () => {
  test("a day's manifest and calls, and what is written is a manifest again", async () => {
    const key = aggregateKeys.calls.manifest(account, day);

    await fc.assert(
      fc.asyncProperty(manifests, calls, async (body, file) => {
        const archive = memoryBucket({ [key]: body, [archiveKeys.calls(account, day)]: file });

        const { closed } = await nightOver(archive, memoryBucket());

        if (closed instanceof JobError) expect(["STORAGE_INVALID", "TIME_ZONE_CHANGED"]).toContain(closed.code);
        const after = (await archive.get(key))?.body ?? Buffer.from("");
        if (!after.equals(body)) expect(parseManifest(aggregate, after, key)).toMatchObject({ account, day });
      }),
      runs,
    );
  });

  test("events, plans, counts, the cached account, and ledger entries", async () => {
    const entry = {
      ...{
        schema: "nightshift/ledger-entry/1",
        account,
        number: 1,
        run: "r",
        at: "2026-11-02T03:00:00.000Z",
        nonce: "n",
      },
      manifests: [{ day, revision: 1, bytes: 10, sha256: "hash" }],
    };
    const state = fc.record({
      [aggregateKeys.calls.eventFile(account, day, "run 3", "listing")]: hostileLines([happened]),
      [aggregateKeys.calls.eventFile(account, "2026-11-02", "run 3", "listing")]: hostileLines([happened.slice(3)]),
      [stateKeys.plan("run", day)]: hostileLines([
        [{ id: "a", contentUri: "https://media.example.com/a", owningDay: day }],
      ]),
      [aggregateKeys.calls.dayIndex(account)]: hostileLines([
        {
          ...{ schema: "nightshift/day-index/1", account, rules: "", walkedAt: "2026-11-02T03:00:00.000Z" },
          days: { [day]: { etag: "e", status: "closed", counts: { automatic: 3 } } },
        },
      ]),
      [stateKeys.account]: hostileBytes({ id: account, heavyPerMinute: 10 }),
    });
    const archive = fc.record({ [aggregateKeys.calls.ledgerEntry(account, 1)]: hostileBytes(entry) });

    await fc.assert(
      fc.asyncProperty(archive, state, async (inArchive, inState) => {
        const { estimate } = await nightOver(memoryBucket(inArchive), memoryBucket(inState));

        if (estimate instanceof JobError) throw estimate;
        expect(estimate.minutesAtLeast).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  test("keys of objects, and no invalid day is added", async () => {
    const ends = fc.oneof(
      fc.constantFrom("2026-13-45.json", "2026-02-30/", "0000-00-00.json", "9999-12-31.json", `${day}.json`),
      fc.constantFrom(`${day}.bak.json`, `${day}${"9".repeat(400)}.json`, `${day}.rx.json`),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    const prefixes = fc.constantFrom("manifests", "calls").map((prefix) => `${prefix}/account=${account}/date=`);
    const keysUnder = (prefix: fc.Arbitrary<string>) =>
      fc.dictionary(
        fc.tuple(prefix, ends).map((parts) => parts.join("")),
        fc.constant(Buffer.from("{}")),
      );

    await fc.assert(
      fc.asyncProperty(
        keysUnder(prefixes),
        keysUnder(fc.constant(aggregateKeys.calls.eventsPrefix(account))),
        async (inArchive, inState) => {
          const { open } = await nightOver(memoryBucket(inArchive), memoryBucket(inState));

          if (open instanceof JobError) throw open;
          expect([...open.days, ...open.toList].filter((each) => !isDay(each))).toEqual([]);
        },
      ),
      runs,
    );
  });
});
