import { readdir, readFile } from "node:fs/promises";
import { openWorld } from "../night/world.ts";
import type { Figure } from "./table.ts";

const megabyte = 1_000_000;

/** Peak memory of the container that fetches ten recordings together, small against large. */
export async function memoryFigures(quick: boolean): Promise<readonly Figure[]> {
  const small = await peakOfTen(megabyte);
  const large = await peakOfTen((quick ? 30 : 300) * megabyte);
  return [
    { what: "peak memory, ten recordings of 1 MB", value: mebibytes(small) },
    { what: `peak memory, ten recordings of ${quick ? 30 : 300} MB`, value: mebibytes(large) },
    { what: "difference", value: mebibytes(large - small), goal: "≤ 32 MiB" },
  ];
}

async function peakOfTen(bytes: number): Promise<number> {
  const calls = { perDay: 10, recordedShare: 1, faxShare: 0, shortShare: 0, transferShare: 0 };
  let peak = 0;
  const world = await openWorld({
    archiveFrom: "2026-11-03",
    ringCentral: {
      limits: { heavy: { limit: 60, windowMs: 60_000, penaltyMs: 60_000 } },
      account: { calls, recordings: { bytes } },
    },
    onEvent: () => void measure(),
  });
  const measure = async () => {
    peak = Math.max(peak, ...(await childPeaks()));
  };
  try {
    const { status, result } = await world.night();
    await measure();
    if (status !== "SUCCEEDED") throw new Error(`the night ended ${status}: ${result}`);
    return peak;
  } finally {
    await world.stop();
  }
}

/** VmHWM, the most resident memory so far, of every child of this process, in bytes. */
async function childPeaks(): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const statuses = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")));
  return statuses
    .filter((status) => status.includes(`PPid:\t${process.pid}\n`))
    .map((status) => Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}
