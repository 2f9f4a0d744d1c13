import type { Depth } from "../core/depth.ts";
import { partOf, type Subset } from "../core/subset.ts";
import type { Day } from "../core/time/days.ts";

/** Which objects a verification checks, and how deeply. */
export interface Selection {
  /** Returns how an object is checked; undefined if it is not. */
  readonly depthOf: (key: string) => Depth | undefined;
  /** Only these days. @default all */
  readonly days?: ReadonlySet<Day> | undefined;
  /** Only days after this one, to go on there. @default all */
  readonly after?: Day | undefined;
}

/** Selects every object, at one depth. */
export function everyObject(depth: Depth): Selection {
  return { depthOf: () => depth };
}

/** Selects the objects of some parts at `depth`, and the others at `otherDepth`, or not at all. */
export function partsOfObjects(depth: Depth, subsets: readonly Subset[], otherDepth?: Depth): Selection {
  const isSelected = (key: string) => subsets.some(({ part, of }) => partOf(key, of) === part);
  return { depthOf: (key) => (isSelected(key) ? depth : otherDepth) };
}

/** True if a day is selected. Objects of no day belong to the day "". */
export function includesDay({ days, after }: Selection, day: Day): boolean {
  return (days === undefined || days.has(day)) && (after === undefined || day > after);
}
