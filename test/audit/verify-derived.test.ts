import { beforeAll, describe, expect, test } from "vitest";
import { everyObject } from "../../shared/audit/selection.ts";
import { type VerifyDerivedOptions, verifyDerived } from "../../shared/audit/verify-derived.ts";
import { type Bucket, toBody } from "../../shared/aws/bucket.ts";
import { type Depth, depths } from "../../shared/core/depth.ts";
import type { Finding } from "../../shared/core/finding.ts";
import { aggregateKeys, archiveKeys, derivedKeys } from "../../shared/core/object-keys.ts";
import { tableNames } from "../../shared/core/tables/table-schema.ts";
import { JobError } from "../../shared/errors.ts";
import { altered } from "../support/audit/tamper.ts";
import { runTables } from "../support/build-tables/run-tables.ts";
import { sampleDay } from "../support/build-tables/sample-days.ts";
import { account, type TablesWorld } from "../support/build-tables/tables-world.ts";
import { first, second, third, threeDays } from "../support/build-tables/three-days.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";
import { without } from "../support/storage/without.ts";

const type = "application/vnd.apache.parquet";
const key = derivedKeys.table("calls", second);

let archive: Bucket;
let stored: Bucket;
beforeAll(async () => {
  const world = await threeDays();
  await runTables(world);
  ({ archive, derived: stored } = world);
});

/** A copy of the built tables, for the test to change. */
async function openWorld(): Promise<Pick<TablesWorld, "archive" | "derived">> {
  return { archive: await without(archive), derived: await without(stored) };
}

async function verify(
  buckets: Pick<TablesWorld, "archive" | "derived">,
  depth: Depth = "checksums",
  options: Partial<VerifyDerivedOptions> = {},
) {
  const findings: Finding[] = [];
  const verification = await verifyDerived({
    ...{ ...buckets, account, selection: everyObject(depth) },
    onFinding: (finding) => void findings.push(finding),
    ...options,
  });
  const lines = findings.map(({ code, bucket, key: at }) => `${code} ${bucket} ${at}`).sort();
  return { verification, findings, lines };
}

const copyOf = async ({ derived }: { readonly derived: Bucket }, from: string) =>
  (await derived.get(from))?.body ?? Buffer.from("");

test("a table that must be asked for, and that S3 cannot return while it returns the index, is a finding", async () => {
  const { derived, ...world } = await openWorld();
  await put(derived, key, "forged");
  const away = () => Promise.reject(new JobError("STORAGE_FAILED", "HeadObject answered 500", { retryable: true }));
  const head: typeof derived.head = (asked) => (asked === key ? away() : derived.head(asked));

  const { lines } = await verify({ ...world, derived: { ...derived, head } }, "listing");

  expect(lines).toEqual([`object-unreadable derived ${key}`]);
});

interface Forgery {
  readonly what: string;
  readonly by: (derived: Bucket) => Promise<unknown>;
  readonly lines: readonly string[];
}

const put = (derived: Bucket, at: string, bytes: Buffer | string) => derived.put(at, toBody(bytes), type);
const forgeries: readonly Forgery[] = [
  {
    what: "a table of a closed day overwritten",
    by: (derived) => put(derived, key, "forged"),
    lines: [`object-changed derived ${key}`],
  },
  {
    what: "a table with one bit changed",
    by: async (derived) => put(derived, key, altered(await copyOf({ derived }, key))),
    lines: [`object-changed derived ${key}`],
  },
  {
    what: "two days' tables swapped",
    by: async (derived) => {
      const other = derivedKeys.table("calls", third);
      const bytes = [await copyOf({ derived }, key), await copyOf({ derived }, other)] as const;
      await put(derived, key, bytes[1]);
      await put(derived, other, bytes[0]);
    },
    lines: [key, derivedKeys.table("calls", third)].map((each) => `object-changed derived ${each}`),
  },
  {
    what: "a table of a day that has no manifest",
    by: (derived) => put(derived, derivedKeys.table("calls", "2026-01-01"), "forged"),
    lines: [`object-unexpected derived ${derivedKeys.table("calls", "2026-01-01")}`],
  },
  {
    what: "another object beside a table, which Athena would read, too",
    by: async (derived) => put(derived, `tables/calls/day=${second}/more.parquet`, await copyOf({ derived }, key)),
    lines: [`object-unexpected derived tables/calls/day=${second}/more.parquet`],
  },
  {
    what: "the build index overwritten with anything",
    by: (derived) => put(derived, derivedKeys.tablesBuildIndex, "{"),
    lines: [`object-corrupt derived ${derivedKeys.tablesBuildIndex}`],
  },
];

