import { Env } from "../../contract.ts";
import { type CallAggregate, callAggregate } from "../../core/calls/call-aggregate.ts";
import type { CallDayEvent, CallManifest } from "../../core/calls/call-manifest.ts";
import type { SettleRules } from "../../core/calls/settling.ts";
import { parseConfig } from "../../runtime/config.ts";
import { type ApiServices, openApi } from "../../wiring/api-services.ts";
import { createDayStores, type OpenDayStore } from "../../wiring/day-stores.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { archiveCallsDeployment } from "./deployment.ts";
import { ArchiveJobEnvironment, settlingRulesOf } from "./environment.ts";

/** Services for the steps of `archive-calls`. */
export interface ArchiveServices extends ApiServices {
  readonly archiveFrom: string;
  readonly rules: SettleRules;
  readonly aggregate: CallAggregate;
  readonly dayStore: OpenDayStore<CallManifest, CallDayEvent>;
}

/** Opens the services of `archive-calls`. */
export const archiveServices = lazyServices<ArchiveServices>("archive-calls", (environment, options) => {
  const config = parseConfig(ArchiveJobEnvironment, environment);
  const api = openApi(config, { ...options, deployment: archiveCallsDeployment });
  const rules = settlingRulesOf(config);
  const aggregate = callAggregate(rules);
  const dayStores = createDayStores(aggregate);
  const jobServices = { archiveFrom: config[Env.archiveFrom], rules, aggregate };
  return async (run) => {
    const services = await api(run);
    return { ...services, ...jobServices, dayStore: dayStores(services) };
  };
});
