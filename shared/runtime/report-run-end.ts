import * as z from "zod/mini";
import { MetricName } from "../contract.ts";
import { fieldErrorText } from "../core/field-errors.ts";
import { JobError } from "../errors.ts";
import { functionName } from "./function-name.ts";
import type { MetricsSink } from "./metrics.ts";

/** What the stack's rule makes of EventBridge's event when an execution has failed, timed out or was stopped. */
const RunEnd = z.object({
  /** The function's ARN, with its version. */
  endedFunction: z.string(),
  endedAt: z.iso.datetime({ offset: true }),
});

export interface ReportRunEndOptions {
  /** The alias of each job's function, by the job's name. */
  readonly targets: Readonly<Record<string, string>>;
  readonly metricsOf: (job: string) => MetricsSink;
}

export function isRunEnd(event: unknown): boolean {
  return typeof event === "object" && event !== null && "endedFunction" in event;
}

/**
 * Publishes that a job's run has failed, for a run that was stopped, timed out or killed cannot. A run that has published it
 * as well loses nothing by this; one that ended well in between is later, and counts.
 * @throws JobError REQUEST_INVALID where the event is of no job
 */
export function reportRunEnd(event: unknown, { targets, metricsOf }: ReportRunEndOptions): { readonly failed: string } {
  const parsed = RunEnd.safeParse(event);
  if (!parsed.success) throw invalid(fieldErrorText(parsed.error.issues));
  const { endedFunction, endedAt } = parsed.data;
  const [job] =
    Object.entries(targets).find(([, target]) => functionName(target) === functionName(endedFunction)) ?? [];
  if (job === undefined) throw invalid(`endedFunction: ${endedFunction} is no job's`);
  const metrics = metricsOf(job);
  metrics.set(MetricName.runEnded, -Math.floor(Date.parse(endedAt) / 1000));
  metrics.publish();
  return { failed: job };
}

function invalid(errors: string): JobError {
  return new JobError("REQUEST_INVALID", `The event of a run's end is invalid: ${errors}`, {
    hint: "Deploy the stack again.",
  });
}
