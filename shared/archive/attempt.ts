import type { Try } from "../core/manifest.ts";
import { Pause } from "../core/pause.ts";
import { JobError } from "../errors.ts";
import { BodyFault, BrokenBody } from "../ringcentral/body.ts";
import { NotAudio } from "../ringcentral/recording.ts";

/** Why an attempt at a recording stored nothing, as its manifest tells. */
export type AttemptResult = Pick<Try, "why" | "code">;

/** A download's failure as the engine judges it: what broke off may be RingCentral's, another body is the recording's own. */
export function downloadFailure(error: unknown, now: Date): unknown {
  if (error instanceof BrokenBody)
    return new Pause(now, "fault", { cause: failed("API_UNAVAILABLE", "broke off", error) });
  if (error instanceof NotAudio) return failed("API_UNEXPECTED", error.message, error, "not-audio", error.mediaType);
  if (error instanceof BodyFault) return failed("API_UNEXPECTED", error.message, error, "fault");
  return error;
}

/** A recording of no bytes. */
export function emptyRecording(): JobError {
  return failed("API_UNEXPECTED", "it is empty", undefined, "empty");
}

function failed(
  code: "API_UNAVAILABLE" | "API_UNEXPECTED",
  what: string,
  cause: unknown,
  why?: Try["why"],
  errorCode?: string,
): JobError {
  return new JobError(code, `The download of a recording failed: ${what}`, {
    cause,
    retryable: code === "API_UNAVAILABLE",
    todo: "No action: it is fetched again on later nights.",
    ...(why && { details: { why, errorCode } }),
  });
}

/** Results that are told apart by the body, not by an error of RingCentral's. */
const ownResults = ["not-audio", "fault", "empty"] as const satisfies readonly Try["why"][];

/** What an error says of the recording that it came from. */
export function attemptOf({ code: errorCode, details }: JobError): AttemptResult {
  const wireCode = details.errorCode ?? details.status;
  const code = wireCode === undefined ? {} : { code: String(wireCode) };
  const own = ownResults.find((each) => each === details.why);
  if (own) return { why: own, ...code };
  switch (errorCode) {
    case "API_NOT_FOUND":
      return { why: "not-found", ...code };
    case "API_REFUSED":
      return { why: "refused", ...code };
    case "API_UNAVAILABLE":
      return { why: "fault", ...code };
    case "TEMPORARY_STORAGE_FAILED":
      return { why: "no-room" };
    default:
      return { why: "unexpected", code: code.code ?? errorCode };
  }
}
