import * as z from "zod/mini";
import type { JobError } from "../../shared/errors.ts";
import { defineJob, type RunServices, type RunStatus, type Steps } from "../../shared/runtime/job.ts";
import { type RunReport, runJob } from "../../shared/runtime/run-job.ts";
import { createInMemoryEngine, type InMemoryEngine, type Kill } from "./in-memory-engine.ts";

export const start = Date.parse("2026-11-04T08:30:00Z");
export const Request = z.object({ days: z._default(z.array(z.string()), []) });

export interface TestServices extends RunServices {
  /** When a request may be sent again, so many seconds from now. */
  readonly inSeconds: (seconds: number) => Date;
}

export interface RunOptions {
  readonly kills?: readonly Kill[];
  readonly request?: unknown;
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
  /** Seconds of each wait, by order. */
  readonly waits: readonly number[];
  /** Milliseconds that passed while the run waited. */
  readonly passedMs: number;
}

/** Runs a story to its end over the in-memory engine, with services that may exist inside steps only. */
export async function runInMemory<T>(
  story: (request: z.infer<typeof Request>, steps: Steps<TestServices>) => Promise<T>,
  { kills = [], request = {}, waitSeconds = 0, isOwner = () => true, opening = () => {} }: RunOptions = {},
): Promise<RunInMemory> {
  let time = start;
  const advance = (ms: number) => {
    time += ms;
  };
  const engine = createInMemoryEngine({ advance, kills });
  const ended: { status: RunStatus; error: JobError | undefined }[] = [];
  const released: string[] = [];
  const services = async (): Promise<TestServices> => {
    if (!engine.isInStep()) throw new Error("services were opened outside a step");
    opening();
    return {
      now: () => new Date(time),
      inSeconds: (seconds) => new Date(time + seconds * 1000),
      owner: {
        take: async () => ({ waitSeconds }),
        isOwner: async () => isOwner(),
        release: async (run) => void released.push(run),
      },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      ended: (status, error) => void ended.push({ status, error }),
      publish: () => {},
    };
  };
  const job = defineJob({ name: "archive-calls", request: Request, services, story });
  const event = { run: "the-run", manual: false, request };
  const [report, error] = await engine
    .run((each) => runJob(job, each, event))
    .then(
      (done) => [done, undefined] as const,
      (thrown: unknown) => [undefined, thrown] as const,
    );
  const waits = engine.journal.flatMap(({ kind, result }) => (kind === "wait" ? [Number(result)] : []));
  return { engine, report, error, ended, released, waits, passedMs: time - start };
}
