import { describe, test } from "vitest";
import { Env } from "../../shared/contract.ts";
import type { ExecutionView } from "../lab/lambda/execution.ts";
import { readArchive } from "./archive-contents.ts";
import { type FaultEnd, type FaultWorld, faultAccount, faultNight } from "./fault-night.ts";
import { type FaultCell, faultCells, faultTable, type LambdaStage, lambdaFaultTable } from "./fault-table.ts";
import { verifyInLab } from "./verify-in-lab.ts";
import { openWorld } from "./world.ts";

const all = process.env.EVERY_CELL !== undefined;
const isRepresentative = ({ fault, phase }: FaultCell) =>
  phase === "every" || (fault === "newer run taking over" && phase === "list");
const isNotKilledOrListing = ({ kill, phase }: FaultCell<LambdaStage>) => kill === "not killed" || phase === "list";
/** Each fault in all phases at once, a newer run, and what Lambda alone can show; `EVERY_CELL=1` takes every cell. */
const cells: readonly FaultCell<LambdaStage>[] = [
  ...faultCells(faultTable).filter((cell) => all || isRepresentative(cell)),
  ...faultCells(lambdaFaultTable).filter((cell) => all || isNotKilledOrListing(cell)),
];

describe("by the deployed bundles too, whatever goes wrong, wherever, and wherever the run is killed then", () => {
  test.concurrent.each(cells)(
    "$fault ($phase, $kill): the night ends complete, or open with the reason; the next ends with the truth",
    { timeout: 60_000 },
    async (cell) => {
      const world = await openFaultWorld(cell);
      try {
        await faultNight(world, cell);
      } finally {
        await world.stop();
      }
    },
  );
});

interface DeployedFaultWorld extends FaultWorld, LambdaStage {
  readonly stop: () => Promise<void>;
}

async function openFaultWorld(cell: FaultCell<LambdaStage>): Promise<DeployedFaultWorld> {
  const account = faultAccount(cell);
  const world = await openWorld({
    ...{ archiveFrom: account.firstDay, ringCentral: { account }, environment: { [Env.silenceLimit]: "1" } },
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
