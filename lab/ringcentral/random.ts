export type Random = () => number;

/** mulberry32: a small generator of numbers in [0, 1). The same seed gives the same numbers. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Hashes several names and numbers to one 32-bit number (FNV-1a), which seeds the generator of one thing. */
export function seedOf(...parts: readonly (string | number)[]): number {
  const text = parts.join("\u0000");
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** A whole number from `min` to `max`, both possible. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

export function pick<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[Math.floor(random() * list.length)] ?? list[0];
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export function randomText(random: Random, length: number, alphabet: string = letters): string {
  let text = "";
  while (text.length < length) text += alphabet[Math.floor(random() * alphabet.length)];
  return text;
}

/** Decides one item after another whether it belongs to a share, spread evenly: of 200 with a share of 0.01 exactly two do. */
export type Quota = (name: string, share: number) => boolean;

export function createQuota(seed: number): Quota {
  const filled = new Map<string, number>();
  return (name, share) => {
    const before = filled.get(name) ?? createRandom(seedOf(seed, name))();
    const after = before + share;
    filled.set(name, after % 1);
    return Math.floor(after) > 0;
  };
}
