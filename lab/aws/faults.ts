import { type InForce, isInForce } from "../in-force.ts";
import type { AwsCall } from "./wire.ts";

/** A planned fault, and the calls that it hits. */
export interface AwsFault extends InForce {
  /** Every given field must match. `key` is a whole key, or a pattern. */
  readonly on: { readonly operation?: string; readonly bucket?: string; readonly key?: string | RegExp };
  /** @default 1 */
  readonly times?: number | "always";
  /** Number of matching calls that succeed first. @default 0 */
  readonly after?: number;
  readonly what: AwsFaultEffect;
}

/**
 * A refusal before anything is done, or: `lostResponse` does it and closes the connection instead of answering,
 * `drop` closes the connection before doing anything, `stall` never answers.
 */
export type AwsFaultEffect = { readonly status: number; readonly code: string } | "lostResponse" | "drop" | "stall";

export interface FaultPlan {
  add(fault: AwsFault): void;
  clear(): void;
  /** Returns the fault of this call, and counts the call. */
  next(call: AwsCall, nowMs: number): AwsFaultEffect | undefined;
}

interface PlannedFault {
  readonly fault: AwsFault;
  toSkip: number;
  left: number;
}

export function createFaultPlan(): FaultPlan {
  let planned: PlannedFault[] = [];
  return {
    add: (fault) => {
      const { times = 1, after = 0 } = fault;
      planned.push({ fault, toSkip: after, left: times === "always" ? Number.POSITIVE_INFINITY : times });
    },
    clear: () => {
      planned = [];
    },
    next: (call, nowMs) => {
      for (const candidate of planned) {
        if (candidate.left === 0 || !fits(candidate.fault, call) || !isInForce(candidate.fault, nowMs)) continue;
        if (candidate.toSkip > 0) {
          candidate.toSkip--;
          continue;
        }
        candidate.left--;
        return candidate.fault.what;
      }
      return undefined;
    },
  };
}

function fits({ on }: AwsFault, call: AwsCall): boolean {
  if (on.operation !== undefined && on.operation !== call.operation) return false;
  if (on.bucket !== undefined && on.bucket !== call.bucket) return false;
  if (on.key === undefined) return true;
  if (typeof on.key === "string") return on.key === call.key;
  return call.key !== undefined && call.key.search(on.key) >= 0;
}