describe.each(depths)("at depth %s, a finding names", (depth) => {
  test.each(forgeries)("$what", async ({ by, lines }) => {
    const world = await openWorld();
    await by(world.derived);

    const { verification, lines: found } = await verify(world, depth);

    expect(found).toEqual([...lines].sort());
    expect(verification.findings).toBe(lines.length);
  });

  test("a table that was removed", async () => {
    const world = await openWorld();

    const { lines } = await verify({ ...world, derived: await without(world.derived, key) }, depth);

    expect(lines).toEqual([`object-missing derived ${key}`]);
  });

  test("nothing of tables as they were built, and counts them", async () => {
    const { verification, lines } = await verify(await openWorld(), depth);

    expect(lines).toEqual([]);
    expect(verification).toMatchObject({ days: 3, daysNotBuilt: 0, objects: 3 * tableNames.length, notChecked: 0 });
    expect(verification.daysRebuilt).toBe(depth === "bytes" ? 3 : 0);
    expect(verification.bytes).toBeGreaterThan(1_000);
  });
});

test("a table of a day without rows of it, that no index names, is unexpected", async () => {
  const world = await threeDays();
  await world.give({ day: first, records: [], recordings: [] });
  const derived = memoryBucket();
  await runTables({ ...world, derived });
  const added = derivedKeys.table("legs", first);
  await put(derived, added, await copyOf({ derived: stored }, derivedKeys.table("legs", third)));

  const { lines } = await verify({ archive: world.archive, derived });

  expect(lines).toEqual([`object-unexpected derived ${added}`]);
});

describe("a table that was forged together with the build index", () => {
  /** Gives a day the calls of another, in the table and in the index. */
  async function forgeBoth() {
    const world = await openWorld();
    const index = JSON.parse((await copyOf(world, derivedKeys.tablesBuildIndex)).toString());
    index.days[second].tables.calls = index.days[third].tables.calls;
    await put(world.derived, derivedKeys.tablesBuildIndex, JSON.stringify(index));
    await put(world.derived, key, await copyOf(world, derivedKeys.table("calls", third)));
    return world;
  }

  test("is found when its day is built again from the archive", async () => {
    const { findings } = await verify(await forgeBoth(), "bytes");

    expect(findings).toEqual([
      { code: "object-changed", bucket: "derived", key, detail: "its rows are not those of the archive" },
    ]);
  });

  test("is not found by hashes alone, because the index is no proof", async () => {
    expect((await verify(await forgeBoth(), "checksums")).lines).toEqual([]);
  });

  test("is found if it was removed from both", async () => {
    const world = await openWorld();
    const index = JSON.parse((await copyOf(world, derivedKeys.tablesBuildIndex)).toString());
    delete index.days[second].tables.calls;
    await put(world.derived, derivedKeys.tablesBuildIndex, JSON.stringify(index));

    const { findings } = await verify({ ...world, derived: await without(world.derived, key) }, "bytes");

    expect(findings).toEqual([
      { code: "object-missing", bucket: "derived", key, detail: "the archive has rows for it" },
    ]);
  });
});

