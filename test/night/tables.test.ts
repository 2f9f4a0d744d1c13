import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataDoc } from "../../lab/demo/data-doc.ts";
import type { AccountPlan } from "../../lab/ringcentral/account-plan.ts";
import { pageFile } from "../../shared/core/figures/periods.ts";
import { derivedKeys } from "../../shared/core/object-keys.ts";
import { tableNames } from "../../shared/core/tables/table-schema.ts";
import { type OpenTables, openTables } from "../../shared/query/open-tables.ts";
import { asOf } from "../../shared/query/saved-queries.ts";
import { tableText } from "../../shared/query/table-text.ts";
import { saveTables } from "../support/build-tables/tables-world.ts";
import type { FastRun } from "../support/fast-run.ts";
import { type FastWorld, newYork, openFastWorld } from "../support/fast-world.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "infra/queries");
const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
let world: FastWorld;
let dir: string;
let tables: OpenTables;

/** Runs one night of every job that leads to tables and pages; analytics misses some calls, and one recording cannot be fetched. */
beforeAll(async () => {
  const account: AccountPlan = {
    calls: { perDay: 40 },
    analytics: { differs: { missingShare: 0.1 } },
    organisation: { users: 24, ivrs: 1, sharedLines: 1, userGroups: 1, sites: 1, departments: 1 },
  };
  const environment = {
    ANALYTICS_GROUPS: "Company,Users,Queues",
    ANALYTICS_METRICS: "allCalls,callsByDirection,callsByResponse,callsByResult",
  };
  world = await openFastWorld({ account, environment });
  const [lost] = Object.keys(world.ringCentral().truth("2026-11-02").recordings);
  world.ringCentral().plan({
    on: { endpoint: "recordingContent", recordingId: lost },
    times: "always",
    what: { status: 404 },
  });
  const runs: FastRun[] = [];
  for (const job of ["archive-calls", "collect-analytics", "build-tables", "build-pages"] as const)
    runs.push(await world.run(job));
  expect(runs.map(({ report }) => report?.status)).toEqual(runs.map(() => "finished"));
  dir = await mkdtemp(join(tmpdir(), "nightshift-tables-"));
  await saveTables(world.derived, dir);
  tables = await openTables(dir);
});
afterAll(async () => {
  tables?.close();
  world?.close();
  await rm(dir, { recursive: true, force: true });
});

const runQuery = async (name: string) =>
  tables.query(asOf(tables.newestDay, await readFile(join(folder, name), "utf8")));

interface Record {
  readonly day: string;
  readonly id: string;
  readonly startTime: string;
  readonly direction: string;
  readonly durationMs?: number;
  readonly duration?: number;
  readonly extension?: { readonly id: number };
}

/** The call log's voice calls without deleted ones. */
const voiceCalls = (): Record[] =>
  days.flatMap((day) =>
    (world.ringCentral().truth(day).days[day]?.records ?? []).flatMap((raw) => {
      const record = raw as unknown as Record & { readonly type: string; readonly deleted?: boolean };
      return record.type === "Voice" && !record.deleted ? [{ ...record, day }] : [];
    }),
  );
const hourOf = (instant: string) =>
  Number(
    new Intl.DateTimeFormat("en", { timeZone: newYork, hour: "2-digit", hourCycle: "h23" }).format(new Date(instant)),
  );
const countBy = <T>(items: readonly T[], keyOf: (item: T) => string) =>
  Object.fromEntries([...Map.groupBy(items, keyOf)].map(([key, all]) => [key, all.length]));

