import { MetricName } from "../contract.ts";
import type { JobName } from "../jobs.ts";
import type { Run, RunReporter } from "../runtime/job.ts";
import type { Log } from "../runtime/log.ts";
import type { MetricsSink } from "../runtime/metrics.ts";
import type { Outside } from "./outside.ts";

/** How a job tells of its runs; one for a container. */
export interface JobReporter {
  readonly job: JobName;
  readonly log: (run: Run) => Log;
  /** One set of counts, published with each slice. */
  readonly metrics: () => MetricsSink;
  readonly reporter: (run: Run) => RunReporter;
}

export function createJobReporter(job: JobName, outside: Pick<Outside, "log" | "metrics" | "machineNow">): JobReporter {
  let sink: MetricsSink | undefined;
  const metrics = () => {
    sink ??= outside.metrics(job);
    return sink;
  };
  const log = (run: Run) => outside.log(job, run.name);
  const reporter = (run: Run): RunReporter => {
    const lines = log(run);
    return {
      log: lines,
      publish: () => {
        metrics().add(MetricName.runsAlive);
        metrics().publish();
      },
      ended: (status, error, at) => {
        if (status === "failed") metrics().add(MetricName.runsFailed);
        // A run that was superseded was alive to see it: a first run of many days ends so every night.
        else metrics().add(MetricName.runsFinished);
        // How a superseded run ended says nothing: the run that superseded it may have failed by now.
        const seconds = Math.floor((at?.getTime() ?? outside.machineNow()) / 1000);
        if (status !== "superseded") metrics().set(MetricName.runEnded, status === "failed" ? -seconds : seconds);
        if (error) lines.error("run failed", error.toJSON());
        else lines.info(`run ${status}`);
      },
    };
  };
  return { job, log, metrics, reporter };
}
