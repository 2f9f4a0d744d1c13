import * as z from "zod/mini";
import { lenient } from "../../core/optional.ts";
import { type ErrorCode, JobError } from "../../errors.ts";
import { isRecording, neededPermissions } from "./needed-permissions.ts";
import { errorJson } from "./response-json.ts";
import type { Timeouts } from "./timeouts.ts";
import { WireCode } from "./wire-code.ts";

const Codes = z.object({ errorCode: WireCode, permissionName: WireCode });
const Body = z.extend(Codes, { errors: lenient(z.array(Codes)) });
/** RingCentral's request ids are UUIDs. Anything else is dropped, because it may contain secrets. */
const RequestId = lenient(z.guid());

/**
 * RingCentral's codes in an error response. Messages are dropped, because they may contain anything.
 * https://developers.ringcentral.com/guide/basics/errors
 */
export interface ApiErrorCode {
  readonly errorCode: string | undefined;
  readonly permissionName: string | undefined;
}

/**
 * Reads RingCentral's error code and permission from a refusal's body. Both are undefined if the body cannot be read.
 */
export async function readErrorCode(response: Response, { idleMs }: Timeouts): Promise<ApiErrorCode> {
  const body = Body.safeParse(await errorJson(response, idleMs));
  if (!body.success) return { errorCode: undefined, permissionName: undefined };
  const nested = body.data.errors?.[0];
  return {
    errorCode: nested?.errorCode ?? body.data.errorCode,
    permissionName: body.data.permissionName ?? nested?.permissionName,
  };
}

/** Returns the error for a response that a retry does not change. `request`: method and path. */
export function apiError(request: string, response: Response, { errorCode, permissionName }: ApiErrorCode): JobError {
  const { status, headers } = response;
  const message = `${request} answered ${[status, errorCode, permissionName].filter(Boolean).join(" ")}`;
  const requestId = RequestId.parse(headers.get("rcrequestid") ?? undefined);
  const { code, hint } = kindOf(request.slice(request.indexOf("/")), status, { errorCode, permissionName });
  return new JobError(code, message, { hint, details: { status, errorCode, permissionName, requestId } });
}

/** The code of a 403 for a feature that the account does not have. https://developers.ringcentral.com/guide/basics/errors */
const featureMissing = "CMN-109";
/** The only 404 code for one missing resource. A gateway's 404 may hide a missing permission. */
const notFound = "CMN-102";

function kindOf(
  path: string,
  status: number,
  { errorCode, permissionName }: ApiErrorCode,
): { readonly code: ErrorCode; readonly hint: string } {
  if (status === 403 && errorCode === featureMissing) {
    const hint =
      "The account's plan lacks this feature: ask RingCentral for it, or leave the job out (settings: jobs).";
    return { code: "API_REFUSED", hint };
  }
  const { scope, role } = neededPermissions(path);
  const needed = `This API request needs the app scope ${scope}, and in the role: ${role}.`;
  if (status === 403) {
    const missing = permissionName ? `the permission ${permissionName}` : "a permission";
    return {
      code: "API_REFUSED",
      hint: `Give ${missing} to the app (Developer Console → Settings → Security) and to the service user's role (Admin Portal → Users → Roles). ${needed}`,
    };
  }
  if (status === 401) {
    return {
      code: "API_REFUSED",
      hint: `RingCentral refused a new access token for this API request: check that nothing else uses the service user's sessions, and check its permissions. ${needed}`,
    };
  }
  if (status === 404 && errorCode === notFound)
    return {
      code: "API_NOT_FOUND",
      hint: isRecording(path)
        ? "No action for a single recording: it is requested again on later nights and given up after 14 days. If many are not found, look at status.ringcentral.com and ask RingCentral's support with their ids."
        : "Check the credential's server, the app's permissions, and the rights of the service user's role.",
    };
  if (status === 404) {
    return {
      code: "API_REFUSED",
      hint: `RingCentral does not offer this to the app or the service user: check the app's permissions, the user's role, and the credential's server. ${needed}`,
    };
  }
  return {
    code: "API_BAD_REQUEST",
    hint: "Open an issue and quote the request id: RingCentral rejected the API request as malformed.",
  };
}
