import type * as z from "zod/mini";
import type { DayManifest } from "./day-manifest.ts";
import type { Day, Span } from "./time/days.ts";

/** Each of these keeps manifests and a ledger of its own. */
export const aggregateNames = ["calls", "analytics"] as const;
export type AggregateName = (typeof aggregateNames)[number];

/**
 * What one job keeps of each day: a manifest, which its events add up to. Every event may come twice, late or in another
 * order; facts are only ever added.
 */
export interface DayAggregate<M extends DayManifest, E> {
  readonly name: AggregateName;
  readonly manifest: z.ZodMiniType<M>;
  readonly event: z.ZodMiniType<E>;
  readonly empty: (account: string, day: Day, timeZone: string, span: Span) => M;
  readonly reduce: (manifest: M, events: readonly E[]) => M;
}
