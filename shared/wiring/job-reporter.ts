import { MetricName } from "../contract.ts";
import type { JobName } from "../jobs.ts";
import type { Run, RunReporter } from "../runtime/job.ts";
import type { Log } from "../runtime/log.ts";
import type { MetricsSink } from "../runtime/metrics.ts";
import type { Outside } from "./outside.ts";

/** Logs and counts a job's runs; one per container. */
export interface JobReporter {
  readonly job: JobName;
  readonly log: (run: Run) => Log;
  /** Returns the container's metrics, published with each slice. */
  readonly metrics: () => MetricsSink;
  readonly reporter: (run: Run) => RunReporter;
}

/** Creates a job's reporter. It opens the metrics on first use and throws for no configuration. */
export function createJobReporter(
  job: JobName,
  environment: Readonly<Record<string, string | undefined>>,
  outside: Pick<Outside, "log" | "metrics" | "machineNow">,
): JobReporter {
  let sink: MetricsSink | undefined;
  const metrics = () => {
    sink ??= outside.metrics(job, environment);
    return sink;
  };
  const log = (run: Run) => outside.log(job, run.name);
  const reporter = (run: Run): RunReporter => {
    const runLog = log(run);
    return {
      log: runLog,
      publish: () => {
        metrics().add(MetricName.runsAlive);
        metrics().add(MetricName.runsFinished, 0);
        metrics().add(MetricName.runsFailed, 0);
        metrics().publish();
      },
      ended: (status, error, at) => {
        if (status === "failed") metrics().add(MetricName.runsFailed);
        // Superseded counts as finished: a first run of many days ends like this every night.
        else metrics().add(MetricName.runsFinished);
        // A superseded run publishes no end, because the newer run may already have failed.
        const seconds = Math.floor((at?.getTime() ?? outside.machineNow()) / 1000);
        if (status !== "superseded") metrics().set(MetricName.runEnded, status === "failed" ? -seconds : seconds);
        if (error) runLog.error("run failed", error.toJSON());
        else runLog.info(`run ${status}`);
      },
    };
  };
  return { job, log, metrics, reporter };
}
