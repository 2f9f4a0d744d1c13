import { parseArgs } from "node:util";
import { analyticsFigures } from "./analytics.ts";
import { bigDayFigures } from "./big-day.ts";
import { firstNightFigures } from "./first-night.ts";
import { initFigures } from "./init.ts";
import { memoryFigures } from "./memory.ts";
import { nightFigures } from "./night.ts";
import { oldDecisionFigures } from "./old-decisions.ts";
import { outageFigures } from "./outages.ts";
import { peerFigures } from "./peers.ts";
import { stormFigures } from "./storms.ts";
import { type Figure, table } from "./table.ts";
import { tablesFigures } from "./tables.ts";
import { tokenFigures } from "./tokens.ts";
import { verifyFigures } from "./verify.ts";

/** Every part by its name; `--only` takes some of them. */
const parts: Readonly<Record<string, (quick: boolean) => Promise<readonly Figure[]>>> = {
  night: nightFigures,
  "first-night": firstNightFigures,
  tokens: tokenFigures,
  memory: memoryFigures,
  "big-day": bigDayFigures,
  verify: verifyFigures,
  peers: peerFigures,
  analytics: analyticsFigures,
  tables: tablesFigures,
  outages: outageFigures,
  storms: stormFigures,
  "old-decisions": oldDecisionFigures,
  init: initFigures,
};

const { values } = parseArgs({
  options: {
    /** Shrinks the work, to show that it runs. */
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: Object.keys(parts) },
  },
});
const figures: Figure[] = [];
for (const name of values.only) {
  const part = parts[name];
  if (!part) throw new Error(`--only: there is ${Object.keys(parts).join(", ")}`);
  const began = performance.now();
  figures.push(...(await part(values.quick)));
  process.stderr.write(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
}
process.stdout.write(`${table(figures)}\n`);
