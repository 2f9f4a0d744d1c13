import { availableParallelism } from "node:os";
import { type OldDecision, oldDecisions } from "../storm/old-decisions/list.ts";
import { runStorms } from "./run-storms.ts";
import type { Figure } from "./table.ts";

const maxSeeds = 4_000;
/** Number of storms in one process before their failures are checked. */
const perLook = 10;

/** Measures how many storms, from seed 1 on, find each old decision in place of today's. */
export async function oldDecisionFigures(quick: boolean): Promise<readonly Figure[]> {
  const decisions = Object.entries(oldDecisions);
  // A single storm keeps one core at work.
  const concurrency = quick ? availableParallelism() : 1;
  const figures: Figure[] = [];
  for (let n = 0; n < decisions.length; n += concurrency)
    figures.push(...(await Promise.all(decisions.slice(n, n + concurrency).map((each) => figureOf(each, quick)))));
  return figures;
}

async function figureOf([name, { fault, foundBy }]: [string, OldDecision], quick: boolean): Promise<Figure> {
  const seed = quick ? await firstFailing(name, foundBy, 1) : await firstFailing(name, 1, maxSeeds);
  const value = seed === undefined ? "not found" : quick ? `seed ${seed} alone` : String(seed);
  process.stderr.write(`${name}: ${value}\n`);
  return { what: `storms until found: ${fault}`, value, goal: `≤ ${maxSeeds}` };
}

async function firstFailing(oldDecision: string, from: number, count: number): Promise<number | undefined> {
  const processes = Math.min(availableParallelism(), count);
  for (let seed = from; seed < from + count; seed += processes * perLook) {
    const looks = Array.from({ length: processes }, (_, n) =>
      runStorms({ seed: seed + n * perLook, count: Math.min(perLook, count), oldDecision }),
    );
    const [failed] = (await Promise.all(looks)).flatMap((run) => run.failed);
    if (failed !== undefined) return failed;
  }
  return undefined;
}
