import { expect, test } from "vitest";
import { defaultGroups } from "../../../shared/core/analytics/analytics-names.ts";
import { openAnalyticsWorld, type RunOptions } from "../../support/collect-analytics/analytics-world.ts";
import type { ContainerRequest, OnRequest } from "../../support/container.ts";

/** S3 that takes this long there and back for every request; RingCentral takes no time. */
const slowS3 = (ms: number): RunOptions["fate"] => {
  const latencyMs = ({ to }: ContainerRequest) => ({
    outboundMs: to === "aws" ? ms / 2 : 0,
    inboundMs: to === "aws" ? ms / 2 : 0,
  });
  return () => ({ latencyMs });
};

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

test("with an S3 that takes 37 ms for each request, a quiet night of 42 queries takes 8 seconds at most, four of them for the pace", async () => {
  const times: number[] = [];
  const onRequest = () => void times.push(Date.now());

  const { requested } = await secondNight({ fate: slowS3(37), onRequest });

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
