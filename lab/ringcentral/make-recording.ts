import type { RecordingsPlan } from "./account-plan.ts";
import type { Recording } from "./call.ts";
import type { Account } from "./create-account.ts";
import { between, type Quota, type Random } from "./random.ts";

export interface MakeRecordingOptions {
  readonly id: string;
  readonly account: Account;
  readonly random: Random;
  readonly quota: Quota;
  readonly startMs: number;
  readonly durationMs: number;
  readonly attachedAtMs: number;
}

/** Generates a recording by the account's plan. */
export function makeRecording(options: MakeRecordingOptions): Recording {
  const { id, account, random, quota, startMs, durationMs, attachedAtMs } = options;
  const plan = account.recordings;
  return {
    id,
    type: quota("on demand", account.calls.onDemandShare) ? "OnDemand" : "Automatic",
    contentType: contentTypeOf(plan, random),
    bytes: typeof plan.bytes === "number" ? plan.bytes : between(random, plan.bytes.min, plan.bytes.max),
    durationSeconds: Math.round(durationMs / 1000),
    attachedAtMs,
    readyAtMs: readyAtMs(plan, quota, attachedAtMs),
    expiresAtMs: startMs + plan.retentionDays * 24 * 60 * 60 * 1000,
    forbidden: quota("forbidden", plan.forbiddenShare),
  };
}

function contentTypeOf(plan: RecordingsPlan, random: Random): Recording["contentType"] {
  if (plan.contentType !== "mixed") return plan.contentType;
  return random() < 0.5 ? "audio/mpeg" : "audio/wav";
}

function readyAtMs(plan: RecordingsPlan, quota: Quota, attachedAtMs: number): number {
  if (quota("never", plan.neverShare)) return Infinity;
  return quota("slow", plan.slowShare) ? attachedAtMs + plan.readyAfterMs : attachedAtMs;
}
