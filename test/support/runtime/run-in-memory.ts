import * as z from "zod/mini";
import type { JobError } from "../../../shared/errors.ts";
import { defineJob, type RunContext, type RunServices, type RunStatus } from "../../../shared/runtime/job.ts";
import { type RunReport, runJob } from "../../../shared/runtime/run-job.ts";
import { createInMemoryEngine, type InMemoryEngine, type Kill } from "./in-memory-engine.ts";

export const start = Date.parse("2026-11-04T08:30:00Z");
export const Request = z.object({ days: z._default(z.array(z.string()), []) });

export interface TestServices extends RunServices {
  /** When a request may be sent again, so many seconds from now. */
  readonly inSeconds: (seconds: number) => Date;
  readonly secondsSinceStart: () => number;
  /** Lets so many seconds pass, as a request takes. */
  readonly passes: (seconds: number) => void;
  /** Uses the rate window up: the paced rate group has to rest from now on. */
  readonly useUp: (seconds: number) => void;
}

export interface RunOptions {
  readonly kills?: readonly Kill[];
  readonly request?: unknown;
  /** What the job is invoked with. @default an event with `request` */
  readonly event?: unknown;
  /** Seconds that an earlier run's requests need to leave the window. @default 0 */
  readonly waitSeconds?: number;
  /** Whether the run is still the owner, asked before each slice. @default it is */
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
  /** Seconds from the run's end on for which its last requests are still counted, as passed on with its release. */
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
  const job = defineJob({ name: "archive-calls", request: Request, services, reporter, run });
  const [report, error] = await engine
    .run((each) => runJob(job, each, event))
    .then(
      (done) => [done, undefined] as const,
      (thrown: unknown) => [undefined, thrown] as const,
    );
  const waits = engine.journal.flatMap(({ kind, result }) => (kind === "wait" ? [Number(result)] : []));
  return { engine, report, error, ended, released, quietSeconds, waits, passedMs: time - start };
}
