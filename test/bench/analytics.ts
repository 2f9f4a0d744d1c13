import { openWorld } from "../../lab/demo/world.ts";
import { Env } from "../../shared/contract.ts";
import { defaultGroups } from "../../shared/core/analytics/analytics-names.ts";
import { deadTimes, mean } from "./bursts.ts";
import { type Figure, mebibytes, seconds } from "./table.ts";
import { watchPeak } from "./watch-peak.ts";

/** Measures three days of analytics in real time: requests, how closely the Light limit is used, and peak memory. */
export async function analyticsFigures(quick: boolean): Promise<readonly Figure[]> {
  const light = { limit: 50, windowMs: quick ? 3_000 : 20_000, penaltyMs: 60_000 };
  const organisation = { users: quick ? 200 : 1_000 };
  const world = await openWorld({
    skipWaits: false,
    // The lab takes longer over every number than RingCentral would.
    environment: { [Env.analyticsMetrics]: "allCalls,callsByDirection,allCallsDuration" },
    ringCentral: { limits: { light }, account: { calls: { perDay: 100 }, organisation } },
  });
  const watch = watchPeak("runtime-loop.mjs");
  try {
    const times: number[] = [];
    world.ringCentral.setObserver(({ path }) => void (path.startsWith("/analytics/") && times.push(Date.now())));
    const { status } = await world.night("collect-analytics");
    const { keys, days } = world.ringCentral.analyticsTruth();
    const perDay = defaultGroups.reduce((sum, group) => sum + leastRequests(keys[group].length), 0);
    // Today is not over.
    const collected = Object.keys(days).length - 1;
    const dead = deadTimes(times, light.windowMs);
    const { limited, tokenExchanges } = world.ringCentral.counters();
    return [
      {
        what: `analytics of ${collected} days, ${organisation.users} users, 50 Light requests per window`,
        value: status,
      },
      {
        what: "requests per day against the least possible",
        value: `${(times.length / collected).toFixed(0)} / ${perDay} = ${(times.length / collected / perDay).toFixed(2)}`,
        goal: "1.00",
      },
      { what: "dead time per window, longest", value: seconds(Math.max(...dead)), goal: "≤ 1.2 s" },
      { what: "dead time per window, mean", value: seconds(mean(dead)) },
      { what: "requests refused with 429", value: String(limited), goal: "0" },
      { what: "token exchanges", value: String(tokenExchanges.length), goal: "1" },
      { what: "peak memory of the function", value: mebibytes(watch.peak()), goal: "≤ 300 MiB" },
    ];
  } finally {
    watch.stop();
    await world.stop();
  }
}

/** Returns the minimum number of requests for a group with this many keys: pages of 200 for the day, of 20 for its hours. */
function leastRequests(keys: number): number {
  return Math.max(1, Math.ceil(keys / 200)) + Math.max(1, Math.ceil(keys / 20));
}
