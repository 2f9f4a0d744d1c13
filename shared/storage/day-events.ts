import * as z from "zod/mini";
import type { Bucket } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import type { DayAggregate } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { parseStored, zippedJson } from "./stored-json.ts";

/** Where an aggregate's events are stored. */
export interface EventStorage<M extends DayManifest, E> {
  readonly state: Bucket;
  readonly aggregate: DayAggregate<M, E>;
  readonly account: string;
}

/** Events that were stored together. */
export interface EventFile<E> {
  readonly key: string;
  /** Bytes in S3, compressed. */
  readonly bytes: number;
  readonly events: readonly E[];
}

/**
 * Events up to 10 min older than the manifest are read again: another run may have been writing. Reducing twice changes
 * nothing.
 */
const overlapMs = 10 * 60_000;

/** Stores a day's events under `name`, until its manifest contains them. @throws STORAGE_FAILED */
export async function appendEvents<M extends DayManifest, E>(
  { state, aggregate, account }: EventStorage<M, E>,
  { day, run, name }: { readonly day: Day; readonly run: string; readonly name: string },
  events: readonly E[],
): Promise<EventFile<E>> {
  const key = aggregateKeys[aggregate.name].eventFile(account, day, run, name);
  const body = zippedJson(events);
  await state.put(key, body, "application/gzip");
  return { key, bytes: body.bytes, events };
}

const readConcurrency = 16;

export interface EventsToRead {
  readonly day: Day;
  /** When the day's manifest was last written; it contains the events before. */
  readonly since: Date | undefined;
  /** Keys of files to leave out. */
  readonly known: ReadonlySet<string>;
}

/**
 * Reads the day's events that its manifest may lack. Skips damaged files: the next run finds the same facts again.
 * @throws STORAGE_FAILED
 */
export async function readEvents<M extends DayManifest, E>(
  { state, aggregate, account }: EventStorage<M, E>,
  { day, since, known }: EventsToRead,
): Promise<EventFile<E>[]> {
  const keys: string[] = [];
  for await (const { key, lastModified } of state.list(aggregateKeys[aggregate.name].dayEventsPrefix(account, day))) {
    const isInManifest = since && lastModified.getTime() < since.getTime() - overlapMs;
    if (!isInManifest && !known.has(key)) keys.push(key);
  }
  const read = async (key: string) => ({ key, stored: await state.get(key) });
  const files: EventFile<E>[] = [];
  for await (const { key, stored } of prefetch(keys, readConcurrency, read))
    if (stored)
      files.push({ key, bytes: stored.body.length, events: parseStored(z.array(aggregate.event), stored) ?? [] });
  return files;
}
