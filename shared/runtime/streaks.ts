import { maxAlikeInGroup } from "../core/whose-fault.ts";
import type { Streak } from "./items.ts";

/** Tells which groups are worked on no longer in this run, because item after item of theirs failed alike. */
export interface Streaks {
  /** `hold`: not before an item of the group that is under way has ended. `leave`: not in this run. */
  readonly next: (group: string, inFlight: number) => "go" | "hold" | "leave";
  readonly succeeded: (group: string) => void;
  readonly failed: (group: string, result: string) => void;
  readonly read: () => readonly Streak[];
}

/** Items come group by group: the last few groups are enough. */
const maxGroups = 64;

export function createStreaks(from: readonly Streak[]): Streaks {
  const streaks = new Map(from.map((streak) => [streak.group, streak]));
  const set = (streak: Streak) => {
    // Put behind the others, for the oldest is forgotten first.
    streaks.delete(streak.group);
    streaks.set(streak.group, streak);
    for (const group of [...streaks.keys()].slice(0, -maxGroups)) streaks.delete(group);
  };
  return {
    next: (group, inFlight) => {
      const { count = 0, hasSucceeded = false } = streaks.get(group) ?? {};
      if (hasSucceeded || count + inFlight < maxAlikeInGroup) return "go";
      return count < maxAlikeInGroup ? "hold" : "leave";
    },
    succeeded: (group) => set({ group, result: "", count: 0, hasSucceeded: true }),
    failed: (group, result) => {
      const before = streaks.get(group);
      const count = before?.result === result ? before.count + 1 : 1;
      set({ group, result, count, hasSucceeded: before?.hasSucceeded ?? false });
    },
    read: () => [...streaks.values()],
  };
}
