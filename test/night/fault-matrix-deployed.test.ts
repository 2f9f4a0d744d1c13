import { describe, expect, test } from "vitest";
import { readArchive } from "../../lab/demo/archive-contents.ts";
import { verifyInLab } from "../../lab/demo/verify-in-lab.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";
import type { ExecutionView } from "../../lab/lambda/execution.ts";
import { Env } from "../../shared/contract.ts";
import { type FaultEnd, type FaultWorld, faultAccount, faultNight } from "./fault-night.ts";
import { deployedCells } from "./fault-sample.ts";
import type { FaultCell, LambdaStage } from "./fault-table.ts";

const cells = deployedCells(process.env.EVERY_CELL !== undefined);

describe("with the deployed bundles, for any fault, in any phase, with any kill,", () => {
  test.concurrent.each(cells)(
    "$fault ($phase, $kill): the night ends complete, or open with the reason, and the next ends with the truth",
    { timeout: 180_000 },
    async (cell) => {
      const world = await openFaultWorld(cell);
      try {
        await faultNight(world, cell);
        if (cell.tmpBytes !== undefined)
          expect(world.lambda.logs("archive-calls")).toContain("TEMPORARY_STORAGE_FAILED");
      } finally {
        await world.stop();
      }
    },
  );
});

interface DeployedFaultWorld extends FaultWorld, LambdaStage {
  readonly lambda: World["lambda"];
  readonly stop: () => Promise<void>;
}

async function openFaultWorld(cell: FaultCell<LambdaStage>): Promise<DeployedFaultWorld> {
  const account = faultAccount(cell);
  const world = await openWorld({
    ...{
      inMemory: true,
      archiveFrom: account.firstDay,
      ringCentral: { account },
      environment: { [Env.idleTimeout]: "1" },
    },
    ...{ clockErrorMs: cell.clockErrorMs, tmpBytes: cell.tmpBytes },
  });
  const { lambda } = world;
  const endOf = ({ status, crashes }: ExecutionView): FaultEnd => ({
    failure: status === "SUCCEEDED" ? undefined : lambda.logs("archive-calls"),
    crashes,
  });
  return {
    ...world,
    night: async () => endOf(await world.night()),
    others: async () => (await world.others()).map(endOf),
    kill: () => lambda.kill("archive-calls"),
    contents: () => readArchive(world),
    verify: () => verifyInLab(world, world.ringCentral.truth().accountId),
  };
}
