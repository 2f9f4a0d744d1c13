import type { Call } from "../call.ts";
import { type CallScenario, scenarioOf } from "../call-scenario.ts";
import { isAnswered } from "../call-words.ts";
import type { Account } from "../create-account.ts";
import { createRandom, type Random, seedOf } from "../random.ts";
import type { Part } from "./breakdowns.ts";
import type { Organisation, User } from "./organisation.ts";
import { type Segments, segmentsOf } from "./segments.ts";
import type { ZoneClock } from "./zone-clock.ts";

/** Everything that analytics reports of one call, computed once. */
export interface CallFacts {
  readonly call: Call;
  /** Number that decides whether and how analytics differs from the log about this call. */
  readonly lot: number;
  readonly seconds: number;
  readonly user: User;
  /** Keys of the groups that the call passed through. */
  readonly companyNumber: string | undefined;
  readonly queue: string | undefined;
  readonly ivr: string | undefined;
  readonly iva: string | undefined;
  readonly sharedLine: string | undefined;
  readonly direction: Part<"direction">;
  readonly origin: Part<"origin">;
  readonly response: Part<"response">;
  readonly result: Part<"result">;
  readonly companyHours: Part<"hours">;
  readonly queueHours: Part<"hours"> | undefined;
  readonly queueSla: Part<"queueSla"> | undefined;
  readonly type: Part<"type">;
  readonly endingParty: Part<"endingParty">;
  readonly actions: readonly Part<"actions">[];
  readonly segments: Segments;
  /** Number of times it was presented to an agent of its queue. */
  readonly opportunities: number;
}

export interface FactsOptions {
  readonly account: Account;
  readonly organisation: Organisation;
  /** In the account's zone. */
  readonly zone: ZoneClock;
}

/** Takes values of the call log from there. Draws all others by the call's id, never from the world's random numbers. */
export function factsOf(call: Call, options: FactsOptions): CallFacts {
  const scenario = scenarioOf(call, options.account);
  const { inbound } = scenario;
  const random = createRandom(seedOf("analytics", call.id));
  const lot = random();
  const seconds = Math.floor(call.durationMs / 1000);
  const user = options.organisation.user(scenario.extension.id);
  const way = wayOf(scenario, user, random, options);
  const answered = isAnswered(call);
  const result = resultIn({ call, inbound, answered, queued: way.queue !== undefined, lot: random() });
  const actions = actionsIn(result, answered, random);
  const throughIvr = way.ivr !== undefined;
  const segments = segmentsOf({ seconds, inbound, answered, result, actions, throughIvr });
  return {
    ...{ call, lot, seconds, user, ...way },
    direction: inbound ? "inbound" : "outbound",
    // Guess: which record fields mark an internal call; the record has `internalType: "Sip"`.
    origin: scenario.internal ? "internal" : "external",
    response: inbound ? (answered ? "answered" : "notAnswered") : answered ? "connected" : "notConnected",
    result,
    ...hoursOf(options.zone.wallMs(call.startMs), way.queue),
    queueSla: way.queue === undefined ? undefined : (segments.ringing ?? 0) <= 20 ? "inSla" : "outOfSla",
    type: typeIn(inbound, way.queue, random()),
    endingParty: endingPartyIn(random()),
    actions,
    segments,
    opportunities: way.queue === undefined ? 0 : random() < 0.2 ? 2 : 1,
  };
}

type Way = Pick<CallFacts, "companyNumber" | "queue" | "ivr" | "iva" | "sharedLine">;

/** Draws every number in any case, so that a planned size does not change other decisions. */
function wayOf(
  { inbound, companyNumber }: CallScenario,
  user: User,
  random: Random,
  { organisation }: FactsOptions,
): Way {
  const { groups } = organisation;
  const drawn = (keys: readonly string[], share: number) => {
    const [had, which] = [random() < share, random()];
    return had && inbound ? keys[Math.floor(which * keys.length)] : undefined;
  };
  const keysOf = (kind: "IVRs" | "IVAs" | "SharedLines") => groups[kind].map(({ key }) => key);
  return {
    companyNumber: inbound ? companyNumber : undefined,
    queue: drawn(user.queues, 0.5),
    ivr: drawn(keysOf("IVRs"), 0.3),
    iva: drawn(keysOf("IVAs"), 0.1),
    sharedLine: drawn(keysOf("SharedLines"), 0.1),
  };
}

interface Ended {
  readonly call: Call;
  readonly inbound: boolean;
  readonly answered: boolean;
  readonly queued: boolean;
  readonly lot: number;
}

function resultIn({ call, inbound, answered, queued, lot }: Ended): Part<"result"> {
  if (!answered) return !inbound || lot < 0.2 ? "abandoned" : lot < 0.5 ? "voicemail" : "missed";
  if (call.transfers.length > 0) return "transferred";
  if (!inbound) return "completed";
  if (lot < 0.15) return lot < 0.05 ? "pickedUp" : lot < 0.1 ? "answeredElsewhere" : "forwarded";
  return queued ? "accepted" : "completed";
}

function actionsIn(result: Part<"result">, answered: boolean, random: Random): readonly Part<"actions">[] {
  const [held, parked, by] = [random() < 0.1, random() < 0.04, random()];
  const actions: Part<"actions">[] = [];
  if (answered && held) actions.push("holdOn", "holdOff");
  if (answered && parked) actions.push("parkOn", "parkOff");
  if (result === "transferred") actions.push(by < 0.5 ? "blindTransfer" : by < 0.8 ? "warmTransfer" : "dtmfTransfer");
  return actions;
}

function typeIn(inbound: boolean, queue: string | undefined, lot: number): Part<"type"> {
  if (!inbound) return "outbound";
  if (queue === undefined) return lot < 0.03 ? "parkRetrieval" : lot < 0.08 ? "transferred" : "direct";
  return lot < 0.05 ? "overflow" : lot < 0.1 ? "queueCallPickup" : "fromQueue";
}

function endingPartyIn(lot: number): Part<"endingParty"> {
  return lot < 0.05 ? "system" : lot < 0.5 ? "callee" : "caller";
}

function hoursOf(wallMs: number, queue: string | undefined): Pick<CallFacts, "companyHours" | "queueHours"> {
  const wall = new Date(wallMs);
  const [day, hour] = [wall.getUTCDay(), wall.getUTCHours()];
  const company = day >= 1 && day <= 5 && hour >= 9 && hour < 18;
  const queued = day >= 1 && day <= 6 && hour >= 8 && hour < 20;
  return {
    companyHours: company ? "businessHours" : "afterHours",
    queueHours: queue === undefined ? undefined : queued ? "businessHours" : "afterHours",
  };
}
