import type { Bucket } from "../aws/bucket.ts";
import type { DayAggregate } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { aggregateKeys, dayInKey } from "../core/object-keys.ts";
import { type Day, spanOf } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { appendEvents, readEvents } from "./day-events.ts";
import { createDayIndexFile, type DayIndexFile } from "./day-index-file.ts";
import { addEventFile, createHeldDays, type HeldDay } from "./held-days.ts";
import { type LedgerEntries, readLedger } from "./ledger-file.ts";
import { retryLostRace } from "./lost-race.ts";
import { readManifest, rejectForeignManifest, type StoredManifest, writeManifest } from "./manifest-file.ts";

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
  const { archive, state, aggregate, account, timeZone, run, now } = options;
  const keys = aggregateKeys[aggregate.name];
  const index = createDayIndexFile({ state, key: keys.dayIndex(account), account, rules: aggregate.rules, now });
  const held = createHeldDays<M, E>();
  const manifests = new Map<Day, ManifestFacts>();
  let wholeLedger: Promise<LedgerEntries> | undefined;

  const stateOf = (day: Day, heldDay: HeldDay<M, E>): DayState<M> => {
    const { stored } = heldDay;
    heldDay.manifest = aggregate.reduce(heldDay.manifest, heldDay.pending);
    heldDay.pending = [];
    const { manifest } = heldDay;
    const isClosed = stored !== undefined && aggregate.isClosed({ stored: stored.manifest, manifest });
    if (stored) note(day, stored, isClosed);
    return { stored, manifest, isClosed };
  };

  const note = (day: Day, { etag, sha256, bytes, manifest }: StoredManifest<M>, isClosed: boolean) => {
    const counts = aggregate.counts(manifest);
    index.note(day, { etag, status: isClosed ? "closed" : "open", ...(counts && { counts }) });
    const known = manifests.get(day);
    const isWritten = known?.isWritten === true && known.etag === etag;
    manifests.set(day, { etag, sha256, bytes, revision: manifest.revision, isWritten });
  };

  /** Reads the manifest, unless it is in memory, and the event files that were not read yet. */
  const refresh = async (day: Day): Promise<HeldDay<M, E>> => {
    const known = held.get(day);
    const heldDay = known ?? (await readHeld(day));
    const since = heldDay.stored?.lastModified;
    for (const file of await readEvents(options, { day, since, known: heldDay.eventKeys })) addEventFile(heldDay, file);
    held.hold(day, heldDay);
    return heldDay;
  };

  const readHeld = async (day: Day): Promise<HeldDay<M, E>> => {
    const stored = await readManifest(options, day);
    if (stored) {
      const entry = (await index.entries()).get(day);
      // The index names only manifests that a run has written.
      if (entry?.etag !== stored.etag) await rejectForeignManifest(options, stored, readWholeLedger);
      if (stored.manifest.timeZone !== timeZone) throw zoneChanged(day, stored.manifest.timeZone, timeZone);
    }
    const manifest = stored?.manifest ?? aggregate.empty(account, day, timeZone, spanOf(day, timeZone));
    return { stored, manifest, pending: [], eventKeys: new Set(), bytes: stored?.bytes ?? 0 };
  };

  const readWholeLedger = () => {
    wholeLedger ??= readLedger(archive, { aggregate: aggregate.name, account }).catch((error: unknown) => {
      wholeLedger = undefined;
      throw error;
    });
    return wholeLedger;
  };

  /** Writes the next revision; undefined if another write came first. */
  const write = async (day: Day, { stored }: DayState<M>, manifest: M): Promise<StoredManifest<M> | undefined> => {
    const own = await writeManifest(options, { stored, manifest }, { run: run.name, at: now() });
    if (own.etag !== undefined) return { ...own, etag: own.etag };
    held.forget(day);
    // The response to this run's own write may have been lost.
    const { etag, sha256 } = (await readManifest(options, day)) ?? {};
    return etag !== undefined && sha256 === own.sha256 ? { ...own, etag } : undefined;
  };

  return {
    account,
    aggregate,
    index,
    manifests,
    list: () => listKnownDays(options, index),
    read: async (day) => {
      const heldDay = held.get(day) ?? (await refresh(day));
      return stateOf(day, heldDay);
    },
    append: async (day, name, events, ofRun = run.name) => {
      const file = await appendEvents(options, { day, run: ofRun, name }, events);
      const heldDay = held.get(day);
      if (heldDay) addEventFile(heldDay, file);
    },
    commit: (day, change) =>
      retryLostRace<CommittedDay<M> | undefined>(`The manifest of ${day}`, async () => {
        const before = stateOf(day, await refresh(day));
        const previous = before.stored?.manifest;
        const manifest = await change(before);
        if (manifest === undefined) return { value: undefined };
        if (previous && JSON.stringify(previous) === JSON.stringify(manifest))
          return { value: { manifest, previous, isWritten: false } };
        const stored = await write(day, before, manifest);
        if (!stored) return undefined;
        const { eventKeys = new Set<string>() } = held.get(day) ?? {};
        held.hold(day, { stored, manifest: stored.manifest, pending: [], eventKeys, bytes: stored.bytes });
        note(day, stored, stored.manifest.status === "closed");
        const { etag, sha256, bytes } = stored;
        manifests.set(day, { etag, sha256, bytes, revision: stored.manifest.revision, isWritten: true });
        return { value: { manifest: stored.manifest, previous, isWritten: true } };
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

function zoneChanged(day: Day, writtenIn: string, timeZone: string): JobError {
  return new JobError(
    "TIME_ZONE_CHANGED",
    `The manifest of ${day} has the time zone ${writtenIn}, but the settings have ${timeZone}`,
    {
      hint: `Set timeZone back to ${writtenIn}. The span of a day cannot change once it has a manifest.`,
      details: { day, writtenIn, timeZone },
    },
  );
}
