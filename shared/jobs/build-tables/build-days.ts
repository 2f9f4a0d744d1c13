import { counted } from "../../core/counted.ts";
import type { Day } from "../../core/time/days.ts";
import type { Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";
import type { Items } from "../../runtime/items.ts";
import { readBuildIndex } from "../../storage/build-index.ts";
import { buildDay } from "./build-day.ts";
import type { DaysToBuild } from "./find-days-to-build.ts";
import type { TablesServices } from "./services.ts";

/** A killed run builds at most this many days again. */
const maxUnsavedDays = 50;

/** Builds the tables of days, one day at a time, because each takes memory. A failed day is built by the next run. */
export async function buildDays(
  services: TablesServices,
  { account, days, rebuild }: DaysToBuild,
): Promise<Items<Day>> {
  const index = await readBuildIndex(services.derived, account);
  return {
    concurrency: 1,
    maxUnsaved: maxUnsavedDays,
    from: (place) => days.slice(place),
    nameOf: (day) => day,
    work: async (day, succeeded) => {
      index.set(day, await buildDay(services, { account, day, known: index.days.get(day), rebuild }));
      succeeded();
    },
    reportFailure: async (day, { error }) => services.log.error("table building failed", { day, ...error.toJSON() }),
    save: index.write,
  };
}

/** Returns the run's final error if the tables of some days could not be built. */
export function incompleteTables({ failed, firstFailed }: Tally): JobError | undefined {
  if (failed === 0) return undefined;
  return new JobError(
    "DAYS_INCOMPLETE",
    `The tables of ${counted(failed, "day")} could not be built, the first is ${firstFailed}`,
    {
      hint: "Do what facts.hint of the lines `table building failed` says; the next run builds these days.",
      details: { days: failed, first: firstFailed },
    },
  );
}
