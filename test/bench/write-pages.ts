import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Bucket, toBody } from "../../shared/aws/bucket.ts";
import { openFolderBucket } from "../../shared/aws/folder-bucket.ts";
import { DerivedPrefix } from "../../shared/contract.ts";
import { analyticsColumns } from "../../shared/core/figures/count-analytics.ts";
import { callColumns } from "../../shared/core/figures/count-calls.ts";
import { derivedKeys } from "../../shared/core/object-keys.ts";
import { parseTableKey } from "../../shared/core/tables/table-key.ts";
import { tablesForm } from "../../shared/core/tables/table-schema.ts";
import { findDuePages } from "../../shared/jobs/build-pages/find-due-pages.ts";
import { readFigures } from "../../shared/jobs/build-pages/read-figures.ts";
import { readRows } from "../../shared/jobs/build-pages/read-table.ts";
import type { PagesServices } from "../../shared/jobs/build-pages/services.ts";
import { writePages } from "../../shared/jobs/build-pages/write-pages.ts";
import { findBuildIndex } from "../../shared/storage/build-index.ts";
import { workOff } from "../support/runtime/work-off.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

/** Reads the tables of every day in a folder, then writes their pages, and prints how long each took as JSON. */
const [folder = ""] = process.argv.slice(2);
const account = "7";
const tables = await openFolderBucket(folder);
let dayPageBytes = 0;

/** What is written is read from the folder again, so that it takes no memory here either. Pages are only counted. */
const derived: Bucket = {
  ...tables,
  // Nothing of before is found, so that all is written.
  list: () => noObjects(),
  put: async (key, body) => {
    const content = body.open();
    if (!Buffer.isBuffer(content)) throw new Error(`${key} is a stream`);
    if (key === derivedKeys.page("2026-10-02.html")) dayPageBytes = body.bytes;
    if (!key.startsWith(DerivedPrefix.pages)) await writeTo(join(folder, key), content);
    return body.sha256;
  },
};

async function* noObjects(): AsyncGenerator<never> {}

async function writeTo(path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Each day has the same tables, so that one of each is read: a listing with ETags, too, would read all, and count as memory of pages. */
async function storeBuildIndex(): Promise<readonly string[]> {
  const known = new Map<string, readonly [string, number, string]>();
  const days: Record<string, { source: string; tables: Record<string, readonly [string, number, string]> }> = {};
  for (const path of await readdir(join(folder, DerivedPrefix.tables), { recursive: true })) {
    const { day, table } = parseTableKey(`${DerivedPrefix.tables}${path}`) ?? {};
    if (day === undefined || table === undefined) continue;
    const written = known.get(table) ?? (await describe(derivedKeys.table(table, day)));
    known.set(table, written);
    days[day] = { source: "", tables: { ...days[day]?.tables, [table]: written } };
  }
  await derived.put(derivedKeys.tablesBuildIndex, toBody(JSON.stringify({ form: tablesForm, account, days })), "");
  return Object.keys(days).sort().reverse();
}

/** ETag, bytes and SHA-256. */
async function describe(key: string): Promise<readonly [string, number, string]> {
  const bytes = await readFile(join(folder, key));
  return ["", bytes.length, createHash("sha256").update(bytes).digest("base64")];
}

async function readAll(): Promise<void> {
  const index = await findBuildIndex(derived, account);
  for (const [day, built] of index.days)
    for (const [table, columns] of [
      ["calls", callColumns],
      ["analytics", analyticsColumns],
    ] as const) {
      const file = built.tables.get(table);
      const onlyWithout = table === "analytics" ? { onlyWithout: "hour_start" as never } : {};
      if (file)
        for await (const _row of readRows(derived, {
          table,
          day,
          written: file,
          columns: columns as never,
          ...onlyWithout,
        }));
    }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const days = await storeBuildIndex();
const log = { info: () => {}, warn: () => {}, error: () => {} };
const services = {
  ...{ derived, archive: memoryBucket(), state: memoryBucket(), log, stack: "nightshift-bench" },
  ...{ style: { locale: "en-US", timeZone: "America/New_York", people: "names" }, timeZone: "America/New_York" },
  ...{ metrics: { add: () => {}, set: () => {}, publish: () => {} }, now: () => new Date("2026-12-01T09:00:00Z") },
} as unknown as PagesServices;
const pagesOf = async (wanted: readonly string[]) => {
  await workOff(readFigures(services, account, wanted));
  const due = await findDuePages(services, account, []);
  await workOff(writePages(services, account, wanted.length > 3 ? due : due.filter((file) => /^\d/.test(file))));
};

// Both once before, so that neither pays for what is compiled first.
await readAll();
await pagesOf(days.slice(0, 1));
const readMs = await timed(readAll);
const pagesMs = await timed(() => pagesOf(days));
process.stdout.write(JSON.stringify({ readMs, pagesMs, dayPageBytes }));
