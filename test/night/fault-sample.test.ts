import { describe, expect, test } from "vitest";
import { cellsInProcess, deployedCells } from "./fault-sample.ts";
import { type FaultCell, type FaultRow, faultTable, type LambdaStage, lambdaFaultTable } from "./fault-table.ts";

type AnyCell = Pick<FaultCell<LambdaStage>, "fault" | "phase" | "kill">;

const nameOf = ({ fault, phase, kill }: AnyCell) => `${fault} (${phase}, ${kill})`;
const namesOf = (cells: readonly AnyCell[]) => cells.map(nameOf).sort();

describe("the faults that strike with every run of the tests", () => {
  test("are all of the table's, each in every phase that it names", () => {
    const placeOf = ({ fault, phase }: Pick<AnyCell, "fault" | "phase">) => `${fault} (${phase})`;
    const struck = [...cellsInProcess, ...deployedCells(false)].map(placeOf);

    expect(new Set(struck)).toEqual(new Set([...faultTable, ...lambdaFaultTable].map(placeOf)));
  });

  test("have a name of their own, each with its phase and its kill", () => {
    const names = namesOf([...cellsInProcess, ...deployedCells(true).slice(cellsInProcess.length)]);

    expect(new Set(names).size).toBe(names.length);
  });

  test("are chosen for the deployed bundles by their names, not by their places in the table", () => {
    const another: FaultRow = { fault: "another", phase: "list" };
    const moved = [another, ...faultTable.toReversed()];

    expect(namesOf(deployedCells(false, moved))).toEqual(namesOf(deployedCells(false)));
  });
});
