import { GetDurableExecutionHistoryCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { servedSample } from "../support/audit/sample-archive.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";
import { execution, failed, historyOf, scriptLambda, stepStarted, succeeded } from "../support/cli/scripted-runs.ts";

const { shared } = servedSample();
const { lambda, startRunResponds, historyIs } = scriptLambda();
const revoke = (...args: readonly string[]) => nightshift(["revoke", ...args, "--stack", "sample"], loggedIn(shared()));
const started = { started: true, job: "check-access", run: "run-1", execution, estimate: null };
const ended = (revocation: string) => succeeded("finished", { revocation });

describe("nightshift revoke", () => {
  test("says why the token was not revoked if the run fails, and ends with 2", async () => {
    startRunResponds(started);
    historyIs(historyOf(failed("The secret has no value. Store the credential")));

    const { status, err } = await revoke();

    expect(status).toBe(2);
    expect(err).toMatch(/^START_FAILED: The token was not revoked: The secret has no value\..*\n.*delete the JWT/);
  });

  test("says how to see the end if that does not come within three minutes", async () => {
    startRunResponds(started);
    historyIs(historyOf(stepStarted("revoke token")));

    const { status, err } = await revoke();

    expect(lambda.commandCalls(GetDurableExecutionHistoryCommand)).toHaveLength(90);
    expect(status).toBe(2);
    expect(err).toContain("Follow it: npx nightshift follow check-access --stack sample");
  });

  test.each([
    ["revoked", 0, /^The access token is revoked\. The jobs log in again/],
    ["none", 0, /^The stored credential has no access token to revoke\.$/m],
    ["refused", 1, /^RingCentral did not revoke the access token\./],
  ])("says that the answer was %s, and ends with %d", async (revocation, code, text) => {
    startRunResponds(started);
    historyIs(historyOf(ended(revocation)));

    const { status, out } = await revoke();
    const asJson = await revoke("--json");

    expect(JSON.parse(String(lambda.commandCalls(InvokeCommand)[0]?.args[0].input.Payload))).toEqual({
      job: "check-access",
      revoke: true,
    });
    expect([status, out]).toEqual([code, expect.stringMatching(text)]);
    expect(JSON.parse(asJson.out)).toEqual({ job: "check-access", run: "run-1", revocation });
  });
});
