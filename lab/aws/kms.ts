import { AwsError } from "./aws-error.ts";
import { hashBytes, type RsaAlgorithm, signRsa } from "./rsa-signature.ts";
import type { SigningKey, SigningKeys } from "./signing-keys.ts";

/** The members of KMS's requests that the lab reads. */
export interface KmsRequest {
  readonly KeyId?: string;
  /** Base64. */
  readonly Message?: string;
  readonly MessageType?: string;
  readonly SigningAlgorithm?: string;
}

export const kmsHandlers: Readonly<Record<string, (request: KmsRequest, keys: SigningKeys) => object>> = {
  GetPublicKey: getPublicKey,
  Sign: sign,
};

/** KMS developer guide: "Key spec reference", RSA key specs for signing. */
const algorithms: Readonly<Record<string, RsaAlgorithm>> = {
  RSASSA_PKCS1_V1_5_SHA_256: { scheme: "pkcs1", hash: "sha256" },
  RSASSA_PKCS1_V1_5_SHA_384: { scheme: "pkcs1", hash: "sha384" },
  RSASSA_PKCS1_V1_5_SHA_512: { scheme: "pkcs1", hash: "sha512" },
  RSASSA_PSS_SHA_256: { scheme: "pss", hash: "sha256" },
  RSASSA_PSS_SHA_384: { scheme: "pss", hash: "sha384" },
  RSASSA_PSS_SHA_512: { scheme: "pss", hash: "sha512" },
};

/** Maximum length of a message in bytes (KMS API reference: Sign). A caller hashes longer ones and sends the digest. */
const maxMessageBytes = 4096;

function getPublicKey(request: KmsRequest, keys: SigningKeys): object {
  const { arn, publicKey } = findKey(request, keys);
  return {
    KeyId: arn,
    PublicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    CustomerMasterKeySpec: "RSA_2048",
    KeySpec: "RSA_2048",
    KeyUsage: "SIGN_VERIFY",
    SigningAlgorithms: Object.keys(algorithms),
  };
}

function sign(request: KmsRequest, keys: SigningKeys): object {
  const { MessageType: type = "RAW", SigningAlgorithm: name = "" } = request;
  const message = Buffer.from(request.Message ?? "", "base64");
  if (message.length === 0) throw violates("message", "Member must have length greater than or equal to 1");
  if (message.length > maxMessageBytes) {
    throw violates("message", `Member must have length less than or equal to ${maxMessageBytes}`);
  }
  // EXTERNAL_MU is for ML-DSA keys, which the lab does not make.
  if (type !== "RAW" && type !== "DIGEST") throw violates("messageType", "Member must satisfy enum value set");
  const algorithm = algorithms[name];
  if (!algorithm && !isForOtherKeys(name)) throw violates("signingAlgorithm", "Member must satisfy enum value set");
  const { arn, privateKey } = findKey(request, keys);
  if (!algorithm) throw new AwsError(400, "InvalidKeyUsageException", `${arn} is not valid for ${name}.`); // Guess: the wording.
  if (type === "DIGEST" && message.length !== hashBytes[algorithm.hash]) {
    throw invalid(`Digest is invalid length for algorithm ${name}.`); // Guess: the wording.
  }
  const signature = signRsa(privateKey, algorithm, type === "RAW" ? { message } : { digest: message });
  return { KeyId: arn, Signature: signature.toString("base64"), SigningAlgorithm: name };
}

function isForOtherKeys(algorithm: string): boolean {
  return /^(ECDSA|ED25519|ML_DSA|SM2DSA)/.test(algorithm);
}

function findKey({ KeyId: id }: KmsRequest, keys: SigningKeys): SigningKey {
  if (!id) throw violates("keyId", "Member must not be null");
  const key = keys.find(id);
  if (key) return key;
  const what = id.includes("alias/") ? `Alias ${id} is not found.` : `Key '${id}' does not exist`;
  throw new AwsError(400, "NotFoundException", what);
}

function violates(member: string, constraint: string): AwsError {
  return invalid(`1 validation error detected: Value at '${member}' failed to satisfy constraint: ${constraint}`);
}

function invalid(message: string): AwsError {
  return new AwsError(400, "ValidationException", message);
}
