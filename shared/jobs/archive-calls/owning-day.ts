import type { CallManifest } from "../../core/calls/call-manifest.ts";
import { dayInKey } from "../../core/object-keys.ts";
import { addDays, type Day } from "../../core/time/days.ts";

/** The recordings that a day references, and the day under which each is stored, if any. */
type References = ReadonlyMap<string, Day | undefined>;

/** Days come in order, so that a small cache reads each once. */
const maxDaysKept = 16;

/**
 * Returns a function that finds the owning day of a recording of two adjacent days, such as a call transferred at midnight:
 * the day under which it is stored, else the earlier day that still waits for it. A day that cannot be read (undefined)
 * counts as without it.
 */
export function createOwningDayLookup(
  read: (day: Day) => Promise<CallManifest | undefined>,
): (day: Day, id: string) => Promise<Day> {
  const days = new Map<Day, Promise<References>>();
  const referencesOn = (day: Day): Promise<References> => {
    const references = days.get(day) ?? read(day).then(referencesIn);
    // Moved to the end, because the oldest entry is removed first.
    days.delete(day);
    days.set(day, references);
    for (const oldest of [...days.keys()].slice(0, -maxDaysKept)) days.delete(oldest);
    return references;
  };
  return async (day, id) => {
    const dayBefore = addDays(day, -1);
    const [earlier, later] = await Promise.all([referencesOn(dayBefore), referencesOn(addDays(day, 1))]);
    const storedUnder = earlier.get(id) ?? later.get(id);
    return storedUnder ?? (earlier.has(id) ? dayBefore : day);
  };
}

function referencesIn(manifest: CallManifest | undefined): References {
  // A day that gave up a recording may be closed, so that nothing more is stored there.
  const wanted = manifest?.recordings.filter(({ state }) => state === "stored" || state === "pending");
  return new Map(wanted?.map(({ id, object }) => [id, object && dayInKey(object.key)]));
}
