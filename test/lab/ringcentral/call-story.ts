import type { Call } from "./call.ts";
import { companyNumberAt, type Extension, type Outsider, someExtension, someOutsider } from "./people.ts";
import { between, createRandom, pick, randomText, seedOf } from "./random.ts";
import type { Account } from "./settle-account.ts";

/** What a record and its legs say alike. */
export interface CallStory {
  readonly inbound: boolean;
  readonly extension: Extension;
  readonly companyNumber: string;
  readonly outsider: Outsider;
  readonly legCount: number;
  readonly common: Readonly<Record<string, unknown>>;
}

/** Makes up who called whom; always the same for the same call. */
export function storyOf(call: Call, { organisation }: Pick<Account, "organisation">): CallStory {
  const random = createRandom(call.seed);
  const inbound = random() < 0.6;
  const common = {
    sessionId: String(between(random, 10 ** 11, 10 ** 12)),
    telephonySessionId: `s-${randomText(random, 32, "0123456789abcdef")}`,
    type: call.fax ? "Fax" : "Voice",
    direction: inbound ? "Inbound" : "Outbound",
    action: actionOf(call.fax, inbound),
    transport: call.fax ? "PSTN" : pick(random, ["PSTN", "VoIP"]),
    internalType: pick(random, ["LocalNumber", "TollFreeNumber", "International", "Sip"]),
  };
  return {
    inbound,
    extension: someExtension(random, organisation.users),
    companyNumber: companyNumberAt(seedOf("company number", call.seed) % organisation.companyNumbers),
    outsider: someOutsider(random),
    legCount: call.fax ? 1 : between(random, 1, 3),
    common,
  };
}

function actionOf(fax: boolean, inbound: boolean): string {
  if (fax) return inbound ? "Incoming Fax" : "Outgoing Fax";
  return inbound ? "Phone Call" : "VoIP Call";
}

export function resultOf(call: Call, { inbound }: CallStory): string {
  if (call.fax) return inbound ? "Received" : "Sent";
  if (!call.recording && !call.short) return inbound ? "Missed" : "No Answer";
  return inbound ? "Accepted" : "Call connected";
}
