import { Env } from "../../contract.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { checkArchiveRequest } from "./check-request.ts";
import { archiveCallsDeployment } from "./deployment.ts";
import { ArchiveEnvironment, settlingRulesOf } from "./environment.ts";
import { estimateArchive } from "./estimate.ts";

/** Checks requests for `archive-calls` and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: archiveCallsDeployment,
  schema: ArchiveEnvironment,
  check: ({ config, ...services }, fields) => {
    const { errors, request } = checkArchiveRequest(fields, services);
    const options = { ...services, archiveFrom: config[Env.archiveFrom], rules: settlingRulesOf(config) };
    return { errors, request, estimate: () => estimateArchive(options, request) };
  },
});
