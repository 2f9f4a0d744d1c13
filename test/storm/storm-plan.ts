import type { AwsFaultEffect } from "../../lab/aws/faults.ts";
import type { Fault } from "../../lab/ringcentral/faults.ts";
import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";
import type { RateGroup, RateLimit } from "../../lab/ringcentral/rate-limiter.ts";
import type { JobName } from "../../shared/jobs.ts";

/** Everything that happens in a storm, made from one seed, as plain data, so that parts can be left out. */
export interface StormPlan {
  readonly seed: number;
  /** The chosen kinds of trouble, one word each. */
  readonly kinds: readonly string[];
  /** Days on which the jobs start, counted from the first night; the last are calm. */
  readonly nights: readonly number[];
  /** Jobs that run each night. @default all that storms run */
  readonly jobs?: readonly JobName[];
  readonly calls: readonly PlannedCall[];
  /** True if RingCentral sends the length of recordings. */
  readonly tellsLengths: boolean;
  /** Special properties of the account. @default none */
  readonly account?: AccountOfStorm;
  readonly stacks: readonly StackPlan[];
  readonly troubles: readonly Trouble[];
  /** Maximum duration of a request to RingCentral, or a write to S3, in ms each way. */
  readonly latencyMs: { readonly api: number; readonly s3: number };
}

export interface AccountOfStorm {
  /** @default 90, as at RingCentral */
  readonly retentionDays?: number;
  /** When the credential's JWT expires, ISO 8601. @default never */
  readonly credentialExpiresAt?: string;
}

export interface StackPlan {
  readonly name: string;
  /** Time from the first stack's nights to its own, in ms. */
  readonly delayMs: number;
}

/** A trouble. Any one may be left out of a plan. */
export type Trouble = TroubleBase & TroubleEffect;

interface TroubleBase {
  /** One word for readers. */
  readonly kind: string;
  /** Epoch ms: in `[fromMs, untilMs)` it may do harm; `Infinity` is written as null. */
  readonly fromMs: number;
  readonly untilMs: number | null;
  /**
   * What the jobs owe all the same: `mild`: everything, the same night; `item`: everything but `items`; `severe`: nothing that
   * night, but honest words, and bounded requests, logins and time.
   */
  readonly harm: "mild" | "item" | "severe";
  readonly items?: TroubledItems;
}

export interface TroubledItems {
  readonly days?: readonly string[];
  /** Ids, or every recording. */
  readonly recordings?: readonly string[] | "all";
  readonly analytics?: boolean;
}

export type TroubleEffect =
  | { readonly type: "api"; readonly fault: Fault }
  | { readonly type: "aws"; readonly fault: AwsFaultPlan }
  | { readonly type: "kill"; readonly kill: KillPlan }
  | { readonly type: "limits"; readonly limits: Partial<Record<RateGroup, RateLimit>> }
  | { readonly type: "neighbour"; readonly group: RateGroup; readonly requests: number; readonly everyMs: number }
  | { readonly type: "evict" }
  | { readonly type: "slow"; readonly operation: string; readonly target: string; readonly ms: number }
  | { readonly type: "clock"; readonly errorMs: number }
  | DamageEffect;

/** Someone changes an object, or removes it. */
export interface DamageEffect {
  readonly type: "damage";
  readonly stack: string;
  readonly bucket: "archive" | "state" | "derived";
  readonly key: string;
  /** `forged`: JSON that still has its form. @default garbage */
  readonly how?: "garbage" | "removed" | "forged";
  /** Day of the forged entry in an index. */
  readonly day?: string;
}

/** The lab's fault with a pattern for the key, as text. */
export interface AwsFaultPlan {
  readonly operation: string;
  readonly key: string;
  readonly times: number | "always";
  readonly after: number;
  readonly what: AwsFaultEffect;
}

/** The container dies at the nth matching request of its run. */
export interface KillPlan {
  readonly stack: string;
  readonly job: JobName;
  readonly night: number;
  readonly operation: string;
  /** A part of the target. */
  readonly target: string;
  readonly nth: number;
  readonly when: "before" | "after";
  /** Delay in ms of a request that was on its way; undefined if it is lost. */
  readonly lateMs?: number;
}

/** The first night: 03:30 in New York. */
export const stormStartMs = Date.parse("2026-11-04T08:30:00Z");
export const stormFirstDay = "2026-11-01";
export const stormDayMs = 24 * 3_600_000;

/** Returns the days for which RingCentral keeps recordings. */
export function retentionDaysOf({ account }: Pick<StormPlan, "account">): number {
  return account?.retentionDays ?? 90;
}

export function nightStartMs(plan: Pick<StormPlan, "nights">, night: number): number {
  return stormStartMs + (plan.nights[night] ?? 0) * stormDayMs;
}

/** True if a trouble may do harm between two instants. */
export function isInSpan({ fromMs, untilMs }: Trouble, startMs: number, endMs: number): boolean {
  return fromMs <= endMs && startMs < (untilMs ?? Number.POSITIVE_INFINITY);
}
