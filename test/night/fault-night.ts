import { expect } from "vitest";
import type { AwsLab } from "../../lab/aws/server.ts";
import type { AwsCall } from "../../lab/aws/wire.ts";
import type { LabClock } from "../../lab/clock.ts";
import { type ArchiveContents, differencesFromTruth } from "../../lab/demo/archive-contents.ts";
import type { LabVerification } from "../../lab/demo/verify-in-lab.ts";
import type { AccountPlan } from "../../lab/ringcentral/account-plan.ts";
import type { RequestFacts } from "../../lab/ringcentral/faults.ts";
import type { FaultCell, FaultStage, Phase } from "./fault-table.ts";

const days = ["2026-11-02", "2026-11-03"] as const;
const dayMs = 24 * 3_600_000;

/** Two days of calls, one of each recorded, on pages of two. */
export function faultAccount({ account }: Pick<FaultCell, "account">): AccountPlan {
  const plannedCalls = days.map((day) => ({
    id: `call of ${day}`,
    startTime: `${day}T15:00:00.000Z`,
    recording: { id: day.replaceAll("-", "") },
  }));
  return {
    ...{ firstDay: days[0], calls: { perDay: 2, recordedShare: 0 }, plannedCalls, callLog: { maxPerPage: 2 } },
    ...account,
  };
}

/** End of a run. */
export interface FaultEnd {
  /** Error of its failure. */
  readonly failure: string | undefined;
  readonly crashes: number;
}

/** Functions that a cell needs of its world, deployed or in this process. */
export interface FaultWorld extends FaultStage {
  readonly aws: AwsLab;
  readonly clock: LabClock;
  /** Kills the busy containers. Returns false if there are none. */
  readonly kill: () => boolean;
  readonly night: () => Promise<FaultEnd>;
  /** Ends of the runs that were started in parallel. */
  readonly others: () => Promise<readonly FaultEnd[]>;
  readonly contents: () => Promise<ArchiveContents>;
  readonly verify: () => Promise<LabVerification>;
}

/** Checks that a night in which the fault strikes ends complete, or open with the reason, and that the next ends with the truth. */
export async function faultNight<World extends FaultWorld>(world: World, cell: FaultCell<World>): Promise<void> {
  const struck = strike(world, cell);

  const { failure, crashes } = await world.night();
  for (const other of await world.others()) expect(other.failure).toBeUndefined();

  expect(struck()).toBe(true);
  if (cell.kill !== "not killed") expect(crashes).toBeGreaterThan(0);
  if (failure !== undefined)
    expect(
      cell.mayFail?.some((code) => failure.includes(code)),
      failure,
    ).toBe(true);
  const { manifests } = await world.contents();
  for (const { status, openReasons } of Object.values(manifests))
    expect(status === "open").toBe(openReasons.length > 0);
  if (failure === undefined) expect(Object.keys(manifests)).toEqual(days);
  cell.undo?.(world);
  await undisturbedNight(world);
}

/** First request of the phase, at which a row without planned faults strikes. */
const firstOf: Readonly<Partial<Record<Phase, string>>> = {
  open: "account",
  list: "callLog",
  fetch: "recordingContent",
};

/** Makes the fault strike. Returns whether it has struck. */
function strike<World extends FaultWorld>(world: World, cell: FaultCell<World>): () => boolean {
  const { ringCentral, aws } = world;
  let struck = false;
  let killed = cell.kill === "not killed";
  for (const fault of cell.ringCentral ?? []) ringCentral.plan(fault);
  for (const fault of cell.aws ?? []) aws.plan(fault);
  ringCentral.setObserver(async ({ endpoint }: RequestFacts) => {
    if (struck || endpoint !== (cell.act ? firstOf[cell.phase] : cell.ringCentral?.at(-1)?.on)) return;
    struck = true;
    await cell.act?.(world);
  });
  aws.setObserver(({ operation, key }: AwsCall) => {
    if (struck && !killed && operation === "PutObject") killed = world.kill();
    struck ||=
      cell.aws?.some(({ on }) => (on.operation ?? operation) === operation && key?.search(on.key ?? "") === 0) ?? false;
  });
  return () => struck;
}

/** Checks that the next night completes what the fault left: then everything equals RingCentral's data, and verification finds nothing. */
async function undisturbedNight(world: FaultWorld): Promise<void> {
  const { ringCentral, aws } = world;
  ringCentral.clearFaults();
  aws.clearFaults();
  ringCentral.setObserver(undefined);
  aws.setObserver(undefined);
  world.clock.advance(dayMs);
  expect((await world.night()).failure).toBeUndefined();
  expect(differencesFromTruth(world, await world.contents(), days)).toEqual([]);
  expect((await world.verify()).findings).toEqual([]);
}