describe("no finding, but a count, is", () => {
  test("a day whose manifest is newer than its tables", async () => {
    const world = await openWorld();
    const manifest = aggregateKeys.calls.manifest(account, second);
    await put(world.archive, manifest, `${await copyOf({ derived: world.archive }, manifest)}\n`);

    const { verification, lines } = await verify(world, "bytes");

    expect(lines).toEqual([]);
    expect(verification).toMatchObject({ days: 2, daysNotBuilt: 1, notChecked: tableNames.length });
  });

  test.each([
    ["a lost build index", undefined],
    ["a build index of another form", { form: 0, account, days: {} }],
  ])("%s: every day is built by the next run", async (_what, index) => {
    const world = await openWorld();
    const derived = await without(world.derived, derivedKeys.tablesBuildIndex);
    if (index) await put(derived, derivedKeys.tablesBuildIndex, JSON.stringify(index));

    const { verification, lines } = await verify({ ...world, derived });

    expect(lines).toEqual([]);
    expect(verification).toMatchObject({ days: 0, daysNotBuilt: 3, notChecked: 3 * tableNames.length });
  });

  test("the tables of another account", async () => {
    const { verification, lines } = await verify(await openWorld(), "bytes", { account: "8" });

    expect(lines).toEqual([]);
    expect(verification).toMatchObject({ days: 0, daysNotBuilt: 0, notChecked: 3 * tableNames.length });
  });

  test("a day whose calls in the archive are missing or not those of its manifest: they have findings of their own", async () => {
    const world = await openWorld();
    const forged = archiveKeys.calls(account, third);
    const calls = await copyOf({ derived: world.archive }, archiveKeys.calls(account, second));
    await put(world.archive, forged, calls);
    const lacking = await without(world.archive, archiveKeys.calls(account, first));

    const { verification, lines } = await verify({ ...world, archive: lacking }, "bytes");

    expect(lines).toEqual([]);
    expect(verification).toMatchObject({ daysRebuilt: 1, daysNotRebuilt: 2 });
  });

  test("a run that builds a day between the index and the listing", async () => {
    const world = await threeDays();
    await runTables(world);
    let isBuilt = false;
    const list: Bucket["list"] = async function* (prefix) {
      if (!isBuilt) {
        isBuilt = true;
        await world.give(sampleDay(second, 30));
        await runTables(world);
      }
      yield* world.derived.list(prefix);
    };

    const { verification, lines } = await verify({ ...world, derived: { ...world.derived, list } });

    expect(isBuilt).toBe(true);
    expect([verification.findings, lines]).toEqual([0, []]);
  });

  test("a copy with the same bytes and another ETag", async () => {
    const { archive: source, derived } = await openWorld();
    const copied: Bucket = {
      ...derived,
      head: async (each) => {
        const head = await derived.head(each);
        return head && { ...head, etag: `copy of ${head.etag}` };
      },
      list: async function* (prefix) {
        for await (const object of derived.list(prefix)) yield { ...object, etag: `copy of ${object.etag}` };
      },
    };

    for (const depth of depths) expect((await verify({ archive: source, derived: copied }, depth)).lines).toEqual([]);
  });
});

test("only the days and objects that are selected are checked", async () => {
  const world = await openWorld();
  for (const day of [first, second]) await put(world.derived, derivedKeys.table("legs", day), "forged");
  await put(world.derived, key, "forged");

  const { verification, lines } = await verify(world, "bytes", {
    selection: { depthOf: (each) => (each.includes("/legs/") ? "bytes" : undefined), after: first },
  });

  expect(lines).toEqual([`object-changed derived ${derivedKeys.table("legs", second)}`]);
  expect(verification).toMatchObject({ days: 2, objects: 2, daysRebuilt: 1 });
});

test("a whole archive's tables match after a night that has changed some days", async () => {
  const world = await threeDays();
  await runTables(world);
  await world.give(sampleDay(second, 30));
  await runTables(world);

  expect((await verify(world, "bytes")).lines).toEqual([]);
});
