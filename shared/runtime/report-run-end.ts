import * as z from "zod/mini";
import { MetricName } from "../contract.ts";
import { fieldErrorText } from "../core/field-errors.ts";
import { JobError } from "../errors.ts";
import { functionName } from "./function-name.ts";
import type { MetricsSink } from "./metrics.ts";

/** Event of the stack's EventBridge rule for an execution that failed, timed out or was stopped. */
const RunEnd = z.object({
  /** The function's ARN, with its version. */
  endedFunction: z.string(),
  endedAt: z.iso.datetime({ offset: true }),
});

export interface ReportRunEndOptions {
  /** ARN of each job's function alias, by job name. */
  readonly targets: Readonly<Record<string, string>>;
  readonly metricsOf: (job: string) => MetricsSink;
}

/** True for the event of a run that AWS reports as ended badly, which is no request. */
export function isRunEnd(event: unknown): boolean {
  return typeof event === "object" && event !== null && "endedFunction" in event;
}

/**
 * Publishes that a run failed, because a run that was stopped, timed out or killed cannot publish it. If the run published
 * it too, the metric is the same; a later successful run outweighs it.
 * @throws REQUEST_INVALID when the event belongs to no job
 */
export function reportRunEnd(event: unknown, { targets, metricsOf }: ReportRunEndOptions): { readonly failed: string } {
  const parsed = RunEnd.safeParse(event);
  if (!parsed.success) throw invalid(fieldErrorText(parsed.error.issues));
  const { endedFunction, endedAt } = parsed.data;
  const [job] =
    Object.entries(targets).find(([, target]) => functionName(target) === functionName(endedFunction)) ?? [];
  if (job === undefined) throw invalid(`endedFunction: ${endedFunction} belongs to no job`);
  const metrics = metricsOf(job);
  metrics.set(MetricName.runEnded, -Math.floor(Date.parse(endedAt) / 1000));
  metrics.publish();
  return { failed: job };
}

function invalid(errors: string): JobError {
  return new JobError("REQUEST_INVALID", `The run-end event is invalid: ${errors}`, {
    hint: "Deploy the stack again.",
  });
}
