import { Env } from "../../contract.ts";
import { startCheck } from "../../wiring/start-check.ts";
import { checkArchiveRequest } from "./check-request.ts";
import { estimateArchive } from "./estimate.ts";
import { ArchiveEnvironment, rulesOf } from "./settings.ts";

/** How `start-run` checks a request for `archive-calls` and tells what it will do. */
export const start = startCheck({
  job: "archive-calls",
  schema: ArchiveEnvironment,
  check: ({ config, ...s }, fields) => {
    const { wrong, request } = checkArchiveRequest(fields, s);
    const options = { ...s, archiveFrom: config[Env.archiveFrom], rules: rulesOf(config) };
    return { wrong, request, estimate: () => estimateArchive(options, request) };
  },
});
