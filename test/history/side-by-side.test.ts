import { globSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { differencesFromTruth, readArchive } from "../../lab/demo/archive-contents.ts";
import { verifyInLab } from "../../lab/demo/verify-in-lab.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";
import type { LambdaEvent } from "../../lab/lambda/lambda-event.ts";
import { liveAlias } from "../../shared/contract.ts";
import type { JobName } from "../../shared/jobs.ts";
import { accountOf, recordedCalls } from "../support/recorded-calls.ts";
import { loadedLine, unpackBundles } from "./stored-bundles.ts";

const day = "2026-11-03";
const versions = globSync("*.bundles.json.br", { cwd: import.meta.dirname }).map((file) => file.split(".")[0] ?? "");

/** Objects that a job stores in the middle of its run, while its execution has slices left. */
const middleOf = { "archive-calls": "recordings/", "collect-analytics": "analytics/queries/" } as const;

interface Company {
  readonly world: World;
  /** Functions that were loaded from an earlier version's bundles. */
  readonly earlier: ReadonlySet<string>;
}

/** A company of one day whose recordings need two rate windows. */
async function enterCompany(bundles?: string): Promise<Company> {
  const account = { ...accountOf(...recordedCalls(day, 12)), firstDay: day };
  const environment = { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" };
  const earlier = new Set<string>();
  const onEvent = (event: LambdaEvent) => {
    if (event.type === "log" && event.text.includes(loadedLine)) earlier.add(event.function);
  };
  const world = await openWorld({
    ...{ inMemory: true, bundles, archiveFrom: day, environment, ringCentral: { account }, onEvent },
  });
  onTestFinished(world.stop);
  return { world, earlier };
}

/** Calls `act` once, when a run stores an object under `prefix`. */
function onFirstStored({ aws }: World, prefix: string, act: () => void): void {
  let done = false;
  aws.setObserver(
    ({ operation, key = "" }) => {
      if (done || operation !== "PutObject" || !key.startsWith(prefix)) return;
      done = true;
      act();
    },
    { when: "after" },
  );
}

async function startRun({ lambda }: World, job: JobName, run: string): Promise<void> {
  const input = { run, manual: false, request: {} };
  await lambda.invoke(`${job}:${liveAlias}`, input, { type: "Event", executionName: run });
}

/** Expects the archive to hold all that RingCentral has, and nothing else. */
async function expectWhole(world: World): Promise<void> {
  expect(differencesFromTruth(world, await withoutAnalytics(world), [day])).toEqual([]);
  expect((await verifyInLab(world, world.ringCentral.truth().accountId)).findings).toEqual([]);
}

async function withoutAnalytics(world: World) {
  const archive = await readArchive(world);
  return { ...archive, other: archive.other.filter((key) => !key.startsWith("analytics/")) };
}

/** Runs a job 24 hours later and returns its status. */
async function nextNight(world: World, job: JobName): Promise<string> {
  world.clock.advance(24 * 3_600_000);
  return statusOf(await world.night(job));
}

const statusOf = ({ result = "{}" }: { readonly result?: string }) => JSON.parse(result).status;

test("there are bundles of every version that wrote an archive", () => {
  expect(versions).toContain("1");
});

describe.each(versions)("an execution beside one of version %s", { timeout: 60_000 }, (version) => {
  test("goes on while the earlier version ends another job, and the next night continues both", async () => {
    const { world, earlier } = await enterCompany(unpackBundles(version));
    onFirstStored(world, middleOf["archive-calls"], () => {
      world.deploy();
      void startRun(world, "collect-analytics", "later-analytics");
    });
    await startRun(world, "archive-calls", "earlier-calls");

    const ends = [
      await world.lambda.waitFor("archive-calls", "earlier-calls"),
      await world.lambda.waitFor("collect-analytics", "later-analytics"),
      await world.night("build-tables"),
    ];

    expect(ends.map(statusOf)).toEqual(["finished", "finished", "finished"]);
    expect([await nextNight(world, "archive-calls"), await nextNight(world, "collect-analytics")]).toEqual([
      "finished",
      "finished",
    ]);
    await expectWhole(world);
    expect(Object.values(world.ringCentral.counters().downloads).every((count) => count === 1)).toBe(true);
    expect([...earlier]).toEqual(["archive-calls"]);
  });

  test.each(["this version", "the earlier version"])(
    "leaves nothing out if a run of %s begins in its middle",
    async (newer) => {
      const bundles = [unpackBundles(version), undefined];
      const [first, second] = newer === "this version" ? bundles : bundles.toReversed();
      const { world, earlier } = await enterCompany(first);

      const calls = await overtake(world, "archive-calls", second);
      world.deploy({ bundles: first });
      const analytics = await overtake(world, "collect-analytics", second);

      expect(calls).toEqual(["superseded", "finished"]);
      // With one query, the first run may have ended before the second becomes owner.
      expect(analytics).toEqual([expect.stringMatching(/^(finished|superseded)$/), "finished"]);
      expect([...earlier]).toEqual(["archive-calls", "collect-analytics"]);
      world.deploy();
      expect([await nextNight(world, "archive-calls"), await nextNight(world, "collect-analytics")]).toEqual([
        "finished",
        "finished",
      ]);
      await expectWhole(world);
    },
  );
});

/** Starts a run, and in its middle deploys other bundles and starts a second run. Returns the status of both. */
async function overtake(world: World, job: keyof typeof middleOf, bundles: string | undefined) {
  const [first, second] = [`first-${job}`, `second-${job}`];
  onFirstStored(world, middleOf[job], () => {
    world.deploy({ bundles });
    void startRun(world, job, second);
  });
  await startRun(world, job, first);
  return [statusOf(await world.lambda.waitFor(job, first)), statusOf(await world.lambda.waitFor(job, second))];
}
