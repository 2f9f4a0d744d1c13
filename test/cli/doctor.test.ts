import { setTimeout as sleep } from "node:timers/promises";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, type World } from "../../lab/demo/world.ts";
import { StackOutput } from "../../shared/contract.ts";
import { AccessReport } from "../../shared/core/access/access-line.ts";
import { type Environment, loggedInOverHttp, nightshift } from "../support/cli/run-nightshift.ts";
import { once } from "../support/once.ts";

let world: World;
let environment: Environment;
beforeAll(async () => {
  world = await openWorld({ skipWaits: false, ringCentral: { account: { calls: { perDay: 4 } } } });
  environment = { ...loggedInOverHttp(world), AWS_ENDPOINT_URL_LAMBDA: world.lambda.url };
});
afterAll(() => world.stop());

const minuteMs = 60_000;
const pollMs = 100;

/**
 * Waits for the end of the last check, without which the next one waits for a rate window, and lets a while pass: equal requests
 * within a minute start one run.
 */
async function aWhileLater(): Promise<void> {
  while (world.lambda.executions().some(({ status }) => status === "RUNNING")) await sleep(pollMs);
  world.clock.advance(5 * minuteMs);
}

async function doctor(...args: readonly string[]) {
  await aWhileLater();
  // The functions run in processes of their own.
  return nightshift(["doctor", "--stack", "lab", ...args], environment, { pause: () => sleep(pollMs) });
}

