import { setTimeout as sleep } from "node:timers/promises";

export async function sleepUntil(atMs: number | null): Promise<void> {
  if (atMs === null) return;
  // A timer holds 24.8 days at most.
  for (let ms = atMs - Date.now(); ms > 0; ms = atMs - Date.now()) await sleep(Math.min(ms, 2 ** 31 - 1));
}
