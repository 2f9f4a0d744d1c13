import type { Bucket } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import { CallManifest, type RecordingEntry, type RecordingState } from "../core/calls/call-manifest.ts";
import { type CallRecord, recordingReferences } from "../core/calls/call-record.ts";
import { type CallQuery, matchesCall } from "../core/calls/match-call.ts";
import { aggregateKeys, archiveKeys, dayInKey } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { hasCode, JobError } from "../errors.ts";
import { parseManifest } from "../storage/manifest-file.ts";
import { closeStream, recordsOfDay } from "./day-records.ts";

export interface FindOptions {
  readonly archive: Bucket;
  readonly account: string;
  readonly query: CallQuery;
  /** First day to search. @default the archive's first */
  readonly from?: Day | undefined;
  /** First day not to search. @default none */
  readonly to?: Day | undefined;
  /** Called for each day that is searched. */
  readonly onDay?: (day: Day) => void;
}

/** A call that matches, and where its recordings are stored. */
export interface FoundCall {
  readonly day: Day;
  readonly record: CallRecord;
  readonly recordings: readonly {
    readonly id: string;
    readonly state: RecordingState | "unknown";
    readonly key?: string;
  }[];
}

/** Day files opened in advance, so that reading them need not wait. */
const prefetchedFiles = 4;

/**
 * Searches the day files in order, in constant memory. Damaged files are reported after all others have been searched.
 * @throws REQUEST_INVALID when the account has no calls; STORAGE_INVALID with the keys of the damaged objects
 */
export async function* findCalls(options: FindOptions): AsyncGenerator<FoundCall> {
  const { archive } = options;
  const damaged: string[] = [];
  const days = await listDayFiles(options);
  const open = async (file: DayFile) => ({ ...file, stored: await archive.open(file.key) });
  const opened = prefetch(days, prefetchedFiles, open, async ({ stored }) => stored && closeStream(stored));
  for await (const { day, key, stored } of opened) {
    if (!stored) continue;
    options.onDay?.(day);
    const matching = matchingRecords(recordsOfDay(archive, key, stored), options);
    try {
      yield* withRecordings(day, matching, options, damaged);
    } catch (error) {
      if (!hasCode(error, "STORAGE_INVALID")) throw error;
      damaged.push(key);
    }
  }
  if (damaged.length > 0) throw damagedError(damaged);
}

async function* matchingRecords(
  records: AsyncIterable<CallRecord>,
  { query }: FindOptions,
): AsyncGenerator<CallRecord> {
  for await (const record of records) if (matchesCall(record, query)) yield record;
}

async function* withRecordings(
  day: Day,
  records: AsyncIterable<CallRecord>,
  { archive, account }: FindOptions,
  damaged: string[],
): AsyncGenerator<FoundCall> {
  let known: KnownRecordings | undefined;
  for await (const record of records) {
    known ??= await readKnownRecordings(archive, aggregateKeys.calls.manifest(account, day), damaged);
    yield { day, record, recordings: recordingsOf(record, known) };
  }
}

interface DayFile {
  readonly day: Day;
  readonly key: string;
}

async function listDayFiles({ archive, account, from = "", to }: FindOptions): Promise<DayFile[]> {
  const files: DayFile[] = [];
  let isEmpty = true;
  for await (const { key } of archive.list(archiveKeys.callsPrefix(account))) {
    isEmpty = false;
    const day = dayInKey(key);
    const isInSpan = day !== undefined && from <= day && (to === undefined || day < to);
    if (isInSpan && key === archiveKeys.calls(account, day)) files.push({ day, key });
  }
  if (!isEmpty) return files;
  throw new JobError("REQUEST_INVALID", `The bucket holds no calls of account ${account}`, {
    hint: "Check --account and --bucket.",
  });
}

type KnownRecordings = ReadonlyMap<string, RecordingEntry>;

/** Reads the recordings of a day's manifest; an unreadable one is added to `damaged` and has none. */
async function readKnownRecordings(archive: Bucket, key: string, damaged: string[]): Promise<KnownRecordings> {
  const stored = await archive.get(key);
  try {
    return new Map(
      stored
        ? parseManifest({ manifest: CallManifest }, stored.body, key).recordings.map((recording) => [
            recording.id,
            recording,
          ])
        : [],
    );
  } catch (error) {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    damaged.push(key);
    return new Map();
  }
}

function recordingsOf(record: CallRecord, known: KnownRecordings): FoundCall["recordings"] {
  return recordingReferences([record]).map(({ id }) => {
    const { state = "unknown" as const, object } = known.get(id) ?? {};
    return { id, state, ...(object && { key: object.key }) };
  });
}

function damagedError(damaged: readonly string[]): JobError {
  return new JobError("STORAGE_INVALID", `Damaged objects were not searched: ${damaged.join(", ")}`, {
    hint: "Run npx nightshift restore --stack <name>, then search again.",
  });
}
