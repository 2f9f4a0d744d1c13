import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDirectS3 } from "../../lab/aws/direct-clients.ts";
import { createBucket, toBody } from "../../shared/aws/bucket.ts";
import { aggregateKeys, derivedKeys, stateKeys } from "../../shared/core/object-keys.ts";
import { spanOf } from "../../shared/core/time/days.ts";
import { verificationAggregate } from "../../shared/core/verification-manifest.ts";
import { checkArchiveRequest } from "../../shared/jobs/archive-calls/check.ts";
import { checkPagesRequest } from "../../shared/jobs/build-pages/check.ts";
import { checkTablesRequest } from "../../shared/jobs/build-tables/check.ts";
import { checkAccessRequest } from "../../shared/jobs/check-access/check.ts";
import { checkCollectRequest } from "../../shared/jobs/collect-analytics/check.ts";
import { checkVerifyRequest } from "../../shared/jobs/verify-archive/check.ts";
import { collectMetrics } from "../../shared/runtime/metrics.ts";
import { createStartRun } from "../../shared/runtime/start-run.ts";
import { archiveFolder } from "../support/audit/archive-folder.ts";
import { account, archiveName } from "../support/audit/archive-lab.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { servedSample } from "../support/audit/sample-archive.ts";
import { verifySample } from "../support/audit/verify-sample.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";
import { execution, historyOf, scriptLambda, stepEnded, stepStarted, succeeded } from "../support/cli/scripted-runs.ts";
import { silentLog } from "../support/runtime/silent-log.ts";

const { shared } = servedSample({ signed: true });
const { lambda, historyIs, runsAre } = scriptLambda();
/** A run that has planned its work and ends at the second look. */
const planned = [stepStarted("plan"), stepEnded("plan", { type: "done", value: { days: [] } })];

/** Lets `start-run` check each request as the jobs do, two days after the last day that it names. */
beforeEach(() => {
  lambda.on(InvokeCommand).callsFake(async ({ Payload }) => ({
    Payload: Buffer.from(JSON.stringify(await checkedResponse(JSON.parse(String(Payload))))),
  }));
  runsAre("RUNNING");
  historyIs(historyOf(...planned), historyOf(...planned, succeeded("finished", { revocation: "revoked" })));
});

/** The last night's report. */
beforeEach(async () => {
  const night = verificationAggregate.empty(account, "2026-11-06", "UTC", spanOf("2026-11-06", "UTC"));
  const key = aggregateKeys.verifications.manifest(account, night.day);
  await shared().archive.put(key, toBody(JSON.stringify(night)), "application/json");
});

/** The pages of a night. */
beforeEach(async () => {
  const derived = createBucket(createDirectS3(shared().aws.unsignedHandler), "derived");
  for (const file of ["2026-11-03.html", "2026-11-20.html", "2026-11-26.html", "week-2026-11-15.html", "index.html"])
    await derived.put(derivedKeys.page(file), toBody("<!doctype html>"), "text/html");
});

const executionOf = (request: object) => execution.replace("archive-calls", Object(request).job);

const checks = {
  "archive-calls": checkArchiveRequest,
  "collect-analytics": checkCollectRequest,
  "build-tables": checkTablesRequest,
  "build-pages": checkPagesRequest,
  "check-access": checkAccessRequest,
  "verify-archive": checkVerifyRequest,
};

/** Stores the report that a run of `check-access` would. */
async function storeReport(run: string): Promise<void> {
  const report = { schema: "nightshift/access-report/1", run, at: "2026-11-06T08:00:00.000Z", lines: [] };
  const { state } = shared().services(run);
  await state.put(stateKeys.accessReport(run), toBody(JSON.stringify(report)), "application/json");
}

async function checkedResponse(request: object): Promise<unknown> {
  const lastDay =
    JSON.stringify(request)
      .match(/\d{4}-\d\d-\d\d/g)
      ?.toSorted()
      .at(-1) ?? "2026-11-06";
  const at = new Date(Date.parse(`${lastDay}T12:00:00Z`) + 2 * 24 * 3_600_000);
  const startRun = createStartRun({
    targets: Object.fromEntries(Object.keys(checks).map((job) => [job, `${job}:live`])),
    checkOf: async (job) => async (fields) => {
      const checked = checks[job as keyof typeof checks](fields, { now: at, timeZone: "America/New_York" });
      return { ...checked, at, estimate: async () => ({ days: 0 }), pauseOf: async () => ({ type: "none" }) as const };
    },
    lambda: { send: async () => ({ DurableExecutionArn: executionOf(request) }) } as unknown as LambdaClient,
    logOf: () => silentLog,
    metricsOf: () => collectMetrics(() => {}),
  });
  const response = await startRun(request);
  if (response.started && response.job === "check-access") await storeReport(response.run);
  return response;
}

const root = join(import.meta.dirname, "../..");
const documents = ["README.md", "SECURITY.md", "docs/operations.md", "docs/how-it-works.md", "docs/data.md"];

/** Every command of the documents, in blocks and in sentences, without comments and repetitions. */
const commands = [
  ...new Set(
    documents
      .flatMap((file) => readFileSync(join(root, file), "utf8").match(/npx nightshift [^`\n]*/g) ?? [])
      .map((command) => command.replace(/\s+#.*$/, "").trim())
      // A sentence that only names the command.
      .filter((command) => command.includes("-")),
  ),
];

/** The arguments as a shell passes them on. */
const words = (command: string) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? plain).slice(2);

/** Values in place of the placeholders, and of files that the reader has. */
let values: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  const lab = shared();
  const { head } = (await verifySample(lab)).verification;
  values = {
    "<name>": "sample",
    "<archive>": archiveName,
    "<state>": "state",
    "<account id>": account,
    "<number>:<sha256>": `${head?.number}:${head?.sha256}`,
    "<command>": "status",
    "<id>": "11",
    "<day>": "2026-11-03",
    "<job>": "archive-calls",
    "<alarm>": "run-failed",
    "rc.json": join(lab.dir, "rc.json"),
    "call.mp3": join(lab.dir, "call.mp3"),
    "./copy": await archiveFolder(lab),
    "ledger.pem": join(lab.dir, "ledger.pem"),
    "report.json": join(lab.dir, "report.json"),
    "--into pages": `--into ${join(lab.dir, "pages")}`,
    "objects.txt": join(lab.dir, "objects.txt"),
  };
  const credential = JSON.stringify({ clientId: "id", clientSecret: "secret", jwt: "a.b.c" });
  await writeFile(join(lab.dir, "rc.json"), credential, { mode: 0o600 });
  await writeFile(join(lab.dir, "ledger.pem"), pemOf(await publicKey(lab)));
});

describe("a command of the documents runs as it stands there:", () => {
  test("some are found", () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  test.each(commands)("%s", async (command) => {
    const filledIn = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), command);
    const interrupt = new AbortController();
    const pause = async () => {
      if (command.includes("--watch")) interrupt.abort();
    };

    const { status, err } = await nightshift(words(filledIn), loggedIn(shared()), {
      interrupted: interrupt.signal,
      pause,
    });

    expect(filledIn).not.toContain("<");
    // Progress is no error, nor is a search without a match. Here a check has ended before its start is known.
    expect(err.replace(/^(?:plan|A check has ended .*|No call .*)\n/, "")).toBe("");
    expect([0, 1]).toContain(status);
  });
});
