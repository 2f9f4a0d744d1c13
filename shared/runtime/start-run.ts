import { createHash } from "node:crypto";
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod/mini";
import { compareText } from "../core/compare-text.ts";
import { complaintsOf } from "../core/zod-issues.ts";
import { JobError } from "../errors.ts";
import type { RunEvent } from "./run-job.ts";

/** What a job tells of a request before anything begins. */
export interface Checked {
  /** Every wrong field, `name: what is wrong`; empty when the request is good. */
  readonly wrong: readonly string[];
  /** What the job is to be started with. */
  readonly request: unknown;
  /** When it was checked, by a clock that can be trusted. */
  readonly at: Date;
  /** What it will do, as far as S3 knows: for people. */
  readonly estimate: () => Promise<object>;
}

/** Checks the fields of a request that are the job's own. */
export type CheckRequest = (fields: Readonly<Record<string, unknown>>) => Promise<Checked>;

export interface StartRunOptions {
  /** The alias of each job's function, by the job's name: these can be started. */
  readonly targets: Readonly<Record<string, string>>;
  /** How each job checks a request. */
  readonly checkOf: (job: string) => Promise<CheckRequest>;
  readonly lambda: LambdaClient;
}

export type StartAnswer =
  | {
      readonly started: true;
      readonly job: string;
      readonly run: string;
      /** Null for a schedule, which nobody reads, and when it could not be made. */
      readonly estimate: object | null;
    }
  | { readonly started: false; readonly job: string; readonly dryRun: true; readonly estimate: object }
  | {
      readonly started: false;
      readonly code: "REQUEST_INVALID";
      readonly wrong: readonly string[];
      readonly todo: string;
    };

const defaultJob = "archive-calls";
/** A run's name of 64 characters has no room for a longer one. */
const Instant = z.iso.datetime({ offset: true, error: "expected an instant" }).check(z.maxLength(40, "is too long"));
const Envelope = z.looseObject({
  job: z._default(z.string(), defaultJob),
  scheduledTime: z.optional(Instant),
  dryRun: z._default(z.boolean(), false),
});

/**
 * The one door for schedules and people: checks a request whole, tells what it will do, and starts the job under a name
 * made from the scheduled time or the request, so that what is delivered twice starts once.
 */
export function createStartRun({
  targets,
  checkOf,
  lambda,
}: StartRunOptions): (event: unknown) => Promise<StartAnswer> {
  return async (event) => {
    const refuse = isScheduled(event) ? refuseSchedule : refusal;
    const { job, scheduledTime, dryRun, fields, complaints } = openEnvelope(event);
    const target = Object.hasOwn(targets, job) ? targets[job] : undefined;
    if (target === undefined) return refuse([...complaints, `job: there is ${Object.keys(targets).join(", ")}`]);
    const check = await checkOf(job);
    const { wrong, request, at, estimate } = await check(fields);
    if (complaints.length + wrong.length > 0) return refuse([...complaints, ...wrong]);
    if (dryRun) return { started: false, job, dryRun, estimate: await estimate() };

    const run = runName(job, scheduledTime, request, at);
    const manual = scheduledTime === undefined;
    // Made first, for nothing may fail once the run has been started.
    const told = manual ? await estimate().catch(() => null) : null;
    await start(lambda, target, { run, manual, request });
    return { started: true, job, run, estimate: told };
  };
}

/** What every request may say, apart from what is the job's own; a mistake here does not hide one there. */
function openEnvelope(event: unknown) {
  const parsed = Envelope.safeParse(event ?? {});
  if (parsed.success) {
    const { job, scheduledTime, dryRun, ...fields } = parsed.data;
    return { job, scheduledTime, dryRun, fields, complaints: [] };
  }
  const complaints = complaintsOf(parsed.error.issues);
  const { job: named, scheduledTime, dryRun, ...fields } = Object(event) as Readonly<Record<string, unknown>>;
  const job = named === undefined ? defaultJob : named;
  return { job: typeof job === "string" ? job : "", scheduledTime: undefined, dryRun: false, fields, complaints };
}

/** Durable executions are idempotent by name: 64 of `[A-Za-z0-9_-]`. Of a person's requests, the same one within a minute is one. */
export function runName(job: string, scheduledTime: string | undefined, request: unknown, now: Date): string {
  if (scheduledTime !== undefined) return `${job}-${compact(scheduledTime)}`;
  const hash = createHash("sha256").update(canonical(request)).digest("hex").slice(0, 8);
  return `${job}-${compact(now.toISOString()).slice(0, 13)}-${hash}`;
}

async function start(lambda: LambdaClient, target: string, event: RunEvent): Promise<void> {
  try {
    await lambda.send(
      new InvokeCommand({
        FunctionName: target,
        InvocationType: "Event",
        DurableExecutionName: event.run,
        Payload: JSON.stringify(event),
      }),
    );
  } catch (cause) {
    // The same name with another payload: the run that was started first is the one.
    if (cause instanceof Error && cause.name === "DurableExecutionAlreadyStartedException") return;
    throw new JobError(
      "START_FAILED",
      `Starting the run ${event.run} answered ${cause instanceof Error ? cause.name : "?"}`,
      {
        cause,
        retryable: true,
        todo: "Start it again; if it stays, compare the role of start-run with the deployed stack.",
      },
    );
  }
}

function refusal(wrong: readonly string[]): StartAnswer {
  return {
    started: false,
    code: "REQUEST_INVALID",
    wrong,
    todo: "Nothing was started. Mend every field named and send it again.",
  };
}

/** Nobody reads the answer to a schedule: it must fail, so that the failure destination and the alarm see it. */
function refuseSchedule(wrong: readonly string[]): never {
  throw new JobError("REQUEST_INVALID", `The schedule sends a request that cannot be used: ${wrong.join("; ")}`, {
    todo: "Deploy the stack again.",
  });
}

function isScheduled(event: unknown): boolean {
  return typeof event === "object" && event !== null && "scheduledTime" in event;
}

function compact(instant: string): string {
  return instant.replace(/[^0-9TZ]/g, "");
}

/** The same request makes the same text, whatever the order of its fields. */
function canonical(request: unknown): string {
  return JSON.stringify(request, (_key, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)))
      : value,
  );
}
