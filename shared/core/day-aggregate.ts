import type * as z from "zod/mini";
import type { DayManifest } from "./day-manifest.ts";
import type { Day, Span } from "./time/days.ts";

/** Each aggregate has its own manifests and its own ledger: the prefix of their keys, and its title in what the command line prints. */
export const aggregates = {
  calls: { root: "", title: "archive" },
  analytics: { root: "analytics/", title: "analytics" },
  verifications: { root: "verifications/", title: "reports" },
} as const satisfies Readonly<Record<string, { readonly root: string; readonly title: string }>>;

export type AggregateName = keyof typeof aggregates;
export type OtherAggregateName = Exclude<AggregateName, "calls">;

/** The aggregates that an account may lack. */
export const otherAggregates = (Object.keys(aggregates) as AggregateName[]).filter((name) => name !== "calls");

/**
 * Manifest schema, event schema and reducer of one kind of day. Events may come twice, late or in another order:
 * `reduce` only adds facts.
 */
export interface DayAggregate<M extends DayManifest, E> {
  readonly name: AggregateName;
  readonly manifest: z.ZodMiniType<M>;
  readonly event: z.ZodMiniType<E>;
  readonly empty: (account: string, day: Day, timeZone: string, span: Span) => M;
  readonly reduce: (manifest: M, events: readonly E[]) => M;
  /** The rules that decide whether a closed day stays closed; under other rules every day is read again. */
  readonly rules: string;
  /** True if the day is complete, and stays closed. */
  readonly isClosed: (state: { readonly stored: M; readonly manifest: M }) => boolean;
  /** Returns the totals that later runs and the status need of a day; undefined if there are none. */
  readonly counts: (manifest: M) => Readonly<Record<string, number>> | undefined;
}
