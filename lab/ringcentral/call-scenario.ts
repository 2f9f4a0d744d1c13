import type { Call } from "./call.ts";
import type { Account } from "./create-account.ts";
import { companyNumberAt, type Extension, type Outsider, someExtension, someOutsider } from "./people.ts";
import { between, createRandom, pick, randomText, seedOf } from "./random.ts";

/** Caller, called party and course of a call. A record, its legs and analytics use the same scenario. */
export interface CallScenario {
  readonly inbound: boolean;
  readonly extension: Extension;
  readonly companyNumber: string;
  readonly outsider: Outsider;
  readonly legCount: number;
  /** Between two extensions of the company. */
  readonly internal: boolean;
  readonly sessionId: string;
  readonly telephonySessionId: string;
  readonly transport: "PSTN" | "VoIP";
}

/** Generates the scenario of a call from its seed. Random numbers must always be drawn in this order. */
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
