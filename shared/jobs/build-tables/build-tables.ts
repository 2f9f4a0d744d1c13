import { defineJob } from "../../runtime/define-job.ts";
import { buildDays, incompleteTables } from "./build-days.ts";
import { findDaysToBuild } from "./find-days-to-build.ts";
import { TablesRequest } from "./request.ts";
import { tablesServices } from "./services.ts";

/** Builds SQL tables from the data of the other jobs, for every day whose manifests changed since the last build. */
export const buildTables = defineJob({
  name: "build-tables",
  request: TablesRequest,
  open: tablesServices,
  run: async (request, context) => {
    const found = await context.step("find days", async (services) => {
      const days = await findDaysToBuild(services, request);
      if (days) services.log.info("days selected", { days: days.days.length });
      else services.log.info("no days selected: no other job has run");
      return days ?? null;
    });
    if (!found) return { days: 0 };
    const built = await context.items("build", (services) => buildDays(services, found));
    const incomplete = incompleteTables(built);
    if (incomplete) throw incomplete;
    return { days: found.days.length };
  },
});
