import { describe, expect, test } from "vitest";
import { Env } from "../../shared/contract.ts";
import type { AwsCall } from "../lab/aws/wire.ts";
import type { RequestFacts } from "../lab/ringcentral/faults.ts";
import { differencesFromTruth, readArchive } from "./archive-contents.ts";
import { type FaultRow, faultTable, type Kill, type Phase } from "./fault-table.ts";
import { verifyInLab } from "./verify-in-lab.ts";
import { openWorld, type World } from "./world.ts";

const days = ["2026-11-02", "2026-11-03"];
const dayMs = 24 * 3_600_000;
const planned = days.map((day) => ({
  id: `call of ${day}`,
  startTime: `${day}T15:00:00.000Z`,
  recording: { id: day.replaceAll("-", "") },
}));
const account = {
  firstDay: days[0],
  calls: { perDay: 2, recordedShare: 0 },
  plannedCalls: planned,
  callLog: { maxPerPage: 2 },
};

/** Before anything is listed there is nothing that a kill could interrupt but what kill-everywhere.test.ts shows. */
const beforeTheWork: readonly Phase[] = ["log in", "open"];
const both: readonly Kill[] = ["not killed", "killed at the next write"];

const all = faultTable.flatMap((row) => {
  const kills = row.kills ?? (beforeTheWork.includes(row.phase) ? both.slice(0, 1) : both);
  return kills.map((kill) => ({ ...row, kill }));
});
/**
 * Every row that nobody kills, and of those that are killed one in six;
 * `EVERY_CELL=1` takes them all.
 */
const cells = all.filter(({ kill }, place) => process.env.EVERY_CELL || kill === "not killed" || place % 6 === 0);

describe("whatever goes wrong, wherever, and wherever the run is killed then", () => {
  test.concurrent.each(cells)(
    "$fault ($phase, $kill): the night ends complete, or open with the reason; the next ends with the truth",
    { timeout: 60_000 },
    async ({ kill, ...row }) => {
      const world = await openWorld({
        archiveFrom: days[0],
        environment: { [Env.silenceLimit]: "1" },
        ...row.world,
        ringCentral: { account: { ...account, ...row.world?.ringCentral?.account } },
      });
      try {
        const struck = strike(world, row, kill);

        const run = await world.night();
        for (const { status } of await world.others()) expect(status).toBe("SUCCEEDED");

        expect(struck()).toBe(true);
        if (kill !== "not killed") expect(run.crashes).toBeGreaterThan(0);
        const logs = world.lambda.logs("archive-calls");
        if (run.status !== "SUCCEEDED")
          expect(
            row.mayFail?.some((code) => logs.includes(code)),
            run.error?.ErrorMessage,
          ).toBe(true);
        const { manifests } = await readArchive(world);
        for (const { status, open } of Object.values(manifests)) expect(status === "open").toBe(open.length > 0);
        if (run.status === "SUCCEEDED") expect(Object.keys(manifests)).toEqual(days);
        row.undo?.(world);
        await undisturbedNight(world);
      } finally {
        await world.stop();
      }
    },
  );
});

/** The phase's first request, by which a row without a plan of faults strikes. */
const firstOf: Readonly<Partial<Record<Phase, string>>> = {
  open: "account",
  list: "callLog",
  fetch: "recordingContent",
};

/** Brings the fault about; tells whether it has struck. */
function strike(world: World, row: FaultRow, kill: Kill): () => boolean {
  const { ringCentral, aws, lambda } = world;
  let struck = false;
  let killed = kill === "not killed";
  for (const fault of row.ringCentral ?? []) ringCentral.plan(fault);
  for (const fault of row.aws ?? []) aws.plan(fault);
  ringCentral.setObserver(async ({ endpoint }: RequestFacts) => {
    if (struck || endpoint !== (row.act ? firstOf[row.phase] : row.ringCentral?.at(-1)?.on)) return;
    struck = true;
    await row.act?.(world);
  });
  aws.setObserver(({ operation, key }: AwsCall) => {
    if (struck && !killed && operation === "PutObject") killed = lambda.kill("archive-calls");
    struck ||=
      row.aws?.some(({ on }) => (on.operation ?? operation) === operation && key?.search(on.key ?? "") === 0) ?? false;
  });
  return () => struck;
}

/** What a fault has left undone the next night does: then all is as RingCentral has it, and verified. */
async function undisturbedNight(world: World): Promise<void> {
  const { ringCentral, aws } = world;
  ringCentral.clearFaults();
  aws.clearFaults();
  ringCentral.setObserver(undefined);
  aws.setObserver(undefined);
  world.clock.advance(dayMs);
  expect((await world.night()).status).toBe("SUCCEEDED");
  expect(differencesFromTruth(world, await readArchive(world), days)).toEqual([]);
  const { findings } = await verifyInLab(world, ringCentral.truth().accountId);
  expect(findings).toEqual([]);
}
