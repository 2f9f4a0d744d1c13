import { expect, test } from "vitest";
import { defaultGroups } from "../../../shared/core/analytics/analytics-names.ts";
import { openAnalyticsWorld, type RunOptions } from "../../support/collect-analytics/analytics-world.ts";
import type { ContainerRequest, OnRequest } from "../../support/container.ts";

/** Times of a slow S3 in ms, there and back. RingCentral takes no time. */
const slowMs: Readonly<Record<string, number>> = { ListObjectsV2: 50, PutObject: 35, GetObject: 25, HeadObject: 20 };

const slowS3: RunOptions["fate"] = () => ({
  latencyMs: ({ operation }) => {
    const ms = slowMs[operation] ?? 0;
    return { outboundMs: ms / 2, inboundMs: ms / 2 };
  },
});

/** Watches the requests that `counts`, and returns the most that were under way at once. */
function mostAtOnce(counts: (request: ContainerRequest) => boolean) {
  const underWay = new Set<ContainerRequest>();
  let most = 0;
  const onRequest: OnRequest = (request, stage) => {
    if (stage === "sent" && counts(request)) underWay.add(request);
    if (stage === "answered") underWay.delete(request);
    most = Math.max(most, underWay.size);
  };
  return { onRequest, read: () => most };
}

async function secondNight({ groups = defaultGroups, ...options }: RunOptions) {
  const organisation = { users: 1, queues: 1, sites: 1, departments: 1, ivrs: 1 };
  const world = await openAnalyticsWorld({ account: { organisation, calls: { perDay: 1 } } });
  await world.run({ groups, chosen: ["allCalls"] });
  const night = await world.nextNight({ groups, chosen: ["allCalls"], ...options });
  expect(night.error).toBeUndefined();
  return night;
}

test("with an S3 that takes 20 to 50 ms for each request, a quiet night of 42 queries takes 8 seconds at most, four of them for the pace", async () => {
  const times: number[] = [];
  const onRequest = () => void times.push(Date.now());

  const { requested } = await secondNight({ fate: slowS3, onRequest });

  expect(requested).toHaveLength(42);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  expect(seconds).toBeLessThanOrEqual(8);
});

test("responses are stored one query at a time, while the events and notes of four queries are written", async () => {
  const heads = mostAtOnce(({ operation }) => operation === "HeadObject");
  const appended = mostAtOnce(
    ({ operation, target }) => operation === "PutObject" && /\/(events|stored)\//.test(target),
  );
  const onRequest: OnRequest = (...seen) => {
    heads.onRequest(...seen);
    appended.onRequest(...seen);
  };
  const latencyMs = ({ operation }: ContainerRequest) => ({
    outboundMs: operation === "PutObject" ? 1_000 : 10,
    inboundMs: 0,
  });

  await secondNight({ groups: ["Company", "Users"], fate: () => ({ latencyMs }), onRequest });

  expect([heads.read(), appended.read()]).toEqual([1, 4]);
});
