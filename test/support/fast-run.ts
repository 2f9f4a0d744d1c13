import { setTimeout as sleep } from "node:timers/promises";
import type { SdkHandler } from "../../lab/aws/sdk-handler.ts";
import { JobError } from "../../shared/errors.ts";
import type { JobName } from "../../shared/jobs.ts";
import type { Engine } from "../../shared/runtime/engine.ts";
import type { MetricsSink } from "../../shared/runtime/metrics.ts";
import type { RunReport } from "../../shared/runtime/run-job.ts";
import {
  type ContainerFate,
  type ContainerRequest,
  type ContainerResponse,
  createContainer,
  type Moment,
  type OnRequest,
} from "./container.ts";
import type { FastJobs, JobSurroundings } from "./fast-jobs.ts";
import { createMetricLines, failedEndLines, type MetricLine } from "./metric-lines.ts";
import { createInMemoryEngine, Killed } from "./runtime/in-memory-engine.ts";

/** When a container dies: before the request of that number, or after it took effect and before its response. */
export interface Death {
  /** Number among requests that write to S3 or go to RingCentral, from 1. */
  readonly operation: number;
  readonly when: Moment;
  /** True if every other request to AWS is counted, too. @default false */
  readonly countsReads?: boolean;
}

export interface FastRunOptions extends Pick<JobSurroundings, "through"> {
  /** Request of an operator, which makes the run manual. @default a schedule's */
  readonly request?: object;
  /** Name of the run. @default made from job and time */
  readonly run?: string;
  /** More environment for this run. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Wraps the requests to RingCentral. @default nothing */
  readonly fetch?: (send: typeof fetch) => typeof fetch;
  /** Death of the first container; the run continues in another. */
  readonly death?: Death;
  /** True if another container continues when one has died. @default true */
  readonly goesOn?: boolean;
  /** What happens to each container in turn. @default nothing */
  readonly fate?: (container: number) => ContainerFate;
  readonly clockErrorMs?: number;
  readonly engine?: (engine: Engine) => Engine;
  readonly onRequest?: OnRequest;
  /** Is notified of every durable step, when it begins and when its result is kept. */
  readonly onStep?: (name: string, when: "begins" | "ended") => void | Promise<void>;
  /** True if a running run is to be abandoned; called at every step and request. @default never */
  readonly isOverdue?: () => boolean;
}

/** Result, requests and writes of a run. */
export interface FastRun {
  readonly job: JobName;
  readonly run: string;
  /** Undefined if the run failed. */
  readonly report: RunReport | undefined;
  readonly error: JobError | undefined;
  readonly metrics: Readonly<Partial<Record<string, number>>>;
  /** The same as data for CloudWatch, with the line of `start-run` for a failed run. */
  readonly metricLines: readonly MetricLine[];
  /** Every line of the log, as JSON of its message and facts. */
  readonly logged: readonly string[];
  /** Method, URL and body of every request to RingCentral except logins. */
  readonly requests: readonly string[];
  readonly logins: number;
  /** Bucket and key of every write to S3, once for each write. */
  readonly written: readonly string[];
  /** Number of requests that wrote to S3 or went to RingCentral. */
  readonly operations: number;
  readonly containers: number;
  /** True if it neither succeeded nor failed. */
  readonly isAbandoned: boolean;
  /** Durable operations, such as `step list`. */
  readonly steps: readonly string[];
}

