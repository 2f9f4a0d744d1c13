import type { Day } from "../core/days.ts";
import { JobError } from "../errors.ts";
import { buildDay } from "./build-day.ts";
import { readBuiltNote } from "./built-note.ts";
import type { DaysToBuild } from "./find-days.ts";
import type { TablesServices } from "./services.ts";

/** How far the building has come. */
export interface BuildCursor {
  /** So many days are done with. */
  readonly done: number;
  /** Those of them whose tables could not be built. */
  readonly damaged: readonly Day[];
}

/** A run that is killed builds no more days again. */
const mostUnnoted = 50;

/**
 * Builds the tables of the days, one after the other, for each is held in memory in part. A damaged object is its day's own
 * misfortune: the others are built first.
 */
export async function* buildDays(
  s: TablesServices,
  { account, days, rebuild }: DaysToBuild,
  from: BuildCursor = { done: 0, damaged: [] },
): AsyncGenerator<BuildCursor> {
  const note = await readBuiltNote(s.state, account);
  const damaged = [...from.damaged];
  let { done } = from;
  try {
    for (const day of days.slice(from.done)) {
      try {
        const isBuilt = (manifests: string) => !rebuild && note.of(day) === manifests;
        note.set(day, await buildDay(s, { account, day, isBuilt }));
      } catch (error) {
        if (!(error instanceof JobError) || error.code !== "STORAGE_UNEXPECTED") throw error;
        s.log.error("a day's tables could not be built", { day, ...error.toJSON() });
        damaged.push(day);
      }
      done++;
      if (note.unwritten() >= mostUnnoted) await note.write();
      yield { done, damaged: [...damaged] };
    }
  } finally {
    await note.write();
  }
  if (damaged.length > 0) throw incomplete(damaged);
}

function incomplete(days: readonly Day[]): JobError {
  const first = [...days].sort()[0];
  return new JobError(
    "DAYS_INCOMPLETE",
    `The tables of ${days.length} days could not be built, the first is ${first}`,
    {
      todo: "The log says which objects are damaged; restore them from the bucket's version history, and the next run builds these days.",
      details: { days: days.length, first },
    },
  );
}
