import type { Bucket } from "../../aws/bucket.ts";
import type { CallRecord } from "../../core/calls/call-record.ts";
import { compareRecords, type MergedRecord, mergeSorted, mergeVersions } from "../../core/calls/merge-records.ts";
import type { ObjectRef } from "../../core/object-ref.ts";
import { JobError } from "../../errors.ts";
import { digestOf } from "../../storage/id-digests.ts";
import { lostRace } from "../../storage/lost-race.ts";
import { gzippedLines, lineOf, recordsOf } from "../../storage/record-lines.ts";
import { maxTextInMemoryBytes, type Spooled, spool } from "../../storage/spool.ts";
import { createDayFacts, type DaySummary } from "./day-summary.ts";

/** Something that can be read again and again, sorted, each id once. */
type Records = () => AsyncIterable<CallRecord>;
type Sources = readonly (() => AsyncIterable<MergedRecord>)[];

/** A lost answer looks like another writer once; more than a few times it is one. */
const longestRace = 5;

/** Reads a day's records, one after the other; none where the day has no file. */
export async function* readDayFile(bucket: Bucket, key: string): AsyncGenerator<CallRecord> {
  const stored = await bucket.open(key);
  if (stored) yield* recordsOf(stored.chunks, key);
}

/** Which versions of a day's file are the runs' own, by SHA-256, base64. */
export interface DayFileIntents {
  readonly isOurs: (sha256: string) => Promise<boolean>;
  /** Notes a version that is about to be written. */
  readonly writeIntent: (sha256: string) => Promise<void>;
}

/**
 * Merges the parts of a listing into a day's file, in constant memory, and tells what is in it now. The same content makes
 * the same bytes, and the same bytes are not written again; a writer that comes between is merged with, if it is a run.
 * @throws JobError STORAGE_INVALID where what lies there is no run's: merged with, it would be vouched for
 */
export async function mergeIntoDayFile(
  bucket: Bucket,
  key: string,
  { parts, notes }: { readonly parts: readonly Records[]; readonly notes: DayFileIntents },
): Promise<{ readonly file: ObjectRef | undefined; readonly facts: DaySummary }> {
  for (let tried = 0; tried < longestRace; tried++) {
    const stored = await bucket.open(key);
    const before = stored && (await spool(stored.chunks, { maxInMemoryBytes: maxTextInMemoryBytes }));
    try {
      if (before && !(await notes.isOurs(before.sha256))) throw notOwn(key);
      const { body, facts } = await merge(sourcesOf(before, key, parts));
      try {
        if (facts.counts.records === 0) return { file: undefined, facts };
        const same = before?.sha256 === body.sha256;
        if (!same) await notes.writeIntent(body.sha256);
        const etag = same ? stored?.etag : await bucket.replace(key, body, "application/gzip", stored?.etag);
        if (etag !== undefined) return { file: { key, bytes: body.bytes, sha256: body.sha256, etag }, facts };
      } finally {
        await body.discard();
      }
    } finally {
      await before?.discard();
    }
  }
  throw lostRace(key, { key });
}

function notOwn(key: string): JobError {
  return new JobError("STORAGE_INVALID", `${key} is not as any run has written it`, {
    hint: "Find out who changed it, and restore the version that the day's manifest names from the bucket's version history.",
    details: { key },
  });
}

function sourcesOf(before: Spooled | undefined, key: string, parts: readonly Records[]): Sources {
  const earlier = async function* (): AsyncGenerator<MergedRecord> {
    if (before) for await (const record of recordsOf(before.chunks(), key)) yield { record, listed: undefined };
  };
  const listed = (records: Records) =>
    async function* (): AsyncGenerator<MergedRecord> {
      for await (const record of records()) yield { record, listed: record };
    };
  return [earlier, ...parts.map(listed)];
}

/** Merges once; should an id have come with different starts, its versions did not meet, and it is done again with them apart. */
async function merge(sources: Sources) {
  const merged = await mergeOnce(sources);
  if (merged.repeated.size === 0) return merged;
  await merged.body.discard();
  return mergeOnce(await apart(sources, merged.repeated));
}

async function mergeOnce(sources: Sources) {
  const builder = createDayFacts();
  const lines = async function* () {
    for await (const merged of mergeSorted(sources.map((open) => open()))) {
      builder.add(merged);
      yield lineOf(merged.record);
    }
  };
  const body = await spool(gzippedLines(lines()), { maxInMemoryBytes: maxTextInMemoryBytes });
  return { body, facts: builder.facts(), repeated: builder.repeated() };
}

/** The sources without the repeated ids, and one more that has each of these once. */
async function apart(sources: Sources, repeated: ReadonlySet<bigint>): Promise<Sources> {
  const isRepeated = ({ record }: MergedRecord) => repeated.has(digestOf(record.fields.id));
  const versions = new Map<string, MergedRecord>();
  for (const open of sources) {
    for await (const merged of open()) {
      if (!isRepeated(merged)) continue;
      const { id } = merged.record.fields;
      const known = versions.get(id);
      versions.set(id, known ? mergeVersions(known, merged) : merged);
    }
  }
  const others = sources.map(
    (open) =>
      async function* () {
        for await (const merged of open()) if (!isRepeated(merged)) yield merged;
      },
  );
  const once = [...versions.values()].sort((a, b) => compareRecords(a.record, b.record));
  return [
    ...others,
    async function* () {
      yield* once;
    },
  ];
}
