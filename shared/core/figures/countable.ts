/**
 * Returns a number that can be added up, because RingCentral's may be anything and their sums must remain numbers: 0 for one below
 * 0, or larger than anything that a company has.
 */
export function countable(value: number): number {
  return value > 0 && value < 1e15 ? value : 0;
}
