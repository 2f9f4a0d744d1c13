import * as z from "zod/mini";
import { type Bucket, toBody } from "../../aws/bucket.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { type Day, isDay } from "../../core/time/days.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";

const Counts = z.record(z.string().check(z.refine(isDay)), z.int().check(z.nonnegative()));

/**
 * Returns automatic recordings by day, as counted by all runs. Only closed days depend on it, because runs do not read their
 * manifests. If the object is lost, the cap is detected later, after superfluous requests.
 */
export async function readAutomaticRecordings(state: Bucket): Promise<Map<Day, number>> {
  const stored = await state.get(stateKeys.automaticRecordings).catch(undefinedIfOfOneObject);
  return new Map(stored ? Object.entries(parse(stored.body)) : []);
}

/** Writes the counts if they changed. A refusal of this object is ignored, because the next run counts again. */
export async function writeAutomaticRecordings(state: Bucket, counts: ReadonlyMap<Day, number>): Promise<void> {
  const known = await readAutomaticRecordings(state);
  const isSame = counts.size === known.size && [...counts].every(([day, count]) => known.get(day) === count);
  if (isSame) return;
  const text = JSON.stringify(Object.fromEntries([...counts].sort()));
  await state.put(stateKeys.automaticRecordings, toBody(text), "application/json").catch(undefinedIfOfOneObject);
}

function parse(body: Buffer): Record<Day, number> {
  try {
    return Counts.parse(JSON.parse(body.toString()));
  } catch {
    return {};
  }
}
