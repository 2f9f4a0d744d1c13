import { availableParallelism } from "node:os";
import { oldDecisions } from "../storm/old-decisions/list.ts";
import { runStorms } from "./run-storms.ts";
import type { Figure } from "./table.ts";

const maxSeeds = 4_000;
/** How many storms a process runs before it is looked whether one has failed. */
const perLook = 10;

/** How many storms, from seed 1 on, it takes to find a decision that was wrong once, if it is handed in instead of today's. */
export async function oldDecisionFigures(quick: boolean): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, { fault, foundBy }] of Object.entries(oldDecisions)) {
    const seed = quick ? await firstFailing(name, foundBy, 1) : await firstFailing(name, 1, maxSeeds);
    const value = seed === undefined ? "not found" : quick ? `seed ${seed} alone` : String(seed);
    process.stderr.write(`${name}: ${value}\n`);
    figures.push({ what: `storms until found: ${fault}`, value, goal: `≤ ${maxSeeds}` });
  }
  return figures;
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
