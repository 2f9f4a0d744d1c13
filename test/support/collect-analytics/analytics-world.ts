import { Env } from "../../../shared/contract.ts";
import { enterFastWorld } from "../enter-fast-world.ts";
import type { FastRun, FastRunOptions } from "../fast-run.ts";
import { type FastStack, type FastWorld, type FastWorldOptions, newYork } from "../fast-world.ts";
import { worldAfter } from "../world-after.ts";
import { type Settings, smallAccount, smallSettings } from "./small-account.ts";

export { newYork } from "../fast-world.ts";
export const account = "7";
const dayMs = 24 * 3_600_000;

export interface RunOptions extends Omit<FastRunOptions, "environment">, Partial<Settings> {}

/** Result and requests of a run of the job. */
export interface AnalyticsRun extends FastRun {
  /** URL and body of every analytics request. */
  readonly requested: readonly string[];
  /** Keys of all writes to the archive. */
  readonly written: readonly string[];
  /** Keys of all writes to the state bucket. */
  readonly keptInState: readonly string[];
}

export interface AnalyticsWorld extends Pick<FastWorld, "archive" | "state" | "clock" | "ringCentral" | "becomes"> {
  /** Runs the deployed job to its end; waits take no time. */
  readonly run: (options?: RunOptions) => Promise<AnalyticsRun>;
  /** Lets a night pass, then runs the job. */
  readonly nextNight: (options?: RunOptions) => Promise<AnalyticsRun>;
  /** Returns the same world with empty buckets. */
  readonly afresh: (name: string) => Promise<Pick<AnalyticsWorld, "archive" | "state" | "run">>;
}

/** Opens the environment of `collect-analytics` in this process. */
export async function openAnalyticsWorld(options: FastWorldOptions = {}): Promise<AnalyticsWorld> {
  return analyticsWorldOf(await enterFastWorld(withDefaults(options)));
}

/** Works in such an environment once, and returns a function that opens another for each test, with a copy of what S3 held. */
export function analyticsWorldAfter(
  options: FastWorldOptions,
  work: (world: AnalyticsWorld) => Promise<unknown>,
): () => Promise<AnalyticsWorld> {
  const open = worldAfter(withDefaults(options), (world) => work(analyticsWorldOf(world)));
  return async () => analyticsWorldOf(await open());
}

function withDefaults({ start = new Date("2026-11-04T08:45:00Z"), ...options }: FastWorldOptions): FastWorldOptions {
  const plan = { id: account, firstDay: "2026-11-01", timeZone: newYork, ...smallAccount, ...options.account };
  return { ...options, start, account: plan };
}

function analyticsWorldOf(world: FastWorld): AnalyticsWorld {
  const run = runsOf(world);
  return {
    ...world,
    run,
    nextNight: (runOptions) => {
      world.clock.advance(dayMs);
      return run(runOptions);
    },
    afresh: async (name) => {
      const stack = await world.stack(name);
      return { ...stack, run: runsOf(stack) };
    },
  };
}

function runsOf(stack: FastStack): AnalyticsWorld["run"] {
  return async ({ groups, chosen, recollectDays, archiveFrom, ...options } = {}) => {
    const settings = { ...smallSettings, ...definedOnly({ groups, chosen, recollectDays, archiveFrom }) };
    const run = await stack.run("collect-analytics", { ...options, environment: environmentOf(settings) });
    const requested = run.requests.filter((request) => request.includes("/analytics/"));
    const keysIn = (bucket: string) =>
      run.written.flatMap((target) => (target.startsWith(`${bucket}/`) ? [target.slice(bucket.length + 1)] : []));
    const written = keysIn(`${stack.name}-archive`);
    return { ...run, requested, written, keptInState: keysIn(`${stack.name}-state`) };
  };
}

function environmentOf({ groups, chosen, recollectDays, archiveFrom }: Settings) {
  return {
    [Env.analyticsGroups]: groups.join(","),
    [Env.analyticsMetrics]: chosen.join(","),
    [Env.recollectDays]: String(recollectDays),
    [Env.archiveFrom]: archiveFrom,
  };
}

function definedOnly<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
