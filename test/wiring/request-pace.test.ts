import { expect, test } from "vitest";
import { Env } from "../../shared/contract.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";

test("a burst of forty Light requests gets no 429, because a container starts ten a second", async () => {
  const account = { calls: { perDay: 1 }, organisation: { users: 41 } };
  const world = await enterFastWorld({ account, environment: { [Env.analyticsMetrics]: "allCalls" } });
  const startsMs: number[] = [];

  await world.run("collect-analytics", {
    onRequest: ({ to }, stage) => {
      if (to === "ringcentral" && stage === "sent") startsMs.push(Date.now());
    },
  });

  const inOneSecond = startsMs.map((from) => startsMs.filter((at) => at >= from && at < from + 1_000).length);
  const inFiveSeconds = startsMs.map((from) => startsMs.filter((at) => at >= from && at < from + 5_000).length);
  expect(Math.max(...inOneSecond)).toBe(10);
  expect(Math.max(...inFiveSeconds)).toBeGreaterThanOrEqual(40);
  expect(world.ringCentral().counters().limited).toBe(0);
});
