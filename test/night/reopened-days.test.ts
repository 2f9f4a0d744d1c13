import { describe, expect, test } from "vitest";
import type { AwsCall } from "../../lab/aws/wire.ts";
import { differencesFromTruth } from "../../lab/demo/archive-contents.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { enterFastNights, type FastNights } from "./fast-nights.ts";

const day = "2026-11-02";
const days = ["2026-11-01", day, "2026-11-03"];
const late = {
  id: "late",
  startTime: `${day}T15:00:00.000Z`,
  visibleAt: "2026-11-06T00:00:00.000Z",
  recording: { id: "1" },
};

async function closedWorld(): Promise<FastNights> {
  const world = await enterFastNights({
    account: { calls: { perDay: 4 }, lastDay: "2026-11-03", plannedCalls: [late] },
  });
  await world.night();
  await world.nextNight();
  expect((await world.contents()).closed).toContain(day);
  world.clock.advance(2 * 24 * 3_600_000);
  return world;
}

describe("a closed day that an operator has listed again", () => {
  test("is closed again, and verification finds nothing", async () => {
    const world = await closedWorld();

    await world.request({ days: [day], relist: true });
    await world.nextNight();

    expect((await world.contents()).closed).toContain(day);
    expect((await world.verify()).findings).toEqual([]);
  });

  test.each([
    ["before it listed anything", /^manifests\/.*2026-11-02/],
    ["before its listing was written down", /listing\.json\.gz$/],
  ])("is completed by the next night, if that run was superseded %s", async (_when, writes) => {
    const world = await closedWorld();
    let other: Promise<unknown> | undefined;
    const taken = Promise.withResolvers<void>();
    world.aws.setObserver(({ operation, key }) => {
      if (other || operation !== "PutObject" || !writes.test(key ?? "")) return;
      other = world.night({ run: "another" });
      return taken.promise;
    });
    const isOwner = ({ operation, key }: AwsCall) => operation === "PutObject" && key?.startsWith("owners/");
    world.aws.setObserver((call) => void (other && isOwner(call) && taken.resolve()), { when: "after" });

    const run = await world.request({ days: [day], relist: true });
    world.aws.setObserver(undefined);
    world.aws.setObserver(undefined, { when: "after" });
    await other;
    for (let night = 0; night < 2; night++) await world.nextNight();

    expect(run.report?.status).toBe("superseded");
    const archive = await world.contents();
    expect(differencesFromTruth(world, archive, days)).toEqual([]);
    expect(archive.manifests[day]).toMatchObject({
      status: "closed",
      totals: { stored: expect.any(Number), pending: 0 },
    });
    expect(Object.keys(archive.recordings)).toContain("1");
    expect((await world.verify()).findings).toEqual([]);
  });

  test("stays unchanged if someone edited its manifest: the run fails, and certifies nothing", async () => {
    const world = await closedWorld();
    const manifest = (await world.contents()).manifests[day];
    const edited = toBody(JSON.stringify({ ...manifest, vanished: ["x"] }));
    await world.archive.put(`manifests/account=${manifest?.account}/date=${day}.json`, edited, "application/json");

    const run = await world.request({ days: [day], relist: true });

    expect(run.error?.message).toContain("was changed by someone other than a run");
    const after = (await world.contents()).ledger.flatMap((entry) =>
      entry.manifests.filter((each) => each.day === day),
    );
    expect(after.map(({ revision }) => revision)).toEqual([...new Set(after.map(({ revision }) => revision))]);
    expect((await world.contents()).manifests[day]?.vanished).toEqual(["x"]);
  });
});
