import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { LambdaClient } from "@aws-sdk/client-lambda";
import fc from "fast-check";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { JobError } from "../../shared/errors.ts";
import { jobs } from "../../shared/jobs.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { collectMetrics } from "../../shared/runtime/metrics.ts";
import { type RunNameOptions, runName } from "../../shared/runtime/run-name.ts";
import { type Checked, createStartRun } from "../../shared/runtime/start-run.ts";
import { jobErrorOf } from "../support/ringcentral/open-client.ts";
import { silentLog } from "../support/runtime/silent-log.ts";

const target = "arn:aws:lambda:us-east-1:123456789012:function:archive-calls:live";
const at = new Date("2026-11-04T08:30:59.999Z");
const scheduledTime = "2026-11-04T08:30:00Z";

/** The estimate of tonight's run. */
const usual = { job: "archive-calls" };

interface Invocation {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly event: unknown;
}

/** Creates the parts of Lambda's Invoke that are needed: it records starts, or returns an error. */
async function openLambda(error?: { readonly status: number; readonly type: string }, executionArn?: string) {
  const invocations: Invocation[] = [];
  const server = createServer(async (request, response) => {
    const event = await json(request);
    invocations.push({ path: decodeURIComponent(request.url ?? ""), headers: request.headers, event });
    response.writeHead(error?.status ?? 202, {
      ...(error && { "x-amzn-errortype": error.type }),
      ...(executionArn && { "x-amz-durable-execution-arn": executionArn }),
    });
    response.end(error && JSON.stringify({ message: "words" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const lambda = new LambdaClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "lab", secretAccessKey: "lab" },
    maxAttempts: 1,
  });
  onTestFinished(() => {
    lambda.destroy();
    server.close();
    server.closeAllConnections();
  });
  return { lambda, invocations };
}

const notPaused = async () => ({ type: "none" }) as const;
/** Values that `start-run` published in the running test. */
const published: Record<string, number>[] = [];
const metricsOf = () => collectMetrics((values) => void published.push(Object.fromEntries(values)));

/** Creates `start-run` for one job, whose check accepts every field and finds `errors`. */
function doorTo(
  lambda: LambdaClient,
  errors: readonly string[] = [],
  estimate: () => Promise<object> = async () => ({ days: 3 }),
  log: Log = silentLog,
  pauseOf?: Checked["pauseOf"],
) {
  const check = async (fields: object): Promise<Checked> => ({
    errors,
    request: { ...fields, checked: true },
    at,
    estimate,
    pauseOf: pauseOf ?? notPaused,
  });
  const targets = { "archive-calls": target };
  return createStartRun({ targets, checkOf: async () => check, lambda, logOf: () => log, metricsOf });
}

/** Creates `start-run` for a job whose check, or whose estimate, fails. */
function failingDoor(lambda: LambdaClient, { check, estimate }: { readonly check?: Error; readonly estimate?: Error }) {
  const checked = { errors: [], request: {}, at, estimate: async () => Promise.reject(estimate), pauseOf: notPaused };
  const checkOf = async () => async () => (check ? Promise.reject(check) : checked);
  return createStartRun({ targets: { "archive-calls": target }, checkOf, lambda, logOf: () => silentLog, metricsOf });
}

describe("start-run starts nothing", () => {
  const wrongRequests: readonly [string, unknown, readonly unknown[]][] = [
    ["for an unknown job", { job: "archive-faxes" }, ['job: there is archive-calls (given: "archive-faxes")']],
    [
      "for a job named like a member of every object",
      { job: "constructor" },
      ['job: there is archive-calls (given: "constructor")'],
    ],
    ["for a job that is no name", { job: 7 }, ["job: expected the name of a job (given: 7)"]],
    [
      "when the request is no object",
      "archive everything",
      [expect.stringMatching(/^\(whole\): expected an object, as/)],
    ],
    ["when it is a list", ["2026-11-01"], [expect.stringMatching(/^\(whole\): expected an object, as/)]],
    ["when dryRun is no truth value", { dryRun: "yes" }, ['dryRun: expected true or false (given: "yes")']],
  ];

  test.each(wrongRequests)("%s, and an operator gets every error", async (_what, event, errors) => {
    const { lambda, invocations } = await openLambda();

    const response = await doorTo(lambda)(event);

    expect(response).toMatchObject({ started: false, code: "REQUEST_INVALID", errors });
    expect(invocations).toEqual([]);
  });

  test.each([
    ["archive", "archive-calls"],
    ["tables", "build-tables"],
    ["Collect-Analytics", "collect-analytics"],
  ])("for a job %s, and an operator gets the existing jobs and the nearest one", async (slip, meant) => {
    const { lambda } = await openLambda();
    const targets = Object.fromEntries(Object.keys(jobs).map((job) => [job, target]));
    const checkOf = async () => () => Promise.reject(new Error("not checked"));

    const response = await createStartRun({ targets, checkOf, lambda, logOf: () => silentLog, metricsOf })({
      job: slip,
    });

    const fieldError = `job: there is ${Object.keys(jobs).join(", ")}; did you mean ${meant}? (given: "${slip}")`;
    expect(response).toMatchObject({ errors: [fieldError] });
  });

  test("if the job finds invalid fields, and an operator gets all of them", async () => {
    const { lambda, invocations } = await openLambda();
    const errors = ["from: is missing", "to: expected a date"];

    const response = await doorTo(lambda, errors)({});

    expect(response).toMatchObject({ started: false, code: "REQUEST_INVALID", errors });
    expect(invocations).toEqual([]);
  });

  test.each([
    ["of an unknown job", { scheduledTime, job: "archive-faxes" }, []],
    ["with a field of another form", { scheduledTime, dryRun: "yes" }, []],
    ["whose time is invalid", { scheduledTime: "tonight" }, []],
    ["whose time is empty", { scheduledTime: "" }, []],
    ["that the job finds wrong", { scheduledTime }, ["relist: needs days"]],
  ])("for a schedule %s, and fails, because a schedule reads no response", async (_what, event, errors) => {
    const { lambda, invocations } = await openLambda();

    const error = await jobErrorOf(doorTo(lambda, errors)(event));

    expect(error).toMatchObject({ code: "REQUEST_INVALID", retryable: false });
    expect(invocations).toEqual([]);
  });

  test.each([undefined, null, {}, { dryRun: false }, { relist: false, dryRun: false }])(
    "for an operator who names nothing (%j), and the response says what to send",
    async (event) => {
      const { lambda, invocations } = await openLambda();

      const response = await doorTo(lambda)(event);

      expect(response).toEqual({
        ...{ started: false, code: "REQUEST_INVALID", errors: ["(whole): is empty"] },
        hint: expect.stringContaining('Send {"job":"archive-calls"} to run now what the schedule runs'),
      });
      expect(invocations).toEqual([]);
    },
  );

  const deniedByS3 = new JobError("STORAGE_FAILED", "HeadObject s3://state/a answered 403", { hint: "Compare." });

  test.each([
    ["when it checks the request", { check: deniedByS3 }, usual],
    ["when it estimates for a dry run", { estimate: deniedByS3 }, { ...usual, dryRun: true }],
  ])("if S3 denies start-run itself %s, and an operator gets the reason and a hint", async (_when, fails, event) => {
    const { lambda, invocations } = await openLambda();

    const response = await failingDoor(lambda, fails)(event);

    const { code, message, hint } = deniedByS3;
    expect(response).toEqual({ started: false, code, message, hint });
    expect(invocations).toEqual([]);
  });

  test("if S3 denies start-run itself for a schedule, and fails, because a schedule reads no response", async () => {
    const { lambda } = await openLambda();

    const error = await jobErrorOf(failingDoor(lambda, { check: deniedByS3 })({ scheduledTime }));

    expect(error).toBe(deniedByS3);
  });

  test("if an unexpected error is thrown, and does not hide it in a response", async () => {
    const { lambda } = await openLambda();
    const unforeseen = new TypeError("undefined is not a function");

    await expect(failingDoor(lambda, { check: unforeseen })(usual)).rejects.toBe(unforeseen);
  });

  test("on a dry run, and returns what would be done", async () => {
    const { lambda, invocations } = await openLambda();

    const response = await doorTo(lambda)({ dryRun: true });

    expect(response).toEqual({ started: false, job: "archive-calls", dryRun: true, estimate: { days: 3 } });
    expect(invocations).toEqual([]);
  });

  test("if Lambda refuses, and the error may be retried", async () => {
    const { lambda } = await openLambda({ status: 429, type: "TooManyRequestsException" });

    const error = await jobErrorOf(doorTo(lambda)(usual));

    expect(error).toMatchObject({ code: "START_FAILED", retryable: true });
    expect(error.message).toContain("TooManyRequestsException");
  });
});

describe("start-run starts a run", () => {
  test("for an operator under a name of its own minute and request, by the alias, without waiting for its end", async () => {
    const execution = "arn:aws:lambda:us-east-1:123456789012:function:archive-calls:3/durable-execution/r/1";
    const { lambda, invocations } = await openLambda(undefined, execution);

    const response = await doorTo(lambda)({ days: ["2026-11-01"] });

    const run = expect.stringMatching(/^archive-calls-[0-9a-f]{6}-20261104T0830-[0-9a-f]{8}$/);
    expect(response).toEqual({
      started: true,
      job: "archive-calls",
      run,
      execution,
      estimate: { days: 3 },
      pausedSince: null,
    });
    expect(invocations).toHaveLength(1);
    expect(invocations[0]?.path).toBe(`/2015-03-31/functions/${target}/invocations`);
    expect(invocations[0]?.headers).toMatchObject({
      "x-amz-invocation-type": "Event",
      "x-amz-durable-execution-name": run,
    });
    expect(invocations[0]?.event).toEqual({ run, manual: true, request: { days: ["2026-11-01"], checked: true } });
  });

  test("even if it could not be estimated", async () => {
    const { lambda, invocations } = await openLambda();

    const response = await doorTo(lambda, [], () => Promise.reject(new Error("S3 cannot be reached")))(usual);

    expect(response).toMatchObject({ started: true, estimate: null });
    expect(invocations).toHaveLength(1);
  });

  test("only after it has been estimated, because nothing may fail afterwards", async () => {
    const { lambda, invocations } = await openLambda();
    let startedBefore: number | undefined;

    await doorTo(lambda, [], async () => {
      startedBefore = invocations.length;
      return {};
    })(usual);

    expect(startedBefore).toBe(0);
  });

  test("for a schedule under the name of its time, neither manual nor estimated", async () => {
    const { lambda, invocations } = await openLambda();
    let estimated = false;

    const response = await doorTo(lambda, [], async () => {
      estimated = true;
      return {};
    })({ scheduledTime });

    expect(response).toMatchObject({ started: true, estimate: null });
    expect(estimated).toBe(false);
    expect(invocations[0]?.event).toMatchObject({
      run: expect.stringMatching(/^archive-calls-[0-9a-f]{6}-20261104T083000Z$/),
      manual: false,
    });
  });

  test("once for a schedule that is delivered twice, and logs it", async () => {
    const { lambda } = await openLambda({ status: 409, type: "DurableExecutionAlreadyStartedException" });
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (...line: unknown[]) => void warnings.push(line) };

    const response = await doorTo(lambda, [], undefined, log)({ scheduledTime });

    expect(response).toMatchObject({ started: true });
    expect(warnings).toEqual([["run already started", { run: expect.stringContaining("20261104T083000Z") }]]);
  });

  test("not for an operator whose request has the name of another run, and returns an error that says so", async () => {
    const { lambda } = await openLambda({ status: 409, type: "DurableExecutionAlreadyStartedException" });

    const error = await jobErrorOf(doorTo(lambda)(usual));

    expect(error).toMatchObject({ code: "START_FAILED", retryable: true });
    expect(error.message).toContain("another run has this name");
  });

  const executionOf = (name: string) =>
    `arn:aws:lambda:us-east-1:123456789012:function:${name}:3/durable-execution/night/0d5e`;

  test.each([usual, { scheduledTime }])(
    "not if Lambda returns another function's run under its name (%j)",
    async (event) => {
      const { lambda } = await openLambda(undefined, executionOf("archive-calls-of-another-stack"));

      const error = await jobErrorOf(doorTo(lambda)(event));

      expect(error).toMatchObject({ code: "START_FAILED", retryable: true });
    },
  );

  test("of the target itself, if Lambda says so", async () => {
    const { lambda } = await openLambda(undefined, executionOf("archive-calls"));

    expect(await doorTo(lambda)(usual)).toMatchObject({ started: true });
  });
});

describe("while a job is paused, start-run", () => {
  const since = "2026-10-28T08:31:00Z";
  const paused = async () => ({ type: "paused", since }) as const;
  beforeEach(() => void published.splice(0));

  test("starts nothing for a schedule, logs it, and publishes a sign of life and the whole days", async () => {
    const { lambda, invocations } = await openLambda();
    const lines: unknown[] = [];
    const log = { ...silentLog, info: (...line: unknown[]) => void lines.push(line) };

    const response = await doorTo(lambda, [], undefined, log, paused)({ scheduledTime });

    expect(response).toEqual({ started: false, job: "archive-calls", pausedSince: since });
    expect(invocations).toEqual([]);
    expect(lines).toEqual([["run not started: the job is paused", { since, days: 6 }]]);
    expect(published).toEqual([{ RunsAlive: 1, PausedDays: 6 }]);
  });

  test("refuses an invalid event of a schedule all the same", async () => {
    const { lambda } = await openLambda();

    const error = await jobErrorOf(doorTo(lambda, ["days: is empty"], undefined, silentLog, paused)({ scheduledTime }));

    expect(error.code).toBe("REQUEST_INVALID");
    expect(published).toEqual([]);
  });

  test("starts an operator's run, says since when the job is paused, and publishes nothing", async () => {
    const { lambda, invocations } = await openLambda();

    const response = await doorTo(lambda, [], undefined, silentLog, paused)(usual);

    expect(response).toMatchObject({ started: true, pausedSince: since });
    expect([invocations.length, published]).toEqual([1, []]);
  });

  test("starts a schedule's run once it is resumed, and publishes that it is paused for no day", async () => {
    const { lambda, invocations } = await openLambda();
    const resumed = async () => ({ type: "resumed", since }) as const;

    await doorTo(lambda, [], undefined, silentLog, resumed)({ scheduledTime });

    expect([invocations.length, published]).toEqual([1, [{ PausedDays: 0 }]]);
  });

  test("starts a schedule's run if the pause is not readable, and logs an error", async () => {
    const { lambda, invocations } = await openLambda();
    const lines: unknown[] = [];
    const log = { ...silentLog, error: (...line: unknown[]) => void lines.push(line) };
    const unreadable = async () => ({ type: "unreadable", reason: "it is damaged" }) as const;

    await doorTo(lambda, [], undefined, log, unreadable)({ scheduledTime });

    expect([invocations.length, published]).toEqual([1, []]);
    expect(lines).toEqual([["pause not readable, so the run starts", { reason: "it is damaged" }]]);
  });

  test("fails for a schedule while S3 is away, so that the event is delivered again; an operator's run starts", async () => {
    const { lambda, invocations } = await openLambda();
    const away = () => Promise.reject(new JobError("STORAGE_FAILED", "503", { retryable: true }));
    const start = doorTo(lambda, [], undefined, silentLog, away);

    expect(await jobErrorOf(start({ scheduledTime }))).toMatchObject({ code: "STORAGE_FAILED" });
    expect(await start(usual)).toMatchObject({ started: true, pausedSince: null });
    expect(invocations).toHaveLength(1);
  });
});

describe("the name of a run", () => {
  const requests = fc.dictionary(fc.string(), fc.jsonValue());
  const instants = fc.date({ min: new Date("2025-01-01"), max: new Date("2099-01-01"), noInvalidDate: true });

  const nameOf = (options: Partial<RunNameOptions>) =>
    runName({ job: "archive-calls", target, scheduledTime: undefined, request: {}, now: at, ...options });

  test("is valid in Lambda for any request", () => {
    fc.assert(
      fc.property(requests, instants, fc.boolean(), (request, now, scheduled) => {
        const name = nameOf({ scheduledTime: scheduled ? now.toISOString() : undefined, request, now });

        expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      }),
    );
  });

  test("leaves room within Lambda's 64 characters for every job", () => {
    for (const job of Object.keys(jobs)) expect(nameOf({ job }).length).toBeLessThanOrEqual(47);
  });

  test("is the same for the same request in the same minute, in any order of its fields", () => {
    fc.assert(
      fc.property(requests, instants, (request, now) => {
        const reversed = Object.fromEntries(Object.entries(request).reverse());
        const later = new Date(now.getTime() - (now.getTime() % 60_000) + 59_999);

        expect(nameOf({ request: reversed, now: later })).toBe(nameOf({ request, now }));
      }),
    );
  });

  test.each<[string, Partial<RunNameOptions>]>([
    ["another request", { request: { days: ["2026-11-02"] } }],
    ["the next minute", { now: new Date(at.getTime() + 1) }],
    ["another stack's function in the same AWS account and region", { target: target.replace("calls:", "calls-2:") }],
    ["another region", { target: target.replace("us-east-1", "eu-central-1") }],
  ])("differs for %s", (_what, other) => {
    expect(nameOf({ request: { days: ["2026-11-01"] }, ...other })).not.toBe(
      nameOf({ request: { days: ["2026-11-01"] } }),
    );
  });

  test("differs for another stack's function at the same scheduled time", () => {
    const other = target.replace("calls:", "calls-2:");

    expect(nameOf({ scheduledTime, target: other })).not.toBe(nameOf({ scheduledTime }));
  });

  test("is that of the scheduled time, however late and often it is delivered", () => {
    const late = new Date(at.getTime() + 3_600_000);

    expect(nameOf({ scheduledTime, now: late })).toBe(nameOf({ scheduledTime }));
  });
});
