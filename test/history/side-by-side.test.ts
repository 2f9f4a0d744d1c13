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

const days = ["2026-11-03", "2026-11-04"];
const versions = globSync("*.bundles.json.br", { cwd: import.meta.dirname }).map((file) => file.split(".")[0] ?? "");

/** Objects that a job stores in the middle of its run, while its execution has slices left. */
const middleOf = { "archive-calls": "recordings/", "collect-analytics": "analytics/queries/" } as const;

interface Company {
  readonly world: World;
  /** Functions that were loaded from an earlier version's bundles, once for each container. */
  readonly earlier: readonly string[];
}

/** A company of two days whose recordings need two rate windows each. The first has ended, the second ends before the next night. */
async function enterCompany(bundles?: string): Promise<Company> {
  const account = accountOf(...days.flatMap((day) => recordedCalls(day, 12)));
  const environment = { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" };
  const earlier: string[] = [];
  const onEvent = (event: LambdaEvent) => {
    if (event.type === "log" && event.text.includes(loadedLine)) earlier.push(event.function);
  };
  const world = await openWorld({
    ...{ inMemory: true, bundles, archiveFrom: account.firstDay, environment, ringCentral: { account }, onEvent },
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
  expect(differencesFromTruth(world, await withoutAnalytics(world), days)).toEqual([]);
  expect((await verifyInLab(world, world.ringCentral.truth().accountId)).findings).toEqual([]);
}

async function withoutAnalytics(world: World) {
  const archive = await readArchive(world);
  return { ...archive, other: archive.other.filter((key) => !key.startsWith("analytics/")) };
}

const passDay = ({ clock }: World) => clock.advance(24 * 3_600_000);

/** Runs a job 24 hours later and returns its status. */
async function nextNight(world: World, job: JobName): Promise<string> {
  passDay(world);
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
    ];

    expect(ends.map(statusOf)).toEqual(["finished", "finished"]);
    expect([await nextNight(world, "archive-calls"), await nextNight(world, "collect-analytics")]).toEqual([
      "finished",
      "finished",
    ]);
    await expectWhole(world);
    expect(Object.values(world.ringCentral.counters().downloads).every((count) => count === 1)).toBe(true);
    expect(earlier).toEqual(["archive-calls"]);
  });

  test("leaves nothing out if a run of this version begins in its middle, and a later night one of the earlier version", async () => {
    const bundles = unpackBundles(version);
    const { world, earlier } = await enterCompany(bundles);

    const calls = [await overtake(world, "archive-calls", undefined)];
    passDay(world);
    calls.push(await overtake(world, "archive-calls", bundles));
    const analytics = [await overtake(world, "collect-analytics", undefined)];
    const callsAfterwards = await nextNight(world, "archive-calls");
    analytics.push(await overtake(world, "collect-analytics", bundles));
    world.deploy();
    const analyticsAfterwards = await nextNight(world, "collect-analytics");

    const overtaken = ["superseded", "finished"];
    expect([...calls, callsAfterwards]).toEqual([overtaken, overtaken, "finished"]);
    // With one query, the first run may have ended before the second becomes owner.
    const atOnce = [expect.stringMatching(/^(finished|superseded)$/), "finished"];
    expect([...analytics, analyticsAfterwards]).toEqual([atOnce, atOnce, "finished"]);
    expect(earlier).toEqual(["archive-calls", "archive-calls", "collect-analytics", "collect-analytics"]);
    await expectWhole(world);
  });
});

/** Starts a run, and in its middle deploys other bundles and starts a second run. Returns the status of both. */
async function overtake(world: World, job: keyof typeof middleOf, bundles: string | undefined) {
  const [first, second] = ["first", "second"].map((place) => `${place}-${job}-${world.clock.now()}`) as [
    string,
    string,
  ];
  onFirstStored(world, middleOf[job], () => {
    world.deploy({ bundles });
    void startRun(world, job, second);
  });
  await startRun(world, job, first);
  return [statusOf(await world.lambda.waitFor(job, first)), statusOf(await world.lambda.waitFor(job, second))];
}
