import { hash } from "node:crypto";

/** Part `part` of `of` equal parts, 1 to `of`: each object is in exactly one of them. */
export interface Subset {
  readonly part: number;
  readonly of: number;
}

/** Parses `<part>/<of>`; undefined if it is none. */
export function parseSubset(text: string): Subset | undefined {
  const [, part, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const subset = { part: Number(part), of: Number(of) };
  return subset.part >= 1 && subset.part <= subset.of ? subset : undefined;
}

/** Returns the part, 1 to `of`, that an object is in. It never changes, whatever else is stored. */
export function partOf(key: string, of: number): number {
  return (Number.parseInt(hash("sha256", key).slice(0, 12), 16) % of) + 1;
}
