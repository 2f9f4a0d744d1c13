import type { Bucket } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import { CallManifest, type RecordingEntry, type RecordingState } from "../core/calls/call-manifest.ts";
import { type CallRecord, recordingReferences } from "../core/calls/call-record.ts";
import { type CallQuery, matchesCall } from "../core/calls/match-call.ts";
import { aggregateKeys, archiveKeys, dayInKey } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { parseManifest } from "../storage/manifest-file.ts";
import { leave, recordsOfDay } from "./day-records.ts";

export interface FindOptions {
  readonly archive: Bucket;
  readonly account: string;
  readonly query: CallQuery;
  /** First day to look at. @default the archive's first */
  readonly from?: Day | undefined;
  /** First day not to look at any more. @default none */
  readonly to?: Day | undefined;
}

/** A call that was found, and where its recordings are. */
export interface FoundCall {
  readonly day: Day;
  readonly record: CallRecord;
  readonly recordings: readonly {
    readonly id: string;
    readonly state: RecordingState | "unknown";
    readonly key?: string;
  }[];
}

/** Opened ahead, so that a day's first bytes are there when it is reached. */
const opensAhead = 4;

/**
 * Looks through the day files one after the other, in constant memory. What is damaged hides nothing else: it is named when
 * all others have been looked through.
 * @throws JobError REQUEST_INVALID where the account has no call at all; STORAGE_INVALID, naming what is damaged
 */
export async function* findCalls(options: FindOptions): AsyncGenerator<FoundCall> {
  const { archive } = options;
  const damaged: string[] = [];
  const days = await dayFiles(options);
  const open = async (file: DayFile) => ({ ...file, stored: await archive.open(file.key) });
  const opened = prefetch(days, opensAhead, open, async ({ stored }) => stored && leave(stored));
  for await (const { day, key, stored } of opened) {
    if (!stored) continue;
    const matching = matchingIn(recordsOfDay(archive, key, stored), options);
    try {
      yield* foundOn(day, matching, options, damaged);
    } catch (error) {
      if (!(error instanceof JobError) || error.code !== "STORAGE_INVALID") throw error;
      damaged.push(key);
    }
  }
  if (damaged.length > 0) throw incomplete(damaged);
}

async function* matchingIn(records: AsyncIterable<CallRecord>, { query }: FindOptions): AsyncGenerator<CallRecord> {
  for await (const record of records) if (matchesCall(record, query)) yield record;
}

async function* foundOn(
  day: Day,
  records: AsyncIterable<CallRecord>,
  { archive, account }: FindOptions,
  damaged: string[],
): AsyncGenerator<FoundCall> {
  let entries: Entries | undefined;
  for await (const record of records) {
    entries ??= await entriesOf(archive, aggregateKeys.calls.manifest(account, day), damaged);
    yield { day, record, recordings: recordingsOf(record, entries) };
  }
}

interface DayFile {
  readonly day: Day;
  readonly key: string;
}

async function dayFiles({ archive, account, from = "", to }: FindOptions): Promise<DayFile[]> {
  const files: DayFile[] = [];
  let isEmpty = true;
  for await (const { key } of archive.list(archiveKeys.callsPrefix(account))) {
    isEmpty = false;
    const day = dayInKey(key);
    const isMeant = day !== undefined && from <= day && (to === undefined || day < to);
    if (isMeant && key === archiveKeys.calls(account, day)) files.push({ day, key });
  }
  if (!isEmpty) return files;
  throw new JobError("REQUEST_INVALID", `The bucket holds no calls of the account ${account}`, {
    hint: "Check --account and --bucket.",
  });
}

type Entries = ReadonlyMap<string, RecordingEntry>;

/** What the day's manifest says of its recordings; nothing, where it cannot be read. */
async function entriesOf(archive: Bucket, key: string, damaged: string[]): Promise<Entries> {
  const stored = await archive.get(key);
  try {
    return new Map(
      stored
        ? parseManifest({ manifest: CallManifest }, stored.body, key).recordings.map((entry) => [entry.id, entry])
        : [],
    );
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    damaged.push(key);
    return new Map();
  }
}

function recordingsOf(record: CallRecord, entries: Entries): FoundCall["recordings"] {
  return recordingReferences([record]).map(({ id }) => {
    const { state = "unknown" as const, object } = entries.get(id) ?? {};
    return { id, state, ...(object && { key: object.key }) };
  });
}

function incomplete(damaged: readonly string[]): JobError {
  return new JobError("STORAGE_INVALID", `Damaged, all else was looked through: ${damaged.join(", ")}`, {
    hint: "Restore the versions that npm run verify tells of, then look again.",
  });
}
