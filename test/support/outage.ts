import { copyObjectStore } from "../../lab/aws/object-store.ts";
import type { Fault, FaultEffect } from "../../lab/ringcentral/faults.ts";
import type { JobName } from "../../shared/jobs.ts";
import { type FastWorldOptions, openFastWorld } from "./fast-world.ts";
import { once } from "./once.ts";
import { accountOf, recordedCalls } from "./recorded-calls.ts";

/** An outage in which every request of a phase is fruitless. */
export interface Outage {
  readonly kind: OutageKind;
  readonly phase: OutagePhase;
}
export type OutageKind = keyof typeof effects;
export type OutagePhase = keyof typeof phases;

/** Cost of one run during an outage. */
export interface OutageCost {
  /** Error code that the run ended with; undefined if it ended well. */
  readonly code: string | undefined;
  readonly requests: number;
  /** Logins beyond the first. */
  readonly logins: number;
  /** Minutes beyond those that Retry-After requested. */
  readonly minutes: number;
  readonly openDays: number;
}

const effects = {
  "broken connection": "drop",
  "401": { status: 401 },
  "403": { status: 403 },
  "404": { status: 404 },
  "429": { status: 429, headers: { "retry-after": "60" } },
  "500": { status: 500 },
  "503": { status: 503 },
  silence: "slowHeaders",
  garbage: { status: 200, body: "<html>", headers: { "content-type": "text/html" } },
} as const satisfies Readonly<Record<string, FaultEffect>>;

const phases = {
  "archive: login": { job: "archive-calls", on: "token" },
  "archive: account": { job: "archive-calls", on: "account" },
  "archive: list": { job: "archive-calls", on: "callLog" },
  "archive: fetch": { job: "archive-calls", on: "recordingContent" },
  "analytics: login": { job: "collect-analytics", on: "token" },
  "analytics: account": { job: "collect-analytics", on: "account" },
  "analytics: fetch": { job: "collect-analytics", on: "/analytics/" },
} as const satisfies Readonly<Record<string, { readonly job: JobName; readonly on: Fault["on"] }>>;

export const outageKinds = Object.keys(effects) as readonly OutageKind[];
export const outagePhases = Object.keys(phases) as readonly OutagePhase[];

/** At 25 recordings a day, an outage that no day ends costs more requests than the most that is allowed. */
const openDays = 7;
/** Only an outage of recordings needs many: in other phases, more than one a day would hide the cost of the outage. */
const recordingsPerDay = (phase: OutagePhase) => (phase === "archive: fetch" ? 25 : 1);
const dayMs = 24 * 3_600_000;

/**
 * Returns a function that runs a job once during an outage, with a week of calls due, and returns what the run cost. Outages of
 * the same job begin after the same good night, so that the account is known, and a recording or a dataset is stored.
 */
export function createOutages(): (outage: Outage) => Promise<OutageCost> {
  const goodNights = new Map<string, () => Promise<EarlierWorld>>();
  return async ({ kind, phase }) => {
    const { job, on } = phases[phase];
    const options = worldOptions(recordingsPerDay(phase));
    const name = `${job} ${recordingsPerDay(phase)}`;
    const goodNight = goodNights.get(name) ?? once(() => afterGoodNight(job, options));
    goodNights.set(name, goodNight);
    const { store, secret } = await goodNight();
    const start = new Date(options.start.getTime() + (openDays - 1) * dayMs);
    const world = await openFastWorld({ ...options, start, earlier: { store: await copyObjectStore(store), secret } });
    try {
      world.ringCentral().plan({ on, what: effects[kind], times: "always" });
      const { error, requests, logins } = await world.run(job);
      const { limited } = world.ringCentral().counters();
      const minutes = (Date.now() - start.getTime()) / 60_000 - limited;
      return { code: error?.code, requests: requests.length, logins: Math.max(0, logins - 1), minutes, openDays };
    } finally {
      world.close();
    }
  };
}

type EarlierWorld = NonNullable<FastWorldOptions["earlier"]>;

async function afterGoodNight(job: JobName, options: FastWorldOptions): Promise<EarlierWorld> {
  const world = await openFastWorld(options);
  try {
    await world.run(job);
    return { store: await world.aws.copyStore(), secret: JSON.stringify(world.ringCentral().credential) };
  } finally {
    world.close();
  }
}

function worldOptions(recordings: number) {
  const days = Array.from({ length: openDays }, (_, n) =>
    new Date(Date.UTC(2026, 10, n + 1)).toISOString().slice(0, 10),
  );
  return {
    start: new Date("2026-11-02T08:30:00Z"),
    account: accountOf(...days.flatMap((day) => recordedCalls(day, recordings))),
    environment: { ANALYTICS_GROUPS: "Company,Users,Queues", ANALYTICS_METRICS: "allCalls" },
  };
}

/** Returns the maximum that a run may cost during an outage. */
export function maxCostOfOutage({ kind }: Outage): Omit<OutageCost, "code" | "openDays"> {
  return { requests: kind === "404" ? 20 * openDays : 120, logins: 3, minutes: 75 };
}
