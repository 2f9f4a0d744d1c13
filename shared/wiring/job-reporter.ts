import { Metric } from "../contract.ts";
import type { JobName } from "../jobs.ts";
import type { Run, Telling } from "../runtime/job.ts";
import type { Log } from "../runtime/log.ts";
import type { MetricsSink } from "../runtime/metrics.ts";
import type { Outside } from "./outside.ts";

/** How a job tells of its runs; one for a container. */
export interface JobTelling {
  readonly job: JobName;
  readonly log: (run: Run) => Log;
  /** One set of counts, published with each slice. */
  readonly metrics: () => MetricsSink;
  readonly telling: (run: Run) => Telling;
}

export function jobTelling(job: JobName, outside: Pick<Outside, "log" | "metrics" | "machineNow">): JobTelling {
  let sink: MetricsSink | undefined;
  const metrics = () => {
    sink ??= outside.metrics(job);
    return sink;
  };
  const log = (run: Run) => outside.log(job, run.name);
  const telling = (run: Run): Telling => {
    const lines = log(run);
    return {
      log: lines,
      publish: () => {
        metrics().add(Metric.runsAlive);
        metrics().publish();
      },
      ended: (status, error, at) => {
        if (status === "failed") metrics().add(Metric.runsFailed);
        // A run that was superseded was alive to see it: a first run of many days ends so every night.
        else metrics().add(Metric.runsFinished);
        // How a superseded run ended says nothing: the run that superseded it may have failed by now.
        const seconds = Math.floor((at?.getTime() ?? outside.machineNow()) / 1000);
        if (status !== "superseded") metrics().set(Metric.runEnded, status === "failed" ? -seconds : seconds);
        if (error) lines.error("run failed", error.toJSON());
        else lines.info(`run ${status}`);
      },
    };
  };
  return { job, log, metrics, telling };
}
