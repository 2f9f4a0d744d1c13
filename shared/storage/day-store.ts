import type { Bucket } from "../aws/bucket.ts";
import type { DayAggregate } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { aggregateKeys, dayInKey } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { appendEvents, readEvents } from "./day-events.ts";
import { createDayIndexFile, type DayIndexFile } from "./day-index-file.ts";
import { createDayReader } from "./day-reader.ts";
import { addEventFile, createHeldDays, type HeldDay } from "./held-days.ts";
import { retryLostRace } from "./lost-race.ts";
import { readManifest, type StoredManifest, writeManifest } from "./manifest-file.ts";

export interface DayState<M> {
  /** The manifest as stored; undefined if the day has none. */
  readonly stored: StoredManifest<M> | undefined;
  /** The stored manifest with all later events added. */
  readonly manifest: M;
  /** True if the day is complete and stays closed. */
  readonly isClosed: boolean;
}

/** How a commit ended. */
export interface CommittedDay<M> {
  /** The manifest as stored now. */
  readonly manifest: M;
  /** The manifest before; undefined if there was none. */
  readonly previous: M | undefined;
  /** False if the stored manifest was up to date. */
  readonly isWritten: boolean;
}

/** The days that S3 knows. */
export interface KnownDays {
  /** Days with a manifest, or that a run has begun. */
  readonly begun: ReadonlySet<Day>;
  /** Days that are closed and need not be read. */
  readonly closed: ReadonlySet<Day>;
}

/**
 * The days of one aggregate and account, for one invocation. It reads each day once: only the owning run changes days,
 * and a commit detects any other write.
 */
export interface DayStore<M extends DayManifest, E> {
  readonly account: string;
  readonly aggregate: DayAggregate<M, E>;
  /**
   * Lists the days. The index says which are closed; if it is unusable none is, so that the run reads every day.
   * @throws STORAGE_FAILED
   */
  readonly list: () => Promise<KnownDays>;
  /**
   * @throws TIME_ZONE_CHANGED when the stored manifest has another time zone
   * @throws STORAGE_INVALID when the stored manifest is damaged or was not written by a run; STORAGE_FAILED
   */
  readonly read: (day: Day) => Promise<DayState<M>>;
  /**
   * Stores events under `name`, until a commit adds them to the manifest.
   * @param run the run that caused them, by default this one
   * @throws STORAGE_FAILED
   */
  readonly append: (day: Day, name: string, events: readonly E[], run?: string) => Promise<void>;
  /**
   * Writes the manifest that `change` returns as the next revision, unless it is undefined or equals the stored one. Calls
   * `change` again if another run writes in between.
   * @throws STORAGE_FAILED after five attempts; what `read` and `change` throw
   */
  readonly commit: (
    day: Day,
    change: (state: DayState<M>) => M | undefined | Promise<M | undefined>,
  ) => Promise<CommittedDay<M> | undefined>;
  /** Returns the counts of the days whose manifest the index knows. @throws STORAGE_FAILED */
  readonly counts: () => Promise<ReadonlyMap<Day, Readonly<Record<string, number>>>>;
  /**
   * Writes what this invocation has found to the index.
   * @param changing days that the run will change: the index shows them as open until they are committed
   * @throws STORAGE_FAILED
   */
  readonly saveIndex: (changing?: Iterable<Day>) => Promise<void>;
  readonly index: DayIndexFile;
  /** The manifests that this invocation has read or written. All are a run's own. */
  readonly manifests: ReadonlyMap<Day, ManifestFacts>;
}

export interface ManifestFacts extends Pick<StoredManifest<unknown>, "etag" | "sha256" | "bytes"> {
  readonly revision: number;
  /** True if this invocation has written it. */
  readonly isWritten: boolean;
}

export interface DayStoreOptions<M extends DayManifest, E> {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly aggregate: DayAggregate<M, E>;
  readonly account: string;
  readonly timeZone: string;
  readonly run: { readonly name: string };
  readonly now: () => Date;
}

export function createDayStore<M extends DayManifest, E>(options: DayStoreOptions<M, E>): DayStore<M, E> {
  const { state, aggregate, account, run, now } = options;
  const key = aggregateKeys[aggregate.name].dayIndex(account);
  const index = createDayIndexFile({ state, key, account, rules: aggregate.rules, now });
  const manifests = new Map<Day, ManifestFacts>();
  const days = createKnownDays(options, index, manifests);
  return {
    account,
    aggregate,
    index,
    manifests,
    list: () => listKnownDays(options, index),
    read: async (day) => days.stateOf(day, days.held.get(day) ?? (await days.refresh(day))),
    append: async (day, name, events, ofRun = run.name) => {
      const file = await appendEvents(options, { day, run: ofRun, name }, events);
      const heldDay = days.held.get(day);
      if (heldDay) addEventFile(heldDay, file);
    },
    commit: (day, change) =>
      retryLostRace<CommittedDay<M> | undefined>(`The manifest of ${day}`, async () => {
        const before = days.stateOf(day, await days.refresh(day));
        const previous = before.stored?.manifest;
        const manifest = await change(before);
        if (manifest === undefined) return { value: undefined };
        if (previous && JSON.stringify(previous) === JSON.stringify(manifest))
          return { value: { manifest, previous, isWritten: false } };
        const written = await days.write(day, before.stored, manifest);
        return written && { value: { manifest: written.manifest, previous, isWritten: true } };
      }),
    counts: async () =>
      new Map([...(await index.entries())].flatMap(([day, { counts }]) => (counts ? [[day, counts]] : []))),
    saveIndex: async (changing = []) => {
      const entries = await index.entries();
      for (const day of changing) index.note(day, { ...entries.get(day), status: "open" });
      await index.save();
    },
  };
}

