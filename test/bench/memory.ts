import { openWorld } from "../../lab/demo/world.ts";
import { type Figure, mebibytes } from "./table.ts";
import { watchPeak } from "./watch-peak.ts";

const megabyte = 1_000_000;

/** Measures the peak memory of the container that fetches ten recordings together, small against large. */
export async function memoryFigures(quick: boolean): Promise<readonly Figure[]> {
  const small = await peakOfTen(megabyte);
  const large = await peakOfTen((quick ? 30 : 300) * megabyte);
  return [
    { what: "peak memory, ten recordings of 1 MB", value: mebibytes(small) },
    { what: `peak memory, ten recordings of ${quick ? 30 : 300} MB`, value: mebibytes(large), goal: "≤ 300 MiB" },
  ];
}

async function peakOfTen(bytes: number): Promise<number> {
  const calls = { perDay: 10, recordedShare: 1, faxShare: 0, shortShare: 0, transferShare: 0 };
  const world = await openWorld({
    archiveFrom: "2026-11-03",
    ringCentral: {
      limits: { heavy: { limit: 60, windowMs: 60_000, penaltyMs: 60_000 } },
      account: { calls, recordings: { bytes } },
    },
  });
  const watch = watchPeak("runtime-loop.mjs");
  try {
    const { status, result } = await world.night();
    if (status !== "SUCCEEDED") throw new Error(`the night ended ${status}: ${result}`);
    return watch.peak();
  } finally {
    watch.stop();
    await world.stop();
  }
}
