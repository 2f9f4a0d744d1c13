import type { MemberFigures } from "../core/figures/day-figures.ts";

/** Returns a test for names that several of the members have, as far as a reader can see. */
export function sharedNames(members: readonly MemberFigures[]): (name: string) => boolean {
  const bearers = Map.groupBy(members, ({ name }) => name?.trim());
  return (name) => (bearers.get(name.trim())?.length ?? 0) > 1;
}
