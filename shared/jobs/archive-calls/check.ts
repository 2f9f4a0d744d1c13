import { Env } from "../../contract.ts";
import { createRequestCheck } from "../../wiring/request-check.ts";
import { checkArchiveRequest } from "./check-request.ts";
import { ArchiveEnvironment, settlingRulesOf } from "./environment.ts";
import { estimateArchive } from "./estimate.ts";

/** How `start-run` checks a request for `archive-calls` and tells what it will do. */
export const check = createRequestCheck({
  job: "archive-calls",
  schema: ArchiveEnvironment,
  check: ({ config, ...s }, fields) => {
    const { errors, request } = checkArchiveRequest(fields, s);
    const options = { ...s, archiveFrom: config[Env.archiveFrom], rules: settlingRulesOf(config) };
    return { errors, request, estimate: () => estimateArchive(options, request) };
  },
});
