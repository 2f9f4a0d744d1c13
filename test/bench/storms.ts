import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Figure } from "./table.ts";

const program = join(import.meta.dirname, "..", "storm", "storm.ts");
const lastLine = /(\d+) storms, (\d+) nights, ([\d.]+) a second/;

/** Storms that nobody has run before: how many break a rule, and how many nights pass in a second. */
export async function stormFigures(quick: boolean): Promise<readonly Figure[]> {
  const processes = quick ? 1 : availableParallelism();
  const count = quick ? 3 : Math.ceil(2_000 / processes);
  const from = randomInt(1_000_000_000);
  const results = await Promise.all(Array.from({ length: processes }, (_, n) => run(from + n * count, count)));
  const sum = (numberOf: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + numberOf(result), 0);
  return [
    {
      what: `storms from seed ${from} on, nights in all, storms that broke a rule`,
      value: `${sum(({ storms }) => storms)}, ${sum(({ nights }) => nights)}, ${sum(({ failed }) => failed)}`,
      goal: "0 broke any",
    },
    {
      what: `nights of storms, ${processes} at once`,
      value: `${sum(({ perSecond }) => perSecond).toFixed(1)} a second`,
      goal: "≥ 3",
    },
  ];
}

/** Storms in a process of their own; what they break is said as they break it. */
async function run(seed: number, count: number) {
  const options = ["--seed", String(seed), "--count", String(count), "--quick"];
  const child = spawn(process.execPath, ["--max-semi-space-size=32", program, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await text(child.stdout);
  const broken = said.split("\n").filter((line) => /^\d+: .*FAILED$|^ {2}/.test(line));
  for (const line of broken) process.stderr.write(`${line}\n`);
  const [, storms, nights, perSecond] = lastLine.exec(said)?.map(Number) ?? [];
  if (storms === undefined || nights === undefined || perSecond === undefined) throw new Error(`storms ended: ${said}`);
  return { storms, nights, perSecond, failed: broken.filter((line) => line.endsWith("FAILED")).length };
}
