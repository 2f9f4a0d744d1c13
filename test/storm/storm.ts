import { randomInt } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type FastJobs, fastJobs } from "../support/fast-jobs.ts";
import { planStorm } from "./plan-storm.ts";
import { runStorm } from "./run-storm.ts";
import { longSeeds, shortSeeds } from "./seeds.ts";
import { shrinkStorm } from "./shrink-storm.ts";
import type { StormPlan } from "./storm-plan.ts";
import type { StormReport } from "./storm-report.ts";

const usage = `A storm is several nights in which RingCentral, S3, clocks and containers fail, all made from one seed.

npm run storm -- --seed 7              one storm; if a rule breaks, a smaller storm is written to storm-7.json
npm run storm -- --seed 7 --count 50   storms 7 to 56, none made smaller
npm run storm -- --fresh 200           200 storms of new seeds
npm run storm -- --known               all storms that once showed a fault
npm run storm -- --known --short       those that take two seconds at most, as CI does
npm run storm -- --plan storm-7.json   a storm that was made smaller before
  --quick        makes no storm smaller
  --jobs a.ts    runs the jobs that module a.ts exports as \`jobs\`, instead of the deployed ones (test/support/fast-jobs.ts)
Exit status: 0 if no rule broke, 1 if one did, 2 if the command line is invalid.`;

const values = requestedOptions();
if (values.help) {
  console.log(usage);
  process.exit();
}

const plans = await requestedPlans();
const { jobs = fastJobs } = (values.jobs ? await import(pathToFileURL(resolve(values.jobs)).href) : {}) as {
  readonly jobs?: FastJobs;
};
const found = new Map<string, number[]>();
const beganAt = process.hrtime.bigint();
let nights = 0;
for (const plan of plans) {
  const report = await runStorm(plan, { jobs });
  nights += plan.nights.length * plan.stacks.length;
  tell(report);
  for (const { rule } of report.violations) {
    const seeds = found.get(rule) ?? [];
    if (!seeds.includes(plan.seed)) found.set(rule, [...seeds, plan.seed]);
  }
  if (report.violations.length > 0 && plans.length === 1 && !values.quick) await shrink(report);
}
for (const [rule, seeds] of found)
  console.log(`${rule}: ${seeds.length} of ${plans.length}, seeds ${seeds.slice(0, 12).join(" ")}`);
const seconds = Number(process.hrtime.bigint() - beganAt) / 1e9;
console.log(`${plans.length} storms, ${nights} nights, ${(nights / seconds).toFixed(1)} a second`);
process.exitCode = found.size > 0 ? 1 : 0;

function requestedOptions() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string" },
        count: { type: "string", default: "1" },
        fresh: { type: "string" },
        known: { type: "boolean", default: false },
        short: { type: "boolean", default: false },
        plan: { type: "string" },
        jobs: { type: "string" },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return endWithUsage(error instanceof Error ? error.message : "");
  }
}

function endWithUsage(invalid: string): never {
  console.error(`${invalid}\n\n${usage}`);
  process.exit(2);
}

async function planIn(file: string): Promise<StormPlan> {
  try {
    const plan = JSON.parse(await readFile(file, "utf8"));
    if (Array.isArray(plan?.nights) && Array.isArray(plan?.stacks)) return plan;
  } catch {}
  return endWithUsage(`--plan: ${file} is not a storm that was made smaller before`);
}

async function requestedPlans(): Promise<readonly StormPlan[]> {
  if (values.plan) return [await planIn(values.plan)];
  if (values.known) return [...shortSeeds, ...(values.short ? [] : longSeeds)].map((seed) => planStorm(seed));
  const from = values.fresh ? randomInt(1_000_000_000) : Number(values.seed ?? Number.NaN);
  const count = Number(values.fresh ?? values.count);
  if (!Number.isInteger(from) || !Number.isInteger(count) || count < 1)
    return endWithUsage("expected --seed, --fresh, --known or --plan; seeds and counts are whole numbers");
  return Array.from({ length: count }, (_, index) => planStorm(from + index));
}

function tell({ plan, violations, digest }: StormReport): void {
  console.log(
    `${plan.seed}: ${plan.kinds.join(", ")}: ${violations.length === 0 ? `ok ${digest.slice(0, 12)}` : "FAILED"}`,
  );
  for (const { rule, place, text } of violations) console.log(`  ${rule}: ${place}: ${text}`);
}

/** Shrinks a failing storm as far as possible, and prints how to run it again. */
async function shrink({ plan, violations }: StormReport): Promise<void> {
  const rules = new Set(violations.slice(0, 1).map(({ rule }) => rule));
  const stillFails = async (smaller: StormPlan) =>
    (await runStorm(smaller, { jobs })).violations.some(({ rule }) => rules.has(rule));
  const smallest = await shrinkStorm(plan, stillFails);
  const { troubles, nights, calls, stacks } = smallest;
  const file = `storm-${plan.seed}.json`;
  await writeFile(file, `${JSON.stringify(smallest, null, 1)}\n`);
  console.log(
    `Shrunk to ${troubles.length} troubles, ${nights.length} nights, ${calls.length} calls, ${stacks.length} stacks:`,
  );
  for (const trouble of troubles) console.log(`  ${JSON.stringify(trouble)}`);
  tell(await runStorm(smallest, { jobs }));
  console.log(`Again: npm run storm -- --plan ${file}\nWhole: npm run storm -- --seed ${plan.seed}`);
}
