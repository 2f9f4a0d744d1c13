import * as z from "zod/mini";
import { type Bucket, toBody } from "../aws/bucket.ts";
import type { DayAggregate } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { unzippedJson, zippedJson } from "./zipped-json.ts";

/** Where an aggregate's events are stored. */
export interface EventStorage<M extends DayManifest, E> {
  readonly state: Bucket;
  readonly aggregate: DayAggregate<M, E>;
}

/**
 * Events up to 10 min older than the manifest are read again: another run may have been writing. Reducing twice changes
 * nothing.
 */
const overlapMs = 10 * 60_000;

/** Stores a day's events under `name`, until its manifest contains them. @throws STORAGE_FAILED */
export async function appendEvents<M extends DayManifest, E>(
  { state, aggregate, run }: EventStorage<M, E> & { readonly run: { readonly name: string } },
  { account, day, name }: { readonly account: string; readonly day: Day; readonly name: string },
  events: readonly E[],
): Promise<void> {
  const key = aggregateKeys[aggregate.name].eventFile(account, day, run.name, name);
  await state.put(key, toBody(zippedJson(events)), "application/gzip");
}

/**
 * Returns the day's events that its manifest, last written at `since`, may lack. Skips damaged files: the next run
 * finds the same facts again.
 * @throws STORAGE_FAILED
 */
export async function readEvents<M extends DayManifest, E>(
  { state, aggregate }: EventStorage<M, E>,
  { account, day }: { readonly account: string; readonly day: Day },
  since: Date | undefined,
): Promise<E[]> {
  const events: E[] = [];
  for await (const { key, lastModified } of state.list(aggregateKeys[aggregate.name].dayEventsPrefix(account, day))) {
    if (since && lastModified.getTime() < since.getTime() - overlapMs) continue;
    const stored = await state.get(key);
    if (stored) events.push(...parseEvents(aggregate, stored.body));
  }
  return events;
}

/** Returns the day's events of one run. @throws STORAGE_FAILED */
export async function readRunEvents<M extends DayManifest, E>(
  { state, aggregate }: EventStorage<M, E>,
  { account, day, run }: { readonly account: string; readonly day: Day; readonly run: string },
): Promise<E[]> {
  const events: E[] = [];
  for await (const { key } of state.list(aggregateKeys[aggregate.name].runEventsPrefix(account, day, run))) {
    const stored = await state.get(key);
    if (stored) events.push(...parseEvents(aggregate, stored.body));
  }
  return events;
}

function parseEvents<M extends DayManifest, E>({ event }: DayAggregate<M, E>, body: Buffer): E[] {
  try {
    return z.array(event).parse(unzippedJson(body));
  } catch {
    return [];
  }
}