/** Reads and writes days, keeps them in memory, and notes their manifests in `manifests` and in the index. */
function createKnownDays<M extends DayManifest, E>(
  options: DayStoreOptions<M, E>,
  index: DayIndexFile,
  manifests: Map<Day, ManifestFacts>,
) {
  const { aggregate, run, now } = options;
  const held = createHeldDays<M, E>();
  const readDay = createDayReader(options, index);
  const note = (day: Day, { etag, sha256, bytes, manifest }: StoredManifest<M>, isClosed: boolean, isNew = false) => {
    const counts = aggregate.counts(manifest);
    index.note(day, { etag, status: isClosed ? "closed" : "open", ...(counts && { counts }) });
    const known = manifests.get(day);
    const isWritten = isNew || (known?.isWritten === true && known.etag === etag);
    manifests.set(day, { etag, sha256, bytes, revision: manifest.revision, isWritten });
  };
  return {
    held,
    stateOf: (day: Day, heldDay: HeldDay<M, E>): DayState<M> => {
      const { stored } = heldDay;
      heldDay.manifest = aggregate.reduce(heldDay.manifest, heldDay.pending);
      heldDay.pending = [];
      const { manifest } = heldDay;
      const isClosed = stored !== undefined && aggregate.isClosed({ stored: stored.manifest, manifest });
      if (stored) note(day, stored, isClosed);
      return { stored, manifest, isClosed };
    },
    /** Reads the manifest, unless it is in memory, and the event files that were not read yet. */
    refresh: async (day: Day): Promise<HeldDay<M, E>> => {
      const heldDay = held.get(day) ?? (await readDay(day));
      const since = heldDay.stored?.lastModified;
      for (const file of await readEvents(options, { day, since, known: heldDay.eventKeys }))
        addEventFile(heldDay, file);
      held.hold(day, heldDay);
      return heldDay;
    },
    /** Writes the next revision; undefined if another write came first. */
    write: async (day: Day, before: StoredManifest<M> | undefined, manifest: M) => {
      const own = await writeManifest(options, { stored: before, manifest }, { run: run.name, at: now() });
      const { eventKeys = new Set<string>() } = held.get(day) ?? {};
      held.forget(day);
      // The response to this run's own write may have been lost.
      const etag = own.etag ?? (await findEtag(options, day, own.sha256));
      if (etag === undefined) return undefined;
      const stored = { ...own, etag };
      held.hold(day, { stored, manifest: stored.manifest, pending: [], eventKeys, bytes: stored.bytes });
      note(day, stored, stored.manifest.status === "closed", true);
      return stored;
    },
  };
}

/** Returns the ETag of the day's manifest if its bytes have this SHA-256. */
async function findEtag<M extends DayManifest, E>(
  options: DayStoreOptions<M, E>,
  day: Day,
  sha256: string,
): Promise<string | undefined> {
  const stored = await readManifest(options, day);
  return stored?.sha256 === sha256 ? stored.etag : undefined;
}

/** Lists all manifests, and finds which days the index shows as closed. Without a usable index it also lists all events. */
async function listKnownDays<M extends DayManifest, E>(
  { archive, state, aggregate, account }: DayStoreOptions<M, E>,
  index: DayIndexFile,
): Promise<KnownDays> {
  const keys = aggregateKeys[aggregate.name];
  const listed = await listManifests(archive, keys.manifestsPrefix(account));
  const entries = await index.entries();
  const begun = new Set([...listed.keys(), ...entries.keys()]);
  if (await index.isUnusable())
    for await (const { key } of state.list(keys.eventsPrefix(account))) {
      const day = dayInKey(key);
      if (day) begun.add(day);
    }
  const isClosed = (day: Day) => {
    const entry = entries.get(day);
    return entry?.status === "closed" && entry.etag === listed.get(day);
  };
  return { begun, closed: new Set([...listed.keys()].filter(isClosed)) };
}

/** Returns the ETags of an aggregate's manifests by day. @throws STORAGE_FAILED */
export async function listManifests(archive: Bucket, prefix: string): Promise<ReadonlyMap<Day, string>> {
  const etags = new Map<Day, string>();
  for await (const { key, etag } of archive.list(prefix)) {
    const day = dayInKey(key);
    // Another object, such as `date=<day>.bak.json`, has a longer key.
    if (day && key === `${prefix}${day}.json`) etags.set(day, etag);
  }
  return etags;
}
