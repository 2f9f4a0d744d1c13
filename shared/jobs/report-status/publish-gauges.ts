import type { ArchiveStatus } from "../../core/calls/archive-status.ts";
import { daysBetween } from "../../core/time/days.ts";
import type { MetricsSink } from "../../runtime/metrics.ts";
import { StatusMetric } from "./metrics.ts";

/** Publishes the numbers of a status. */
export function publishGauges(metrics: MetricsSink, status: ArchiveStatus, toDo: readonly string[]): void {
  const { completeTo, today, totals, open, closed } = status;
  if (completeTo !== undefined) metrics.set(StatusMetric.daysBehind, daysBetween(completeTo, today).length);
  metrics.set(StatusMetric.openDays, open);
  metrics.set(StatusMetric.closedDays, closed);
  metrics.set(StatusMetric.storedRecordings, totals.stored);
  metrics.set(StatusMetric.pendingRecordings, totals.pending);
  metrics.set(StatusMetric.lostRecordings, totals.lost);
  metrics.set(StatusMetric.storedBytes, totals.bytes);
  metrics.set(StatusMetric.thingsToDo, toDo.length);
}
