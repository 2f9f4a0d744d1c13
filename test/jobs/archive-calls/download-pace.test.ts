import { expect, test } from "vitest";
import { differencesFromTruth, readArchive } from "../../../lab/demo/archive-contents.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";

const day = "2026-11-02";

test("recordings without Content-Length are all stored, with two requests each, and only those of the first window are fetched again", async () => {
  const account = { ...accountOf(...recordedCalls(day, 40)), recordings: { withoutContentLength: true } };
  const world = await enterFastWorld({ account });

  const run = await world.run("archive-calls");

  const archive = await readArchive(world, `${world.name}-archive`);
  expect([run.report?.status, differencesFromTruth({ ringCentral: world.ringCentral() }, archive, [day])]).toEqual([
    "finished",
    [],
  ]);
  const requests = run.requests.filter((request) => request.includes("/content")).length;
  expect(requests).toBeGreaterThanOrEqual(80);
  expect(requests).toBeLessThanOrEqual(90);
});

test("once RingCentral sends lengths again, every slot of the window is used again", async () => {
  const account = accountOf(...recordedCalls(day, 40), ...recordedCalls("2026-11-04", 40));
  const world = await enterFastWorld({ account: { ...account, recordings: { withoutContentLength: true } } });
  await world.run("archive-calls");
  await world.becomes({ recordings: {} });
  world.clock.advance(24 * 3_600_000);

  const { requests } = await world.run("archive-calls");

  expect(requests.filter((request) => request.includes("/content"))).toHaveLength(40);
});
