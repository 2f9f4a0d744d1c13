import { openWorld } from "../../lab/demo/world.ts";
import type { Figure } from "./table.ts";

/** Durable operations: the execution itself, and one step each to claim, find, list, plan, fetch, close, write the ledger, and end. */
const leastOperations = 9;

/** Measures the first night of an account with ninety open days: its requests, against the minimum. */
export async function firstNightFigures(quick: boolean): Promise<readonly Figure[]> {
  const days = quick ? 12 : 90;
  const limit = 60;
  const world = await openWorld({
    start: new Date("2026-11-04T08:30:00Z"),
    archiveFrom: daysBefore("2026-11-04", days),
    ringCentral: {
      limits: { heavy: { limit, windowMs: 60_000, penaltyMs: 60_000 } },
      account: {
        firstDay: daysBefore("2026-11-04", days),
        lastDay: "2026-11-03",
        calls: { perDay: quick ? 50 : 1_000, recordedShare: 0.02 },
      },
    },
  });
  try {
    const { status, operations } = await world.night();
    const { byEndpoint, byGroup, limited } = world.ringCentral.counters();
    const recordings = byEndpoint.recordingContent ?? 0;
    const least = days + recordings;
    const windows = Math.ceil(least / limit);
    return [
      {
        what: `first night of ${days} days, ${limit} Heavy requests a minute: ${recordings} recordings`,
        value: status,
      },
      { what: "requests refused with 429", value: String(limited), goal: "0" },
      against("Heavy requests against the least possible", byGroup.heavy, least),
      against("operations against the least possible", operations, leastOperations + 2 * (windows - 1)),
    ];
  } finally {
    await world.stop();
  }
}

function against(what: string, measured: number, least: number): Figure {
  return { what, value: `${measured} / ${least} = ${(measured / least).toFixed(2)}`, goal: "≤ 1.05" };
}

function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(day) - count * 24 * 3_600_000).toISOString().slice(0, 10);
}
