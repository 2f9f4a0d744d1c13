import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClock } from "../../../lab/clock.ts";
import { createRateLimiter, realLimits } from "../../../lab/ringcentral/rate-limiter.ts";
import { Pause } from "../../../shared/core/async/pause.ts";
import type { RateHeaders } from "../../../shared/core/time/rate-window.ts";
import { createRateGate, type RateGate } from "../../../shared/ringcentral/http/rate-gate.ts";

const windowMs = 60_000;
const now = () => new Date();
const start = Date.parse("2026-11-04T08:30:00Z");

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const passes = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const headers = (remaining: number): RateHeaders => ({ limit: 10, remaining, windowMs });

/** Returns whether a slot was acquired, or the pause, by now. */
async function stateOf(admission: Promise<void>): Promise<string> {
  const waiting = Symbol("waiting");
  const ended = admission.then(
    () => "in",
    (error: unknown) =>
      error instanceof Pause ? `${error.reason} until +${(error.until.getTime() - start) / 1000} s` : error,
  );
  await vi.advanceTimersByTimeAsync(0);
  const state = await Promise.race([ended, Promise.resolve(waiting)]);
  return state === waiting ? "waiting" : String(state);
}

describe("the first request", () => {
  test("goes alone: all others wait for its response, then as many start as remain", async () => {
    const gate = createRateGate(now);
    await gate.acquire();
    const others = Array.from({ length: 5 }, () => gate.acquire());
    const before = await Promise.all(others.map(stateOf));

    gate.onResponse(headers(3));
    const after = await Promise.all(others.map(stateOf));

    expect(before).toEqual(Array(5).fill("waiting"));
    expect(after).toEqual(["in", "in", "in", "waiting", "waiting"]);
  });

  test("without rate headers in its response lets the next one probe", async () => {
    const gate = createRateGate(now);
    await gate.acquire();
    const others = [gate.acquire(), gate.acquire()];

    gate.onResponse(undefined);

    expect(await Promise.all(others.map(stateOf))).toEqual(["in", "waiting"]);
  });
});

test("five requests without rate headers close the gate for a window, not counting a released slot", async () => {
  const gate = createRateGate(now);
  await gate.acquire();
  gate.release();
  for (let requests = 0; requests < 5; requests++) {
    await gate.acquire();
    gate.onResponse(undefined);
  }

  expect(await stateOf(gate.acquire())).toBe("window until +60 s");
});

test("a request without a slot waits until all running ones are answered, then pauses until a window after the last response", async () => {
  const gate = createRateGate(now);
  await gate.acquire();
  gate.onResponse(headers(1));
  await gate.acquire();
  const late = gate.acquire();
  late.catch(() => {});
  const before = await stateOf(late);
  vi.setSystemTime(start + 4_000);

  gate.onResponse(headers(0));

  expect([before, await stateOf(late)]).toEqual(["waiting", "window until +64 s"]);
});

test("a released slot is available to the next request", async () => {
  const gate = createRateGate(now);
  await gate.acquire();
  gate.onResponse(headers(1));
  await gate.acquire();
  const next = gate.acquire();

  gate.release();

  expect(await stateOf(next)).toBe("in");
});

test("a block closes the gate until its end, with its own reason", async () => {
  const gate = createRateGate(now);
  await gate.acquire();
  gate.blockFor(90_000);
  gate.onResponse(headers(9));

  expect(await stateOf(gate.acquire())).toBe("rate-limited until +90 s");
});

test("a block lasts once for each job at work, so that no job's request restarts that of another", async () => {
  const { penaltyMs } = realLimits.heavy;
  const server = createRateLimiter({ clock: createClock(new Date(start)), limits: realLimits, requestsPerSecond: 20 });
  server.penalise("the app", "heavy");
  const send = () => server.admit("the app", "heavy").insidePenalty;
  const gates = Array.from({ length: 3 }, () => createRateGate(now, async () => 3));
  const ends: Date[] = [];
  for (const gate of gates) {
    await gate.acquire();
    send();
    ends.push(gate.blockFor(penaltyMs));
    gate.onResponse(undefined);
    await vi.advanceTimersByTimeAsync(penaltyMs - 1_000);
  }

  const inside: boolean[] = [];
  for (const end of ends) {
    vi.setSystemTime(end);
    inside.push(send());
  }

  expect(inside).toEqual([false, false, false]);
});

test("a block is reported while it lasts, even to requests that hold a slot", async () => {
  const gate = createRateGate(now);
  await gate.acquire();
  const before = gate.blockedUntil();
  gate.blockFor(90_000);
  const during = gate.blockedUntil();
  vi.setSystemTime(start + 90_000);

  expect([before, during, gate.blockedUntil()]).toEqual([undefined, new Date(start + 90_000), undefined]);
});

describe("the instant when the group may be used again", () => {
  test("is at once while requests remain", async () => {
    const gate = createRateGate(now);
    const unasked = gate.nextWindowAt();
    await gate.acquire();
    gate.onResponse(headers(1));

    expect([unasked, gate.nextWindowAt()]).toEqual([undefined, undefined]);
  });

  test("is a window after the last response if none remain, even if no request has paused for it", async () => {
    const gate = createRateGate(now);
    await gate.acquire();
    vi.setSystemTime(start + 4_000);
    gate.onResponse(headers(0));

    expect(gate.nextWindowAt()).toEqual(new Date(start + 64_000));
  });

  test("is the end of a block, even if a slot was released within it", async () => {
    const gate = createRateGate(now);
    await gate.acquire();
    gate.onResponse(headers(3));
    await gate.acquire();
    gate.blockFor(90_000);
    gate.release();

    expect(gate.nextWindowAt()).toEqual(new Date(start + 90_000));
  });
});

