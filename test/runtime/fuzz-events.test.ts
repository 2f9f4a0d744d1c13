import { Readable } from "node:stream";
import { LambdaClient } from "@aws-sdk/client-lambda";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JobError } from "../../shared/errors.ts";
import { checkArchiveRequest } from "../../shared/jobs/archive-calls/check.ts";
import { ArchiveRequest } from "../../shared/jobs/archive-calls/request.ts";
import type { RunServices } from "../../shared/runtime/job.ts";
import { collectMetrics } from "../../shared/runtime/metrics.ts";
import { RunInput, runJob } from "../../shared/runtime/run-job.ts";
import { createStartRun } from "../../shared/runtime/start-run.ts";
import { jsonText, mutated } from "../support/ringcentral/hostile-json.ts";
import { createInMemoryEngine } from "../support/runtime/in-memory-engine.ts";
import { silentLog } from "../support/runtime/silent-log.ts";
import { valueOrJobError } from "../support/storage/value-or-job-error.ts";

const now = new Date("2026-11-04T12:00:00Z");
const runs = { numRuns: 500 };
/** Every error names its field, and then says what is wrong. */
const fieldError = /: /;

/** Generates events, some of them close to a valid one. */
function eventsLike(...good: readonly object[]): fc.Arbitrary<unknown> {
  return fc.oneof(...good.map(mutated), jsonText).map((text) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  });
}

/** Creates Lambda's client, which records requests instead of sending them. */
function openLambda() {
  const started: { readonly name: string | undefined; readonly event: unknown }[] = [];
  const handle = async (request: unknown) => {
    const { headers, body } = request as { readonly headers: Record<string, string>; readonly body: Uint8Array };
    started.push({ name: headers["x-amz-durable-execution-name"], event: JSON.parse(String(body)) });
    return { response: { statusCode: 202, headers: {}, body: Readable.from([]) } };
  };
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  return { started, lambda: new LambdaClient({ region: "us-east-1", credentials, requestHandler: { handle } }) };
}

describe("for any event of start-run,", () => {
  const archive = async (fields: unknown) => {
    const checked = checkArchiveRequest(fields, { now, timeZone: "America/New_York" });
    return { ...checked, at: now, estimate: async () => ({}), pauseOf: async () => ({ type: "none" }) as const };
  };
  const metricsOf = () => collectMetrics(() => {});
  const logOf = () => silentLog;
  const door = { targets: { "archive-calls": "a:live" }, checkOf: async () => archive, logOf, metricsOf };
  const days = ["2026-11-01", "2026-11-02"];
  const events = eventsLike(
    { job: "archive-calls", dryRun: false, days, relist: true, acceptShrunk: false },
    { from: "2026-11-01", to: "2026-11-03", relist: false, dryRun: false },
    { scheduledTime: "2026-11-04T08:30:00Z", job: "archive-calls" },
  );

  test("a valid request is started once, and all others are refused with the invalid fields", async () => {
    const { lambda, started } = openLambda();
    const start = createStartRun({ ...door, lambda });

    await fc.assert(
      fc.asyncProperty(events, async (event) => {
        started.length = 0;

        const response = await valueOrJobError(() => start(event));

        expect(started).toHaveLength(!(response instanceof JobError) && response.started ? 1 : 0);
        for (const { name, event } of started) {
          expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
          expect(ArchiveRequest.safeParse(RunInput.parse(event).request).success).toBe(true);
        }
        if (response instanceof JobError) expect(response.code).toBe("REQUEST_INVALID");
        else if ("errors" in response) {
          expect(response.errors.length).toBeGreaterThan(0);
          expect(response.errors.filter((each) => !fieldError.test(each))).toEqual([]);
        }
      }),
      runs,
    );
  });

  const awkward: readonly [string, object, string][] = [
    ["a job that cannot be made a text", { job: { toString: null, valueOf: null } }, "job: "],
    ["the end of time", { from: "2026-11-01", to: "9999-12-31" }, "to: the day before 9999-12-31 has not begun"],
    ["the beginning of time", { from: "0000-01-01", to: "9999-12-31" }, "from: RingCentral lists no calls before"],
  ];

  test.each(awkward)("%s is refused at once", async (_what, event, expected) => {
    const { lambda, started } = openLambda();
    const began = process.cpuUsage();

    const response = await createStartRun({ ...door, lambda })(event);

    expect(response).toMatchObject({
      started: false,
      errors: expect.arrayContaining([expect.stringContaining(expected)]),
    });
    expect(started).toEqual([]);
    // Of this process, for a busy machine takes longer for the same work.
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  test("a schedule whose time has endless digits fails", async () => {
    const { lambda, started } = openLambda();
    const event = { scheduledTime: `2026-11-04T08:30:00.${"0".repeat(99)}Z` };

    const response = await valueOrJobError(() => createStartRun({ ...door, lambda })(event));

    expect(response).toMatchObject({ code: "REQUEST_INVALID" });
    expect(started).toEqual([]);
  });
});

describe("for any event of a job,", () => {
  const request = { days: ["2026-11-01"], relist: false, acceptShrunk: false };
  const events = eventsLike({ run: "archive-calls-1", manual: true, request });

  /** Creates a job that records the requests of its `run`, over services that it does not use. */
  function openJob() {
    const requests: ArchiveRequest[] = [];
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const services: RunServices = {
      ...{ log, now: () => now, nextWindowAt: () => undefined },
      owner: { claim: async () => ({ waitSeconds: 0 }), isCurrent: async () => true, release: async () => {} },
    };
    const job = {
      request: ArchiveRequest,
      services: async () => services,
      reporter: () => ({ log, ended: () => {}, publish: () => {} }),
      run: async (request: ArchiveRequest) => void requests.push(request),
    };
    return { requests, job };
  }

  test("its run begins with a checked request, or not at all", async () => {
    await fc.assert(
      fc.asyncProperty(events, async (event) => {
        const { requests, job } = openJob();
        const engine = createInMemoryEngine({ advance: () => {} });

        const end = await valueOrJobError(() => engine.run((each) => runJob(job, each, event)));

        expect(requests).toHaveLength(end instanceof JobError ? 0 : 1);
        for (const each of requests) expect(ArchiveRequest.parse(each)).toEqual(each);
        if (!(end instanceof JobError)) return;
        expect(end.code).toBe("REQUEST_INVALID");
        expect(end.message.replace("The request is invalid: ", "")).toMatch(fieldError);
      }),
      runs,
    );
  });
});
