import type { EndpointName } from "./endpoint.ts";
import { apiError, invalidParameter, invalidUri, notFound, oauthError, rateExceeded, unauthorized } from "./errors.ts";
import type { LabResponse } from "./lab-response.ts";

/**
 * What a planned status says where the plan names no body: the code and parameter that RingCentral documents for it
 * (guide: basics/errors; OpenAPI: OauthInvalidRequest). Empty where none is documented, as of a 502 from a proxy.
 */
export function documentedRefusal(status: number, endpoint: EndpointName): LabResponse {
  if (endpoint === "token" && (status === 400 || status === 401)) return tokenRefusal(status);
  switch (status) {
    case 400:
      return invalidParameter(parameterOf(endpoint), "");
    case 401:
      return unauthorized("unknown");
    case 403:
      return apiError(403, "CMN-408", "permission required", { topCode: "InsufficientPermissions" });
    case 404:
      return withoutParameters.includes(endpoint) ? invalidUri() : notFound(pathParameterOf(endpoint));
    case 416:
      return apiError(416, "CMN-107", "Range is not satisfiable");
    case 429:
      return rateExceeded();
    case 500:
      return apiError(500, "CMN-203", "Internal server error");
    case 501:
      return apiError(501, "CMN-202", "Method is not implemented"); // Guess: its words.
    case 503:
      return apiError(503, "CMN-201", "Service temporary unavailable");
    default:
      return { status };
  }
}

/** Endpoints without a resource in their path, of which only the path itself can be unknown. */
const withoutParameters: readonly EndpointName[] = ["token", "revoke", "authorize"];

function pathParameterOf(endpoint: EndpointName): string {
  return endpoint === "recording" || endpoint === "recordingContent" ? "callRecordingId" : "accountId";
}

// Guess: the name of the refused parameter, because the fault hits a valid request.
function parameterOf(endpoint: EndpointName): string {
  switch (endpoint) {
    case "callLog":
      return "dateFrom";
    case "analyticsAggregation":
    case "analyticsTimeline":
      return "timeSettings";
    case "authzProfileCheck":
      return "permissionId";
    case "revoke":
      return "token";
    default:
      return pathParameterOf(endpoint);
  }
}

function tokenRefusal(status: 400 | 401): LabResponse {
  return status === 401
    ? oauthError({ status, error: "invalid_client", errorCode: "OAU-146", message: "Invalid client credentials" })
    : oauthError({ error: "invalid_request", errorCode: "OAU-345", message: "Invalid assertion signature" });
}
