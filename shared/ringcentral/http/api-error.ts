import * as z from "zod/mini";
import { lenient } from "../../core/optional.ts";
import { type ErrorCode, JobError } from "../../errors.ts";
import { isRecording, neededPermissions } from "./needed-permissions.ts";
import { errorJson } from "./response-json.ts";
import type { TimeLimits } from "./timeouts.ts";
import { WireCode } from "./wire-code.ts";

const Codes = z.object({ errorCode: WireCode, permissionName: WireCode });
const Body = z.extend(Codes, { errors: lenient(z.array(Codes)) });
/** RingCentral's request ids are UUIDs; what is none may be anything. */
const RequestId = lenient(z.guid());

/** RingCentral's own words for an error answer (guide: errors); only codes are kept, a message may hold anything. */
export interface ApiErrorCode {
  readonly errorCode: string | undefined;
  readonly permissionName: string | undefined;
}

export async function readErrorCode(response: Response, { idleMs }: TimeLimits): Promise<ApiErrorCode> {
  const body = Body.safeParse(await errorJson(response, idleMs));
  if (!body.success) return { errorCode: undefined, permissionName: undefined };
  const nested = body.data.errors?.[0];
  return {
    errorCode: nested?.errorCode ?? body.data.errorCode,
    permissionName: body.data.permissionName ?? nested?.permissionName,
  };
}

/** An answer to `request`, a method and a path, that waiting does not mend, as an error that says what to do. */
export function apiError(request: string, response: Response, { errorCode, permissionName }: ApiErrorCode): JobError {
  const { status, headers } = response;
  const message = `${request} answered ${[status, errorCode, permissionName].filter(Boolean).join(" ")}`;
  const requestId = RequestId.parse(headers.get("rcrequestid") ?? undefined);
  const { code, hint } = kindOf(request.slice(request.indexOf("/")), status, { errorCode, permissionName });
  return new JobError(code, message, { hint, details: { status, errorCode, permissionName, requestId } });
}

/** The code of a 403 where the account does not have what was asked for (guide: errors). */
const featureMissing = "CMN-109";
/** The only code of a 404 that says that this one resource does not exist; a gateway's 404 may hide a missing permission. */
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
  const needed = `This request needs the app scope ${scope}; of the role: ${role}.`;
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
      hint: `RingCentral refused a new access token for this: check that nothing else uses the service user's sessions, and its permissions. ${needed}`,
    };
  }
  if (status === 404 && errorCode === notFound)
    return {
      code: "API_NOT_FOUND",
      hint: isRecording(path)
        ? "It is asked for again on later nights and given up after 14 days. If many are not found, look at status.ringcentral.com and ask RingCentral's support with their ids."
        : "Check the credential's server, the app's permissions, and what the service user's role may see.",
    };
  if (status === 404) {
    return {
      code: "API_REFUSED",
      hint: `RingCentral does not offer this to the app or the service user: check the app's permissions, the user's role, and the credential's server. ${needed}`,
    };
  }
  return {
    code: "API_BAD_REQUEST",
    hint: "RingCentral did not understand the request: open an issue and quote the request id.",
  };
}
