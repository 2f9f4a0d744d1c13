import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys, archiveKeys, derivedKeys } from "../../../shared/core/object-keys.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { account, openTablesWorld, tablesIn } from "../../support/build-tables/tables-world.ts";
import { documentedCall } from "../../support/core/documented-call.ts";
import { hostileBytes, hostileLines } from "../../support/storage/hostile-bytes.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const day = "2026-11-01";
const keys = {
  calls: archiveKeys.calls(account, day),
  manifest: aggregateKeys.calls.manifest(account, day),
  responses: archiveKeys.responses(account, day, { group: "Company", interval: "Hour" }),
  analytics: aggregateKeys.analytics.manifest(account, day),
};
const line = {
  request: { query: { interval: "Hour" } },
  response: {
    data: {
      groupedBy: "Company",
      records: [
        {
          key: "7",
          info: { name: "n" },
          points: [
            {
              time: "2026-11-01T05:00:00Z",
              counters: { allCalls: { valueType: "Instances", values: { inbound: 1 } } },
            },
          ],
        },
      ],
    },
  },
};
const part = { group: "Company", interval: "Hour", lines: [line] } as const;
const recording = {
  id: "r1",
  state: "stored",
  firstSeenAt: "2026-11-02T08:30:00.000Z",
  callId: documentedCall.id,
} as const;

/** Stores a day of one call, as the other jobs do. */
async function oneDay() {
  const world = await openTablesWorld();
  await world.give({ day, records: [documentedCall], recordings: [recording], responses: [part] });
  const given: Record<string, Buffer> = {};
  for (const key of Object.values(keys)) given[key] = (await world.archive.get(key))?.body ?? Buffer.from("");
  return { world, given };
}

const note = { form: 1, account, days: { [day]: "calls a analytics b", "2026-11-02": "calls c analytics -" } };
const parsed = (body: Buffer | undefined): unknown => JSON.parse(body?.toString() ?? "");

describe("a run of build-tables ends well for any bytes in place of", () => {
  test.each(["calls", "manifest", "responses", "analytics"] as const)("the day's %s", async (place) => {
    const { world, given } = await oneDay();
    const hostile = {
      calls: hostileLines([documentedCall, documentedCall]),
      responses: hostileLines([line]),
      manifest: hostileBytes(parsed(given[keys.manifest])),
      analytics: hostileBytes(parsed(given[keys.analytics])),
    };
    await fc.assert(
      fc.asyncProperty(hostile[place], async (bytes) => {
        const archive = memoryBucket({ ...given, [keys[place]]: bytes });

        const { error } = await runTables({ ...world, archive });

        expect(error?.code ?? "DAYS_INCOMPLETE").toBe("DAYS_INCOMPLETE");
        await world.derived.put(derivedKeys.tablesBuildIndex, emptyNote, "application/json");
      }),
      { numRuns: 60 },
    );
  });

  test("the build index", async () => {
    const { world } = await oneDay();
    await runTables(world);
    const tables = await tablesIn(world.derived);
    await fc.assert(
      fc.asyncProperty(hostileBytes(note), async (bytes) => {
        await world.derived.put(derivedKeys.tablesBuildIndex, toBody(bytes), "application/json");

        const { error } = await runTables(world);

        expect(error).toBeUndefined();
        expect(await tablesIn(world.derived)).toEqual(tables);
      }),
      { numRuns: 40 },
    );
  });
});

test("a record with an endless text fails only its own day", async () => {
  const { world, given } = await oneDay();
  const archive = memoryBucket({ ...given, [keys.calls]: gzipSync(" ".repeat(20 * 1024 * 1024)) });

  expect((await runTables({ ...world, archive })).error?.code).toBe("DAYS_INCOMPLETE");
});

const emptyNote = { bytes: 2, sha256: "", open: () => Buffer.from("{}") };
