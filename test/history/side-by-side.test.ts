import { globSync, rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { differencesFromTruth, readArchive } from "../../lab/demo/archive-contents.ts";
import { verifyInLab } from "../../lab/demo/verify-in-lab.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";
import type { LambdaEvent } from "../../lab/lambda/lambda-event.ts";
import { once } from "../support/once.ts";
import { accountOf, recordedCalls } from "../support/recorded-calls.ts";
import { loadedLine, unpackBundles } from "./stored-bundles.ts";

const days = ["2026-11-03", "2026-11-04", "2026-11-05"];
const versions = globSync("*.bundles.json.br", { cwd: import.meta.dirname }).map((file) => file.split(".")[0] ?? "");

/** Objects that a job stores in the middle of its run, while its execution has slices left. */
const middleOf = { "archive-calls": "recordings/", "collect-analytics": "analytics/queries/" } as const;
const perDay = 6;
const heavy = { limit: 5, windowMs: 60_000, penaltyMs: 60_000 };

/** A company of three days whose recordings need two rate windows each. The first has ended, each other one ends before a later night. */
async function openCompany(bundles: string, onEvent: (event: LambdaEvent) => void): Promise<World> {
  const account = accountOf(...days.flatMap((day) => recordedCalls(day, perDay)));
  const environment = { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" };
  const ringCentral = { account, limits: { heavy } };
  return openWorld({ inMemory: true, bundles, archiveFrom: account.firstDay, environment, ringCentral, onEvent });
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

interface Run {
  readonly job: keyof typeof middleOf;
  /** Lambda's number of the version, in the order of their deployment: an execution may be started with either. */
  readonly version: "1" | "2";
}

const runsOf = (job: Run["job"]) => ({ earlier: { job, version: "1" }, this: { job, version: "2" } }) as const;
const [calls, analytics] = [runsOf("archive-calls"), runsOf("collect-analytics")];

/** Starts a run, and another one in its middle. Returns how both have ended. */
async function inItsMiddle(world: World, first: Run, second: Run, before: () => void = () => {}): Promise<string[]> {
  onFirstStored(world, middleOf[first.job], () => {
    before();
    void startRun(world, second);
  });
  return [await statusOfRun(world, first), await statusOf(world, second)];
}

const nameOf = ({ clock }: World, { job, version }: Run) =>
  `${job}-by-${version}-on-${new Date(clock.now()).getUTCDate()}`;

async function startRun(world: World, run: Run): Promise<void> {
  const name = nameOf(world, run);
  const input = { run: name, manual: false, request: {} };
  await world.lambda.invoke(`${run.job}:${run.version}`, input, { type: "Event", executionName: name });
}

/** Waits until a run has ended, begun or not, and returns its status. */
async function statusOf(world: World, run: Run): Promise<string> {
  const { result = "{}" } = await world.lambda.waitFor(run.job, nameOf(world, run));
  return JSON.parse(result).status;
}

async function statusOfRun(world: World, run: Run): Promise<string> {
  await startRun(world, run);
  return statusOf(world, run);
}

/** What the archive lacks of RingCentral's data, or has besides it, and what verification finds. */
async function faultsOf(world: World): Promise<readonly unknown[]> {
  const archive = await readArchive(world);
  const other = archive.other.filter((key) => !key.startsWith("analytics/"));
  const { findings } = await verifyInLab(world, world.ringCentral.truth().accountId);
  return [...differencesFromTruth(world, { ...archive, other }, days), ...findings];
}

const nextNight = ({ clock }: World) => clock.advance(24 * 3_600_000);

/** One night in which this version is deployed in the middle of a run, two in which runs overtake those of the other version, and one more. */
async function nightsOfBoth(version: string) {
  const loaded: string[] = [];
  const bundles = unpackBundles(version);
  const world = await openCompany(bundles, (event) => {
    if (event.type === "log" && event.text.includes(loadedLine)) loaded.push(event.function);
  });
  try {
    const besideEachOther = await inItsMiddle(world, calls.earlier, analytics.this, world.deploy);
    const loadedAtFirst = [...loaded];
    nextNight(world);
    const byThis = [
      await inItsMiddle(world, calls.earlier, calls.this),
      await inItsMiddle(world, analytics.earlier, analytics.this),
    ];
    nextNight(world);
    const byEarlier = [
      await inItsMiddle(world, calls.this, calls.earlier),
      await inItsMiddle(world, analytics.this, analytics.earlier),
    ];
    nextNight(world);
    const afterwards = [await statusOfRun(world, calls.this), await statusOfRun(world, analytics.this)];
    const { downloads } = world.ringCentral.counters();
    const faults = await faultsOf(world);
    return { besideEachOther, loadedAtFirst, byThis, byEarlier, afterwards, loaded, downloads, faults };
  } finally {
    await world.stop();
    rmSync(bundles, { recursive: true });
  }
}

test("there are bundles of every version that wrote an archive", () => {
  expect(versions).toContain("1");
});

describe.each(versions)("an execution beside one of version %s", (version) => {
  const nights = once(() => nightsOfBoth(version));

  test("goes on while the earlier version ends another job, and no later night fetches its recordings again", async () => {
    const { besideEachOther, loadedAtFirst, downloads } = await nights();

    expect(besideEachOther).toEqual(["finished", "finished"]);
    expect(loadedAtFirst).toEqual(["archive-calls"]);
    const ofFirstDay = Object.entries(downloads).filter(([recording]) => recording.startsWith(days[0] ?? ""));
    expect(ofFirstDay.map(([, count]) => count)).toEqual(Array(perDay).fill(1));
  });

  test("takes over from the earlier version in its middle, and the earlier version from it", async () => {
    const { byThis, byEarlier, loaded } = await nights();

    const overtaken = ["superseded", "finished"];
    // With one query, the first run may have ended before the second becomes owner.
    const atOnce = [expect.stringMatching(/^(finished|superseded)$/), "finished"];
    expect(byThis).toEqual([overtaken, atOnce]);
    expect(byEarlier).toEqual([overtaken, atOnce]);
    expect(loaded).toEqual(["archive-calls", "collect-analytics"]);
  });

  test("leaves nothing out, and the next night continues both", async () => {
    const { afterwards, faults } = await nights();

    expect(afterwards).toEqual(["finished", "finished"]);
    expect(faults).toEqual([]);
  });
});
