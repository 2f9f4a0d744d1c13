import { afterEach, describe, expect, test } from "vitest";
import type { AwsCall } from "../lab/aws/wire.ts";
import { differencesFromTruth, readArchive } from "./archive-contents.ts";
import { tamper, verifyInLab } from "./verify-in-lab.ts";
import { openWorld, type World } from "./world.ts";

const day = "2026-11-02";
const days = ["2026-11-01", day, "2026-11-03"];
const dayMs = 24 * 3_600_000;
const late = {
  id: "late",
  startTime: `${day}T15:00:00.000Z`,
  visibleAt: "2026-11-06T00:00:00.000Z",
  recording: { id: "1" },
};

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function closedWorld(): Promise<World> {
  const w = await openWorld({
    ringCentral: { account: { calls: { perDay: 4 }, lastDay: "2026-11-03", plannedCalls: [late] } },
  });
  world = w;
  await w.night();
  w.clock.advance(dayMs);
  await w.night();
  expect((await readArchive(w)).closed).toContain(day);
  w.clock.advance(2 * dayMs);
  return w;
}

describe("a closed day that a person has listed again", () => {
  test("is closed again, and nothing contradicts", async () => {
    const w = await closedWorld();

    await w.run({ days: [day], relist: true });
    w.clock.advance(dayMs);
    await w.night();

    const { manifests, closed } = await readArchive(w);
    expect(closed).toContain(day);
    expect((await verifyInLab(w, manifests[day]?.account ?? "")).findings).toEqual([]);
  });

  test.each([
    ["before it listed anything", /-open\.json$/],
    ["before its listing was written down", /listing\.json\.gz$/],
  ])("is gone on with by the next night, should that run have been superseded %s", async (_when, writes) => {
    const w = await closedWorld();
    let other: Promise<unknown> | undefined;
    const taken = Promise.withResolvers<void>();
    w.aws.setObserver(({ operation, key }) => {
      if (other || operation !== "PutObject" || !writes.test(key ?? "")) return;
      other = w.startAnother();
      return taken.promise;
    });
    const isOwner = ({ operation, key }: AwsCall) => operation === "PutObject" && key?.startsWith("owners/");
    w.aws.setObserver((call) => void (other && isOwner(call) && taken.resolve()), { when: "after" });

    const run = await w.run({ days: [day], relist: true });
    w.aws.setObserver(undefined);
    w.aws.setObserver(undefined, { when: "after" });
    await other;
    await w.others();
    for (let night = 0; night < 2; night++) {
      w.clock.advance(dayMs);
      await w.night();
    }

    expect(run.result).toContain("superseded");
    const archive = await readArchive(w);
    expect(differencesFromTruth(w, archive, days)).toEqual([]);
    expect(archive.manifests[day]).toMatchObject({
      status: "closed",
      totals: { stored: expect.any(Number), pending: 0 },
    });
    expect(Object.keys(archive.recordings)).toContain("1");
    expect((await verifyInLab(w, archive.manifests[day]?.account ?? "")).findings).toEqual([]);
  });

  test("stays as it is when somebody has edited its manifest: the run fails, and vouches for nothing", async () => {
    const w = await closedWorld();
    const { manifests } = await readArchive(w);
    const manifest = manifests[day];
    await tamper(
      w,
      `manifests/account=${manifest?.account}/date=${day}.json`,
      JSON.stringify({ ...manifest, vanished: ["x"] }),
    );

    const run = await w.run({ days: [day], relist: true });

    expect(run.status).toBe("FAILED");
    expect(run.error?.ErrorMessage).toContain("not as any run has written it");
    const after = (await readArchive(w)).ledger.flatMap((entry) => entry.manifests.filter((each) => each.day === day));
    expect(after.map(({ revision }) => revision)).toEqual([...new Set(after.map(({ revision }) => revision))]);
    expect((await readArchive(w)).manifests[day]?.vanished).toEqual(["x"]);
  });
});
