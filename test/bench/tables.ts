import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { processEnvironment } from "../../shared/contract.ts";
import { benchCalls } from "./bench-calls.ts";
import { type Figure, mebibytes, seconds } from "./table.ts";
import { watchPeak } from "./watch-peak.ts";

const ours = join(import.meta.dirname, "convert-days.ts");
const duck = join(import.meta.dirname, "convert-by-duckdb.ts");

/** Measures a big day made into tables, beside the same calls by DuckDB; and few days beside many, whose memory should be equal. */
export async function tablesFigures(quick: boolean): Promise<readonly Figure[]> {
  const share = quick ? 100 : 1;
  const calls = 100_000 / share;
  const perDay = 10_000 / share;
  const dir = await mkdtemp(join(tmpdir(), "nightshift-bench-tables-"));
  try {
    const big = await writeCalls(dir, calls);
    const usual = await writeCalls(dir, perDay);
    const whole = await measure(ours, [big, "1"]);
    const byDuck = await measure(duck, [big, dir]);
    const few = await measure(ours, [usual, "3"]);
    const many = await measure(ours, [usual, "30"]);
    return [
      { what: `${calls} calls and their legs to Parquet`, value: rowsPerSecond(calls, whole) },
      { what: "the same by DuckDB, in one thread", value: rowsPerSecond(calls, byDuck) },
      { what: `peak memory, a day of ${calls} calls`, value: mebibytes(whole.peak), goal: "≤ 300 MiB" },
      { what: "the same by DuckDB", value: mebibytes(byDuck.peak) },
      { what: `peak memory, 3 days of ${perDay} calls`, value: mebibytes(few.peak) },
      { what: `peak memory, 30 days of ${perDay} calls`, value: mebibytes(many.peak), goal: "≤ 300 MiB" },
    ];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function writeCalls(dir: string, count: number): Promise<string> {
  const path = join(dir, `${count}.jsonl.gz`);
  await pipeline(Readable.from(benchCalls(count)), createGzip(), createWriteStream(path));
  return path;
}

interface Measured {
  readonly ms: number;
  readonly peak: number;
}

/** Runs a script in its own process, which prints its duration in ms. */
async function measure(script: string, args: readonly string[]): Promise<Measured> {
  const watch = watchPeak(script);
  const env = { PATH: process.env.PATH, ...processEnvironment };
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  const printed = (await child.stdout.setEncoding("utf8").toArray()).join("");
  if (child.exitCode === null) await once(child, "exit");
  watch.stop();
  if (child.exitCode !== 0) throw new Error(`${script} ended with ${child.exitCode}`);
  return { ms: Number(printed), peak: watch.peak() };
}

/** Counts a row for each call, and for each of its two legs. */
function rowsPerSecond(calls: number, { ms }: Measured): string {
  return `${Math.round((3 * calls) / (ms / 1000))} rows a second (${seconds(ms)})`;
}
