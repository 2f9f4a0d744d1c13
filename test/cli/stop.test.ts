import { GetDurableExecutionHistoryCommand, StopDurableExecutionCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { servedSample } from "../support/audit/sample-archive.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";
import { execution, historyOf, scriptLambda, stepStarted, stopped } from "../support/cli/scripted-runs.ts";

const { shared } = servedSample();
const { lambda, historyIs, runsAre } = scriptLambda();
const stop = (...args: readonly string[]) => nightshift(["stop", ...args, "--stack", "sample"], loggedIn(shared()));
const stops = () =>
  lambda.commandCalls(StopDurableExecutionCommand).map(({ args }) => args[0].input.DurableExecutionArn);
const atWork = historyOf(stepStarted("fetch"));

describe("nightshift stop", () => {
  test("says that nothing runs, and stops nothing", async () => {
    runsAre("SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED");

    expect(await stop()).toEqual({ status: 0, out: "No run of archive-calls is at work.\n", err: "" });
    expect(stops()).toEqual([]);
  });

  test("names the right that the login needs", async () => {
    runsAre("RUNNING");
    const denied = Object.assign(new Error(), { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } });
    lambda.on(StopDurableExecutionCommand).rejects(denied);

    const { status, err } = await stop();

    expect(status).toBe(2);
    expect(err).toBe(
      "REQUEST_INVALID: AWS does not let this login stop its runs\nAllow it lambda:StopDurableExecution.\n",
    );
  });

  test("ends with 2 if the end of the run does not show within a minute", async () => {
    runsAre("RUNNING");
    historyIs(atWork);

    const { status, err } = await stop();

    expect(lambda.commandCalls(GetDurableExecutionHistoryCommand)).toHaveLength(30);
    expect([status, err.split("\n")[0]]).toEqual([
      2,
      "START_FAILED: The run is being stopped, and its end was not seen",
    ]);
  });

  test("stops the run at work, waits for its end, and says what is left", async () => {
    runsAre("RUNNING", "SUCCEEDED");
    const ended = historyOf(stepStarted("fetch"), stopped);
    historyIs(atWork, ended);

    const { status, out } = await stop();

    expect(stops()).toEqual([execution]);
    expect(out.split("\n")).toEqual([
      "run-1 was stopped. The next run of archive-calls continues where it stopped.",
      "The alarm run-failed stays until that run has finished.",
      "Complete to 3 Nov; 1 recording pending; nothing to do.",
      "",
    ]);
    expect(status).toBe(0);
  });

  test.each([
    [[], /^run-1 was stopped\./],
    [["--json"], /^\{"job":"archive-calls","run":"run-1","ended":"stopped"\}\n$/],
  ])("says that the run was stopped although S3 does not show how the archive stands: %j", async (args, text) => {
    const { aws } = shared();
    runsAre("RUNNING");
    historyIs(historyOf(stopped));
    aws.plan({ on: { operation: "GetObject" }, what: { status: 403, code: "AccessDenied" }, times: "always" });

    const { status, out, err } = await stop(...args).finally(aws.clearFaults);

    expect(out).toMatch(text);
    expect(err).toMatch(/^STORAGE_FAILED: /);
    expect(status).toBe(2);
  });

  test("with --json prints one line of JSON", async () => {
    runsAre("RUNNING");
    historyIs(historyOf(stopped));

    const { out } = await stop("--json");

    expect(JSON.parse(out)).toMatchObject({
      job: "archive-calls",
      run: "run-1",
      ended: "stopped",
      status: { toDo: [] },
    });
  });
});
