import { openWorld } from "../../lab/demo/world.ts";
import type { AccountPlan } from "../../lab/ringcentral/account-plan.ts";
import { type Figure, mebibytes, seconds } from "./table.ts";
import { watchPeak } from "./watch-peak.ts";

const day = "2026-11-03";
const sandbox = "runtime-loop.mjs";
const nightMs = 24 * 3_600_000;
/** Measures a day of many calls beside one of few, with as many recordings and with many: listed, merged, listed again and merged with its file. */
export async function bigDayFigures(quick: boolean): Promise<readonly Figure[]> {
  const [fewCalls, calls] = quick ? [100, 300] : [1_000, 100_000];
  const recordings = fewCalls / 10;
  const few = await listDay(made(fewCalls, recordings));
  const many = await listDay(made(calls, recordings));
  const recorded = await listDay(made(calls, calls / 10));
  const [fewQueued, manyQueued] = quick ? [60, 120] : [600, 6_000];
  const queue = await listDay(queueCalls(fewQueued));
  const longQueue = await listDay(queueCalls(manyQueued));
  return [
    { what: `a day of ${calls} calls: listed and merged`, value: perSecond(calls, many.firstMs) },
    { what: `a day of ${calls} calls: listed again, merged with its file`, value: perSecond(calls, many.againMs) },
    { what: `peak memory, a day of ${fewCalls} calls, ${recordings} recordings`, value: mebibytes(few.peak) },
    {
      what: `peak memory, a day of ${calls} calls, ${recordings} recordings`,
      value: mebibytes(many.peak),
      goal: "≤ 300 MiB",
    },
    // A manifest names each recording, and is held in memory.
    {
      what: `peak memory, a day of ${calls} calls, ${calls / 10} recordings`,
      value: mebibytes(recorded.peak),
      goal: "≤ 300 MiB",
    },
    { what: `peak memory, a day of ${fewQueued} queue calls of 40 legs`, value: mebibytes(queue.peak) },
    {
      what: `peak memory, a day of ${manyQueued} queue calls of 40 legs`,
      value: mebibytes(longQueue.peak),
      goal: "≤ 300 MiB",
    },
  ];
}

function made(perDay: number, recordings: number): AccountPlan {
  return { calls: { perDay, recordedShare: recordings / perDay } };
}

/** Returns calls that each rang 40 phones of a queue; a leg has some 685 bytes. */
function queueCalls(count: number): AccountPlan {
  const startMs = Date.parse(`${day}T14:00:00Z`);
  return {
    calls: { perDay: 0 },
    plannedCalls: Array.from({ length: count }, (_, n) => ({
      id: `queue-${n}`,
      startTime: new Date(startMs + n * 1_000).toISOString(),
      extraBytes: 40 * 685,
    })),
  };
}

/** Refuses recordings by a missing permission, so that a run ends after it has listed, planned and stored its manifests. */
async function listDay(account: AccountPlan) {
  const world = await openWorld({
    archiveFrom: day,
    ringCentral: {
      limits: { heavy: { limit: 1_000, windowMs: 60_000, penaltyMs: 60_000 } },
      account: {
        lastDay: day,
        ...account,
        permissions: ["ReadCompanyInfo", "FullCompanyCallLog"],
      },
    },
  });
  const watch = watchPeak(sandbox);
  try {
    const firstMs = await billedMs(world.night());
    world.clock.advance(nightMs);
    const againMs = await billedMs(world.night());
    const listed = world.lambda.logs("archive-calls").split('"day listed"').length - 1;
    if (listed < 2) throw new Error(`the day was listed ${listed} times, not twice`);
    return { firstMs, againMs, peak: watch.peak() };
  } finally {
    watch.stop();
    await world.stop();
  }
}

async function billedMs(night: ReturnType<Awaited<ReturnType<typeof openWorld>>["night"]>): Promise<number> {
  const { invocations } = await night;
  return invocations.reduce((sum, { billedMs }) => sum + billedMs, 0);
}

function perSecond(records: number, ms: number): string {
  return `${Math.round(records / (ms / 1000))} records a second (${seconds(ms)})`;
}
