import { describe, expect, test } from "vitest";
import { laterTroubleMakers } from "./later-trouble-makers.ts";
import { planStorm } from "./plan-storm.ts";
import { runStorm } from "./run-storm.ts";
import { quickSeed, repeatedSeed, shortSeeds } from "./seeds.ts";
import { shrinkStorm } from "./shrink-storm.ts";
import { troubleMakers } from "./trouble-makers.ts";

const patience = 120_000;
/** Only longer storms have them. */
const tooLong = ["huge day", "S3 outage"];

describe("a storm", () => {
  test(
    `${quickSeed} (${planStorm(quickSeed).kinds.join(", ")}) breaks no rule`,
    async () => {
      const { violations } = await runStorm(planStorm(quickSeed));

      expect(violations).toEqual([]);
    },
    patience,
  );

  test(
    "leaves the same archive to the last byte, unzipped, if it is run again",
    async () => {
      const storm = planStorm(repeatedSeed);
      const plan = { ...storm, nights: storm.nights.slice(0, 3), calls: storm.calls.slice(0, 20) };

      const [one, again] = [await runStorm(plan), await runStorm(plan)];

      expect(one.violations).toEqual([]);
      expect(one.runs.some(({ kills }) => kills > 0)).toBe(true);
      expect(again.digest).toBe(one.digest);
      expect(again.runs).toEqual(one.runs);
    },
    patience,
  );

  test("is the same for the same seed, as plain data", () => {
    expect(JSON.parse(JSON.stringify(planStorm(7)))).toEqual(planStorm(7));
    expect(planStorm(8)).not.toEqual(planStorm(7));
  });

  test("has each kind of trouble in at least one that CI runs", () => {
    const kinds = new Set<string>([...tooLong, ...shortSeeds.flatMap((seed) => planStorm(seed).kinds)]);

    expect(kinds).toEqual(new Set([...Object.keys(troubleMakers), ...Object.keys(laterTroubleMakers), "tampering"]));
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
