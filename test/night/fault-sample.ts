import { type FaultCell, faultCells, faultTable, type LambdaStage, lambdaFaultTable } from "./fault-table.ts";

/**
 * Returns the cells for this process: every fault in every phase. Where one strikes with and without a kill, the killed night has
 * all that the other has; with `everyCell` both do.
 */
export function cellsInProcess(everyCell: boolean): readonly FaultCell[] {
  const cells = faultCells(faultTable);
  return everyCell ? cells : [...new Map(cells.map((cell) => [`${cell.fault} ${cell.phase}`, cell])).values()];
}

/**
 * Returns the cells for the deployed bundles: connections that a real socket must notice, in all phases at once, and Lambda's own
 * faults. With `everyCell` it returns all cells.
 */
export function deployedCells(everyCell: boolean, table = faultTable): readonly FaultCell<LambdaStage>[] {
  return [...faultCells(table).filter((cell) => everyCell || isRepresentative(cell)), ...faultCells(lambdaFaultTable)];
}

const faultsOfConnections = /stalled body|S3 lost response/;

function isRepresentative({ fault, phase }: FaultCell): boolean {
  return phase === "every" && faultsOfConnections.test(fault);
}
