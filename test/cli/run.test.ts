import { GetDurableExecutionHistoryCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import type { Shell } from "../../cli/shell.ts";
import { servedSample } from "../support/audit/sample-archive.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";
import {
  execution,
  failed,
  historyOf,
  scriptLambda,
  slice,
  stepEnded,
  stepStarted,
  stopped,
  succeeded,
  waitStarted,
} from "../support/cli/scripted-runs.ts";

const { shared } = servedSample();
const { lambda, startRunResponds, historyIs, runsAre } = scriptLambda();
const bySample = ["--stack", "sample"];
const sentence = "Complete to 3 Nov; 1 recording pending; nothing to do.";
const run = (args: readonly string[], shell: Partial<Shell> = {}) =>
  nightshift([...args, ...bySample], loggedIn(shared()), shell);

const estimate = {
  ...{ days: 3, firstDay: "2026-11-04", lastDay: "2026-11-06", closed: [], notCounted: [], hints: [] },
  ...{ daysNeverListed: 1, daysListedAgain: 2, recordingsDue: 600, requestsAtLeast: 603, minutesAtLeast: 60 },
  rateLimit: { requestsPerMinute: 10, isAssumed: true },
};
const started = { started: true, job: "archive-calls", run: "run-1", execution, estimate };
const sentRequest = () => JSON.parse(String(lambda.commandCalls(InvokeCommand)[0]?.args[0].input.Payload));

/** A run that has planned 600 recordings. */
const planned = [
  stepStarted("find days"),
  stepEnded("find days", { type: "done", value: { toList: ["2026-11-04"], days: ["2026-11-04"] } }),
  stepStarted("plan", 5),
  stepEnded("plan", { type: "done", value: { days: [{ day: "2026-11-04", due: 600 }] } }, 5),
];
const fetching = [
  ...planned,
  stepStarted("fetch", 10),
  stepEnded("fetch", slice(10), 15),
  waitStarted("fetch: window", 70, 15),
];

describe("nightshift run starts nothing", () => {
  test("without a stack", async () => {
    const { status, err } = await nightshift(["run"], {});

    expect([status, err]).toEqual([2, "REQUEST_INVALID: --stack is missing\nSee --help.\n"]);
  });

  test("if start-run refuses it, and prints each wrong field with its option in a line", async () => {
    const errors = [
      "days: 2026-12-24 has not begun in UTC",
      "acceptShrunk: needs days, or from and to",
      "job: there is x",
    ];
    startRunResponds({ started: false, code: "REQUEST_INVALID", errors, hint: "Nothing was started." });

    const { status, out, err } = await run(["run", "--day", "2026-12-24", "--accept-shrunk"]);

    expect(err.split("\n")).toEqual([
      "REQUEST_INVALID: --day: 2026-12-24 has not begun in UTC",
      "REQUEST_INVALID: --accept-shrunk: needs days, or from and to",
      "REQUEST_INVALID: job: there is x",
      "Nothing was started.",
      "",
    ]);
    expect([status, out]).toEqual([2, ""]);
  });

  test("if S3 denies start-run its buckets", async () => {
    startRunResponds({ started: false, code: "STORAGE_FAILED", message: "HeadObject answered 403", hint: "Compare." });

    const { status, err } = await run(["run"]);

    expect(status).toBe(2);
    expect(err).toMatch(/^STORAGE_FAILED: HeadObject answered 403\n/);
  });

  test("if the function fails, and says where to look", async () => {
    startRunResponds({ errorType: "Error", errorMessage: "Task timed out" }, "Unhandled");

    const { status, err } = await run(["run"]);

    expect([status, err.split("\n")[0]]).toEqual([2, "START_FAILED: start-run failed, Error: Task timed out"]);
    expect(err).toContain("nightshift explain start-failed");
  });

  test("if the login may not invoke it, and names the right", async () => {
    const denied = Object.assign(new Error(), { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } });
    lambda.on(InvokeCommand).rejects(denied);

    const { status, err } = await run(["run"]);

    expect([status, err]).toEqual([
      2,
      "REQUEST_INVALID: AWS does not let this login start runs\nAllow it lambda:InvokeFunction.\n",
    ]);
  });

  test("or perhaps a run, if no response came, and says that the same request may be sent again", async () => {
    lambda.on(InvokeCommand).rejects(Object.assign(new Error(), { code: "ECONNRESET", name: "Error" }));

    const { status, err } = await run(["run"]);

    expect(status).toBe(2);
    expect(err).toMatch(/^START_FAILED: .*ECONNRESET, so that a run may have been started\n.*within a minute the same/);
  });

  test("with --dry-run, and ends with 0", async () => {
    startRunResponds({ started: false, job: "archive-calls", dryRun: true, estimate });

    const { status, out } = await run(["run", "--dry-run"]);

    expect(sentRequest()).toEqual({ job: "archive-calls", dryRun: true });
    expect(out.split("\n")).toEqual([
      "archive-calls: 3 days (4 Nov to 6 Nov), 1 day never listed, 2 days to list again, 600 known recordings due.",
      "At least 603 requests to RingCentral, which take 1 hour at 10 a minute, RingCentral's default.",
      "",
    ]);
    expect(status).toBe(0);
  });
});

