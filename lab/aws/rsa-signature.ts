import { constants, createHash, type KeyObject, privateEncrypt, randomBytes } from "node:crypto";

/** Bytes that are hashed here, or a hash made by the caller: `node:crypto` signs only the former. */
export type Signed = { readonly message: Buffer } | { readonly digest: Buffer };

export interface RsaAlgorithm {
  readonly hash: "sha256" | "sha384" | "sha512";
  readonly scheme: "pss" | "pkcs1";
}

export const hashBytes = { sha256: 32, sha384: 48, sha512: 64 } as const;

/** DER of a DigestInfo up to the digest (RFC 8017 §9.2, note 1). */
const digestInfo = {
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
} as const;

/** Signs under a key of 2048 bits; a PSS salt is as long as the hash (KMS developer guide: "RSASSA-PSS"). */
export function signRsa(key: KeyObject, { hash, scheme }: RsaAlgorithm, signed: Signed): Buffer {
  const digest = "digest" in signed ? signed.digest : createHash(hash).update(signed.message).digest();
  if (scheme === "pss") {
    return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encodePss(hash, digest));
  }
  const info = Buffer.concat([Buffer.from(digestInfo[hash], "hex"), digest]);
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
}

const modulusBytes = 256;

/** EMSA-PSS-ENCODE (RFC 8017 §9.1.1); the top bit is cleared so that the number is smaller than the modulus. */
function encodePss(hash: RsaAlgorithm["hash"], digest: Buffer): Buffer {
  const salt = randomBytes(hashBytes[hash]);
  const seed = createHash(hash)
    .update(Buffer.concat([Buffer.alloc(8), digest, salt]))
    .digest();
  const block = Buffer.alloc(modulusBytes - seed.length - 1);
  block[block.length - salt.length - 1] = 1;
  salt.copy(block, block.length - salt.length);
  const mask = maskFrom(hash, seed, block.length);
  const masked = Buffer.from(block.map((byte, index) => byte ^ (mask[index] ?? 0)));
  masked.writeUInt8(masked.readUInt8(0) & 0x7f, 0);
  return Buffer.concat([masked, seed, Buffer.from([0xbc])]);
}

/** MGF1 (RFC 8017 §B.2.1). */
function maskFrom(hash: RsaAlgorithm["hash"], seed: Buffer, length: number): Buffer {
  const pieces: Buffer[] = [];
  for (let counter = 0; counter * hashBytes[hash] < length; counter += 1) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    pieces.push(createHash(hash).update(seed).update(count).digest());
  }
  return Buffer.concat(pieces).subarray(0, length);
}
