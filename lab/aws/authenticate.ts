import type { LabClock } from "../clock.ts";
import { AwsError } from "./aws-error.ts";
import { checkClockSkew } from "./clock-skew.ts";
import { type Credentials, type SignedRequest, type VerifiedSignature, verifySignature } from "./sigv4.ts";

/** Accepts a request, or throws AWS's refusal. */
export type Authenticate = (service: string, request: SignedRequest) => VerifiedSignature;

/** Accepts every request, for callers in this process that do not sign. */
export const letIn: Authenticate = () => ({ signature: "", timestamp: "", scope: "", key: Buffer.alloc(0) });

export interface AuthenticateOptions {
  readonly credentials: Credentials;
  readonly clock: LabClock;
  readonly checkSkew: boolean;
}

export function createAuthenticate({ credentials, clock, checkSkew }: AuthenticateOptions): Authenticate {
  return (service, request) => {
    const signed = inWordsOf(service, () => verifySignature(request, credentials, service));
    if (checkSkew) checkClockSkew(service, signed.timestamp, clock.now());
    return signed;
  };
}

/** S3's names for errors that all other services call by these (IAM user guide: "Common errors"). */
const commonNames: Readonly<Record<string, string>> = {
  AccessDenied: "MissingAuthenticationTokenException",
  InvalidAccessKeyId: "UnrecognizedClientException",
  SignatureDoesNotMatch: "InvalidSignatureException",
};

/** Those of services that speak the Query protocol (CloudFormation's API reference: "Common errors"). */
const queryNames: Readonly<Record<string, string>> = {
  AccessDenied: "MissingAuthenticationToken",
  InvalidAccessKeyId: "InvalidClientTokenId",
  SignatureDoesNotMatch: "SignatureDoesNotMatch",
};

function inWordsOf<Result>(service: string, verify: () => Result): Result {
  try {
    return verify();
  } catch (error) {
    const queryName = error instanceof AwsError ? queryNames[error.code] : undefined;
    if (["cloudformation", "sns"].includes(service) && queryName && error instanceof AwsError)
      throw new AwsError(403, queryName, error.message);
    const name = error instanceof AwsError ? commonNames[error.code] : undefined;
    if (service === "s3" || name === undefined || !(error instanceof AwsError)) throw error;
    throw new AwsError(400, name, error.message);
  }
}
