import type { Day } from "../core/days.ts";
import { inOrder } from "../core/in-order.ts";
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

/** Each holds rows of several tables in memory. */
const daysAtOnce = 2;
/** A run that is killed builds no more days again. */
const mostUnnoted = 50;

/** Builds the tables of the days; a damaged object is its day's own misfortune: the others are built first. */
export async function* buildDays(
  s: TablesServices,
  { account, days, rebuild }: DaysToBuild,
  from: BuildCursor = { done: 0, damaged: [] },
): AsyncGenerator<BuildCursor> {
  const note = await readBuiltNote(s.state, account);
  const damaged = new Set(from.damaged);
  const upTo = (done: number) => ({ done, damaged: days.slice(0, done).filter((day) => damaged.has(day)) });
  const build = async (day: Day) => {
    try {
      const isBuilt = (manifests: string) => !rebuild && note.of(day) === manifests;
      note.set(day, await buildDay(s, { account, day, isBuilt }));
    } catch (error) {
      if (!(error instanceof JobError) || error.code !== "STORAGE_UNEXPECTED") throw error;
      s.log.error("a day's tables could not be built", { day, ...error.toJSON() });
      damaged.add(day);
    }
  };
  try {
    for await (const done of inOrder(days.slice(from.done), { from: from.done, width: daysAtOnce }, build)) {
      if (note.unwritten() >= mostUnnoted) await note.write();
      yield upTo(done);
    }
  } finally {
    await note.write();
  }
  if (damaged.size > 0) throw incomplete(upTo(days.length).damaged);
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
