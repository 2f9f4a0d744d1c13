import { parseArgs } from "node:util";
import { initFigures } from "./init.ts";
import { memoryFigures } from "./memory.ts";
import { nightFigures } from "./night.ts";
import { type Figure, table } from "./table.ts";
import { tokenFigures } from "./tokens.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });

/** Every figure of one run; `--quick` shrinks the work, to show that it runs. */
const parts: readonly ((quick: boolean) => Promise<readonly Figure[]>)[] = [
  nightFigures,
  tokenFigures,
  memoryFigures,
  initFigures,
];
const figures: Figure[] = [];
for (const part of parts) figures.push(...(await part(values.quick)));
process.stdout.write(`${table(figures)}\n`);