describe("nightshift run", () => {
  test("sends what its options say", async () => {
    startRunResponds(started);

    await run(["run", "--day", "2026-11-01", "--day", "2026-11-02", "--relist", "--accept-shrunk", "--detach"]);
    const first = sentRequest();
    lambda.reset();
    startRunResponds(started);
    await run([
      "run",
      "collect-analytics",
      "--group",
      "Users",
      "--from",
      "2026-11-01",
      "--to",
      "2026-11-03",
      "--detach",
    ]);

    const days = ["2026-11-01", "2026-11-02"];
    expect(first).toEqual({ job: "archive-calls", days, relist: true, acceptShrunk: true });
    expect(sentRequest()).toEqual({
      job: "collect-analytics",
      groups: ["Users"],
      from: "2026-11-01",
      to: "2026-11-03",
    });
  });

  test("says first that a requested day is closed, and what to add", async () => {
    const hints = [
      'Add "relist": true to list the days in closed again; they are complete.',
      "The run skips 2026-11-03.",
    ];
    startRunResponds({ ...started, estimate: { ...estimate, closed: ["2026-11-02"], hints } });

    const { out } = await run(["run", "--day", "2026-11-02", "--detach"]);

    const lines = out.split("\n");
    expect(lines[0]).toBe("2026-11-02 is closed and skipped; add --relist to list again what is complete.");
    expect(lines[3]).toBe("The run skips 2026-11-03.");
    expect(out).not.toContain('"relist"');
  });

  test("with --detach says how to follow, and does not look at the run", async () => {
    startRunResponds(started);

    const { status, out } = await run(["run", "--detach"]);

    expect(out).toContain(
      "archive-calls has started: run-1\nFollow it: npx nightshift follow archive-calls --stack sample\n",
    );
    expect(lambda.commandCalls(GetDurableExecutionHistoryCommand)).toHaveLength(0);
    expect(status).toBe(0);
  });

  test("follows the run step by step, with the time left in people's units, and ends with the archive's sentence", async () => {
    startRunResponds(started);
    historyIs(historyOf(...planned), historyOf(...fetching), historyOf(...fetching, succeeded("finished")));
    const pauses: number[] = [];

    const { status, out, err } = await run(["run"], { pause: async (ms) => void pauses.push(ms) });

    expect(err.split("\n")).toEqual(["plan", "fetch: 10 of 600 recordings, 1 hour left", ""]);
    expect(out.split("\n").slice(-3)).toEqual(["archive-calls has finished.", sentence, ""]);
    expect(pauses).toEqual([10_000, 10_000]);
    expect(status).toBe(0);
  });

  test.each([
    [0, "verify-archive has finished. 0 findings."],
    [3, "verify-archive has finished. 3 findings. See them: npx nightshift report --stack sample"],
  ])("says at the end of a verification that it found %i", async (findings, line) => {
    startRunResponds({ ...started, job: "verify-archive", estimate: {} });
    historyIs(historyOf(...planned), historyOf(...planned, succeeded("finished", { findings })));

    const { out } = await run(["run", "verify-archive"]);

    expect(out.split("\n")).toContain(line);
  });

  test.each([
    [0, "build-pages has finished. 0 pages written."],
    [1, "build-pages has finished. 1 page written."],
  ])("says at the end of a run of build-pages that %i pages were written", async (pages, line) => {
    startRunResponds({ ...started, job: "build-pages", estimate: {} });
    historyIs(historyOf(...planned), historyOf(...planned, succeeded("finished", { pages })));

    const { out } = await run(["run", "build-pages"]);

    expect(out.split("\n")).toContain(line);
  });

  test("shows a bar in one line on a terminal, and removes it at the end", async () => {
    startRunResponds(started);
    const half = [...fetching, stepEnded("fetch", slice(300), 1_800)];
    historyIs(historyOf(...half), historyOf(...half, succeeded("finished")));

    const { err } = await run(["run"], { isTerminal: true });

    const line = "\r\u001b[2K";
    expect(err).toBe(`${line}[##########..........] fetch: 300 of 600 recordings, 30 minutes left${line}`);
  });

  test("says why a run waits, if it is not for the rate limit's next window", async () => {
    startRunResponds(started);
    const waiting = [...fetching.slice(0, -1), waitStarted("fetch: unavailable", 315, 15)];
    historyIs(historyOf(...waiting), historyOf(...waiting, succeeded("finished")));

    const { err } = await run(["run"]);

    expect(err).toContain("waiting until 03:35 UTC (unavailable)");
  });

  test.each([
    [
      "failed",
      failed("RingCentral refused it. Make a new JWT."),
      "archive-calls failed: RingCentral refused it. Make a new JWT.",
    ],
    ["was stopped", stopped, "archive-calls was stopped."],
    ["was superseded", succeeded("superseded"), "archive-calls was superseded: a newer run of the job is at work."],
    ["has paused", succeeded("paused"), /^archive-calls has paused before Lambda's limit/],
    [
      "timed out",
      { EventType: "ExecutionTimedOut" as const, ExecutionTimedOutDetails: {} },
      "archive-calls timed out.",
    ],
  ])("ends with 1 if the run %s", async (_how, end, text) => {
    startRunResponds(started);
    historyIs(historyOf(...planned, end));

    const { status, out } = await run(["run"]);

    expect(out.split("\n").slice(-3)).toEqual([expect.stringMatching(text), sentence, ""]);
    expect(status).toBe(1);
  });

  test("after Ctrl-C leaves the run at work, and says how to follow and how to stop it", async () => {
    startRunResponds(started);
    historyIs(historyOf(...planned));
    const interrupt = new AbortController();
    const pause = async () => interrupt.abort();

    const { status, out } = await run(["run"], { interrupted: interrupt.signal, pause });

    expect(out.split("\n").slice(-4)).toEqual([
      "The run goes on.",
      "Follow it again: npx nightshift follow archive-calls --stack sample",
      "Stop it: npx nightshift stop archive-calls --stack sample",
      "",
    ]);
    expect(status).toBe(2);
  });

  test("looks again after lost responses, and gives up after five in a row", async () => {
    startRunResponds(started);
    const lost = Object.assign(new Error(), { code: "ECONNREFUSED" });
    const history = lambda.on(GetDurableExecutionHistoryCommand);
    for (let look = 0; look < 4; look++) history.rejectsOnce(lost);
    history.resolvesOnce({ Events: historyOf(...planned) }).rejects(lost);

    const { status, err } = await run(["run"]);

    expect(lambda.commandCalls(GetDurableExecutionHistoryCommand)).toHaveLength(10);
    expect(status).toBe(2);
    expect(err).toMatch(
      /^plan\nSTART_FAILED: The run goes on, but its end was not seen: GetDurableExecutionHistory \S+ got no response: ECONNREFUSED\nAWS was not reached\. .*, then follow the run again\. Follow it: npx nightshift follow archive-calls --stack sample\n$/,
    );
  });

  test("says that the run goes on if the login ends before it", async () => {
    startRunResponds(started);
    const expired = Object.assign(new Error(), { name: "ExpiredTokenException", $metadata: { httpStatusCode: 400 } });
    lambda
      .on(GetDurableExecutionHistoryCommand)
      .resolvesOnce({ Events: historyOf(...planned) })
      .rejects(expired);

    const { status, err } = await run(["run"]);

    expect(status).toBe(2);
    expect(err).toMatch(
      /^plan\nSTART_FAILED: The run goes on, .*\nLog in to AWS again, .* Follow it: npx nightshift follow archive-calls --stack sample\n$/,
    );
  });

  test("with --json prints the response, the progress and the end as lines of JSON", async () => {
    startRunResponds(started);
    historyIs(historyOf(...fetching), historyOf(...fetching, succeeded("finished")));

    const { out, err } = await run(["run", "--json"]);

    const [response, progress, end, ...rest] = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(response).toEqual(started);
    expect(progress).toMatchObject({ step: "fetch", done: 10, total: 600, minutesLeft: 60 });
    expect(end).toMatchObject({ job: "archive-calls", run: "run-1", ended: "finished", status: { sentence } });
    expect([rest, err]).toEqual([[], ""]);
  });
});

describe("nightshift backfill", () => {
  test("needs both ends of the span", async () => {
    const { status, err } = await nightshift(["backfill"], {});

    expect(status).toBe(2);
    expect(err).toMatch(
      /^REQUEST_INVALID: --stack is missing; --from is missing; --to is missing: it is the day after/,
    );
  });

  test("counts at the end which of its days are closed", async () => {
    startRunResponds(started);
    historyIs(historyOf(...planned, succeeded("finished")));

    const { status, out } = await run(["backfill", "--from", "2026-11-02", "--to", "2026-11-05"]);

    expect(sentRequest()).toEqual({ job: "archive-calls", from: "2026-11-02", to: "2026-11-05" });
    expect(out).toContain("Of 3 requested days, 2 closed and 1 open.\n");
    expect(status).toBe(0);
  });
});

describe("nightshift follow", () => {
  test("says so if no run is at work, and how to start one", async () => {
    runsAre("SUCCEEDED", "STOPPED");

    const { status, err } = await run(["follow"]);

    expect(status).toBe(2);
    expect(err).toMatch(
      /^REQUEST_INVALID: No run of archive-calls is at work\n.*npx nightshift run archive-calls --stack sample\n$/,
    );
  });

  test("names the jobs if there is no such job", async () => {
    const { status, err } = await run(["follow", "archive"]);

    expect(status).toBe(2);
    expect(err).toMatch(
      /^REQUEST_INVALID: The stack nightshift-sample has no job archive\nName one of archive-calls, /,
    );
  });

  test("follows a run of any status that is no end, and looks at its last events after its first ones", async () => {
    runsAre("PAUSING");
    const history = lambda.on(GetDurableExecutionHistoryCommand);
    history
      .resolvesOnce({ Events: historyOf(...planned), NextMarker: "1" })
      .resolvesOnce({ Events: historyOf(...fetching).toReversed() })
      .resolves({ Events: historyOf(...fetching, succeeded("finished")).toReversed() });

    const { status, err } = await run(["follow"]);

    expect(err).toBe("fetch: 10 of 600 recordings, 1 hour left\n");
    const orders = lambda.commandCalls(GetDurableExecutionHistoryCommand).map(({ args }) => args[0].input.ReverseOrder);
    expect(orders).toEqual([false, true, true]);
    expect(status).toBe(0);
  });
});
