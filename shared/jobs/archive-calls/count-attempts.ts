import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import type { CallDayEvent } from "../../core/calls/call-manifest.ts";
import { appendEvents, readRunEvents } from "../../storage/day-events.ts";
import type { AttemptResult } from "./attempt.ts";
import type { RecordingPlan } from "./plan-recordings.ts";
import type { ArchiveServices } from "./services.ts";

export interface AttemptsToCount {
  readonly account: string;
  readonly plan: RecordingPlan;
  /** True for an attempt that counts towards giving its recording up. */
  readonly isCounted: (attempt: AttemptResult) => boolean;
}

const readsAtOnce = 16;

/**
 * Marks this run's attempts that count: others succeeded, and few failed alike. That is known only once the run has tried
 * every recording; an attempt that is never marked gives nothing up.
 */
export async function countAttempts(s: ArchiveServices, { account, plan, isCounted }: AttemptsToCount): Promise<void> {
  await forEachConcurrent(plan.days, readsAtOnce, async ({ day }) => {
    const events = await readRunEvents(s, { account, day, run: s.run.name });
    const counted = events.flatMap((event): CallDayEvent[] =>
      event.type === "attempt-failed" && !event.attempt.othersSucceeded && isCounted(event.attempt)
        ? [{ ...event, attempt: { ...event.attempt, othersSucceeded: true } }]
        : [],
    );
    if (counted.length > 0) await appendEvents(s, { account, day, name: "counted" }, counted);
  });
}
