import type { Call } from "./call.ts";
import type { Account } from "./create-account.ts";
import { companyNumberAt, type Extension, type Outsider, someExtension, someOutsider } from "./people.ts";
import { between, createRandom, pick, randomText, seedOf } from "./random.ts";

/** Who called whom, and how: what a record, its legs and analytics agree on. */
export interface CallScenario {
  readonly inbound: boolean;
  readonly extension: Extension;
  readonly companyNumber: string;
  readonly outsider: Outsider;
  readonly legCount: number;
  /** Between two of the company. */
  readonly internal: boolean;
  readonly sessionId: string;
  readonly telephonySessionId: string;
  readonly transport: "PSTN" | "VoIP";
}

/** Makes up who called whom; always the same for the same call. Numbers are drawn in this order, whatever becomes of them. */
export function scenarioOf(call: Call, { organisation }: Pick<Account, "organisation">): CallScenario {
  const random = createRandom(call.seed);
  const inbound = random() < 0.6;
  const sessionId = String(between(random, 10 ** 11, 10 ** 12));
  const telephonySessionId = `s-${randomText(random, 32, "0123456789abcdef")}`;
  const transport = call.fax ? "PSTN" : pick(random, ["PSTN", "VoIP"] as const);
  const internal = random() >= 0.75;
  return {
    inbound,
    sessionId,
    telephonySessionId,
    transport,
    internal,
    extension: someExtension(random, organisation.users),
    companyNumber: companyNumberAt(seedOf("company number", call.seed) % organisation.companyNumbers),
    outsider: someOutsider(random),
    legCount: call.fax ? 1 : between(random, 1, 3),
  };
}
