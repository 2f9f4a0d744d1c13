import * as z from "zod/mini";
import { type Bucket, bytesBody } from "../aws/bucket.ts";
import type { Day } from "../core/days.ts";
import { ManifestEvent } from "../core/manifest.ts";
import { stateKeys } from "../core/object-keys.ts";
import { unzippedJson, zippedJson } from "./zipped-json.ts";

const Events = z.array(ManifestEvent);
/** Outcomes written this long before a manifest may not be in it yet: another run may have been writing. */
const overlapMs = 10 * 60_000;

/** Writes down what a step did to a day; until the day's manifest has taken it in, this is where it stands. */
export async function writeOutcome(
  state: Bucket,
  at: { readonly account: string; readonly day: Day; readonly run: string; readonly name: string },
  events: readonly ManifestEvent[],
): Promise<void> {
  const key = stateKeys.outcome(at.account, at.day, at.run, at.name);
  await state.put(key, bytesBody(zippedJson(events)), "application/gzip");
}

/**
 * Everything written down of a day that its manifest, last written at `since`, may lack. What is damaged is left out: an
 * outcome may be lost, the next run finds the same facts again.
 */
export async function readOutcomes(
  state: Bucket,
  account: string,
  day: Day,
  since: Date | undefined,
): Promise<ManifestEvent[]> {
  const events: ManifestEvent[] = [];
  for await (const { key, lastModified } of state.list(stateKeys.outcomes(account, day))) {
    if (since && lastModified.getTime() < since.getTime() - overlapMs) continue;
    const stored = await state.get(key);
    if (stored) events.push(...eventsIn(stored.body));
  }
  return events;
}

function eventsIn(body: Buffer): ManifestEvent[] {
  try {
    return Events.parse(unzippedJson(body));
  } catch {
    return [];
  }
}
