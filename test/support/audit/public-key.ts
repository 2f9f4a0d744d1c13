import { createPublicKey, type KeyObject } from "node:crypto";
import { GetPublicKeyCommand } from "@aws-sdk/client-kms";
import { keyArn } from "../../../lab/aws/signing-keys.ts";
import { type ArchiveLab, ownKey } from "./archive-lab.ts";

/** Returns the public key that KMS has. */
export async function publicKey({ kms }: Pick<ArchiveLab, "kms">, name: string = ownKey): Promise<KeyObject> {
  const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: keyArn(name) }));
  return createPublicKey({ key: Buffer.from(PublicKey), type: "spki", format: "der" });
}

/** Returns the public key in the form for auditors. */
export function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}
