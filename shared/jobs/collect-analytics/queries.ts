import * as z from "zod/mini";
import { toBody } from "../../aws/bucket.ts";
import { groups } from "../../core/analytics/analytics-names.ts";
import { type AnalyticsQuery, intervals } from "../../core/analytics/analytics-query.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { JobError } from "../../errors.ts";
import { unzippedJson, zippedJson } from "../../storage/zipped-json.ts";
import type { AnalyticsServices } from "./services.ts";

const Queries = z.array(
  z.object({ group: z.enum(groups), interval: z.enum(intervals), from: z.string(), to: z.string() }),
);

/** Writes this run's queries, which may be too large for a step's result. */
export async function writeQueries(
  { state, run }: AnalyticsServices,
  account: string,
  queries: readonly AnalyticsQuery[],
): Promise<void> {
  const key = stateKeys.plannedQueries(account, run.name);
  await state.put(key, toBody(zippedJson(queries)), "application/gzip");
}

/** Reads this run's queries. @throws STORAGE_INVALID when they are missing or damaged */
export async function readQueries(
  { state, run }: AnalyticsServices,
  account: string,
): Promise<readonly AnalyticsQuery[]> {
  const key = stateKeys.plannedQueries(account, run.name);
  const stored = await state.get(key);
  try {
    return Queries.parse(stored && unzippedJson(stored.body));
  } catch (cause) {
    throw new JobError("STORAGE_INVALID", `${key} is ${stored ? "damaged" : "missing"}`, {
      cause,
      hint: "Start a run manually, and check the state bucket's lifecycle rules.",
      details: { key },
    });
  }
}
