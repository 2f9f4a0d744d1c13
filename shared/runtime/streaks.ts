import { maxAlikeInGroup } from "../core/whose-fault.ts";
import type { Streak } from "./items.ts";

/** Decides which groups are left for the next run because their items keep failing alike. */
export interface Streaks {
  /** `hold`: not until a running item of the group has ended. `leave`: not in this run. */
  readonly next: (group: string, inFlight: number) => "go" | "hold" | "leave";
  readonly succeeded: (group: string) => void;
  readonly failed: (group: string, result: string) => void;
  readonly read: () => readonly Streak[];
}

/** Items come group by group, so the last 64 groups are enough. */
const maxGroups = 64;

/** Creates the streaks of the last 64 groups, from the last stored cursor. */
export function createStreaks(from: readonly Streak[]): Streaks {
  const streaks = new Map(from.map((streak) => [streak.group, streak]));
  const set = (streak: Streak) => {
    // Moved to the end, because the oldest entry is removed first.
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
      const previous = streaks.get(group);
      const count = previous?.result === result ? previous.count + 1 : 1;
      set({ group, result, count, hasSucceeded: previous?.hasSucceeded ?? false });
    },
    read: () => [...streaks.values()],
  };
}
