import { openWorld } from "../../lab/demo/world.ts";
import { burstsOf, deadTimes, mean, paceMs } from "./bursts.ts";
import { type Figure, seconds } from "./table.ts";

/** Measures an undisturbed night in real time: how closely the rate limit is used, and the billed time. */
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
    const times = counters.heavyRequests.map(({ atMs }) => atMs);
    const dead = deadTimes(times, heavy.windowMs);
    const billed = invocations.map(({ billedMs }) => billedMs);
    const perWindow = billed.reduce((sum, ms) => sum + ms, 0) / burstsOf(times, heavy.windowMs).length;
    const least = 1 + recordings;
    return [
      { what: `night of ${recordings} recordings, ${heavy.limit} per ${heavy.windowMs / 1000} s`, value: status },
      { what: "dead time per window, longest", value: seconds(Math.max(...dead)), goal: "≤ 1.2 s" },
      { what: "dead time per window, mean", value: seconds(mean(dead)) },
      { what: "requests refused with 429", value: String(counters.limited), goal: "0" },
      {
        what: "billed per window, mean",
        value: seconds(perWindow),
        goal: `≤ ${seconds(paceMs(heavy.limit) + 1_200)}`,
      },
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
