import type { Bucket } from "../aws/bucket.ts";
import { type DayEntry, DayIndex, isUsable, withNotes, withNotesAfterOther } from "../core/day-index.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { retryLostRace } from "./lost-race.ts";
import { parseStored, zippedJson } from "./stored-json.ts";

export interface DayIndexOptions {
  readonly state: Bucket;
  readonly key: string;
  readonly account: string;
  readonly rules: string;
  readonly now: () => Date;
}

/** The index of an aggregate's days, read once. A run can do without: then it reads every manifest. */
export interface DayIndexFile {
  /** True if the index is missing, damaged, unreadable, 30 days old or of other rules. */
  readonly isUnusable: () => Promise<boolean>;
  /** Returns the entries, those that this invocation has found included. */
  readonly entries: () => Promise<ReadonlyMap<Day, DayEntry>>;
  /** Returns the number of ledger entries when the index was written; undefined if unknown. */
  readonly ledgerEntries: () => Promise<number | undefined>;
  /** Notes what this invocation has found; `save` writes it. */
  readonly note: (day: Day, entry: DayEntry) => void;
  readonly noteLedger: (entries: number) => void;
  /** Writes the notes, if they change anything. An unreadable index is left as it is. @throws STORAGE_FAILED */
  readonly save: () => Promise<void>;
}

interface StoredIndex {
  /** Undefined if the index cannot be used. */
  readonly index: DayIndex | undefined;
  readonly etag: string | undefined;
  /** The error if the index cannot be read; then it is left as it is. */
  readonly error: JobError | undefined;
}

export function createDayIndexFile({ state, key, account, rules, now }: DayIndexOptions): DayIndexFile {
  const noted = new Map<Day, DayEntry>();
  let ledgerEntries: number | undefined;
  let reading: Promise<StoredIndex> | undefined;
  let isWalk = false;

  const fetchIndex = async (): Promise<StoredIndex> => {
    let error: JobError | undefined;
    const stored = await state.get(key).catch((thrown: unknown) => {
      if (!(thrown instanceof JobError)) throw thrown;
      error = thrown;
      return undefined;
    });
    const index = parseStored(DayIndex, stored);
    const usable = index && isUsable(index, { account, rules, now: now() }) ? index : undefined;
    return { index: usable, etag: stored?.etag, error };
  };
  const read = (): Promise<StoredIndex> => {
    reading ??= fetchIndex().then((stored) => {
      isWalk = stored.index === undefined;
      return stored;
    });
    return reading;
  };

  const save = async () => {
    let isFirstAttempt = true;
    if ((await read()).error) reading = fetchIndex();
    const written = await retryLostRace(`The index ${key}`, async () => {
      if (!isFirstAttempt) reading = fetchIndex();
      const { index: known, etag, error } = await read();
      if (error) throw error;
      const entries = ledgerEntries ?? known?.ledgerEntries;
      const next: DayIndex = {
        schema: "nightshift/day-index/1",
        account,
        rules,
        walkedAt: known?.walkedAt ?? now().toISOString(),
        ...(entries !== undefined && { ledgerEntries: entries }),
        days: (isFirstAttempt ? withNotes : withNotesAfterOther)(known?.days ?? {}, noted),
      };
      isFirstAttempt = false;
      const isSame = known && JSON.stringify(known) === JSON.stringify(next);
      if (isSame) return { value: { index: known, etag, error } };
      const newEtag = await state.replace(key, zippedJson(next), "application/gzip", etag);
      return newEtag === undefined ? undefined : { value: { index: next, etag: newEtag, error } };
    });
    reading = Promise.resolve(written);
  };

  return {
    isUnusable: async () => {
      await read();
      return isWalk;
    },
    entries: async () => new Map(Object.entries(withNotes((await read()).index?.days ?? {}, noted))),
    ledgerEntries: async () => ledgerEntries ?? (await read()).index?.ledgerEntries,
    note: (day, entry) => void noted.set(day, entry),
    noteLedger: (entries) => {
      ledgerEntries = entries;
    },
    save,
  };
}

/** Catch handler for a save that may be made up for later: logs the error. Rethrows what is no error of storage. */
export function logIfStorageError(log: { readonly warn: (message: string, facts: object) => void }) {
  return (error: unknown): void => {
    if (!(error instanceof JobError)) throw error;
    log.warn("index of days not written", error.toJSON());
  };
}