export interface FastRunWorld {
  readonly jobs: FastJobs;
  readonly aws: SdkHandler;
  readonly sdk?: boolean;
  readonly fetch: typeof fetch;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs a job to its end over the in-memory engine, in as many containers as needed, each without earlier state. */
export async function fastRun(world: FastRunWorld, job: JobName, options: FastRunOptions = {}): Promise<FastRun> {
  const { request = {}, run = nameOf(job), onRequest = () => {}, death, goesOn = true } = options;
  const notes = takeNotes(job);
  const engine = createInMemoryEngine({ advance: (ms) => sleep(ms) });
  const event = { run, manual: options.request !== undefined, request };
  // Requests take no time here; no two runs begin at the same instant all the same.
  await sleep(1_000);
  let containers = 0;
  let failure: unknown;
  const report = await engine
    .run(async (each) => {
      const container = createContainer({
        ...{
          aws: world.aws,
          sdk: world.sdk,
          log: notes.log,
          metrics: notes.metricsOfContainer(),
          clockErrorMs: options.clockErrorMs,
        },
        ...(death && containers === 0 ? diesAt(death) : options.fate?.(containers)),
        fetch: notes.asking((options.fetch ?? same)(world.fetch)),
        onRequest: (sent, stage, response) => {
          notes.note(sent, stage, response);
          onRequest(sent, stage, response);
          if (options.isOverdue?.()) container.kill();
        },
      });
      containers++;
      const environment = { ...world.environment, ...options.environment };
      const { through } = options;
      try {
        const seen = container.engine((options.engine ?? same)(watched(each, options)));
        return await world.jobs[job]({ engine: seen, environment, outside: container.outside, through }, event);
      } catch (error) {
        if (!container.isDead()) throw error;
        throw goesOn && !options.isOverdue?.() ? new Killed() : new Abandoned();
      }
    })
    .catch((thrown: unknown) => {
      failure = thrown;
      return undefined;
    });
  const isAbandoned = failure instanceof Abandoned;
  if (isAbandoned) failure = undefined;
  if (failure !== undefined && !(failure instanceof JobError)) throw failure;
  const steps = engine.names();
  const error = failure as JobError | undefined;
  const { metricLines, ...noted } = notes.read();
  const reported = error ? failedEndLines(job, new Date()) : [];
  return {
    ...{ job, run, report, error, ...noted, metricLines: [...metricLines, ...reported] },
    ...{ containers, steps, isAbandoned },
  };
}

/** Thrown if the container died and no other continues, or if the run has no end. */
class Abandoned extends Error {
  override readonly name = "Abandoned";
}

function nameOf(job: JobName): string {
  return `${job}-${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`;
}

function watched(engine: Engine, { onStep = () => {}, isOverdue = () => false }: FastRunOptions): Engine {
  return {
    step: async (name, effect) => {
      if (isOverdue()) throw new Abandoned();
      let isReplayed = true;
      const result = await engine.step(name, async () => {
        isReplayed = false;
        await onStep(name, "begins");
        return effect();
      });
      if (!isReplayed) await onStep(name, "ended");
      return result;
    },
    wait: (name, seconds) => engine.wait(name, seconds),
  };
}

function diesAt({ operation, when, countsReads = false }: Death): ContainerFate {
  const numbers = new Map<ContainerRequest, number>();
  let count = 0;
  return {
    dies: (request, now) => {
      if (!request.counts && !countsReads) return false;
      if (now === "before") numbers.set(request, ++count);
      return numbers.get(request) === operation && now === when;
    },
  };
}

function takeNotes(job: JobName) {
  const metrics: Partial<Record<string, number>> = {};
  const metricLines: MetricLine[] = [];
  const [logged, requests, written]: string[][] = [[], [], []] as const;
  let [logins, operations] = [0, 0];
  const line = (message: string, facts: object = {}) => void logged.push(JSON.stringify({ message, facts }));
  /** Metrics that a container has not published are lost with it. */
  const metricsOfContainer = (): MetricsSink => {
    const sink = createMetricLines(job, (line) => metricLines.push(line));
    return {
      add: (name, value = 1) => {
        metrics[name] = (metrics[name] ?? 0) + value;
        sink.add(name, value);
      },
      set: (name, value) => {
        metrics[name] = value;
        sink.set(name, value);
      },
      publish: sink.publish,
    };
  };
  return {
    log: { info: line, warn: line, error: line },
    metricsOfContainer,
    asking:
      (send: typeof fetch): typeof fetch =>
      (url, init) => {
        if (String(url).includes("/oauth/")) logins++;
        else requests.push(`${init?.method ?? "GET"} ${url}${init?.body ? ` ${init.body}` : ""}`);
        return send(url, init);
      },
    note: ({ operation, target, counts }: ContainerRequest, stage: string, response?: ContainerResponse) => {
      if (stage === "sent" && counts) operations++;
      if (stage === "carried-out" && operation === "PutObject" && response?.status === 200) written.push(target);
    },
    read: () => ({ metrics, metricLines, logged, requests, logins, written, operations }),
  };
}

const same = <T>(each: T): T => each;
