import { type FaultCell, faultCells, faultTable, type LambdaStage, lambdaFaultTable } from "./fault-table.ts";

/** Returns the cells for this process: all of them. */
export const cellsInProcess = faultCells(faultTable);

/**
 * Returns the cells for the deployed bundles: faults of connections, which need real ones, in all phases at once; a newer run;
 * and Lambda's own faults. With `everyCell` it returns all cells.
 */
export function deployedCells(everyCell: boolean, table = faultTable): readonly FaultCell<LambdaStage>[] {
  return [
    ...faultCells(table).filter((cell) => everyCell || isRepresentative(cell)),
    ...faultCells(lambdaFaultTable).filter((cell) => everyCell || isNotKilledOrListing(cell)),
  ];
}

const faultsOfConnections = /slow headers|stalled body|cut body|dropped connection|lost response/;

function isRepresentative({ fault, phase }: FaultCell): boolean {
  return (
    (phase === "every" && faultsOfConnections.test(fault)) || (fault === "newer run taking over" && phase === "list")
  );
}

function isNotKilledOrListing({ kill, phase }: FaultCell<LambdaStage>): boolean {
  return kill === "not killed" || phase === "list";
}
