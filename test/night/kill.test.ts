import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AwsCall } from "../../lab/aws/wire.ts";
import { differencesFromTruth, readArchive, withoutHistory } from "../../lab/demo/archive-contents.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const pages = { calls: { perDay: 24 }, callLog: { maxPerPage: 10 } };
const windowLimit = 10;

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function nightOf(kill?: (call: AwsCall, nth: number) => boolean) {
  const nights = await openWorld({ ringCentral: { account: pages } });
  world = nights;
  let kills = 0;
  const seen = new Map<string, number>();
  nights.aws.setObserver((call) => {
    if (!kill || kills > 0 || call.operation !== "PutObject") return;
    const prefix = String(call.key).split("/")[0] ?? "";
    const nth = (seen.get(prefix) ?? 0) + 1;
    seen.set(prefix, nth);
    if (kill(call, nth) && nights.lambda.kill("archive-calls")) kills++;
  });
  let requested = 0;
  nights.ringCentral.setObserver(({ endpoint }) => {
    if (!kill || kills > 0 || endpoint !== "callLog") return;
    if (kill({ operation: "page" }, ++requested) && nights.lambda.kill("archive-calls")) kills++;
  });
  const run = await nights.night();
  return { world: nights, run, kills, archive: await readArchive(nights), counters: nights.ringCentral.counters() };
}

describe("a run that is killed and started again", () => {
  let undisturbed: unknown;
  let heavy = 0;

  beforeAll(async () => {
    const night = await nightOf();
    undisturbed = withoutHistory(night.archive);
    heavy = night.counters.byGroup.heavy;
    await night.world.stop();
    world = undefined;
  });

  test.each([
    {
      where: "in the middle of fetching",
      kill: ({ key }: AwsCall, nth: number) => key?.startsWith("recordings/") === true && nth === 15,
    },
  ])("ends with the undisturbed run's archive if it was killed $where", async ({ kill }) => {
    const { world: nights, run, kills, archive, counters } = await nightOf(kill);

    expect(kills).toBe(1);
    expect(run.status).toBe("SUCCEEDED");
    expect(run.crashes).toBe(1);
    expect(differencesFromTruth(nights, archive, days)).toEqual([]);
    expect(withoutHistory(archive)).toEqual(undisturbed);
    expect(counters.byGroup.heavy).toBeLessThanOrEqual(heavy + windowLimit);
    expect(counters.tokenExchanges).toHaveLength(1);
  });

  test("closes every day once if it was killed while it wrote the index of days", async () => {
    const { world: nights } = await nightOf();
    nights.clock.advance(24 * 3_600_000);
    let writes = 0;
    nights.aws.setObserver(({ operation, key }) => {
      if (operation === "PutObject" && key?.startsWith("index/") && ++writes === 2) nights.lambda.kill("archive-calls");
    });

    const run = await nights.night();

    const archive = await readArchive(nights);
    expect(run.crashes).toBe(1);
    expect(archive.closed).toEqual(days);
    expect(differencesFromTruth(nights, archive, days)).toEqual([]);
  });

  test("continues if an older invocation still checkpoints after a newer one has begun", async () => {
    const nights = await openWorld({ ringCentral: { account: pages } });
    world = nights;
    const stale: number[] = [];
    nights.lambda.killPlan(({ at, n }) => {
      if (at !== "before-checkpoint-stored" || n % 4 !== 2) return false;
      stale.push(n);
      return "make-stale";
    });

    const run = await nights.night();

    expect(stale.length).toBeGreaterThan(3);
    expect(run).toMatchObject({ status: "SUCCEEDED", crashes: stale.length });
    expect(differencesFromTruth(nights, await readArchive(nights), days)).toEqual([]);
  });
});
