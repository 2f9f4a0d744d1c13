import type { Bucket } from "../../../shared/aws/bucket.ts";
import type { JobError } from "../../../shared/errors.ts";
import type { JobSteps, RunServices, RunStatus } from "../../../shared/runtime/job.ts";
import { type RunReport, runJob } from "../../../shared/runtime/run-job.ts";
import { createInMemoryEngine, type Kill } from "./in-memory-engine.ts";

export interface Buckets {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly derived: Bucket;
}

export interface RunOptions {
  readonly request?: object;
  readonly kills?: readonly Kill[];
  /** Services besides those of every job. */
  readonly services?: object;
}

/** A run that has ended. */
export interface StorageRun {
  readonly report: RunReport | undefined;
  readonly error: JobError | undefined;
  /** Metrics by name. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly lines: readonly { readonly message: string; readonly facts: Readonly<Record<string, unknown>> }[];
}

export const runAt = new Date("2026-11-05T09:00:00Z");

/** Runs a deployed job over these buckets to its end. */
export async function runOverBuckets<Request, Services extends RunServices, Result>(
  job: JobSteps<Request, Services, Result>,
  { archive, state, derived }: Buckets,
  { request = {}, kills = [], services: own = {} }: RunOptions = {},
): Promise<StorageRun> {
  const metrics: Record<string, number> = {};
  const lines: StorageRun["lines"][number][] = [];
  let error: JobError | undefined;
  const note = (message: string, facts: object = {}) => {
    lines.push({ message, facts: { ...facts } });
  };
  const count = (name: string, value = 1) => {
    metrics[name] = (metrics[name] ?? 0) + value;
  };
  const log = { info: note, warn: note, error: note };
  const reporter = () => ({
    log,
    publish: () => {},
    ended: (_status: RunStatus, failure: JobError | undefined) => {
      error = failure;
    },
  });
  const services = async (): Promise<Services> => {
    const common = {
      ...{ archive, state, derived, log, timeZone: "America/New_York", sign: undefined },
      run: { name: "run", manual: false },
      now: () => runAt,
      metrics: { add: count, set: count, publish: () => {} },
      owner: { claim: async () => ({ waitSeconds: 0 }), isCurrent: async () => true, release: async () => {} },
      jobsAtWork: async () => 1,
      nextWindowAt: () => undefined,
    };
    return { ...common, ...own } as unknown as Services;
  };
  const engine = createInMemoryEngine({ advance: () => {}, kills });
  const event = { run: "run", manual: false, request };
  const report = await engine
    .run((each) => runJob({ ...job, services, reporter }, each, event))
    .catch((thrown: unknown) => {
      if (!error) throw thrown;
      return undefined;
    });
  return { report, error, metrics, lines };
}
