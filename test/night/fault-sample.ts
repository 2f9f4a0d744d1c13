import { vi } from "vitest";
import { spooledMemory } from "../../shared/storage/spool.ts";
import { type FaultCell, faultCells, faultTable, type LambdaStage, lambdaFaultTable } from "./fault-table.ts";

/**
 * Returns the cells for this process: every fault in every phase in which the job can tell it from others. Where one strikes with
 * and without a kill, the killed night has all that the other has. With `everyCell` it returns all cells.
 */
export function cellsInProcess(everyCell: boolean): readonly FaultCell[] {
  if (everyCell) return faultCells(faultTable);
  const cells = faultCells(faultTable.filter(({ isLikeAnother }) => !isLikeAnother));
  return [...new Map(cells.map((cell) => [`${cell.fault} ${cell.phase}`, cell])).values()];
}

/** More than spools may hold in memory together. */
const tooManyHeldBytes = 65 * 1024 * 1024;

/** Returns the cells with a full /tmp for this process: no file can be made there, and memory takes nothing, however small. */
export function cellsOfFullTmp(): readonly FaultCell[] {
  const cells = faultCells(lambdaFaultTable).filter(({ tmpBytes }) => tmpBytes !== undefined);
  return cells.map(({ fault, phase }) => ({
    ...{ fault, phase, kill: "not killed", mayFail: ["DAYS_INCOMPLETE"] },
    act: async () => {
      vi.stubEnv("TMPDIR", "/nowhere");
      spooledMemory.heldBytes = tooManyHeldBytes;
    },
    undo: () => {
      vi.unstubAllEnvs();
      spooledMemory.heldBytes = 0;
    },
  }));
}

/**
 * Returns the cells for the deployed bundles: a connection that a real socket must notice, in all phases at once, and Lambda's own
 * faults, together. With `everyCell` it returns all cells.
 */
export function deployedCells(everyCell: boolean, table = faultTable): readonly FaultCell<LambdaStage>[] {
  const cells = [...faultCells<LambdaStage>(table), ...faultCells(lambdaFaultTable)];
  return cells.filter((cell) => everyCell || isRepresentative(cell));
}

const representatives = ["stalled body in each phase", "duplicate start with a full disk in /tmp"];

function isRepresentative({ fault }: Pick<FaultCell, "fault">): boolean {
  return representatives.includes(fault);
}
