import { type FaultCell, faultCells, faultTable, type LambdaStage, lambdaFaultTable } from "./fault-table.ts";

/** What runs in this process: every cell. */
export const cellsInProcess = faultCells(faultTable);

/** What the deployed bundles run: each fault in all phases at once, a newer run, and what Lambda alone can show; `everyCell` takes every cell. */
export function deployedCells(everyCell: boolean, table = faultTable): readonly FaultCell<LambdaStage>[] {
  return [
    ...faultCells(table).filter((cell) => everyCell || isRepresentative(cell)),
    ...faultCells(lambdaFaultTable).filter((cell) => everyCell || isNotKilledOrListing(cell)),
  ];
}

function isRepresentative({ fault, phase }: FaultCell): boolean {
  return phase === "every" || (fault === "newer run taking over" && phase === "list");
}

function isNotKilledOrListing({ kill, phase }: FaultCell<LambdaStage>): boolean {
  return kill === "not killed" || phase === "list";
}
