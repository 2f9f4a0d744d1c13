import { cp } from "node:fs/promises";
import { join } from "node:path";
import { ListDurableExecutionsByFunctionCommand } from "@aws-sdk/client-lambda";
import { describe, expect, onTestFinished, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { stateKeys } from "../../shared/core/object-keys.ts";
import { account, archiveName } from "../support/audit/archive-lab.ts";
import { begun, nightsOfCalls, servedSample } from "../support/audit/sample-archive.ts";
import { serveArchive, stackName } from "../support/audit/served-archive.ts";
import {
  type Ended,
  type Environment,
  loggedIn,
  nightshift,
  nightshiftProcess,
} from "../support/cli/run-nightshift.ts";
import { historyOf, scriptLambda, slice, stepEnded, stepStarted } from "../support/cli/scripted-runs.ts";
import { temporaryFolder } from "../support/infra/temporary-folder.ts";

const { shared, open } = servedSample();
const { lambda, runsAre, historyIs } = scriptLambda();
const status = (args: readonly string[], env: Environment = loggedIn(shared())) => nightshift(["status", ...args], env);
const bySample = ["--stack", "sample"];
/** 1 to 3 November are closed, the 4th waits for a recording, and the lab's clock shows the 6th. */
const sentence = "Complete to 3 Nov; 1 recording pending; nothing to do.";

function expectRefusal({ status, out, err }: Ended, message: string | RegExp, hint: string | RegExp): void {
  const [error = "", advice = "", ...rest] = err.split("\n");
  expect(error).toMatch(message);
  expect(advice).toMatch(hint);
  expect(rest).toEqual([""]);
  expect(out).toBe("");
  expect(status).toBe(2);
}

describe("nightshift status refuses, in one line with a hint in another,", () => {
  const rows: readonly [string, readonly string[], RegExp][] = [
    ["to look at nothing", [], /--stack or --bucket is missing/],
    ["a stack and a bucket at once", [...bySample, "--bucket", archiveName], /cannot be combined/],
    ["a stack and a state bucket at once", [...bySample, "--state", "state"], /--stack and --state cannot/],
    ["an option that it does not have", ["--stak", "sample"], /unknown option '--stak' \(Did you mean --stack\?\)/],
    ["what is no option", [...bySample, "now"], /too many arguments/],
    ["a value that is no place", ["--bucket", "My_Bucket"], /--bucket: expected a bucket's name/],
  ];

  test.each(rows)("%s", async (_what, args, message) => {
    expectRefusal(await status(args, {}), message, "See --help");
  });

  test("to run without a login or without a region", async () => {
    const { AWS_REGION, ...withoutRegion } = loggedIn(shared());

    expectRefusal(await status(bySample, { AWS_REGION: "us-east-1" }), "No AWS credentials", "AWS_PROFILE");
    expectRefusal(await status(bySample, withoutRegion), "No AWS region is set", "AWS_REGION");
  });

  test("a login that AWS refuses, and one that may not describe the stack", async () => {
    const { aws } = shared();
    const refused = await status(bySample, { ...loggedIn(shared()), AWS_ACCESS_KEY_ID: "another" });
    aws.plan({ on: { operation: "DescribeStacks" }, what: { status: 403, code: "AccessDenied" }, times: "always" });
    const denied = await status(bySample).finally(aws.clearFaults);

    expectRefusal(refused, "InvalidClientTokenId", "Log in to AWS again");
    expectRefusal(denied, "does not let this login describe the stack", "--bucket and --state");
  });

  test("a stack that does not exist, perhaps in another region", async () => {
    expectRefusal(
      await status(["--stack", "prod"]),
      "There is no stack nightshift-prod in us-east-1",
      /--stack.*AWS_REGION/,
    );
  });

  test("a bucket that does not exist, one without an archive, and a folder that is none", async () => {
    expectRefusal(await status(["--bucket", "nowhere"]), "404 NoSuchBucket", "Check --bucket");
    expectRefusal(await status(["--bucket", "state"]), "holds no archive", "Check --bucket");
    expectRefusal(await status(["--bucket", "./nowhere"], {}), "There is no folder ./nowhere", "a slash is a folder");
  });

  test("an account without days", async () => {
    expectRefusal(await status([...bySample, "--account", "8"]), "no days of account 8", "--account");
  });

  test.each(["manifests/", "index/"])("an archive of which S3 denies %s", async (prefix) => {
    const { aws } = shared();
    const all = ["manifests/", "ledger/", "analytics/", "index/", "owners/", "accounts/", "pauses/"];
    const allowed = all.filter((each) => each !== prefix);
    const rights = { gets: allowed, puts: [], lists: allowed };
    aws.setRights({ [archiveName]: rights, state: rights });

    const ended = await status([...bySample, "--account", account]).finally(() => aws.setRights(undefined));

    expectRefusal(ended, /^STORAGE_FAILED: .*403 AccessDenied$/, "s3:ListBucket");
  });

  test("a network that is closed", async () => {
    const env = { ...loggedIn(shared()), AWS_ENDPOINT_URL: "http://127.0.0.1:9" };

    expectRefusal(
      await status(["--bucket", archiveName], env),
      /^STORAGE_FAILED: ListObjectsV2 \S+ got no response: ECONNREFUSED$/,
      /AWS_REGION.*HTTPS_PROXY/,
    );
  });
});

describe("nightshift status", () => {
  test("says how the archive of a stack stands, then what it has counted, and ends with 0", async () => {
    const { status: code, out, err } = await status(bySample);

    expect(out.split("\n")).toEqual([
      sentence,
      "",
      "days        3 closed, 1 open, 2026-11-01 to 2026-11-04",
      "calls       8",
      expect.stringMatching(/^recordings {2}\d stored \(\d+ bytes\), 1 pending$/),
      "backlog     0 nights; RingCentral may delete a pending recording in 87 days, by",
      "            RingCentral's defaults: its limits are not known here",
      "analytics   none",
      "runs        none yet",
      "next runs   archive-calls 2026-11-06 08:30 UTC",
      "credential  not checked yet",
      "last check  none yet",
      "verified    not yet",
      expect.stringMatching(/^read from {3}the index of days and 1 manifest$/),
      "",
    ]);
    expect(err).toBe("");
    expect(code).toBe(0);
  });

  test("reads the manifests without a state bucket, and says what it does not know", async () => {
    const { out } = await status(["--bucket", `s3://${archiveName}/`]);

    expect(out).toContain(sentence);
    for (const name of ["runs      ", "credential", "last check"])
      expect(out).toContain(`${name}  not known without --stack or --state`);
    expect(out).toContain("read from   4 manifests, because no state bucket is given");
  });

  test("does not take a denied report of the last check for none", async () => {
    const lab = await open();
    lab.aws.plan({
      on: { operation: "GetObject", key: /^access\// },
      what: { status: 403, code: "AccessDenied" },
      times: "always",
    });

    const { out, err, status: code } = await status(bySample, loggedIn(lab));

    expect([out, code]).toEqual(["", 2]);
    expect(err).toMatch(/^STORAGE_FAILED: GetObject \S+access\/newest\S* answered 403 AccessDenied\nAllow your login/);
  });

  test("says when the credential ends, and what the last check found", async () => {
    const lab = await open();
    const { state } = lab.services("check");
    const line = (level: string) => ({ check: "x", level, seen: "y" });
    const lines = [line("ok"), line("fault"), line("warning"), line("warning")];
    const report = { schema: "nightshift/access-report/1", run: "r", at: "2026-11-06T08:00:00.000Z", lines };
    const body = toBody(JSON.stringify({ ...report, credentialExpiresAt: "2026-11-16T20:00:00.000Z" }));
    await state.put(stateKeys.newestAccessReport, body, "application/json");

    const { out, status: code } = await status(bySample, loggedIn(lab));

    expect(out).toContain("credential  ends on 2026-11-16, in 10 days\n");
    expect(out).toContain(
      "last check  1 fault and 2 warnings, see npx nightshift doctor --stack sample,\n            2026-11-06 08:00 UTC\n",
    );
    expect(out).toContain("see run-failed, credential-expiring in docs/operations.md");
    expect(code).toBe(1);
  });

  test("counts the same by the index and by the manifests", async () => {
    const [byIndex, byManifests] = [
      await status([...bySample, "--json"]),
      await status(["--bucket", archiveName, "--json"]),
    ].map(({ out }) => JSON.parse(out));

    expect(byManifests).toMatchObject({ calls: byIndex.calls, sentence, source: "manifests", manifestsRead: 4 });
    expect(byIndex).toMatchObject({ source: "index", manifestsRead: 1 });
  });

  test("is the same for the whole name of the stack and for its two buckets", async () => {
    const byStack = await status(bySample);

    expect(await status(["--stack", stackName])).toEqual(byStack);
    const { out, ...others } = byStack;
    const withoutSchedule = out.replace(/^next runs .*\n/m, "");
    expect(await status(["--bucket", archiveName, "--state", "s3://state"])).toEqual({
      out: withoutSchedule,
      ...others,
    });
  });

  test.each(["nightshift-own", "nightshift-nightshift-own"])(
    "finds the stack of a settings file whose name begins with nightshift-, as %s",
    async (name) => {
      expect(await status(["--stack", name])).toMatchObject({ out: expect.stringContaining(sentence), status: 0 });
      const unknown = await status(["--stack", "nightshift-none"]);
      expectRefusal(unknown, "There is no stack nightshift-none or nightshift-nightshift-none in us-east-1", "--stack");
    },
  );

  test("prints one line of JSON", async () => {
    const { out } = await status([...bySample, "--json"]);

    const [line = "", ...rest] = out.split("\n");
    expect(JSON.parse(line)).toMatchObject({ sentence, toDo: [], account, calls: { completeTo: "2026-11-03" } });
    expect(rest).toEqual([""]);
  });

  test("ends with 1 and names the chapters if there is something to do", async () => {
    const lab = await open();
    for (let day = 0; day < 10; day++) lab.dayPasses();

    const { status: code, out } = await status(bySample, loggedIn(lab));

    expect(out.split("\n")[0]).toBe(
      "Complete to 3 Nov; no run has begun a day after 4 Nov; 1 recording pending; see days-open, did-not-run in docs/operations.md.",
    );
    expect(code).toBe(1);
  });

  test("shows a pause, whose job then has no next run, and what is to do after seven days", async () => {
    const lab = await open();
    await nightshift(["pause", "archive-calls", ...bySample], loggedIn(lab));

    const { out } = await status(bySample, loggedIn(lab));
    for (let day = 0; day < 8; day++) lab.dayPasses();
    const later = await status([...bySample, "--json"], loggedIn(lab));

    expect(out).toMatch(/^paused {6}archive-calls since 2026-11-06 \S+ UTC \(0 days\)$/m);
    expect(out).toMatch(/^next runs {3}none: paused, or switched off in the settings$/m);
    const report = JSON.parse(later.out);
    expect(report).toMatchObject({
      pauses: [{ job: "archive-calls", days: expect.toSatisfy((days: number) => days >= 7) }],
      nextStarts: {},
    });
    expect(report.toDo).toContain("paused-too-long");
    expect(report.toDo).not.toContain("did-not-run");
  });

  test("shows how far a run at work is; without the right to read that, only since when", async () => {
    const lab = await open();
    const owner = { nonce: "n", run: "run-1", since: "2026-11-06T03:30:00Z" };
    await lab
      .services("run-1")
      .state.put("owners/archive-calls.json", toBody(JSON.stringify(owner)), "application/json");
    runsAre("RUNNING");
    historyIs(historyOf(stepStarted("fetch"), stepEnded("fetch", slice(1_200))));

    const known = await status(bySample, loggedIn(lab));
    lambda.on(ListDurableExecutionsByFunctionCommand).rejects(new Error("denied"));
    const unknown = await status(bySample, loggedIn(lab));

    const since = "runs        archive-calls at work since 2026-11-06 03:30 UTC";
    expect(known.out).toContain(`${since} (fetch: 1,200\n            recordings)\n`);
    expect(unknown.out).toContain(`${since}\n`);
  });

  test("reads a folder as the lab writes it, and a copy of it, without a login", async () => {
    const buckets = temporaryFolder("buckets");
    const lab = await serveArchive(begun, { buckets });
    onTestFinished(lab.stop);
    await nightsOfCalls(lab, undefined);
    const folder = join(buckets, archiveName);
    const copy = join(lab.dir, "copy");
    await cp(folder, copy, { recursive: true });

    for (const place of [folder, copy]) {
      const { out } = await status(["--bucket", place], {});
      expect(out).toMatch(/^Complete to 3 Nov; .*1 recording pending/);
    }
  });

  test("with --watch repeats itself until it is interrupted, and clears the screen of a terminal", async () => {
    const interrupt = new AbortController();
    let pauses = 0;
    const pause = async () => {
      if (++pauses === 2) interrupt.abort();
    };
    const shell = { interrupted: interrupt.signal, pause, isTerminal: true };

    const { status: code, out } = await nightshift(["status", ...bySample, "--watch"], loggedIn(shared()), shell);

    expect(out.split("\u001b[2J\u001b[H").map((screen) => screen.split("\n")[0])).toEqual(["", sentence, sentence]);
    expect(code).toBe(0);
  });

  test("with --watch goes on after a look that S3 did not serve, and says so", async () => {
    const lab = await open();
    const interrupt = new AbortController();
    let pauses = 0;
    const pause = async () => {
      lab.aws.clearFaults();
      if (++pauses === 2) interrupt.abort();
    };
    lab.aws.plan({ on: { operation: "ListObjectsV2" }, what: { status: 503, code: "SlowDown" }, times: "always" });

    const environment = { ...loggedIn(lab), AWS_MAX_ATTEMPTS: "1" };
    const ended = await nightshift(["status", ...bySample, "--watch"], environment, {
      interrupted: interrupt.signal,
      pause,
    });

    expect(ended.err).toMatch(/^STORAGE_FAILED: ListObjectsV2 .*503 SlowDown\nIt looks again in 30 seconds\.\n$/);
    expect([ended.out.split("\n")[0], ended.status]).toEqual([sentence, 0]);
  });

  test("with --watch ends at what a later look does not mend", async () => {
    const lab = await open();
    const rights = { gets: [], puts: [], lists: [] };
    lab.aws.setRights({ [archiveName]: rights, state: rights });

    const ended = await nightshift(["status", ...bySample, "--watch"], loggedIn(lab));

    expectRefusal(ended, /403 AccessDenied$/, "s3:ListBucket");
  });

  test.each([40, 80])("has no line wider than a terminal of %i columns, and a job in each line", async (columns) => {
    const lab = await open();
    await nightshift(["pause", "build-tables", "archive-calls", ...bySample], loggedIn(lab));

    const shell = { isTerminal: true, columns };
    const { out } = await nightshift(["status", ...bySample], loggedIn(lab), shell);

    const lines = out.split("\n").filter((line) => line.length > columns);
    expect(lines).toEqual([]);
    expect(out).toMatch(/^paused {6}archive-calls since/m);
    expect(out).toMatch(/^ {12}build-tables since/m);
  });

  test("changes nothing", async () => {
    const writes: string[] = [];
    shared().aws.setObserver(({ operation, key = "" }) => {
      if (!/^(?:Get|List|Head|Describe)/.test(operation)) writes.push(`${operation} ${key}`);
    });

    await status(bySample);
    shared().aws.setObserver(undefined);

    expect(writes).toEqual([]);
  });

  test("runs as a process", async () => {
    const { status: code, out, err } = await nightshiftProcess(["status", ...bySample], loggedIn(shared()));

    expect(out.split("\n")[0]).toBe(sentence);
    expect([code, err]).toEqual([0, ""]);
  });
});
