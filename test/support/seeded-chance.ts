import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { createRandom, type Random, seedOf } from "../../lab/ringcentral/random.ts";

/** Makes all randomness of this process depend on `seed`: ids, nonces, tokens, jitter. Returns a function that restores it. */
export function seedChance(seed: number): () => void {
  const random = createRandom(seedOf(seed, "chance"));
  const { random: mathRandom } = Math;
  const { randomUUID, randomBytes } = crypto;
  const prototype = Crypto.prototype;
  const { getRandomValues, randomUUID: webRandomUUID } = prototype;
  const uuid = () => uuidOf(fill(random, new Uint8Array(16)));
  Math.random = random;
  Object.assign(crypto, { randomUUID: uuid, randomBytes: (length: number) => fill(random, Buffer.alloc(length)) });
  Object.assign(prototype, {
    getRandomValues: (bytes: Uint8Array) => fill(random, bytes),
    randomUUID: uuid,
  });
  syncBuiltinESMExports();
  return () => {
    Math.random = mathRandom;
    Object.assign(crypto, { randomUUID, randomBytes });
    Object.assign(prototype, { getRandomValues, randomUUID: webRandomUUID });
    syncBuiltinESMExports();
  };
}

function fill<Bytes extends Uint8Array>(random: Random, bytes: Bytes): Bytes {
  for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(random() * 256);
  return bytes;
}

/** RFC 9562 §5.4, version 4. */
function uuidOf(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
