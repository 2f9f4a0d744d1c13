import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import type { CallDayEvent, FetchAttempt } from "../../core/calls/call-manifest.ts";
import type { AttemptResult } from "./attempt.ts";
import type { RecordingPlan } from "./recording-plan.ts";
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
  const store = services.dayStore(account);
  await forEachConcurrent(plan.days, readConcurrency, async ({ day }) => {
    const { manifest } = await store.read(day);
    const isOfRun = ({ run, othersSucceeded }: FetchAttempt) => run === services.run.name && !othersSucceeded;
    const counted = manifest.recordings.flatMap(({ id, attempts = [] }): CallDayEvent[] =>
      attempts
        .filter((attempt) => isOfRun(attempt) && isCounted(attempt))
        .map((attempt) => ({ type: "attempt-failed", id, attempt: { ...attempt, othersSucceeded: true } })),
    );
    if (counted.length > 0) await store.append(day, "counted", counted);
  });
}
