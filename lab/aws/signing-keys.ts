import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** An asymmetric KMS key that signs: RSA_2048, the smallest that KMS makes. */
export interface SigningKey {
  readonly arn: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface SigningKeys {
  /** By key id, key ARN, alias or alias ARN: a key's name is its id, and its alias is `alias/<name>`. */
  find(id: string): SigningKey | undefined;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const arnPrefix = "arn:aws:kms:us-east-1:123456789012";

/** Shared by all labs of a process, because generating a key takes long. */
const pairs = new Map<string, Promise<KeyPair>>();

export async function createSigningKeys(names: readonly string[]): Promise<SigningKeys> {
  const keys = new Map<string, SigningKey>();
  for (const name of names) {
    const key = { arn: keyArn(name), ...(await pairOf(name)) };
    for (const id of [name, key.arn, `alias/${name}`, `${arnPrefix}:alias/${name}`]) keys.set(id, key);
  }
  return { find: (id) => keys.get(id) };
}

/** The ARN of the key of that name. */
export function keyArn(name: string): string {
  return `${arnPrefix}:key/${name}`;
}

function pairOf(name: string): Promise<KeyPair> {
  const pair = pairs.get(name) ?? promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  pairs.set(name, pair);
  return pair;
}
