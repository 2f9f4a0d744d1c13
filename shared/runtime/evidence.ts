import { Pause } from "../core/async/pause.ts";
import type { Suspicion } from "../core/whose-fault.ts";
import { deserializeError, type ErrorCode, JobError, serializeError } from "../errors.ts";

/**
 * What one failure proves. `own`: the item is at fault. `wait`: nothing is; the rate window is used up, or another function
 * exchanges the token. `stop`: every item would fail. `suspicion`: later results decide.
 */
export type Evidence =
  | { readonly type: "own"; readonly error: JobError }
  | { readonly type: "stop"; readonly error: JobError }
  | { readonly type: "wait"; readonly pause: Pause }
  | {
      readonly type: "suspicion";
      readonly suspicion: Pick<Suspicion, "evidence" | "source">;
      readonly error: JobError;
      readonly until: Date | undefined;
    };

const sources: Partial<Record<ErrorCode, Suspicion["source"]>> = {
  STORAGE_FAILED: "storage",
  TEMPORARY_STORAGE_FAILED: "here",
};

/** Codes after which no other item can succeed. */
const stopping: readonly ErrorCode[] = [
  "CONFIG_INVALID",
  "REQUEST_INVALID",
  "CREDENTIAL_MISSING",
  "CREDENTIAL_INVALID",
  "CREDENTIAL_REFUSED",
  "TIME_ZONE_CHANGED",
];
const loginCodes: readonly ErrorCode[] = ["CREDENTIAL_MISSING", "CREDENTIAL_INVALID", "CREDENTIAL_REFUSED"];

/**
 * True for an error after which the run sends RingCentral no more requests: login is refused, or failed for an hour.
 */
export function isLoginError({ code, retryable, details }: Pick<JobError, "code" | "retryable" | "details">): boolean {
  if (retryable) return false;
  return loginCodes.includes(code) || (code === "API_UNAVAILABLE" && details.reason === "token");
}

/** Classifies what was thrown while an item was processed. An unexpected error is the item's own. */
export function evidenceOf(thrown: unknown): Evidence {
  if (thrown instanceof Pause) {
    if (thrown.reason !== "unavailable") return { type: "wait", pause: thrown };
    const error = thrown.cause instanceof JobError ? thrown.cause : unavailable(thrown);
    return suspicion("unavailable", error, thrown.until);
  }
  const error = thrown instanceof JobError ? thrown : deserializeError(serializeError(thrown));
  if (error.retryable || error.code === "TEMPORARY_STORAGE_FAILED") return suspicion("unavailable", error);
  if (stopping.includes(error.code)) return { type: "stop", error };
  if (error.code === "API_REFUSED" || error.code === "STORAGE_FAILED") return suspicion("denied", error);
  return { type: "own", error };
}

function suspicion(evidence: Suspicion["evidence"], error: JobError, until?: Date): Evidence {
  const source = sources[error.code] ?? "api";
  return { type: "suspicion", suspicion: { evidence, source }, error, until };
}

function unavailable(cause: Pause): JobError {
  return new JobError("API_UNAVAILABLE", "RingCentral sent no usable response", {
    cause,
    retryable: true,
    hint: "Look at status.ringcentral.com and the log lines above. The next run continues where this one stopped.",
  });
}