test("RingCentral's last rate limit of the group is reported", async () => {
  const gate = createRateGate(now);
  const before = gate.rateLimit();
  await gate.acquire();
  gate.onResponse({ limit: 40, remaining: 39, windowMs: 30_000 });

  expect([before, gate.rateLimit()]).toEqual([undefined, { limit: 40, windowMs: 30_000 }]);
});

/** Creates RingCentral's side of a group: it counts the requests of the last window, and answers 429 beyond the limit. */
function createServer(limit: number) {
  const arrived: number[] = [];
  let refused = 0;
  return {
    refused: () => refused,
    arrived: (): readonly number[] => arrived,
    arrive: (): RateHeaders => {
      const at = Date.now();
      const counted = arrived.filter((earlier) => earlier > at - windowMs).length;
      if (counted >= limit) refused++;
      else arrived.push(at);
      return { limit, remaining: Math.max(0, limit - counted - 1), windowMs };
    },
  };
}

/** Runs one slice: all remaining requests acquire slots until the first Pause. Returns when the next may begin. */
async function slice(gate: RateGate, left: number[], server: ReturnType<typeof createServer>): Promise<number> {
  let until = 0;
  const workers = left.splice(0).map(async (latency) => {
    try {
      await gate.acquire();
    } catch (error) {
      if (!(error instanceof Pause)) throw error;
      left.push(latency);
      until = error.until.getTime();
      return;
    }
    await passes(latency % 7);
    const arrived = server.arrive();
    await passes(latency);
    gate.onResponse(arrived);
  });
  await Promise.all(workers);
  return until;
}

test("however long responses take, RingCentral never answers 429, and each window is used up", async () => {
  const latencies = fc.array(fc.nat({ max: 9_000 }), { minLength: 1, maxLength: 60 });

  await fc.assert(
    fc.asyncProperty(latencies, fc.integer({ min: 1, max: 25 }), async (requests, limit) => {
      const server = createServer(limit);
      const left = [...requests];
      let slices = 0;
      while (left.length > 0) {
        slices++;
        const running = slice(createRateGate(now), left, server);
        await vi.runAllTimersAsync();
        const until = await running;
        if (until > 0) vi.setSystemTime(until);
      }

      expect(server.refused()).toBe(0);
      expect(slices).toBe(Math.ceil(requests.length / limit));
    }),
    { numRuns: 60 },
  );
});

describe("two jobs at work on one group", () => {
  /** Does the work of one job in slices. Each counts the jobs at work as `jobsAtWork` does. */
  async function workOff(left: number[], server: ReturnType<typeof createServer>, jobsAtWork: () => Promise<number>) {
    while (left.length > 0) {
      const gate = createRateGate(now, jobsAtWork);
      await slice(gate, left, server);
      const until = gate.nextWindowAt()?.getTime() ?? 0;
      if (until > Date.now()) await passes(until - Date.now());
    }
  }

  test("send no more than its limit between them, get no 429, and waste at most one request a window", async () => {
    const latencies = fc.array(fc.nat({ max: 900 }), { minLength: 60, maxLength: 60 });

    await fc.assert(
      fc.asyncProperty(
        latencies,
        fc.nat({ max: 50_000 }),
        fc.integer({ min: 4, max: 20 }),
        async (each, lag, limit) => {
          const server = createServer(limit);
          const beganMs = Date.now();
          const endedMs: number[] = [];
          const jobs = [0, lag].map(async (startsIn) => {
            await passes(startsIn);
            await workOff([...each], server, async () => 2);
            endedMs.push(Date.now());
          });
          await vi.runAllTimersAsync();
          await Promise.all(jobs);

          expect(server.refused()).toBe(0);
          // Responses that come one after another take some seconds of each window.
          const [fromMs, untilMs] = [beganMs + lag, Math.min(...endedMs)];
          const sent = server.arrived().filter((at) => at >= fromMs && at < untilMs).length;
          const windows = Math.floor((untilMs - fromMs) / (windowMs + 6_000));
          expect(windows).toBeGreaterThan(3);
          expect(sent).toBeGreaterThanOrEqual(windows * (limit - 1));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("never get a 429 as one joins the other and the first to end leaves, because the later one waits 90 s", async () => {
    const sizes = fc.record({ first: fc.integer({ min: 5, max: 60 }), second: fc.integer({ min: 5, max: 60 }) });
    const delay = fc.nat({ max: 9_000 });

    await fc.assert(
      fc.asyncProperty(sizes, fc.nat({ max: 200_000 }), delay, delay, async (sizesOf, claimsAtMs, latency, login) => {
        const server = createServer(10);
        let atWork = 1;
        const work = async (requests: number, loginMs: number) => {
          await workOff(Array<number>(requests).fill(latency), server, async () => {
            const counted = atWork;
            // Between the count and the first request, a slice may have to get a token.
            await passes(loginMs);
            return counted;
          });
          atWork--;
        };
        const join = async () => {
          await passes(claimsAtMs);
          atWork++;
          await passes(90_000);
          await work(sizesOf.second, 0);
        };
        const running = Promise.all([work(sizesOf.first, 3 * login), join()]);
        await vi.runAllTimersAsync();
        await running;

        expect(server.refused()).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test("get the whole limit again, one by one, when the other is no longer at work", async () => {
    const server = createServer(10);
    let jobs = 2;
    const left = Array<number>(30).fill(5);
    const running = workOff(left, server, async () => jobs);
    await vi.advanceTimersByTimeAsync(1_000);
    const shared = 30 - left.length;
    jobs = 1;
    await vi.advanceTimersByTimeAsync(windowMs);

    expect([shared, 30 - left.length]).toEqual([5, 15]);
    await vi.runAllTimersAsync();
    await running;
    expect(server.refused()).toBe(0);
  });
});
