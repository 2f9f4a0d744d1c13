import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, type World } from "../../lab/demo/world.ts";
import { type Environment, loggedInOverHttp, nightshift, startNightshift } from "../support/cli/run-nightshift.ts";

/** A world in real time whose runs fetch one recording in a minute. */
let world: World;
let environment: Environment;
beforeAll(async () => {
  world = await openWorld({
    skipWaits: false,
    ringCentral: {
      limits: { heavy: { limit: 6, windowMs: 60_000, penaltyMs: 60_000 } },
      account: { calls: { perDay: 6 }, recordings: { bytes: 500 } },
    },
  });
  environment = { ...loggedInOverHttp(world), AWS_ENDPOINT_URL_LAMBDA: world.lambda.url };
});
afterAll(() => world.stop());

const byLab = ["--stack", "lab"];

describe("over the deployed functions", () => {
  test("a wrong request starts nothing, and every wrong field is shown", async () => {
    const { status, err } = await nightshift(["run", ...byLab, "--day", "2026-12-24", "--group", "Users"], environment);

    expect(err.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/^REQUEST_INVALID: groups: is a field of collect-analytics|^REQUEST_INVALID: --group: /),
      "REQUEST_INVALID: --day: 2026-12-24 has not begun in America/New_York",
    ]);
    expect(status).toBe(2);
    expect(world.lambda.executions()).toEqual([]);
  });

  test("Ctrl-C leaves a run at work; stop ends it, and nothing is left half done", async () => {
    const child = startNightshift(["run", ...byLab], environment);
    const [output, errors] = [text(child.stdout), text(child.stderr)];
    await once(child.stderr, "data");
    child.kill("SIGINT");
    await once(child, "close");

    expect((await output).split("\n").slice(-4)).toEqual([
      "The run goes on.",
      "Follow it again: npx nightshift follow archive-calls --stack lab",
      "Stop it: npx nightshift stop archive-calls --stack lab",
      "",
    ]);
    expect([child.exitCode, await errors]).toEqual([2, expect.not.stringContaining("Error")]);
    expect(world.lambda.executions().map(({ status }) => status)).toEqual(["RUNNING"]);

    const stopped = await nightshift(["stop", ...byLab], environment);
    const again = await nightshift(["stop", ...byLab], environment);

    expect(stopped.out).toMatch(/^archive-calls-\S+ was stopped\. The next run of archive-calls continues/);
    expect(stopped.out).toContain("Nothing is archived yet.\n");
    expect([stopped.status, again.out]).toEqual([0, "No run of archive-calls is at work.\n"]);
    expect(world.lambda.executions().map(({ status }) => status)).toEqual(["STOPPED"]);
  });
});
