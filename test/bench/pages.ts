import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { processEnvironment } from "../../shared/contract.ts";
import { parseCallRecord } from "../../shared/core/calls/call-record.ts";
import { derivedKeys } from "../../shared/core/object-keys.ts";
import { callRow } from "../../shared/core/tables/call-row.ts";
import type { Row, TableName } from "../../shared/core/tables/table-schema.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { wallClock } from "../../shared/core/time/wall-clock.ts";
import { type Cells, createParquetEncoder } from "../../shared/jobs/build-tables/parquet.ts";
import { benchCalls } from "./bench-calls.ts";
import { type Figure, mebibytes } from "./table.ts";
import { watchPeak } from "./watch-peak.ts";

const script = join(import.meta.dirname, "write-pages.ts");
const [users, queues] = [400, 24];

/** What `write-pages.ts` prints, in ms and bytes. */
interface Printed {
  /** Reading the rows of the tables that pages need. */
  readonly readMs: number;
  /** Counting them, and writing the page of each day. */
  readonly pagesMs: number;
  readonly dayPageBytes: number;
}

/** Measures the pages of days: beside reading their tables alone, and the memory of a month beside that of three days. */
export async function pagesFigures(quick: boolean): Promise<readonly Figure[]> {
  const calls = quick ? 200 : 10_000;
  const few = await measure(3, calls);
  const many = await measure(quick ? 6 : 31, calls);
  return [
    {
      what: `page of a day of ${calls} calls, ${users} users, ${queues} queues, beside reading its tables`,
      value: `${(few.pagesMs / few.readMs).toFixed(2)} × (${(few.pagesMs / 3).toFixed(0)} ms)`,
      goal: "≤ 2 ×",
    },
    { what: "size of that page", value: `${Math.round(few.dayPageBytes / 1_000)} kB`, goal: "≤ 300 kB" },
    { what: "peak memory, pages of 3 days", value: mebibytes(few.peak) },
    {
      what: `peak memory, pages of ${quick ? 6 : 31} days, their weeks and months`,
      value: mebibytes(many.peak),
      goal: "≤ 300 MiB",
    },
  ];
}

async function measure(days: number, calls: number): Promise<Printed & { readonly peak: number }> {
  const dir = await mkdtemp(join(tmpdir(), "nightshift-bench-pages-"));
  try {
    await writeTables(dir, days, calls);
    const watch = watchPeak(script);
    const env = { PATH: process.env.PATH, ...processEnvironment };
    const child = spawn(process.execPath, [script, dir], { env, stdio: ["ignore", "pipe", "inherit"] });
    const printed = (await child.stdout.setEncoding("utf8").toArray()).join("");
    if (child.exitCode === null) await once(child, "exit");
    watch.stop();
    if (child.exitCode !== 0) throw new Error(`${script} ended with ${child.exitCode}`);
    return { ...(JSON.parse(printed) as Printed), peak: watch.peak() };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Each day has the same tables. */
async function writeTables(dir: string, days: number, calls: number): Promise<void> {
  const tables = { calls: encoded("calls", callRows(calls)), analytics: encoded("analytics", analyticsRows()) };
  for (let n = 0; n < days; n++) {
    for (const [table, bytes] of Object.entries(tables)) {
      const path = join(dir, derivedKeys.table(table as TableName, addDays("2026-10-01", n)));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
  }
}

function encoded(table: TableName, rows: Iterable<Cells>): Buffer {
  const encoder = createParquetEncoder(table);
  const parts: Uint8Array[] = [];
  for (const row of rows) parts.push(encoder.add(row) ?? new Uint8Array());
  return Buffer.concat([...parts, encoder.finish()]);
}

function* callRows(count: number): Generator<Row<"calls">> {
  const options = {
    account: "7",
    vanished: new Set<string>(),
    moved: new Set<string>(),
    localTime: wallClock("America/New_York"),
  };
  for (const line of benchCalls(count)) yield callRow(parseCallRecord(JSON.parse(line)), options);
}

/** Every metric that pages show, and as many that they do not, of a day and of each of its hours. */
function* analyticsRows(): Generator<Row<"analytics">> {
  const metrics = [
    ["allCalls", undefined],
    ...["answered", "notAnswered"].map((each) => ["callsByResponse", each] as const),
    ...["missed", "voicemail", "abandoned", "accepted", "unknown"].map((each) => ["callsByResult", each] as const),
    ...["ringing", "liveTalk", "hold", "park"].flatMap((each) => [
      ["callsSegments", each] as const,
      ["callsSegmentsDuration", each] as const,
    ]),
    ...["inbound", "outbound"].map((each) => ["callsByDirection", each] as const),
  ] as const;
  const members = [
    ["Company", 1],
    ["Users", users],
    ["Queues", queues],
  ] as const;
  for (const hour of [undefined, ...Array(24).keys()])
    for (const [group, count] of members)
      for (let n = 0; n < count; n++)
        for (const [metric, breakdown] of metrics)
          yield {
            ...{ grouped_by: group, key: `${group}-${n}`, name: `${group} ${n}`, extension_number: String(100 + n) },
            ...{ hour, hour_start: hour === undefined ? undefined : hour * 3_600_000, metric, breakdown },
            ...{ unit: metric.includes("Duration") ? "Seconds" : "Instances", value: (n * 7 + 3) % 90 },
          };
}
