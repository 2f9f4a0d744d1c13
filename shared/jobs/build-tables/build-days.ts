import type { Day } from "../../core/time/days.ts";
import type { Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";
import type { Items } from "../../runtime/items.ts";
import { buildDay } from "./build-day.ts";
import { readBuildIndex } from "./build-index.ts";
import type { DaysToBuild } from "./find-days-to-build.ts";
import type { TablesServices } from "./services.ts";

/** A run that is killed builds no more days again. */
const maxUnsavedDays = 50;

/** The days whose tables are built, one after the other, for each is held in memory in part. What fails is built next time. */
export async function buildDays(
  services: TablesServices,
  { account, days, rebuild }: DaysToBuild,
): Promise<Items<Day>> {
  const note = await readBuildIndex(services.state, account);
  return {
    concurrency: 1,
    maxUnsaved: maxUnsavedDays,
    from: (place) => days.slice(place),
    nameOf: (day) => day,
    work: async (day, succeeded) => {
      const isBuilt = (manifests: string) => !rebuild && note.sourceVersionOf(day) === manifests;
      note.set(day, await buildDay(services, { account, day, isBuilt }));
      succeeded();
    },
    reportFailure: async (day, { error }) => services.log.error("table building failed", { day, ...error.toJSON() }),
    save: note.write,
  };
}

/** What a run fails with in the end if the tables of some days could not be built. */
export function incompleteTables({ failed, firstFailed }: Tally): JobError | undefined {
  if (failed === 0) return undefined;
  return new JobError("DAYS_INCOMPLETE", `The tables of ${failed} days could not be built, among them ${firstFailed}`, {
    hint: "Do what facts.hint of the lines `table building failed` says; the next run builds these days.",
    details: { days: failed, first: firstFailed },
  });
}
