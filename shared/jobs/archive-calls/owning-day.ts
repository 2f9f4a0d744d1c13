import type { CallManifest } from "../../core/calls/call-manifest.ts";
import { dayInKey } from "../../core/object-keys.ts";
import { addDays, type Day } from "../../core/time/days.ts";

/** What a day's neighbour says of a recording: where it lies, if it does. */
type Named = ReadonlyMap<string, Day | undefined>;

/** Days are looked at in order: a few are enough for each to be read once. */
const daysKept = 16;

/**
 * Tells to which day a recording belongs that the calls of two days name, as with a call transferred at midnight: to the
 * one where it is stored already, else to the first that still waits for it. Only neighbouring days are looked at; one that cannot be read (undefined) names none.
 */
export function createOwningDayLookup(
  read: (day: Day) => Promise<CallManifest | undefined>,
): (day: Day, id: string) => Promise<Day> {
  const days = new Map<Day, Promise<Named>>();
  const namedOn = (day: Day): Promise<Named> => {
    const named = days.get(day) ?? read(day).then(namedIn);
    // Put behind the others, for the oldest is forgotten first.
    days.delete(day);
    days.set(day, named);
    for (const oldest of [...days.keys()].slice(0, -daysKept)) days.delete(oldest);
    return named;
  };
  return async (day, id) => {
    const before = addDays(day, -1);
    const [onBefore, onAfter] = await Promise.all([namedOn(before), namedOn(addDays(day, 1))]);
    const owningDay = onBefore.get(id) ?? onAfter.get(id);
    return owningDay ?? (onBefore.has(id) ? before : day);
  };
}

function namedIn(manifest: CallManifest | undefined): Named {
  // A day that has given a recording up may be closed: nothing more is stored there.
  const wanted = manifest?.recordings.filter(({ state }) => state === "stored" || state === "pending");
  return new Map(wanted?.map(({ id, object }) => [id, object && dayInKey(object.key)]));
}
