import { describe, expect, test } from "vitest";
import { analyticsAggregate } from "../../../shared/core/analytics/analytics-aggregate.ts";
import { defaultGroups } from "../../../shared/core/analytics/analytics-names.ts";
import { type AnalyticsEstimate, estimateAnalytics } from "../../../shared/jobs/collect-analytics/estimate.ts";
import { CollectRequest } from "../../../shared/jobs/collect-analytics/request.ts";
import {
  type AnalyticsWorld,
  newYork,
  openAnalyticsWorld,
  type RunOptions,
} from "../../support/collect-analytics/analytics-world.ts";
import { smallSettings } from "../../support/collect-analytics/small-account.ts";

/** Returns the estimate of such a run, as in `start-run`. */
function estimateOf(world: AnalyticsWorld, { request = {}, ...others }: RunOptions = {}): Promise<AnalyticsEstimate> {
  const { archive, state, clock } = world;
  const { archiveFrom, chosen, ...rules } = { ...smallSettings, ...others };
  const where = { archive, state, timeZone: newYork, now: new Date(clock.now()) };
  const options = { ...where, archiveFrom, rules, aggregate: analyticsAggregate(rules) };
  return estimateAnalytics(options, CollectRequest.parse(request));
}

const big = { account: { organisation: { users: 201, queues: 21 } } };

test("before the first run every day is counted, with one page for each query, because the number of keys is unknown", async () => {
  const world = await openAnalyticsWorld();

  expect(await estimateOf(world)).toEqual({
    ...{ days: 3, firstDay: "2026-11-01", lastDay: "2026-11-03" },
    ...{ requestsAtLeast: 12, minutesAtLeast: 0, rateLimit: { requestsPerMinute: 50, isAssumed: true } },
    cost: { usdAtLeast: 0.01 },
    notCounted: [
      expect.stringMatching(
        /^Pages after the first, an API request each \(queries: 12\): their number is not known\.$/,
      ),
    ],
    hints: [],
  });
});

test("only days of the last half year are counted, which RingCentral stores", async () => {
  const world = await openAnalyticsWorld();

  expect(await estimateOf(world, { archiveFrom: "2020-01-01" })).toMatchObject({ days: 183, firstDay: "2026-05-05" });
});

describe("after a run, an estimate", () => {
  test("counts one page for each query, and says how many pages there were last time, for any request", async () => {
    const groups = defaultGroups.slice(0, 3);
    const world = await openAnalyticsWorld(big);
    await world.run({ groups, chosen: ["allCalls"], archiveFrom: "2026-11-03" });
    const wanted = { groups, chosen: ["allCalls"], request: { days: ["2026-11-01"], groups: ["Users"] } } as const;

    const { requestsAtLeast, notCounted, days } = await estimateOf(world, wanted);
    const { requested } = await world.run({ ...wanted, run: "manual" });

    expect(days).toBe(3);
    expect(requested.length).toBeGreaterThan(requestsAtLeast);
    expect(notCounted).toEqual([
      expect.stringContaining(`with as many keys as last time, ${requested.length} API requests in all`),
    ]);
  });

  test("counts nothing if nothing is due", async () => {
    const world = await openAnalyticsWorld();
    await world.run({ recollectDays: 1 });

    expect(await estimateOf(world, { recollectDays: 1 })).toEqual({
      ...{ days: 0, firstDay: undefined, lastDay: undefined },
      ...{ requestsAtLeast: 0, minutesAtLeast: 0, rateLimit: { requestsPerMinute: 50, isAssumed: true } },
      cost: { usdAtLeast: 0.01 },
      ...{ notCounted: [], hints: [] },
    });
  });

  test("reads only S3 and writes nothing", async () => {
    const world = await openAnalyticsWorld();
    await world.run();
    const { requests } = world.ringCentral().counters();

    await estimateOf(world);

    expect(world.ringCentral().counters().requests).toBe(requests);
  });
});
