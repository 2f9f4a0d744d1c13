import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { runStorms, type StormsRun } from "./run-storms.ts";
import type { Figure } from "./table.ts";

/** Measures new storms: how many break a rule, and how many nights pass in a second. */
export async function stormFigures(quick: boolean): Promise<readonly Figure[]> {
  const processes = quick ? 1 : availableParallelism();
  const count = quick ? 1 : Math.ceil(2_000 / processes);
  const from = randomInt(1_000_000_000);
  const results = await Promise.all(
    Array.from({ length: processes }, (_, n) => runStorms({ seed: from + n * count, count })),
  );
  for (const line of results.flatMap(({ broken }) => broken)) process.stderr.write(`${line}\n`);
  const sum = (numberOf: (result: StormsRun) => number) =>
    results.reduce((total, result) => total + numberOf(result), 0);
  return [
    {
      what: `storms from seed ${from} on, nights in all, storms that broke a rule`,
      value: `${sum(({ storms }) => storms)}, ${sum(({ nights }) => nights)}, ${sum(({ failed }) => failed.length)}`,
      goal: "0 broke any",
    },
    {
      what: `nights of storms, ${processes} at once`,
      value: `${sum(({ perSecond }) => perSecond).toFixed(1)} a second`,
      goal: "≥ 3",
    },
  ];
}
