import { createHash, hash } from "node:crypto";

/** A set of ids that takes 8 bytes per id: a day may have 100,000. */
export interface IdDigests {
  readonly add: (id: string) => void;
  /** SHA-256 (hex) over the added ids, each once; independent of their order. */
  readonly fingerprint: () => string;
  /** Digests of ids that were added more than once. */
  readonly repeated: () => ReadonlySet<bigint>;
}

/**
 * Returns the first 64 bits of the id's SHA-256. In a day of 100,000 calls two ids collide with a probability below
 * 10⁻⁹.
 */
export function digestOf(id: string): bigint {
  return hash("sha256", id, "buffer").readBigUInt64BE();
}

/** Creates a set of digests that takes 8 bytes for each id. */
export function createIdDigests(): IdDigests {
  let digests = new BigUint64Array(1024);
  let count = 0;
  const sorted = () => digests.slice(0, count).sort();
  return {
    add: (id) => {
      if (count === digests.length) {
        const longer = new BigUint64Array(2 * count);
        longer.set(digests);
        digests = longer;
      }
      digests[count++] = digestOf(id);
    },
    fingerprint: () => {
      const once = sorted().filter((digest, index, all) => digest !== all[index - 1]);
      return createHash("sha256").update(once).digest("hex");
    },
    repeated: () => new Set(sorted().filter((digest, index, all) => digest === all[index - 1])),
  };
}
