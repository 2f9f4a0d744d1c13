import * as z from "zod/mini";
import type { Bucket } from "../../aws/bucket.ts";
import { stateKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import { isOfOneObject, type UnreadableDays } from "../../storage/each-day.ts";
import { parseStored, zippedJson } from "../../storage/stored-json.ts";
import type { DueRecording } from "./due-recording.ts";

/** The days with due recordings, in the order of fetching; stored as a step's result. */
export interface RecordingPlan {
  readonly days: readonly { readonly day: Day; readonly due: number }[];
  /** Id of the newest stored recording, which RingCentral has served before. */
  readonly newestStored?: string | undefined;
  /** Open days that could not be planned. */
  readonly unplanned?: UnreadableDays;
}

const DayPlan = z.array(
  z.object({
    id: z.string(),
    contentUri: z.string(),
    owningDay: z.optional(z.string()),
    isFirst: z.optional(z.boolean()),
  }),
);

/** Services for a run's plan. */
export interface PlanServices {
  readonly state: Pick<Bucket, "get" | "put">;
  readonly run: { readonly name: string };
}

/** Returns how many recordings are due. */
export function countDue(days: RecordingPlan["days"]): number {
  return days.reduce((sum, { due }) => sum + due, 0);
}

/** Yields the recordings of a plan after the first `decided`, reading one day's plan at a time. */
export async function* readDueRecordings(
  services: PlanServices,
  plan: RecordingPlan,
  decided: number,
): AsyncGenerator<DueRecording> {
  let skipped = decided;
  for (const { day, due } of plan.days) {
    if (skipped < due) yield* (await readDayPlan(services, day, due)).slice(skipped);
    skipped = Math.max(0, skipped - due);
  }
}

/** Stores a day's due recordings. */
export async function writeDayPlan(
  { state, run }: PlanServices,
  day: Day,
  due: z.infer<typeof DayPlan>,
): Promise<void> {
  const recordings = due.map(({ owningDay, ...each }) => (owningDay === day ? each : { ...each, owningDay }));
  await state.put(stateKeys.plan(run.name, day), zippedJson(recordings), "application/gzip");
}

async function readDayPlan({ state, run }: PlanServices, day: Day, due: number): Promise<DueRecording[]> {
  const key = stateKeys.plan(run.name, day);
  let problem = "missing";
  const stored = await state.get(key).catch((error: unknown) => {
    if (!isOfOneObject(error)) throw error;
    problem = `refused (${error.message})`;
    return undefined;
  });
  const plan = parseStored(DayPlan, stored);
  if (plan?.length === due) return plan.map((each) => ({ day, ...each }));
  const planError = new JobError("STORAGE_INVALID", `${key} is ${stored ? "damaged" : problem}`, {
    hint: "No action: the next run plans this day again. If this happens again, check the state bucket's lifecycle rules.",
    details: { key },
  });
  return Array.from({ length: due }, () => ({ day, id: "", contentUri: "", planError }));
}
