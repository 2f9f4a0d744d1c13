import { MetricName } from "../contract.ts";
import { type Pause, pausedDays } from "../core/pause.ts";
import type { Log } from "./log.ts";
import type { MetricsSink } from "./metrics.ts";

export interface ReportPauseOptions {
  readonly now: Date;
  readonly log: Log;
  readonly metrics: MetricsSink;
}

/**
 * Logs and publishes what a pause means for an automatic start. A sign of life stands for the run that does not start; a job
 * that was never paused publishes nothing.
 */
export function reportPause(pause: Pause, { now, log, metrics }: ReportPauseOptions): void {
  const days = pausedDays(pause, now);
  if (pause.type === "unreadable") log.error("pause not readable, so the run starts", { reason: pause.reason });
  if (pause.type === "paused") {
    log.info("run not started: the job is paused", { since: pause.since, days });
    metrics.set(MetricName.runsAlive, 1);
  }
  if (pause.type !== "paused" && pause.type !== "resumed") return;
  metrics.set(MetricName.pausedDays, days);
  metrics.publish();
}
