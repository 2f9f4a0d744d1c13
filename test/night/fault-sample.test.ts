import { describe, expect, test } from "vitest";
import { cellsInProcess, cellsOfFullTmp, deployedCells } from "./fault-sample.ts";
import { type FaultCell, type FaultRow, faultTable, type LambdaStage, lambdaFaultTable } from "./fault-table.ts";

type AnyCell = Pick<FaultCell<LambdaStage>, "fault" | "phase" | "kill">;

const nameOf = ({ fault, phase, kill }: AnyCell) => `${fault} (${phase}, ${kill})`;
const placeOf = ({ fault, phase }: Pick<AnyCell, "fault" | "phase">) => `${fault} (${phase})`;
const namesOf = (cells: readonly AnyCell[]) => cells.map(nameOf).sort();

describe("the faults that strike in every run of the tests", () => {
  test("are all of the table, each in every phase that it names, unless the job cannot tell it from another there", () => {
    const struck = [...cellsInProcess(false), ...cellsOfFullTmp(), ...deployedCells(false)].map(placeOf);

    const different = [...faultTable, ...lambdaFaultTable].filter(({ isLikeAnother }) => !isLikeAnother);
    expect(new Set(struck)).toEqual(new Set(different.map(placeOf)));
  });

  test("are of every kind, wherever else the job cannot tell them apart, and all with EVERY_CELL", () => {
    const kindsOf = (rows: readonly Pick<FaultRow, "fault">[]) =>
      new Set(rows.map(({ fault }) => fault.replace(/ at \/.*/, "")));

    expect(kindsOf(cellsInProcess(false))).toEqual(kindsOf(faultTable));
    expect(new Set(cellsInProcess(true).map(placeOf))).toEqual(new Set(faultTable.map(placeOf)));
  });

  test("strike once in each phase, in a night that is killed if any is", () => {
    const sample = cellsInProcess(false);
    const killed = (cells: readonly AnyCell[]) => cells.filter(({ kill }) => kill !== "not killed");

    expect(new Set(sample.map(placeOf)).size).toBe(sample.length);
    expect(namesOf(killed(sample))).toEqual(
      namesOf(killed(cellsInProcess(true).filter(({ isLikeAnother }) => !isLikeAnother))),
    );
  });

  test("have unique names with their phase and their kill", () => {
    const names = namesOf(deployedCells(true));

    expect(new Set(names).size).toBe(names.length);
  });

  test("are selected for the deployed bundles by their names, not by their order in the table", () => {
    const another: FaultRow = { fault: "another", phase: "list" };
    const moved = [another, ...faultTable.toReversed()];

    expect(namesOf(deployedCells(false, moved))).toEqual(namesOf(deployedCells(false)));
  });
});
