import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { LambdaClient } from "@aws-sdk/client-lambda";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Checked, createStartRun, runName } from "../../shared/runtime/start-run.ts";
import { jobErrorOf } from "../ringcentral/open-client.ts";

const target = "arn:aws:lambda:us-east-1:123456789012:function:archive-calls:live";
const at = new Date("2026-11-04T08:30:59.999Z");
const scheduledTime = "2026-11-04T08:30:00Z";

interface Invocation {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly event: unknown;
}

/** Lambda's Invoke as far as it is needed: notes what is started, or answers with an error. */
async function openLambda(error?: { readonly status: number; readonly type: string }) {
  const invocations: Invocation[] = [];
  const server = createServer(async (request, response) => {
    const event = await json(request);
    invocations.push({ path: decodeURIComponent(request.url ?? ""), headers: request.headers, event });
    response.writeHead(error?.status ?? 202, error && { "x-amzn-errortype": error.type });
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

/** A door to one job, which takes every field for its request and finds `wrong` with it. */
function doorTo(
  lambda: LambdaClient,
  wrong: readonly string[] = [],
  estimate: () => Promise<object> = async () => ({ days: 3 }),
) {
  const check = async (fields: object): Promise<Checked> => ({
    wrong,
    request: { ...fields, checked: true },
    at,
    estimate,
  });
  return createStartRun({ targets: { "archive-calls": target }, checkOf: async () => check, lambda });
}

describe("nothing is started", () => {
  const wrongRequests: readonly [string, unknown, readonly string[]][] = [
    ["for an unknown job", { job: "archive-faxes" }, ["job: there is archive-calls"]],
    ["for a job named like a member of every object", { job: "constructor" }, ["job: there is archive-calls"]],
    ["when the request is no object", "archive everything", ["(whole): expected object"]],
    ["when it is a list", ["2026-11-01"], ["(whole): expected object"]],
    ["when dryRun is no truth value", { dryRun: "yes" }, ["dryRun: expected boolean"]],
  ];

  test.each(wrongRequests)("%s: a person is answered what is wrong", async (_what, event, wrong) => {
    const { lambda, invocations } = await openLambda();

    const answer = await doorTo(lambda)(event);

    expect(answer).toMatchObject({ started: false, code: "REQUEST_INVALID", wrong });
    expect(invocations).toEqual([]);
  });

  test("when the job finds fields wrong: a person is answered all of them", async () => {
    const { lambda, invocations } = await openLambda();
    const wrong = ["from: is missing", "to: expected a date"];

    const answer = await doorTo(lambda, wrong)({});

    expect(answer).toMatchObject({ started: false, code: "REQUEST_INVALID", wrong });
    expect(invocations).toEqual([]);
  });

  test.each([
    ["of an unknown job", { scheduledTime, job: "archive-faxes" }, []],
    ["with a field of another form", { scheduledTime, dryRun: "yes" }, []],
    ["whose time is none", { scheduledTime: "tonight" }, []],
    ["whose time is empty", { scheduledTime: "" }, []],
    ["that the job finds wrong", { scheduledTime }, ["relist: needs days"]],
  ])("for a schedule %s, which fails: nobody would read an answer", async (_what, event, wrong) => {
    const { lambda, invocations } = await openLambda();

    const error = await jobErrorOf(doorTo(lambda, wrong)(event));

    expect(error).toMatchObject({ code: "REQUEST_INVALID", retryable: false });
    expect(invocations).toEqual([]);
  });

  test("by a dry run, which tells what would be done", async () => {
    const { lambda, invocations } = await openLambda();

    const answer = await doorTo(lambda)({ dryRun: true });

    expect(answer).toEqual({ started: false, job: "archive-calls", dryRun: true, estimate: { days: 3 } });
    expect(invocations).toEqual([]);
  });

  test("when Lambda refuses, and the error may be retried", async () => {
    const { lambda } = await openLambda({ status: 429, type: "TooManyRequestsException" });

    const error = await jobErrorOf(doorTo(lambda)({}));

    expect(error).toMatchObject({ code: "START_FAILED", retryable: true });
    expect(error.message).toContain("TooManyRequestsException");
  });
});

describe("a run is started", () => {
  test("by a person under a name of its own minute and request, at the alias, without waiting for its end", async () => {
    const { lambda, invocations } = await openLambda();

    const answer = await doorTo(lambda)({ days: ["2026-11-01"] });

    const run = expect.stringMatching(/^archive-calls-20261104T0830-[0-9a-f]{8}$/);
    expect(answer).toEqual({ started: true, job: "archive-calls", run, estimate: { days: 3 } });
    expect(invocations).toHaveLength(1);
    expect(invocations[0]?.path).toBe(`/2015-03-31/functions/${target}/invocations`);
    expect(invocations[0]?.headers).toMatchObject({
      "x-amz-invocation-type": "Event",
      "x-amz-durable-execution-name": run,
    });
    expect(invocations[0]?.event).toEqual({ run, manual: true, request: { days: ["2026-11-01"], checked: true } });
  });

  test("though it could not be estimated", async () => {
    const { lambda, invocations } = await openLambda();

    const answer = await doorTo(lambda, [], () => Promise.reject(new Error("S3 cannot be reached")))({});

    expect(answer).toMatchObject({ started: true, estimate: null });
    expect(invocations).toHaveLength(1);
  });

  test("only when it has been estimated, for nothing may fail afterwards", async () => {
    const { lambda, invocations } = await openLambda();
    let startedBefore: number | undefined;

    await doorTo(lambda, [], async () => {
      startedBefore = invocations.length;
      return {};
    })({});

    expect(startedBefore).toBe(0);
  });

  test("by a schedule under the name of its time, is not manual, and is not estimated", async () => {
    const { lambda, invocations } = await openLambda();
    let estimated = false;

    const answer = await doorTo(lambda, [], async () => {
      estimated = true;
      return {};
    })({ scheduledTime });

    expect(answer).toMatchObject({ started: true, estimate: null });
    expect(estimated).toBe(false);
    expect(invocations[0]?.event).toMatchObject({ run: "archive-calls-20261104T083000Z", manual: false });
  });

  test("without a request at all, as a person would with an empty test event", async () => {
    const { lambda, invocations } = await openLambda();

    await doorTo(lambda)(undefined);

    expect(invocations).toHaveLength(1);
  });

  test("once, though it is delivered twice: what has started already is fine", async () => {
    const { lambda } = await openLambda({ status: 409, type: "DurableExecutionAlreadyStartedException" });

    expect(await doorTo(lambda)({ scheduledTime })).toMatchObject({ started: true });
  });
});

describe("a run's name", () => {
  const requests = fc.dictionary(fc.string(), fc.jsonValue());
  const instants = fc.date({ min: new Date("2025-01-01"), max: new Date("2099-01-01"), noInvalidDate: true });

  test("is one that Lambda takes, whatever the request", () => {
    fc.assert(
      fc.property(requests, instants, fc.boolean(), (request, now, scheduled) => {
        const name = runName("archive-calls", scheduled ? now.toISOString() : undefined, request, now);

        expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      }),
    );
  });

  test("is the same for the same request in the same minute, whatever the order of its fields", () => {
    fc.assert(
      fc.property(requests, instants, (request, now) => {
        const reversed = Object.fromEntries(Object.entries(request).reverse());
        const later = new Date(now.getTime() - (now.getTime() % 60_000) + 59_999);

        expect(runName("archive-calls", undefined, reversed, later)).toBe(
          runName("archive-calls", undefined, request, now),
        );
      }),
    );
  });

  test.each([
    ["another request", { days: ["2026-11-02"] }, at],
    ["the next minute", { days: ["2026-11-01"] }, new Date(at.getTime() + 1)],
  ])("is another for %s", (_what, request, now) => {
    const name = runName("archive-calls", undefined, { days: ["2026-11-01"] }, at);

    expect(runName("archive-calls", undefined, request, now)).not.toBe(name);
  });

  test("is that of the scheduled time, however late and often it is delivered", () => {
    const late = new Date(at.getTime() + 3_600_000);

    expect(runName("archive-calls", scheduledTime, {}, late)).toBe(runName("archive-calls", scheduledTime, {}, at));
  });
});
