import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveAlias } from "../../shared/contract.ts";
import type { JobName } from "../../shared/jobs.ts";
import { createClock, type LabClock } from "../clock.ts";
import type { ExecutionView } from "../lambda/execution.ts";
import { type RingCentral, type RingCentralOptions, startRingCentral } from "../ringcentral/server.ts";
import { type Cloud, type CloudOptions, openCloud } from "./cloud.ts";

export interface WorldOptions extends Partial<Omit<CloudOptions, "clock">> {
  /** True if AWS keeps its objects in memory instead of in the folder. @default false */
  readonly inMemory?: boolean;
  /** When the world begins. @default 03:30 in New York on 2026-11-04, three days after the account's first */
  readonly start?: Date;
  readonly ringCentral?: Omit<RingCentralOptions, "clock">;
}

/** RingCentral and AWS on this machine. */
export interface World extends Cloud {
  readonly clock: LabClock;
  readonly ringCentral: RingCentral;
  readonly dir: string;
  /** Starts tonight's scheduled run of a job through `start-run`, and waits until it has ended. @default archive-calls */
  readonly scheduledNight: (job?: JobName) => Promise<ExecutionView>;
  /** Starts it without `start-run`, which would take its own process. @default archive-calls */
  readonly night: (job?: JobName) => Promise<ExecutionView>;
  /** Delivers the start of the last night once more. */
  readonly startAgain: () => Promise<unknown>;
  /** Starts another run in parallel; `others` returns how such runs ended. */
  readonly startAnother: () => Promise<unknown>;
  readonly others: () => Promise<readonly ExecutionView[]>;
}

export const newYork = "America/New_York";

/** Starts runs as `start-run` does, without it. */
function byItself({ lambda }: Cloud, clock: LabClock) {
  let last = "";
  let job: JobName = "archive-calls";
  const others: string[] = [];
  const start = (run: string) =>
    lambda.invoke(`${job}:${liveAlias}`, { run, manual: false, request: {} }, { type: "Event", executionName: run });
  return {
    night: async (of: JobName = "archive-calls") => {
      job = of;
      last = `night-of-${of}-${clock.now()}`;
      await start(last);
      return lambda.waitFor(job, last);
    },
    startAgain: () => start(last),
    startAnother: async () => {
      const run = `${last}-other-${others.length}`;
      others.push(run);
      await start(run);
    },
    others: () => Promise.all(others.map((run) => lambda.waitFor(job, run))),
  };
}

/** Opens a world in which waits take no time; without a `dir` its files are removed at the end. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { timeZone = newYork, dir = await mkdtemp(join(tmpdir(), "nightshift-")) } = options;
  const clock = createClock(options.start ?? new Date("2026-11-04T08:30:00Z"));
  const account = { timeZone, firstDay: "2026-11-01", ...options.ringCentral?.account };
  const ringCentral = await startRingCentral({ ...options.ringCentral, account, clock });
  const cloud = await openCloud({
    skipWaits: true,
    secret: JSON.stringify(ringCentral.credential),
    archiveFrom: account.firstDay,
    ...options,
    ...{ clock, timeZone, dir: options.inMemory ? undefined : dir },
  });
  return {
    ...cloud,
    clock,
    ringCentral,
    dir,
    scheduledNight: (job = "archive-calls") => cloud.run({ job, scheduledTime: new Date(clock.now()).toISOString() }),
    ...byItself(cloud, clock),
    stop: async () => {
      await cloud.stop();
      await ringCentral.stop();
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}
