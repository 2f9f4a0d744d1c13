import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const storms = join(import.meta.dirname, "..", "storm");
/** Compiled once for all processes: CDK alone takes seconds. */
const compileCache = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "storms");
const lastLine = /(\d+) storms, (\d+) nights, ([\d.]+) a second/;

export interface StormsRun {
  readonly storms: number;
  readonly nights: number;
  readonly perSecond: number;
  /** Seeds of the storms that broke a rule, in order. */
  readonly failed: readonly number[];
  /** Rules that they broke, in the words of `npm run storm`. */
  readonly broken: readonly string[];
}

export interface StormsOptions {
  readonly seed: number;
  readonly count: number;
  /** Name of the old decision to use. @default none */
  readonly oldDecision?: string;
}

/** Runs storms in their own process. */
export async function runStorms({ seed, count, oldDecision }: StormsOptions): Promise<StormsRun> {
  const preload = oldDecision === undefined ? [] : ["--import", join(storms, "old-decisions", "replace-decision.ts")];
  const options = ["--seed", String(seed), "--count", String(count), "--quick"];
  const child = spawn(
    process.execPath,
    ["--max-semi-space-size=32", ...preload, join(storms, "storm.ts"), ...options],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: compileCache,
        ...(oldDecision !== undefined && { OLD_DECISION: oldDecision }),
      },
    },
  );
  const output = await text(child.stdout);
  const [, ran, nights, perSecond] = lastLine.exec(output)?.map(Number) ?? [];
  if (ran === undefined || nights === undefined || perSecond === undefined) throw new Error(`storms ended: ${output}`);
  const broken = output.split("\n").filter((line) => /^\d+: .*FAILED$|^ {2}/.test(line));
  const failed = broken.flatMap((line) => (line.endsWith("FAILED") ? [Number.parseInt(line, 10)] : []));
  return { storms: ran, nights, perSecond, failed, broken };
}
