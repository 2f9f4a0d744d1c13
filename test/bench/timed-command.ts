import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Aws } from "../../lab/aws/server.ts";
import { watchPeak } from "./watch-peak.ts";

/** The command line, as its first line starts it. */
export const nightshift = join(import.meta.dirname, "../../cli/nightshift.mjs");
/** A plain SDK listing of the bucket `archive`. */
export const plainListing = join(import.meta.dirname, "list-plainly.ts");
export const bucket = "archive";

interface TimedCommand {
  readonly ms: number;
  /** Peak memory in bytes. */
  readonly peak: number;
}

/** Runs a script to its end, with a login to the lab's AWS. A command that finds something to do ends with 1. */
export async function timed({ url }: Pick<Aws, "url">, script: string, ...args: string[]): Promise<TimedCommand> {
  const login = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab" };
  const watch = watchPeak(script);
  const began = performance.now();
  const child = spawn(process.execPath, ["--max-semi-space-size=4", script, ...args], {
    env: { AWS_ENDPOINT_URL: url, BUCKET: bucket, ...login },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "exit");
  watch.stop();
  if (child.exitCode !== 0 && child.exitCode !== 1) throw new Error(`${script} ended with ${child.exitCode}`);
  return { ms: performance.now() - began, peak: watch.peak() };
}
