import * as z from "zod/mini";
import type { Bucket } from "../../aws/bucket.ts";
import { groups, metrics } from "../../core/analytics/analytics-names.ts";
import { type AnalyticsQuery, intervals } from "../../core/analytics/analytics-query.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { JobError } from "../../errors.ts";
import { parseStored, zippedJson } from "../../storage/stored-json.ts";
import type { AnalyticsServices } from "./services.ts";

/** A run's queries, and the metrics that it requests: the settings may have changed before they are stored. */
const PlannedQueries = z.object({
  metrics: z.array(z.enum(metrics)),
  queries: z.array(z.object({ group: z.enum(groups), interval: z.enum(intervals), from: z.string(), to: z.string() })),
});
export type PlannedQueries = z.infer<typeof PlannedQueries>;

/** Writes this run's queries, which may be too large for a step's result. */
export async function writeQueries(
  { state, run, selectedMetrics }: AnalyticsServices,
  account: string,
  queries: readonly AnalyticsQuery[],
): Promise<void> {
  const key = stateKeys.plannedQueries(account, run.name);
  await state.put(key, zippedJson({ metrics: selectedMetrics, queries }), "application/gzip");
}

/** Reads a run's queries. @throws STORAGE_INVALID when they are missing or damaged */
export async function readQueries(state: Bucket, account: string, run: string): Promise<PlannedQueries> {
  const key = stateKeys.plannedQueries(account, run);
  const stored = await state.get(key);
  const planned = parseStored(PlannedQueries, stored);
  if (planned) return planned;
  throw new JobError("STORAGE_INVALID", `${key} is ${stored ? "damaged" : "missing"}`, {
    hint: "Start a run manually, and check the state bucket's lifecycle rules.",
    details: { key },
  });
}
