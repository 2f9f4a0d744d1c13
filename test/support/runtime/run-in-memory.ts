import * as z from "zod/mini";
import type { JobError } from "../../../shared/errors.ts";
import type { RunContext, RunServices, RunStatus } from "../../../shared/runtime/job.ts";
import { type RunReport, runJob } from "../../../shared/runtime/run-job.ts";
import { createInMemoryEngine, type InMemoryEngine, type Kill } from "./in-memory-engine.ts";

export const start = Date.parse("2026-11-04T08:30:00Z");
export const Request = z.object({ days: z._default(z.array(z.string()), []) });

export interface TestServices extends RunServices {
  /** Returns when a request may be sent again, the given seconds from now. */
  readonly inSeconds: (seconds: number) => Date;
  readonly secondsSinceStart: () => number;
  /** Advances the clock by seconds, as a request does. */
  readonly passes: (seconds: number) => void;
  /** Uses the rate window up, so that the paced rate group must wait from now on. */
  readonly useUp: (seconds: number) => void;
}

export interface RunOptions {
  readonly kills?: readonly Kill[];
  readonly request?: unknown;
  /** Event of the job. @default an event with `request` */
  readonly event?: unknown;
  /** Seconds that an earlier run's requests need to leave the window. @default 0 */
  readonly waitSeconds?: number;
  /** True while the run is the owner; called before each slice. @default true */
  readonly isOwner?: () => boolean;
  /** Opens the services of one step; may throw. */
  readonly opening?: () => void;
}

export interface RunInMemory {
  readonly engine: InMemoryEngine;
  readonly report: RunReport | undefined;
  readonly error: unknown;
  readonly ended: readonly { readonly status: RunStatus; readonly error: JobError | undefined }[];
  readonly released: readonly string[];
  /** Seconds from the end of the run for which its last requests still count, as in its release. */
  readonly quietSeconds: number | undefined;
  /** Seconds of each wait, by order. */
  readonly waits: readonly number[];
  /** Milliseconds that passed while the run waited. */
  readonly passedMs: number;
}

/** Executes `run` to its end over the in-memory engine, with services that may exist inside steps only. */
export async function runInMemory<T>(
  run: (request: z.infer<typeof Request>, steps: RunContext<TestServices>) => Promise<T>,
  options: RunOptions = {},
): Promise<RunInMemory> {
  const { kills = [], request = {}, waitSeconds = 0, isOwner = () => true, opening = () => {} } = options;
  const { event = { run: "the-run", manual: false, request } } = options;
  let time = start;
  const advance = (ms: number) => {
    time += ms;
  };
  const engine = createInMemoryEngine({ advance, kills });
  const ended: { status: RunStatus; error: JobError | undefined }[] = [];
  const released: string[] = [];
  let quietSeconds: number | undefined;
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const services = async (): Promise<TestServices> => {
    if (!engine.isInStep()) throw new Error("services were opened outside a step");
    opening();
    // Every step begins with blank rate gates.
    let nextWindowAt: Date | undefined;
    return {
      now: () => new Date(time),
      inSeconds: (seconds) => new Date(time + seconds * 1000),
      secondsSinceStart: () => (time - start) / 1000,
      passes: (seconds) => advance(seconds * 1000),
      useUp: (seconds) => {
        nextWindowAt = new Date(time + seconds * 1000);
      },
      nextWindowAt: () => nextWindowAt,
      owner: {
        claim: async () => ({ waitSeconds }),
        isCurrent: async () => isOwner(),
        release: async (run, quietUntil) => {
          released.push(run);
          quietSeconds = quietUntil && (quietUntil.getTime() - time) / 1000;
        },
      },
      log,
    };
  };
  const reporter = () => ({
    log,
    ended: (status: RunStatus, error: JobError | undefined) => void ended.push({ status, error }),
    publish: () => {},
  });
  const job = { request: Request, services, reporter, run };
  const [report, error] = await engine
    .run((each) => runJob(job, each, event))
    .then(
      (done) => [done, undefined] as const,
      (thrown: unknown) => [undefined, thrown] as const,
    );
  const waits = engine.journal.flatMap(({ kind, result }) => (kind === "wait" ? [Number(result)] : []));
  return { engine, report, error, ended, released, quietSeconds, waits, passedMs: time - start };
}