describe("each query over a night in the lab answers what RingCentral knows:", () => {
  test("calls per hour and direction", async () => {
    const responses = (await runQuery("calls-per-hour.sql")).map(({ day, hour, direction, calls }) => [
      `${day} ${hour} ${direction}`,
      calls,
    ]);

    expect(Object.fromEntries(responses)).toEqual(
      countBy(voiceCalls(), ({ day, startTime, direction }) => `${day} ${hourOf(startTime)} ${direction}`),
    );
  });

  test("busiest users", async () => {
    const responses = await runQuery("busiest-users.sql");
    const counts = countBy(
      voiceCalls().filter(({ extension }) => extension),
      ({ extension }) => String(extension?.id),
    );

    expect(responses).toHaveLength(20);
    for (const { extension_id, calls } of responses) expect(calls).toBe(counts[String(extension_id)]);
    expect(responses[0]?.calls).toBe(Math.max(...Object.values(counts)));
  });

  test("answered, missed and abandoned calls per queue, by day", async () => {
    const responses = await runQuery("queue-answers.sql");
    const truth = world.ringCentral().analyticsTruth();
    const expected = days.flatMap((day) => Object.values(truth.days[day]?.groups.Queues ?? {}));
    const sum = (column: string) => responses.reduce((total, row) => total + Number(row[column] ?? 0), 0);
    const sumOf = (metric: string, part: string) =>
      expected.reduce((total, { counters }) => total + (valuesOf(counters?.[metric])[part] ?? 0), 0);

    expect(responses.length).toBe(days.length * truth.keys.Queues.length);
    expect(sum("answered")).toBe(sumOf("callsByResponse", "answered"));
    expect(sum("missed")).toBe(sumOf("callsByResult", "missed"));
    expect(sum("abandoned")).toBe(sumOf("callsByResult", "abandoned"));
  });

  test("calls without their recording, and why", async () => {
    const recordings = days.flatMap((day) => Object.keys(world.ringCentral().truth(day).recordings));
    const stored = (await tables.query("SELECT id FROM recordings WHERE state = 'stored'")).map(({ id }) => String(id));

    const responses = await runQuery("calls-without-recording.sql");

    expect(responses.length).toBeGreaterThan(0);
    expect([...stored, ...responses.map(({ recording_id }) => String(recording_id))].sort()).toEqual(
      [...new Set(recordings)].sort(),
    );
  });

  test("archived minutes per day", async () => {
    const bytes = Object.entries(world.ringCentral().truth().recordings);
    const stored = new Set(
      (await tables.query("SELECT id FROM recordings WHERE state = 'stored'")).map(({ id }) => id),
    );
    const responses = await runQuery("archived-minutes.sql");

    expect(responses.map(({ day }) => day)).toEqual(days);
    expect(responses.reduce((sum, row) => sum + Number(row.bytes), 0)).toBe(
      bytes.filter(([id]) => stored.has(id)).reduce((sum, [, { bytes }]) => sum + bytes, 0),
    );
  });

  test("longest waits, the longest first", async () => {
    const waits = (await runQuery("longest-waits.sql")).map(({ wait_seconds }) => Number(wait_seconds));

    expect(waits.length).toBeGreaterThan(0);
    expect(waits).toEqual([...waits].sort((a, b) => b - a));
  });

  test("the call log against analytics, per day and direction", async () => {
    const responses = await runQuery("call-log-against-analytics.sql");
    const listed = countBy(voiceCalls(), ({ day, direction }) => `${day} ${direction}`);
    const truth = world.ringCentral().analyticsTruth();
    const counted = (day: string, direction: string) => {
      const [company] = Object.values(truth.days[day]?.groups.Company ?? {});
      return valuesOf(company?.counters?.callsByDirection)[direction.toLowerCase()] ?? 0;
    };

    expect(responses).toHaveLength(days.length * 2);
    for (const { day, direction, call_log_calls, analytics_calls, difference } of responses) {
      expect(call_log_calls).toBe(listed[`${day} ${direction}`]);
      expect(analytics_calls).toBe(counted(String(day), String(direction)));
      expect(difference).toBe(Number(call_log_calls) - Number(analytics_calls));
    }
    expect(responses.some(({ difference }) => difference !== 0)).toBe(true);
  });
});

test("the night's tables and pages are stored in the derived bucket, and none in the archive", async () => {
  const keysIn = async (bucket: string) => {
    const keys: string[] = [];
    for await (const { key } of world.aws.objects(`${world.name}-${bucket}`)) keys.push(key);
    return keys.sort();
  };

  const tablesOf = (day: string) => tableNames.map((table) => derivedKeys.table(table, day));
  const others = /^(?:figures\/|pages\/|built\/pages)/;
  const derived = await keysIn("derived");
  expect(derived.filter((key) => !others.test(key))).toEqual(
    [derivedKeys.tablesBuildIndex, ...days.flatMap(tablesOf)].sort(),
  );
  expect(derived).toEqual(expect.arrayContaining(days.map((day) => derivedKeys.page(pageFile("day", day)))));
  expect((await keysIn("archive")).filter((key) => /parquet|tables|html/.test(key))).toEqual([]);
});

test("another night that finds nothing new leaves every table unchanged", async () => {
  const before = await tablesIn(world);

  const run = await world.run("build-tables");

  expect(run.report?.status).toBe("finished");
  expect(await tablesIn(world)).toEqual(before);
});

test("docs/data.md is the code's, with this night's results (UPDATE_DOCS=1 writes it)", async () => {
  const names = (await readdir(folder)).sort();
  const queries = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })),
  );
  const outputs: { [name: string]: string } = {};
  for (const { name } of queries) outputs[name] = tableText(await runQuery(name));
  const text = dataDoc(queries, outputs);
  const file = join(root, "docs/data.md");
  if (process.env.UPDATE_DOCS) await writeFile(file, text);

  expect(await readFile(file, "utf8")).toBe(text);
});

function valuesOf(metric: unknown): { readonly [part: string]: number } {
  return Object(Object(metric).values);
}

async function tablesIn({ aws, name }: FastWorld): Promise<readonly string[]> {
  const versions: string[] = [];
  for await (const { key, sha256, versions: count } of aws.objects(`${name}-derived`))
    if (key.startsWith("tables/")) versions.push(`${key} ${sha256} ${count}`);
  return versions.sort();
}
