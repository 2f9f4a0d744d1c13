import { execFile } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { JobError } from "../../shared/errors.ts";
import { checkArchiveRequest } from "../../shared/jobs/archive-calls/check.ts";
import { checkTablesRequest } from "../../shared/jobs/build-tables/check.ts";
import { checkCollectRequest } from "../../shared/jobs/collect-analytics/check.ts";
import { createStartRun } from "../../shared/runtime/start-run.ts";
import { temporaryFolder } from "../support/infra/temporary-folder.ts";
import { createMetricLines } from "../support/metric-lines.ts";
import { silentLog } from "../support/runtime/silent-log.ts";

const root = join(import.meta.dirname, "..", "..");
const handbook = readFileSync(join(root, "docs", "operations.md"), "utf8");
const startFunction = /^```sh\n(start\(\) \([^`]*)```$/m.exec(handbook)?.[1] ?? "";

const at = new Date("2026-11-20T12:00:00Z");
const where = { now: at, timeZone: "America/New_York" };
const checks = {
  "archive-calls": checkArchiveRequest,
  "collect-analytics": checkCollectRequest,
  "build-tables": checkTablesRequest,
};

const pauseOf = async () => ({ type: "none" }) as const;

/** Returns the response of `start-run` to a request. */
async function responseTo(request: unknown, failure?: JobError) {
  const startRun = createStartRun({
    targets: Object.fromEntries(Object.keys(checks).map((job) => [job, `${job}:live`])),
    checkOf: async (job) => async (fields) => {
      if (failure) throw failure;
      const { errors, request } = checks[job as keyof typeof checks](fields, where);
      return { errors, request, at, estimate: async () => ({ days: 3, notCounted: ["code"] }), pauseOf };
    },
    lambda: { send: async () => ({}) } as unknown as LambdaClient,
    logOf: () => silentLog,
    metricsOf: () => createMetricLines("archive-calls", () => {}),
  });
  return startRun(request);
}

/** `aws lambda invoke` (CLI reference): the payload goes to the file, metadata to stdout, and the status is 0 even if the function failed. */
const fakeAws = `#!/bin/sh
printf '%s\\n' "$@" > "$FAKE/arguments"
[ -z "$STATUS" ] || { echo 'Unable to locate credentials' >&2; exit "$STATUS"; }
for outfile; do :; done
printf '%s' "$ANSWER" > "$outfile"
printf '{\\n    "StatusCode": 200,\\n%s    "ExecutedVersion": "$LATEST"\\n}\\n' "$FAILED"
`;

interface Invocation {
  readonly shell?: string;
  readonly request?: string;
  readonly response?: unknown;
  readonly functionError?: string;
  /** Of the CLI itself. */
  readonly status?: number;
}

/** Runs the handbook's function in a shell, with a stand-in for the AWS CLI. */
async function start({ shell = "sh", request = "{}", response, functionError, status }: Invocation) {
  const folder = temporaryFolder("start");
  writeFileSync(join(folder, "aws"), fakeAws);
  chmodSync(join(folder, "aws"), 0o755);
  const script = `${startFunction.replace("<start-run>", "the-function")}\nstart "$REQUEST"`;
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    ...{ FAKE: folder, TMPDIR: temporaryFolder("responses"), REQUEST: request, ANSWER: JSON.stringify(response) },
    ...{
      FAILED: functionError ? `    "FunctionError": "${functionError}",\n` : "",
      STATUS: status ? String(status) : "",
    },
  };
  const { promise, resolve } = Promise.withResolvers<{ readonly code: number; readonly text: string }>();
  execFile(shell, ["-c", script], { env }, (error, stdout) =>
    resolve({ code: error ? Number(error.code) : 0, text: stdout }),
  );
  const { code, text } = await promise;
  const given = readFileSync(join(folder, "arguments"), "utf8").trimEnd().split("\n");
  return { code, text, given, left: readdirSync(env.TMPDIR) };
}

describe.each(["sh", "bash"])("the handbook's `start`, in %s,", (shell) => {
  test("prints the response and succeeds if a run is started, or a dry run is answered", async () => {
    for (const request of [{ job: "build-tables" }, { dryRun: true }]) {
      const response = await responseTo(request);

      const { code, text, given, left } = await start({ shell, request: JSON.stringify(request), response });

      expect([code, JSON.parse(text), left]).toEqual([0, response, []]);
      expect(given).toEqual(expect.arrayContaining(["the-function", JSON.stringify(request)]));
    }
  });

  test.each([[{}], [{ days: ["2026-02-30"], form: 1 }]])(
    "prints the response and fails if %j is refused",
    async (request) => {
      const response = await responseTo(request);

      const { code, text } = await start({ shell, response });

      expect([code, JSON.parse(text)]).toEqual([1, response]);
      expect(response).toMatchObject({ started: false, code: "REQUEST_INVALID" });
    },
  );

  test("prints the response and fails if S3 denied start-run a request", async () => {
    const response = await responseTo(
      { dryRun: true },
      new JobError("STORAGE_FAILED", "answered 403", { hint: "Compare." }),
    );

    const { code, text } = await start({ shell, response });

    expect([code, JSON.parse(text)]).toEqual([1, { ...response, code: "STORAGE_FAILED" }]);
  });

  test("prints the error and fails if the function failed, although the CLI succeeds", async () => {
    const response = { errorType: "JobError", errorMessage: "Lambda answered ?" };

    const { code, text } = await start({ shell, response, functionError: "Unhandled" });

    expect([code, JSON.parse(text)]).toEqual([1, response]);
  });

  test("fails like the CLI if that fails", async () => {
    const { code, text, left } = await start({ shell, status: 253 });

    expect([code, text, left]).toEqual([253, "", []]);
  });
});

describe("every request in the handbook", () => {
  const inHandbook = [...handbook.matchAll(/`?start '(\{[^']*\})'/g)].map(([, request]) => request ?? "");
  const known = (request: string) =>
    request.replaceAll("<day>", "2026-11-03").replaceAll("2026-03-", "2026-11-").replace("2026-04-01", "2026-11-08");

  test.each(inHandbook)("is accepted: %s", async (request) => {
    const response = await responseTo(JSON.parse(known(request)));

    expect(response).not.toHaveProperty("errors");
  });

  test("is found", () => {
    expect(inHandbook.length).toBeGreaterThan(5);
  });
});
