import type * as z from "zod/mini";
import type { Day, Span } from "./days.ts";

/** Each of these keeps manifests and a ledger of its own. */
export const bookNames = ["calls", "analytics"] as const;
export type BookName = (typeof bookNames)[number];

/** What the manifest of any day says of itself. */
export interface DayManifest {
  readonly account: string;
  readonly day: Day;
  readonly timeZone: string;
  readonly revision: number;
  /** SHA-256 of the bytes of the revision before this one, base64. */
  readonly previous?: string | undefined;
  readonly run: string;
  readonly writtenAt: string;
  readonly status: "open" | "closed";
}

/**
 * What one job keeps of each day: a manifest, which its events add up to. Every event may come twice, late or in another
 * order; facts are only ever added.
 */
export interface Book<M extends DayManifest, E> {
  readonly name: BookName;
  readonly manifest: z.ZodMiniType<M>;
  readonly event: z.ZodMiniType<E>;
  readonly empty: (account: string, day: Day, timeZone: string, span: Span) => M;
  readonly reduce: (manifest: M, events: readonly E[]) => M;
}
