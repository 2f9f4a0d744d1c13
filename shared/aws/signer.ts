import { createHash } from "node:crypto";
import { KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { awsTimeouts } from "../aws-timeouts.ts";
import { JobError } from "../errors.ts";
import { statusOf } from "./storage-error.ts";

/**
 * Returns a detached JWS of a text, `header..signature`, with PS256.
 * https://www.rfc-editor.org/rfc/rfc7515#appendix-F https://www.rfc-editor.org/rfc/rfc7518#section-3.5
 * @throws SIGNING_FAILED when KMS does not sign
 */
export type Signer = (text: string) => Promise<string>;

/** What is signed, and what to check if KMS does not sign it. */
export interface SignedSubject {
  /** As in "Signing the report". */
  readonly subject: string;
  readonly hint: string;
}

const ledgerEntry: SignedSubject = {
  subject: "the ledger entry",
  hint: "Check that the key of signingKeyArn exists, is an enabled RSA key for signing, and that the function's role may use it. The next run signs what this one wrote.",
};

/** Signs with an RSA key in KMS; write access to the bucket is not enough to sign. */
export function createSigner(client: KMSClient, keyArn: string, signed = ledgerEntry): Signer {
  return async (text) => {
    const header = base64url(JSON.stringify({ alg: "PS256", kid: keyArn }));
    const digest = createHash("sha256")
      .update(`${header}.${base64url(text)}`)
      .digest();
    const command = new SignCommand({
      KeyId: keyArn,
      Message: digest,
      MessageType: "DIGEST",
      SigningAlgorithm: "RSASSA_PSS_SHA_256",
    });
    try {
      const { Signature = new Uint8Array() } = await client.send(command);
      return `${header}..${base64url(Signature)}`;
    } catch (cause) {
      throw signingError(cause, signed);
    }
  };
}

/** Creates the KMS client too, so that only functions that sign load this module and the client. */
export function createKmsSigner(keyArn: string, signed = ledgerEntry): Signer {
  return createSigner(new KMSClient({ requestHandler: awsTimeouts }), keyArn, signed);
}

function base64url(content: string | Uint8Array): string {
  return Buffer.from(content).toString("base64url");
}

function signingError(cause: unknown, { subject, hint }: SignedSubject): JobError {
  const status = statusOf(cause);
  const { name = "unknown" } = (cause ?? {}) as { readonly name?: string };
  return new JobError("SIGNING_FAILED", `Signing ${subject} returned ${[status, name].filter(Boolean).join(" ")}`, {
    cause,
    // KMS throttles with status 400.
    retryable: status === undefined || status >= 500 || name === "ThrottlingException",
    details: { status, name },
    hint,
  });
}
