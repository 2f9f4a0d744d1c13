import type { Credential } from "./credential.ts";
import { oauthError } from "./errors.ts";
import { Refusal } from "./lab-response.ts";

export interface ClientClaim {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

/** Returns the client id of a token request, checked or not; the Auth limit counts by it. */
export function claimedClientId({ authorization, form }: ClientClaim): string {
  return basicPair(authorization)?.[0] ?? form.get("client_id") ?? "";
}

/** Accepts only the lab's own app, by `client_secret_basic` (RFC 6749 §2.3.1). */
export function checkClient(claim: ClientClaim, { clientId, clientSecret }: Credential): void {
  const pair = basicPair(claim.authorization);
  if (!pair) throw missingAuthentication();
  const [id, secret] = pair;
  const inBody = claim.form.get("client_id") ?? clientId;
  if (!matches(id, clientId) || inBody !== clientId) throw unknownClient(inBody === clientId ? id : inBody);
  if (!matches(secret, clientSecret)) throw wrongSecret();
}

/** RFC 6749 requires both halves form-encoded first. Most clients do not do it, and are accepted, too. */
function matches(sent: string, expected: string): boolean {
  return sent === expected || new URLSearchParams(`value=${sent}`).get("value") === expected;
}

function basicPair(authorization: string | undefined): readonly [string, string] | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? "")?.[1];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? "", "base64").toString()) ?? [];
  return id === undefined || secret === undefined ? undefined : [id, secret];
}

// Guess: 401 rather than 400, for both a missing and a wrong secret; the guide and captured responses disagree.
function missingAuthentication(): Refusal {
  return new Refusal(
    oauthError({
      status: 401,
      error: "invalid_client",
      errorCode: "OAU-123",
      message: "Client authentication is required",
    }),
  );
}

function unknownClient(parameterValue: string): Refusal {
  return new Refusal(
    oauthError({
      error: "invalid_client",
      errorCode: "OAU-153",
      message: `Invalid client: ${parameterValue}`,
      parameters: [{ parameterName: "client_id", parameterValue }],
    }),
  );
}

function wrongSecret(): Refusal {
  return new Refusal(
    oauthError({
      status: 401,
      error: "invalid_client",
      errorCode: "OAU-146",
      message: "Invalid client credentials",
    }),
  );
}
