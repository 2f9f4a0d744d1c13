import { defineJob } from "../../runtime/job.ts";
import { buildDays, incompleteTables } from "./build-days.ts";
import { findDaysToBuild } from "./find-days-to-build.ts";
import { TablesRequest } from "./request.ts";
import { tablesServices } from "./services.ts";

/** Makes tables for SQL of what the other jobs have collected: every day whose manifests have changed since it was last built. */
export const buildTables = defineJob({
  name: "build-tables",
  request: TablesRequest,
  ...tablesServices(process.env),
  run: async (request, context) => {
    const found = await context.step("find days", async (services) => {
      const days = await findDaysToBuild(services, request);
      if (days) services.log.info("days selected", { days: days.days.length });
      else services.log.info("there is nothing to build yet: no other job has run");
      return days ?? null;
    });
    if (!found) return { days: 0 };
    const built = await context.items("build", (services) => buildDays(services, found));
    const incomplete = incompleteTables(built);
    if (incomplete) throw incomplete;
    return { days: found.days.length };
  },
});
