import { parseArgs } from "node:util";
import { analyticsFigures } from "./analytics.ts";
import { bigDayFigures } from "./big-day.ts";
import { firstNightFigures } from "./first-night.ts";
import { helpFigures } from "./help.ts";
import { initFigures } from "./init.ts";
import { memoryFigures } from "./memory.ts";
import { nightFigures } from "./night.ts";
import { oldDecisionFigures } from "./old-decisions.ts";
import { outageFigures } from "./outages.ts";
import { pagesFigures } from "./pages.ts";
import { peerFigures } from "./peers.ts";
import { statusFigures } from "./status.ts";
import { stormFigures } from "./storms.ts";
import { type Figure, table } from "./table.ts";
import { tablesFigures } from "./tables.ts";
import { tokenFigures } from "./tokens.ts";
import { verifyFigures } from "./verify.ts";
import { verifyMonthFigures } from "./verify-month.ts";

/** Every part by its name; `--only` takes some of them. */
const parts: Readonly<Record<string, (quick: boolean) => Promise<readonly Figure[]>>> = {
  night: nightFigures,
  "first-night": firstNightFigures,
  tokens: tokenFigures,
  memory: memoryFigures,
  "big-day": bigDayFigures,
  verify: verifyFigures,
  "verify-month": verifyMonthFigures,
  status: statusFigures,
  help: helpFigures,
  peers: peerFigures,
  analytics: analyticsFigures,
  tables: tablesFigures,
  pages: pagesFigures,
  outages: outageFigures,
  storms: stormFigures,
  "old-decisions": oldDecisionFigures,
  init: initFigures,
};

const usage = `npm run bench -- [--quick] [--only <part>]…
  --quick        does little work, to show that each part runs
  --only <part>  measures this part only; may be given several times
Parts: ${Object.keys(parts).join(", ")}`;

const values = requestedOptions();
const figures: Figure[] = [];
for (const name of values.only) {
  const part = parts[name] ?? endWithUsage(`There is no part ${name}.`);
  const began = performance.now();
  figures.push(...(await part(values.quick)));
  process.stderr.write(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
}
process.stdout.write(`${table(figures)}\n`);

function requestedOptions() {
  try {
    const options = {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: Object.keys(parts) },
      help: { type: "boolean", default: false },
    } as const;
    const { values } = parseArgs({ options });
    if (!values.help) return values;
  } catch (error) {
    return endWithUsage(error instanceof Error ? error.message : "");
  }
  console.log(usage);
  process.exit();
}

function endWithUsage(invalid: string): never {
  console.error(`${invalid}\n\n${usage}`);
  process.exit(2);
}
