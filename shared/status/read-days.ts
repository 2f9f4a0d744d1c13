import type * as z from "zod/mini";
import type { Bucket } from "../aws/bucket.ts";
import { forEachConcurrent } from "../core/async/for-each-concurrent.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { type DayEntry, DayIndex } from "../core/day-index.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { hasCode, JobError } from "../errors.ts";
import { listManifests } from "../storage/day-store.ts";
import { parseManifest } from "../storage/manifest-file.ts";
import { createReadGuard } from "../storage/read-guard.ts";
import { parseStored } from "../storage/stored-json.ts";

export interface ArchivePlace {
  readonly archive: Bucket;
  /** Without it every manifest is read. */
  readonly state: Bucket | undefined;
  readonly account: string;
}

interface ReadDaysOptions<M, Facts> {
  readonly aggregate: AggregateName;
  readonly manifest: z.ZodMiniType<M>;
  /** Returns what is needed of a closed day by its entry in the index; undefined if its manifest must be read. */
  readonly ofEntry: (entry: DayEntry) => Facts | undefined;
  readonly ofManifest: (manifest: M) => Facts;
  /** Of a day that a run has begun and that has no manifest yet. */
  readonly begun: Facts;
  /** Of a day whose manifest cannot be read or parsed. */
  readonly damaged: Facts;
}

interface DaysRead<M, Facts> {
  readonly days: ReadonlyMap<Day, Facts>;
  readonly newest: M | undefined;
  readonly manifestsRead: number;
}

const readConcurrency = 16;

/**
 * Reads the days of one aggregate. An entry of the index counts for a closed day whose manifest still has the entry's ETag;
 * every other manifest is read, and the newest one. @throws STORAGE_FAILED
 */
export async function readDays<M, Facts>(
  { archive, state, account }: ArchivePlace,
  options: ReadDaysOptions<M, Facts>,
): Promise<DaysRead<M, Facts>> {
  const { aggregate, manifest: schema, ofEntry, ofManifest, begun, damaged } = options;
  const keys = aggregateKeys[aggregate];
  const [listed, entries] = await Promise.all([
    listManifests(archive, keys.manifestsPrefix(account)),
    readEntries(state, keys.dayIndex(account), account),
  ]);
  const days = new Map<Day, Facts>(Object.keys(entries).map((day) => [day, begun]));
  const newestDay = [...listed.keys()].at(-1);
  const toRead = new Set(newestDay === undefined ? [] : [newestDay]);
  for (const [day, etag] of listed) {
    const entry = entries[day];
    const known = entry?.etag === etag && entry.status === "closed" ? ofEntry(entry) : undefined;
    days.set(day, known ?? damaged);
    if (known === undefined) toRead.add(day);
  }
  let newest: M | undefined;
  const other = [...listed.keys()].findLast((day) => !toRead.has(day));
  const control = other === undefined ? undefined : () => archive.get(keys.manifest(account, other));
  const guard = createReadGuard({ others: { lastRead: () => control }, maxDenials: Number.POSITIVE_INFINITY });
  await forEachConcurrent(toRead, readConcurrency, async (day) => {
    const key = keys.manifest(account, day);
    const stored = await guard.attempt(() => archive.get(key));
    if (!stored) return;
    const manifest = stored instanceof JobError ? undefined : parseOrUndefined(schema, stored.body, key);
    days.set(day, manifest ? ofManifest(manifest) : damaged);
    if (day === newestDay) newest = manifest;
  });
  guard.end();
  return { days, newest, manifestsRead: toRead.size };
}

function parseOrUndefined<M>(schema: z.ZodMiniType<M>, body: Buffer, key: string): M | undefined {
  try {
    return parseManifest({ manifest: schema }, body, key);
  } catch (error) {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    return undefined;
  }
}

async function readEntries(state: Bucket | undefined, key: string, account: string): Promise<DayIndex["days"]> {
  if (!state) return {};
  const index = parseStored(DayIndex, await state.get(key));
  return index?.account === account ? index.days : {};
}
