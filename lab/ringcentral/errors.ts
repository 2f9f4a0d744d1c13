import type { LabResponse } from "./lab-response.ts";

type Extra = Readonly<Record<string, unknown>>;

/** The body of a refused API call: the code and message on top and again in `errors` (RingCentral guide: errors). */
export function apiError(
  status: number,
  errorCode: string,
  message: string,
  { topCode = errorCode, ...extra }: Extra & { readonly topCode?: string } = {},
): LabResponse {
  return { status, json: { errorCode: topCode, message, ...extra, errors: [{ errorCode, message, ...extra }] } };
}

export const invalidUri = (): LabResponse => apiError(404, "CMN-120", "Invalid URI");

export const notFound = (parameterName: string): LabResponse =>
  apiError(404, "CMN-102", `Resource for parameter [${parameterName}] is not found`, { parameterName });

export const invalidParameter = (parameterName: string, parameterValue: string): LabResponse =>
  apiError(400, "CMN-101", `Parameter [${parameterName}] value is invalid`, { parameterName, parameterValue });

export const lacksFeature = (featureName: string): LabResponse =>
  apiError(403, "CMN-109", `The account does not have the [${featureName}] feature`); // Guess: its words.

export const rateExceeded = (): LabResponse => apiError(429, "CMN-301", "Request rate exceeded");

/** Guess: its code, among those that the guide lists. No rate headers come with it (RingCentral's slides: rate limits). */
export const addressRateExceeded = (): LabResponse => ({
  ...apiError(429, "CMN-310", "Request rate exceeded"),
  headers: { "retry-after": "30" },
});

export const lacksScope = (permissionName: string): LabResponse =>
  apiError(
    403,
    "CMN-401",
    `In order to call this API endpoint, application needs to have [${permissionName}] permission`,
    { topCode: "InsufficientPermissions", permissionName },
  );

export const lacksPermission = (permissionName: string): LabResponse =>
  apiError(403, "CMN-408", `[${permissionName}] permission required`, {
    topCode: "InsufficientPermissions",
    permissionName,
  });

/** Codes of a refused access token (RingCentral guide: errors). */
const tokenFaults = {
  missing: { topCode: "AGW-401", errorCode: "AGW-401", message: "Authorization header is not specified" },
  corrupted: { topCode: "TokenInvalid", errorCode: "OAU-129", message: "Access token corrupted" },
  expired: { topCode: "TokenExpired", errorCode: "OAU-128", message: "Access token expired" },
  unknown: { topCode: "TokenInvalid", errorCode: "OAU-213", message: "Token not found" },
} as const;

export type TokenFault = keyof typeof tokenFaults;

export function unauthorized(fault: TokenFault): LabResponse {
  const { topCode, errorCode, message } = tokenFaults[fault];
  // Guess: the challenge is known from the token endpoint only.
  const challenge = `Bearer realm="RingCentral REST API", error="invalid_token", error_description="${message}"`;
  return { ...apiError(401, errorCode, message, { topCode }), headers: { "www-authenticate": challenge } };
}

export interface OauthError {
  readonly status?: number;
  readonly error: string;
  readonly errorCode: string;
  readonly message: string;
  readonly parameters?: readonly { readonly parameterName: string; readonly parameterValue: string }[];
}

/** The body of a refused token request: RFC 6749 §5.2 with RingCentral's codes beside it. */
export function oauthError({ status = 400, error, errorCode, message, parameters }: OauthError): LabResponse {
  const challenge = `Bearer realm="RingCentral REST API", error="${error}", error_description="${message}"`;
  const detail = { errorCode, message, ...(parameters && { parameters }) };
  return {
    status,
    headers: { "www-authenticate": challenge },
    json: { error, error_description: message, errors: [detail] },
  };
}
