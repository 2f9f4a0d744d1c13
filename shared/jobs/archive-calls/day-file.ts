import type { Bucket } from "../../aws/bucket.ts";
import type { CallRecord } from "../../core/calls/call-record.ts";
import { compareRecords, type MergedRecord, mergeSorted, mergeVersions } from "../../core/calls/merge-records.ts";
import type { ObjectRef } from "../../core/object-ref.ts";
import { JobError } from "../../errors.ts";
import { digestOf } from "../../storage/id-digests.ts";
import { retryLostRace } from "../../storage/lost-race.ts";
import { gzippedLines, lineOf, recordsOf } from "../../storage/record-lines.ts";
import { maxTextInMemoryBytes, type Spooled, spool } from "../../storage/spool.ts";
import { createDaySummary, type DaySummary } from "./day-summary.ts";

/** Opens sorted records, each id once; can be called repeatedly. */
type Records = () => AsyncIterable<CallRecord>;
type Sources = readonly (() => AsyncIterable<MergedRecord>)[];

/** Yields a day's records; none if the day has no file. */
export async function* readDayFile(bucket: Bucket, key: string): AsyncGenerator<CallRecord> {
  const stored = await bucket.open(key);
  if (stored) yield* recordsOf(stored.chunks, key);
}

/** Write intents of a day file, by base64 SHA-256: they show which versions a run wrote. */
export interface DayFileIntents {
  readonly isOurs: (sha256: string) => Promise<boolean>;
  /** Stores the intent before the version is written. */
  readonly writeIntent: (sha256: string) => Promise<void>;
}

export interface MergedDayFile {
  /** Undefined for a day without records. */
  readonly file: ObjectRef | undefined;
  readonly facts: DaySummary;
}

/**
 * Merges listing parts into the day file, in constant memory, and returns its reference and summary. Equal content gives equal
 * bytes, which are not written again. If another run writes in between, the merge is repeated.
 * @throws STORAGE_INVALID when someone other than a run changed the file, because merging would certify the change
 */
export async function mergeIntoDayFile(
  bucket: Bucket,
  key: string,
  { parts, intents }: { readonly parts: readonly Records[]; readonly intents: DayFileIntents },
): Promise<MergedDayFile> {
  const attempt = async (): Promise<{ readonly value: MergedDayFile } | undefined> => {
    const stored = await bucket.open(key);
    const current = stored && (await spool(stored.chunks, { maxInMemoryBytes: maxTextInMemoryBytes }));
    try {
      if (current && !(await intents.isOurs(current.sha256))) throw changedBySomeone(key);
      const { body, facts } = await merge(sourcesOf(current, key, parts));
      try {
        if (facts.counts.records === 0) return { value: { file: undefined, facts } };
        const isSame = current?.sha256 === body.sha256;
        if (!isSame) await intents.writeIntent(body.sha256);
        const etag = isSame ? stored?.etag : await bucket.replace(key, body, "application/gzip", stored?.etag);
        if (etag === undefined) return undefined;
        return { value: { file: { key, bytes: body.bytes, sha256: body.sha256, etag }, facts } };
      } finally {
        await body.discard();
      }
    } finally {
      await current?.discard();
    }
  };
  return retryLostRace(key, attempt, { key });
}

function changedBySomeone(key: string): JobError {
  return new JobError("STORAGE_INVALID", `${key} was changed by someone other than a run`, {
    hint: "Find out who changed it. Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
    details: { key },
  });
}

function sourcesOf(current: Spooled | undefined, key: string, parts: readonly Records[]): Sources {
  const earlier = async function* (): AsyncGenerator<MergedRecord> {
    if (current) for await (const record of recordsOf(current.chunks(), key)) yield { record, listed: undefined };
  };
  const listed = (records: Records) =>
    async function* (): AsyncGenerator<MergedRecord> {
      for await (const record of records()) yield { record, listed: record };
    };
  return [earlier, ...parts.map(listed)];
}

/**
 * Merges once. If versions of an id had different start times, they did not meet, and the merge is repeated with them
 * merged first.
 */
async function merge(sources: Sources) {
  const merged = await mergeOnce(sources);
  if (merged.repeated.size === 0) return merged;
  await merged.body.discard();
  return mergeOnce(await withRepeatedMerged(sources, merged.repeated));
}

async function mergeOnce(sources: Sources) {
  const builder = createDaySummary();
  const lines = async function* () {
    for await (const merged of mergeSorted(sources.map((open) => open()))) {
      builder.add(merged);
      yield lineOf(merged.record);
    }
  };
  const body = await spool(gzippedLines(lines()), { maxInMemoryBytes: maxTextInMemoryBytes });
  return { body, facts: builder.facts(), repeated: builder.repeated() };
}

/** Returns the sources without the repeated ids, plus one source that has each of them once, merged. */
async function withRepeatedMerged(sources: Sources, repeated: ReadonlySet<bigint>): Promise<Sources> {
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
