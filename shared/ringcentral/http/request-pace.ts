/** Waits until the container may start one more request. */
export type RequestPace = () => Promise<void>;

/** RingCentral allows 20 requests a second per address, whatever their rate group. Two containers may share one. */
const maxStarts = 10;
const perMs = 1_000;

/** Creates the pace of a container: at most ten requests are started in any second, in the order in which they came. */
export function createRequestPace(sleep: (ms: number) => Promise<void>): RequestPace {
  const latestStarts: number[] = [];
  return async () => {
    // Not the corrected clock, which may jump.
    const nowMs = performance.now();
    const tenthLastMs = latestStarts.length < maxStarts ? undefined : latestStarts.shift();
    const startMs = tenthLastMs === undefined ? nowMs : Math.max(nowMs, tenthLastMs + perMs);
    latestStarts.push(startMs);
    if (startMs > nowMs) await sleep(startMs - nowMs);
  };
}
