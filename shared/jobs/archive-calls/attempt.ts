import { Pause } from "../../core/async/pause.ts";
import type { FetchAttempt } from "../../core/calls/call-manifest.ts";
import { JobError, type JobErrorOptions } from "../../errors.ts";
import { NotAudioError } from "../../ringcentral/endpoints/recording.ts";
import { BodyBrokenError, BodyError } from "../../ringcentral/http/body.ts";

/** Why an attempt at a recording stored nothing, as its manifest tells. */
export type AttemptResult = Pick<FetchAttempt, "result" | "code">;

/** What a body alone shows of its recording. */
type OwnResult = { readonly result: (typeof ownResults)[number]; readonly errorCode?: string | undefined };

/** As docs/operations.md says it under recordings-waiting and failed-in-bulk. */
const faultHint =
  "It is fetched again on later nights. If that keeps failing, look at status.ringcentral.com and ask RingCentral's support with this line.";
const notAudioHint = "It is fetched again on later nights. If that keeps failing, open an issue with this line.";
const emptyHint =
  "It is fetched again on later nights and given up after 14 days. If many are empty, ask RingCentral's support with their ids.";

/** A download's failure as the engine judges it: what broke off may be RingCentral's, another body is the recording's own. */
export function downloadFailure(error: unknown, now: Date): unknown {
  if (error instanceof BodyBrokenError)
    return new Pause(now, "unavailable", {
      cause: failed("API_UNAVAILABLE", "broke off", { hint: faultHint, cause: error }),
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

/** A recording of no bytes. */
export function emptyRecording(): JobError {
  return failed("API_BAD_RESPONSE", "it is empty", { hint: emptyHint, details: { result: "empty" } });
}

function failed(
  code: "API_UNAVAILABLE" | "API_BAD_RESPONSE",
  what: string,
  options: Pick<JobErrorOptions, "hint" | "cause"> & { readonly details?: OwnResult },
): JobError {
  const retryable = code === "API_UNAVAILABLE";
  return new JobError(code, `The download of a recording failed: ${what}`, { ...options, retryable });
}

/** Results that are told apart by the body, not by an error of RingCentral's. */
const ownResults = ["not-audio", "unavailable", "empty"] as const satisfies readonly FetchAttempt["result"][];

/** What an error says of the recording that it came from. */
export function attemptOf({ code: errorCode, details }: JobError): AttemptResult {
  const wireCode = details.errorCode ?? details.status;
  const code = wireCode === undefined ? {} : { code: String(wireCode) };
  const own = ownResults.find((each) => each === details.result);
  if (own) return { result: own, ...code };
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
