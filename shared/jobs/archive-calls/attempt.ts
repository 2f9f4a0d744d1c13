import { Pause } from "../../core/async/pause.ts";
import type { FetchAttempt } from "../../core/calls/call-manifest.ts";
import { JobError, type JobErrorOptions } from "../../errors.ts";
import { NotAudioError } from "../../ringcentral/endpoints/recording.ts";
import { BodyBrokenError, BodyError } from "../../ringcentral/http/body.ts";

/** Why an attempt stored nothing, as in the manifest. */
export type AttemptResult = Pick<FetchAttempt, "result" | "code">;

/** Result that follows from the response body, not from an API error. */
type BodyResult = { readonly result: (typeof bodyResults)[number]; readonly errorCode?: string | undefined };

/** As in docs/operations.md under recordings-waiting and failed-in-bulk. */
const faultHint =
  "No action for one night: it is fetched again on later nights. If it keeps failing, look at status.ringcentral.com and ask RingCentral's support with this line.";
const notAudioHint =
  "No action for one night: it is fetched again on later nights. If it keeps failing, open an issue with this line.";
const emptyHint =
  "No action for a single recording: it is fetched again on later nights and given up after 14 days. If many are empty, ask RingCentral's support with their ids.";

/**
 * Converts a download's failure: a broken connection into a Pause, because RingCentral may be at fault; a bad body into
 * the recording's own error.
 */
export function downloadFailure(error: unknown, now: Date): unknown {
  if (error instanceof BodyBrokenError)
    return new Pause(now, "unavailable", {
      cause: failed("API_UNAVAILABLE", "the connection broke off", { hint: faultHint, cause: error }),
    });
  if (error instanceof NotAudioError) {
    const details = { result: "not-audio", errorCode: error.mediaType } as const;
    return failed("API_BAD_RESPONSE", error.message, { hint: notAudioHint, cause: error, details });
  }
  if (error instanceof BodyError)
    return failed("API_BAD_RESPONSE", error.message, {
      hint: faultHint,
      cause: error,
      details: { result: "unavailable" },
    });
  return error;
}

/** Returns the error for a recording of zero bytes. */
export function emptyRecording(): JobError {
  return failed("API_BAD_RESPONSE", "the response is empty", { hint: emptyHint, details: { result: "empty" } });
}

function failed(
  code: "API_UNAVAILABLE" | "API_BAD_RESPONSE",
  reason: string,
  options: Pick<JobErrorOptions, "hint" | "cause"> & { readonly details?: BodyResult },
): JobError {
  const retryable = code === "API_UNAVAILABLE";
  return new JobError(code, `The download of a recording failed: ${reason}`, { ...options, retryable });
}

/** Results that follow from the response body, not from an API error. */
const bodyResults = ["not-audio", "unavailable", "empty"] as const satisfies readonly FetchAttempt["result"][];

/** Returns the attempt's result for an error. */
export function attemptOf({ code: errorCode, details }: JobError): AttemptResult {
  const wireCode = details.errorCode ?? details.status;
  const code = wireCode === undefined ? {} : { code: String(wireCode) };
  const bodyResult = bodyResults.find((each) => each === details.result);
  if (bodyResult) return { result: bodyResult, ...code };
  switch (errorCode) {
    case "API_NOT_FOUND":
      return { result: "not-found", ...code };
    case "API_REFUSED":
      return { result: "refused", ...code };
    case "API_UNAVAILABLE":
      return { result: "unavailable", ...code };
    case "TEMPORARY_STORAGE_FAILED":
      return { result: "disk-full" };
    default:
      return { result: "unexpected", code: code.code ?? errorCode };
  }
}
