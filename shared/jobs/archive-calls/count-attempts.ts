import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import type { CallDayEvent } from "../../core/calls/call-manifest.ts";
import { appendEvents, readRunEvents } from "../../storage/day-events.ts";
import type { AttemptResult } from "./attempt.ts";
import type { RecordingPlan } from "./plan-recordings.ts";
import type { ArchiveServices } from "./services.ts";

export interface AttemptsToCount {
  readonly account: string;
  readonly plan: RecordingPlan;
  /** True for an attempt that counts towards giving up its recording. */
  readonly isCounted: (attempt: AttemptResult) => boolean;
}

const readConcurrency = 16;

/**
 * Writes which of this run's attempts count: others succeeded, and few failed alike. Known only after the last recording.
 * An attempt that does not count gives up nothing.
 */
export async function countAttempts(
  services: ArchiveServices,
  { account, plan, isCounted }: AttemptsToCount,
): Promise<void> {
  await forEachConcurrent(plan.days, readConcurrency, async ({ day }) => {
    const events = await readRunEvents(services, { account, day, run: services.run.name });
    const counted = events.flatMap((event): CallDayEvent[] =>
      event.type === "attempt-failed" && !event.attempt.othersSucceeded && isCounted(event.attempt)
        ? [{ ...event, attempt: { ...event.attempt, othersSucceeded: true } }]
        : [],
    );
    if (counted.length > 0) await appendEvents(services, { account, day, name: "counted" }, counted);
  });
}
