import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Figure, median } from "./table.ts";
import { nightshift } from "./timed-command.ts";

const run = promisify(execFile);

/** Measures how long the help of the command line takes, beside Node doing nothing. */
export async function helpFigures(quick: boolean): Promise<readonly Figure[]> {
  const times = quick ? 5 : 25;
  const [nothing, help]: [number[], number[]] = [[], []];
  // The first one fills the compile cache.
  await ms(nightshift, "--help");
  // In turn, so that a machine that slows down slows both alike.
  for (let n = 0; n < times; n++) {
    nothing.push(await ms("-e", "0"));
    help.push(await ms(nightshift, "--help"));
  }
  const ratio = median(help) / median(nothing);
  const value = `${median(help).toFixed(0)} ms = ${ratio.toFixed(2)} × node -e 0`;
  return [{ what: "nightshift --help, beside node -e 0", value, goal: "nearly 1 ×" }];
}

async function ms(...args: string[]): Promise<number> {
  const began = performance.now();
  await run(process.execPath, args);
  return performance.now() - began;
}
