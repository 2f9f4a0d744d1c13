import type { Counters } from "../lab/ringcentral/counters.ts";
import { openWorld } from "../night/world.ts";
import { type Figure, seconds } from "./table.ts";

/** An undisturbed night in real time: how closely the rate limit is used, and what is paid for. */
export async function nightFigures(quick: boolean): Promise<readonly Figure[]> {
  const recordings = quick ? 150 : 600;
  const heavy = { limit: 60, windowMs: quick ? 3_000 : 20_000, penaltyMs: 60_000 };
  const onlyRecorded = { recordedShare: 1, faxShare: 0, shortShare: 0, transferShare: 0 };
  const world = await openWorld({
    skipWaits: false,
    archiveFrom: "2026-11-03",
    ringCentral: { limits: { heavy }, account: { calls: { perDay: recordings, ...onlyRecorded } } },
  });
  try {
    const { status, invocations } = await world.scheduledNight();
    const counters = world.ringCentral.counters();
    const bursts = burstsOf(counters.heavyRequests, heavy.windowMs);
    const dead = bursts.slice(1).map((burst, n) => burst.first - (bursts[n]?.first ?? 0) - heavy.windowMs);
    const billed = invocations.map(({ billedMs }) => billedMs);
    const perWindow = billed.reduce((sum, ms) => sum + ms, 0) / bursts.length;
    const least = 1 + recordings;
    return [
      { what: `night of ${recordings} recordings, ${heavy.limit} per ${heavy.windowMs / 1000} s`, value: status },
      { what: "dead time per window, longest", value: seconds(Math.max(...dead)), goal: "≤ 1.2 s" },
      { what: "dead time per window, mean", value: seconds(mean(dead)) },
      { what: "requests refused with 429", value: String(counters.limited), goal: "0" },
      { what: "billed per window, mean", value: seconds(perWindow), goal: "≤ 3 s" },
      {
        what: "Heavy requests against the least possible",
        value: `${counters.byGroup.heavy} / ${least}`,
        goal: "equal",
      },
      { what: "token exchanges", value: String(counters.tokenExchanges.length), goal: "1" },
    ];
  } finally {
    await world.stop();
  }
}

interface Burst {
  readonly first: number;
  readonly last: number;
}

/** Requests that lie closer than half a window belong together. */
function burstsOf(requests: Counters["heavyRequests"], windowMs: number): Burst[] {
  const bursts: Burst[] = [];
  for (const { atMs } of requests) {
    const current = bursts.at(-1);
    if (current && atMs - current.last < windowMs / 2) bursts[bursts.length - 1] = { ...current, last: atMs };
    else bursts.push({ first: atMs, last: atMs });
  }
  return bursts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
