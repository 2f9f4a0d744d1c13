import { describe, expect, test } from "vitest";
import { planStorm } from "./plan-storm.ts";
import { runStorm } from "./run-storm.ts";
import { foundFaults, misjudged, weathered } from "./seeds.ts";
import { shrinkStorm } from "./shrink-storm.ts";

const patience = 120_000;

describe("a storm", () => {
  test.each([...weathered, ...misjudged].map((seed) => [seed, planStorm(seed).kinds.join(", ")]))(
    "%i (%s) breaks no rule",
    async (seed) => {
      const { violations } = await runStorm(planStorm(seed));

      expect(violations).toEqual([]);
    },
    patience,
  );

  test.each(foundFaults.filter(({ slow }) => !slow).map(({ seed, fault }) => [seed, fault] as const))(
    "%i breaks no rule since a fault was fixed: %s",
    async (seed) => {
      const { violations } = await runStorm(planStorm(seed));

      expect(violations).toEqual([]);
    },
    patience,
  );

  test(
    "leaves the same archive to the last byte, unzipped, if it is run again",
    async () => {
      const plan = planStorm(41);

      const [one, again] = [await runStorm(plan), await runStorm(plan)];

      expect(again.digest).toBe(one.digest);
      expect(again.runs).toEqual(one.runs);
    },
    patience,
  );

  test("is the same for the same seed, as plain data", () => {
    expect(JSON.parse(JSON.stringify(planStorm(7)))).toEqual(planStorm(7));
    expect(planStorm(8)).not.toEqual(planStorm(7));
  });
});

test("a failing storm shrinks to the parts that make it fail", async () => {
  const plan = planStorm(7);
  const [needed] = plan.troubles;
  const [, call] = plan.calls;

  const smallest = await shrinkStorm(
    plan,
    async ({ troubles, calls }) => troubles.some((each) => each === needed) && calls.some((each) => each === call),
  );

  expect(smallest).toMatchObject({ troubles: [needed], calls: [call], stacks: [{}], nights: [0] });
});
