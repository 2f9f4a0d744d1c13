import { type FaultCell, faultCells, faultTable, type LambdaStage, lambdaFaultTable } from "./fault-table.ts";

/** Returns the cells for this process: all of them. */
export const cellsInProcess = faultCells(faultTable);

/**
 * Returns the cells for the deployed bundles: connections that a real socket must notice, in all phases at once; a newer run, which
 * takes over from a killed process; and Lambda's own faults. With `everyCell` it returns all cells.
 */
export function deployedCells(everyCell: boolean, table = faultTable): readonly FaultCell<LambdaStage>[] {
  return [...faultCells(table).filter((cell) => everyCell || isRepresentative(cell)), ...faultCells(lambdaFaultTable)];
}

const faultsOfConnections = /stalled body|S3 lost response/;

function isRepresentative({ fault, phase, kill }: FaultCell): boolean {
  if (phase === "every") return faultsOfConnections.test(fault);
  return fault === "newer run taking over" && phase === "list" && kill !== "not killed";
}
