import type { Call, Recording } from "./call.ts";
import { seedOf } from "./random.ts";

/** A recording written by hand. If two calls reference the same `id`, the earlier one's properties apply. */
export interface PlannedRecording {
  readonly id: string;
  readonly type?: "Automatic" | "OnDemand";
  /** RingCentral documents audio/mpeg and audio/wav. @default audio/mpeg */
  readonly contentType?: string;
  readonly bytes?: number;
  readonly attachedAt?: string;
  /** ISO, or "never". */
  readonly readyAt?: string;
  readonly expiresAt?: string;
  readonly forbidden?: boolean;
  readonly withoutContentUri?: boolean;
}

/** A call written by hand; instants are ISO 8601. */
export interface PlannedCall {
  readonly id: string;
  readonly startTime: string;
  readonly durationSeconds?: number;
  readonly fax?: boolean;
  readonly short?: boolean;
  readonly visibleAt?: string;
  readonly changesAt?: string;
  readonly deletedAt?: string;
  readonly vanishesAt?: string;
  readonly recording?: PlannedRecording;
  readonly recordingNamedBy?: Call["recordingNamedBy"];
  readonly transfers?: readonly PlannedRecording[];
  /** Additional bytes of its record, as if it had very many legs. @default 0 */
  readonly extraBytes?: number;
}

/** A call enters the log 15 to 30 seconds after it ended (RingCentral guide: call log). */
export const entersLogAfterMs = 20_000;

const instant = (iso: string | undefined, otherwise: number) => (iso === undefined ? otherwise : Date.parse(iso));

/** Converts a call written by hand into the form of generated ones. */
export function callFromPlan(plan: PlannedCall, date: string, retentionDays: number): Call {
  const startMs = Date.parse(plan.startTime);
  const durationMs = (plan.durationSeconds ?? 60) * 1000;
  const visibleAtMs = instant(plan.visibleAt, startMs + durationMs + entersLogAfterMs);
  const expiresAtMs = startMs + retentionDays * 24 * 60 * 60 * 1000;
  const recording = (each: PlannedRecording) => recordingFromPlan(each, { visibleAtMs, expiresAtMs, durationMs });
  return {
    id: plan.id,
    date,
    seed: seedOf(plan.id),
    turn: seedOf("turn", plan.id),
    startMs,
    durationMs,
    fax: plan.fax ?? false,
    short: plan.short ?? false,
    visibleAtMs,
    changesAtMs: instant(plan.changesAt, Infinity),
    deletedAtMs: instant(plan.deletedAt, Infinity),
    vanishesAtMs: instant(plan.vanishesAt, Infinity),
    arrivesAfterPages: 0,
    leavesAfterPages: Infinity,
    recording: plan.recording && recording(plan.recording),
    recordingNamedBy: plan.recordingNamedBy ?? "record",
    transfers: (plan.transfers ?? []).map(recording),
    ...(plan.extraBytes !== undefined && { extraBytes: plan.extraBytes }),
  };
}

interface CallTimes {
  readonly visibleAtMs: number;
  readonly expiresAtMs: number;
  readonly durationMs: number;
}

function recordingFromPlan(plan: PlannedRecording, call: CallTimes): Recording {
  return {
    id: plan.id,
    type: plan.type ?? "Automatic",
    contentType: plan.contentType ?? "audio/mpeg",
    bytes: plan.bytes ?? 20_000,
    durationSeconds: Math.round(call.durationMs / 1000),
    attachedAtMs: instant(plan.attachedAt, call.visibleAtMs),
    readyAtMs: plan.readyAt === "never" ? Infinity : instant(plan.readyAt, call.visibleAtMs),
    expiresAtMs: instant(plan.expiresAt, call.expiresAtMs),
    forbidden: plan.forbidden ?? false,
    withoutContentUri: plan.withoutContentUri ?? false,
  };
}
