import { randomUUID } from "node:crypto";
import type { AnalyticsServices } from "../../shared/analytics/services.ts";
import type { Bucket } from "../../shared/aws/bucket.ts";
import { createRunOwner, OwnerRecord } from "../../shared/aws/run-owner.ts";
import { versionedObject } from "../../shared/aws/versioned-object.ts";
import { Metric } from "../../shared/contract.ts";
import { type AnalyticsRules, analyticsBook } from "../../shared/core/analytics/book.ts";
import type { Metric as AnalyticsMetric } from "../../shared/core/analytics/vocabulary.ts";
import type { Day } from "../../shared/core/days.ts";
import { stateKeys } from "../../shared/core/object-keys.ts";
import { createClient } from "../../shared/ringcentral/client.ts";
import { parseCredential } from "../../shared/ringcentral/credential.ts";
import { createRateGate } from "../../shared/ringcentral/rate-gate.ts";
import { createTokenBroker } from "../../shared/ringcentral/token-broker.ts";
import { createTokenExchange } from "../../shared/ringcentral/token-exchange.ts";
import { TokenRecord } from "../../shared/ringcentral/token-record.ts";
import type { Run } from "../../shared/runtime/job.ts";
import type { LabClock } from "../lab/clock.ts";
import type { RingCentral } from "../lab/ringcentral/server.ts";

/** What the settings say. */
export interface Settings extends AnalyticsRules {
  readonly archiveFrom: Day;
  readonly chosen: readonly AnalyticsMetric[];
}

export interface JobServicesOptions extends Pick<AnalyticsServices, "log" | "metrics" | "timeZone"> {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly clock: LabClock;
  readonly ringCentral: RingCentral;
  readonly fetch: typeof fetch;
}

const scopes = ["ReadAccounts", "Analytics"];

/** What the job opens for each slice, with the lab for its world; moments pass at once. */
export function jobServices(options: JobServicesOptions, { archiveFrom, chosen, ...rules }: Settings) {
  const { archive, state, clock, ringCentral, fetch, log, metrics, timeZone } = options;
  const now = () => new Date(clock.now());
  const sleep = async (ms: number) => clock.advance(ms);
  const broker = createTokenBroker({
    readCredential: async () => parseCredential(JSON.stringify(ringCentral.credential), now()),
    records: (name) => versionedObject(state, stateKeys.token(name), TokenRecord),
    exchange: createTokenExchange({ scopes, fetch }),
    revoke: async () => false,
    ...{ scopes, now, sleep },
    nonce: randomUUID,
    personAsks: () => false,
    onExchange: () => metrics.add(Metric.tokenExchanges),
  });
  const ownerRecord = versionedObject(state, stateKeys.owner("collect-analytics"), OwnerRecord);
  const owner = createRunOwner(ownerRecord, { now, nonce: randomUUID });
  return async (run: Run): Promise<AnalyticsServices> => {
    const gates = { light: createRateGate(now), heavy: createRateGate(now) };
    const onAnswer = ({ status }: { readonly status: number }) => {
      metrics.add(Metric.apiRequests);
      if (status === 429) metrics.add(Metric.rateLimited);
    };
    const server = await broker.server();
    const client = createClient({ server, broker, gates, fetch, now, sleep, onAnswer });
    return {
      ...{ archive, state, log, metrics, timeZone, run, owner, now, client, broker },
      ...{ archiveFrom, chosen, rules, book: analyticsBook(rules), sign: undefined },
      restUntil: gates.light.restUntil,
    };
  };
}
