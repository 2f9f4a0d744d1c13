import { describe, expect, test } from "vitest";
import type { MemberFigures } from "../../shared/core/figures/day-figures.ts";
import { renderReport } from "../../shared/pages/render-report.ts";
import { analyticsOf, archiveView, company400, dayReport, member } from "../support/pages/companies.ts";
import { style } from "../support/pages/page-kinds.ts";
import { headingsIn, rowsIn } from "../support/pages/tables-in.ts";

/** A queue with so many calls within and outside its service level. */
const queue = (name: string, inSla: number, outOfSla: number, about: Partial<MemberFigures> = {}): MemberFigures => ({
  ...member(name, 40, { name, extensionNumber: `9${name.length}` }),
  ...{ inSla, outOfSla, ...about },
});
const page = (...queues: readonly MemberFigures[]) => {
  const analytics = { ...analyticsOf(company400), Queues: [...queues] };
  return renderReport(dayReport(company400, "2026-11-19", { analytics }), archiveView(), style);
};
const titleOf = async (...queues: readonly MemberFigures[]) =>
  headingsIn(await page(...queues), 3).find((heading) => /queue|service level/i.test(heading));
const namesOf = async (...queues: readonly MemberFigures[]) =>
  rowsIn(await page(...queues), "Queues by service level").map(([name]) => name);

describe("the finding about queues", () => {
  test.each([
    ["with few calls", queue("Tiny", 1, 3)],
    ["without a service level", queue("Unmeasured", 0, 0)],
  ])("speaks of no queue %s when the others took all calls within their service level", async (_what, other) => {
    expect(await titleOf(queue("Sales", 30, 0), queue("Help", 20, 0), other)).toBe(
      "Every queue measured on at least 10 calls took all of them within its service level",
    );
  });

  test("calls a queue the lowest of the judged ones if one with few calls is lower", async () => {
    expect(await titleOf(queue("Sales", 24, 6), queue("Help", 20, 0), queue("Tiny", 1, 3))).toBe(
      "Sales had the lowest service level of queues measured on at least 10 calls, 80%",
    );
  });

  test("calls a queue the lowest of all if none is lower, whether judged or not", async () => {
    const [few, none] = [queue("Tiny", 3, 0), queue("Unmeasured", 0, 0)];

    expect(await titleOf(queue("Sales", 24, 6), queue("Help", 20, 0), few, none)).toBe(
      "Sales had the lowest service level, 80%",
    );
  });

  test("says of every queue that it took all calls within its service level only if each is judged", async () => {
    expect(await titleOf(queue("Sales", 30, 0), queue("Help", 10, 0))).toBe(
      "Every queue took all calls within its service level",
    );
  });

  test("judges none if all have few calls", async () => {
    expect(await titleOf(queue("Sales", 9, 0), queue("Help", 0, 9))).toBe("Queues by service level");
  });
});

describe("the list of queues", () => {
  test("ends with those that have no service level", async () => {
    const [none, worst, best] = [queue("Unmeasured", 0, 0), queue("Worst", 0, 20), queue("Best", 20, 0)];

    expect(await namesOf(none, best, worst)).toEqual(["Worst", "Best", "Unmeasured"]);
  });

  test("has the extension numbers of queues that have one name, and of no other", async () => {
    const [first, second] = ["101", "102"].map((extensionNumber) => queue("Sales", 20, 1, { extensionNumber }));
    if (!first || !second) throw new Error("There are two queues.");
    const spaced = queue("Sales ", 20, 1, { extensionNumber: undefined });

    expect((await namesOf(first, second, spaced, queue("Help", 20, 0))).toSorted()).toEqual(
      ["Help", "Sales , no extension", "Sales, Ext. 101", "Sales, Ext. 102"].toSorted(),
    );
  });
});
