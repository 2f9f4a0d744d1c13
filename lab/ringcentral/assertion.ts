import { decodeProtectedHeader, errors, jwtVerify } from "jose";
import type { LabClock } from "../clock.ts";
import { audienceOf, type IssuedCredential } from "./credential.ts";
import { type OauthError, oauthError } from "./errors.ts";
import { Refusal } from "./lab-response.ts";

const damaged: OauthError = {
  error: "invalid_request",
  errorCode: "OAU-345",
  message: "Invalid assertion signature",
};

const foreignAlgorithm: OauthError = {
  error: "invalid_request",
  errorCode: "OAU-347",
  message: "An algorithm which is used for assertion signing is not supported for JWT Bearer grant type",
};

// Guess: the response to an expired credential is not published; this is the response to other expired grants.
const expired: OauthError = { error: "invalid_grant", errorCode: "OAU-210", message: "Token expired" };

export interface CheckAssertionOptions {
  readonly assertion: string;
  readonly issued: IssuedCredential;
  readonly clock: LabClock;
}

/** Returns the user of an assertion (RFC 7523 §3) after checking its signature, audience and expiry. */
export async function checkAssertion({ assertion, issued, clock }: CheckAssertionOptions): Promise<string> {
  if (algorithmOf(assertion) !== "RS256") throw new Refusal(oauthError(foreignAlgorithm));
  const { server } = issued.credential;
  try {
    const { payload } = await jwtVerify(assertion, issued.publicKey, {
      issuer: server,
      audience: audienceOf(server),
      algorithms: ["RS256"],
      requiredClaims: ["sub", "exp"],
      currentDate: new Date(clock.now()),
    });
    return payload.sub ?? "";
  } catch (cause) {
    throw new Refusal(oauthError(cause instanceof errors.JWTExpired ? expired : damaged));
  }
}

function algorithmOf(assertion: string): string | undefined {
  try {
    return decodeProtectedHeader(assertion).alg;
  } catch {
    throw new Refusal(oauthError(damaged));
  }
}
