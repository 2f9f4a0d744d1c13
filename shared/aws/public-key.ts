import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { awsTimeouts } from "../aws-timeouts.ts";
import { JobError } from "../errors.ts";
import { statusOf } from "./storage-error.ts";

/** Reads the public key of a KMS key, in PEM. @throws SIGNING_FAILED when KMS does not return it */
export async function readPublicKeyPem(client: KMSClient, keyArn: string): Promise<string> {
  try {
    const { PublicKey = new Uint8Array() } = await client.send(new GetPublicKeyCommand({ KeyId: keyArn }));
    const base64 = Buffer.from(PublicKey).toString("base64");
    return `-----BEGIN PUBLIC KEY-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
  } catch (cause) {
    const status = statusOf(cause);
    throw new JobError("SIGNING_FAILED", `Reading the public key of the ledger's key returned ${status ?? "nothing"}`, {
      cause,
      retryable: status === undefined || status >= 500,
      details: { status },
      hint: "Check that the key of signingKeyArn exists, and that the function's role may read its public key.",
    });
  }
}

/** Creates the KMS client too, so that only functions that check signatures load this module and the client. */
export function readPublicKey(keyArn: string): Promise<string> {
  return readPublicKeyPem(new KMSClient({ requestHandler: awsTimeouts }), keyArn);
}
