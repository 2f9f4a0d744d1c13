/** An instant at which a test may kill a sandbox. */
export interface Moment {
  readonly function: string;
  /** Name of the durable execution; ordinary functions have none. */
  readonly execution?: string;
  readonly at: "invocation-start" | "before-checkpoint-stored" | "after-checkpoint-stored" | "before-answer";
  /** Counts this kind of moment, from 1, per function and execution. */
  readonly n: number;
}

/**
 * Of checkpoints only: `"lose-answer"` cuts the connection and lets the sandbox live; `"make-stale"` refuses the token, as
 * when Lambda has begun a newer invocation and the older one still lives.
 */
export type Verdict = boolean | "lose-answer" | "make-stale";

export interface KillPlan {
  readonly set: (plan: (moment: Moment) => Verdict) => void;
  readonly verdict: (moment: Omit<Moment, "n">) => Verdict;
}

/** Counts moments and calls the test's plan for each. */
export function createKillPlan(): KillPlan {
  const counts = new Map<string, number>();
  let plan: (moment: Moment) => Verdict = () => false;
  return {
    set: (newPlan) => {
      plan = newPlan;
    },
    verdict: (moment) => {
      const key = JSON.stringify([moment.function, moment.execution, moment.at]);
      const n = (counts.get(key) ?? 0) + 1;
      counts.set(key, n);
      return plan({ ...moment, n });
    },
  };
}
