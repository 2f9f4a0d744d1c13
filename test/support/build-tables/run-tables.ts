import type { Bucket } from "../../../shared/aws/bucket.ts";
import type { JobError } from "../../../shared/errors.ts";
import { buildTables } from "../../../shared/jobs/build-tables/build-tables.ts";
import type { RunStatus } from "../../../shared/runtime/job.ts";
import { type RunReport, runJob } from "../../../shared/runtime/run-job.ts";
import { createInMemoryEngine, type Kill } from "../runtime/in-memory-engine.ts";

export interface TablesRun {
  readonly report: RunReport | undefined;
  readonly error: JobError | undefined;
  /** Metrics by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Messages of the log. */
  readonly logged: readonly string[];
  /** `day table` of each line `table damaged`. */
  readonly damaged: readonly string[];
}

/** Runs the deployed job over these buckets to its end. */
export async function runTables(
  { archive, state, derived }: { readonly archive: Bucket; readonly state: Bucket; readonly derived: Bucket },
  { request = {}, kills = [] }: { readonly request?: object; readonly kills?: readonly Kill[] } = {},
): Promise<TablesRun> {
  const metrics: Record<string, number> = {};
  const logged: string[] = [];
  const damaged: string[] = [];
  let error: JobError | undefined;
  const note = (message: string, { day, table }: { readonly day?: string; readonly table?: string } = {}) => {
    logged.push(message);
    if (message === "table damaged") damaged.push(`${day} ${table}`);
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
  const services = async () => ({
    ...{ archive, state, derived, log, timeZone: "America/New_York", sign: undefined },
    run: { name: "run", manual: false },
    now: () => new Date("2026-11-05T09:00:00Z"),
    metrics: { add: count, set: count, publish: () => {} },
    owner: { claim: async () => ({ waitSeconds: 0 }), isCurrent: async () => true, release: async () => {} },
    jobsAtWork: async () => 1,
    nextWindowAt: () => undefined,
  });
  const engine = createInMemoryEngine({ advance: () => {}, kills });
  const event = { run: "run", manual: false, request };
  const report = await engine
    .run((each) => runJob({ ...buildTables, services, reporter }, each, event))
    .catch((thrown: unknown) => {
      if (!error) throw thrown;
      return undefined;
    });
  return { report, error, metrics, logged, damaged };
}