describe("nightshift doctor", () => {
  test("refuses to run without a stack", async () => {
    const { status, err } = await nightshift(["doctor"], environment);

    expect([status, err]).toEqual([2, "REQUEST_INVALID: --stack is missing\nSee --help.\n"]);
  });

  test("prints what is ok, by the job and by this login, and ends with 0", async () => {
    const { status, out, err } = await doctor();

    expect(err).toMatch(/^Waiting for the report of check-access-\S+, at most 180 seconds\.\n$/);
    expect(status).toBe(0);
    const lines = out.trim().split("\n");
    expect(lines.filter((line) => !line.startsWith("ok"))).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/^ok {7}login +RingCentral accepts the credential$/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^ok {7}schedule archive-calls +next 2026-11-05 08:30 UTC \(America\/New_York\)$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^ok {7}e-mails ActNow +1 address confirmed$/));
  });

  test("prints the same as JSON", async () => {
    const { status, out } = await doctor("--json");

    const { lines, run } = AccessReport.parse(JSON.parse(out));
    expect(run).toMatch(/^check-access-/);
    expect(lines.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["JWT", "schedule archive-calls", "e-mails ActNow"]),
    );
    expect(status).toBe(0);
  });

  describe("beside a credential that is wrong, and one that is stored in the minute of that check,", () => {
    const ended = once(async () => {
      const { credential } = world.ringCentral;
      world.putCredential({ ...credential, clientSecret: "" });
      const wrong = await doctor().finally(() => world.putCredential(credential));
      const stored = await nightshift(["credential", "put", "-", "--stack", "lab"], environment, {
        readInput: async () => JSON.stringify(credential),
        pause: async (ms) => {
          if (ms === 10_000) world.clock.advance(ms);
          await sleep(pollMs);
        },
      });
      return { wrong, stored };
    });

    test("shows a fault with what to do, and ends with 1", async () => {
      const { out, status } = (await ended()).wrong;

      expect(out).toMatch(/^fault {4}credential .*clientSecret: is empty\n +Store it again as JSON/m);
      expect(status).toBe(1);
    });

    test("follows the storing, and makes a new check after it", async () => {
      const { out, err, status } = (await ended()).stored;

      expect(out).toMatch(/^The credential is stored\./);
      expect(out).toMatch(/^ok {7}login +RingCentral accepts the credential$/m);
      expect(err).toMatch(/^A check has ended within this minute. The next one starts after it\.\n/);
      expect(status).toBe(0);
    });
  });

  describe("beside a paused job and schedules that this login may not read", () => {
    const warned = once(async () => {
      await nightshift(["pause", "build-tables", "--stack", "lab"], environment);
      world.aws.plan({
        on: { operation: "ListSchedules" },
        what: { status: 403, code: "AccessDeniedException" },
        times: "always",
      });
      await aWhileLater();
      try {
        const shell = { isTerminal: true, pause: () => sleep(pollMs) };
        return await nightshift(["doctor", "--stack", "lab"], environment, shell);
      } finally {
        world.aws.clearFaults();
        await nightshift(["resume", "--stack", "lab"], environment);
      }
    });

    test("shows on a terminal how long it has been checking, and removes it", async () => {
      const { err } = await warned();

      const line = "\r\u001b[2K";
      expect(err.startsWith(`${line}checking: 0 of at most 180 s`)).toBe(true);
      expect(err.endsWith(` s${line}`)).toBe(true);
    });

    test("shows which jobs are paused as a warning, with how to resume them", async () => {
      expect((await warned()).out).toMatch(
        /^warning {2}pause build-tables +paused for 0 days, since .*Z\n +Resume it .*nightshift resume/m,
      );
    });

    test("shows what this login may not see as a warning", async () => {
      const { out } = await warned();

      expect(out).toMatch(/^warning {2}schedules +could not be checked: AWS does not let this login read schedules\n/m);
      expect(out).toContain("Allow it scheduler:ListSchedules and scheduler:GetSchedule.");
    });

    test("ends with 0", async () => {
      const { status, out } = await warned();

      expect([status, out.match(/^warning/gm)?.length]).toEqual([0, 2]);
    });
  });

  test("shows that nobody gets the e-mails as a fault while no address is confirmed, and ends with 1", async () => {
    const sns = mockClient(SNSClient);
    sns.on(ListSubscriptionsByTopicCommand).resolves({
      Subscriptions: [
        { Protocol: "email", SubscriptionArn: "PendingConfirmation" },
        { Protocol: "sqs", SubscriptionArn: "arn:aws:sns:us-east-1:1:x:1" },
      ],
    });

    const { status, out } = await doctor().finally(() => sns.restore());

    expect(out).toMatch(/^fault {4}e-mails ActNow +nobody gets them: no address is confirmed$/m);
    expect(status).toBe(1);
  });

  test("ends with 2 if the run ends without a report, and says where to look", async () => {
    world.aws.plan({
      on: { operation: "PutObject", key: /^access\// },
      what: { status: 403, code: "AccessDenied" },
      times: "always",
    });

    const { status, out, err } = await doctor().finally(() => world.aws.clearFaults());

    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(
      /^START_FAILED: The check check-access-\S+ has ended without a report: PutObject \S+ answered 403 .*\n.*Logcheckaccess\.\n$/m,
    );
  });

  test("says how to go on after Ctrl-C", async () => {
    await aWhileLater();

    let isDeferred = false;

    const { status, err } = await nightshift(["doctor", "--stack", "lab"], environment, {
      interrupted: AbortSignal.abort(),
      deferInterrupt: (work) => {
        isDeferred = true;
        return work();
      },
    });

    expect([status, isDeferred]).toEqual([2, true]);
    expect(err).toContain("npx nightshift follow check-access --stack lab");
  });
});

describe("a stack that is deployed without check-access", () => {
  test.each(["doctor", "revoke"])("is told so by %s, which starts nothing", async (command) => {
    const cloudFormation = mockClient(CloudFormationClient);
    const outputs = { ArchiveBucket: "archive", StateBucket: "state", StartRunFunction: "start-run" };
    const withFunction = { ...outputs, [StackOutput.jobFunction("archive-calls")]: "archive-calls" };
    cloudFormation.on(DescribeStacksCommand).resolves({
      Stacks: [
        {
          StackName: "nightshift-lab",
          CreationTime: new Date(0),
          StackStatus: "UPDATE_COMPLETE",
          Outputs: Object.entries(withFunction).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
        },
      ],
    });

    const ended = await nightshift([command, "--stack", "lab"], environment).finally(() => cloudFormation.restore());

    expect(ended).toEqual({
      status: 2,
      out: "",
      err: "REQUEST_INVALID: The stack nightshift-lab is deployed without the job check-access\nAdd check-access to jobs in its settings and deploy it again. It has archive-calls.\n",
    });
  });
});
