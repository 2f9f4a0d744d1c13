import { describe, expect, test } from "vitest";
import { Env } from "../../../shared/contract.ts";
import { readStatus } from "../../../shared/status/read-status.ts";
import { smallAccount } from "../../support/collect-analytics/small-account.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastRun } from "../../support/fast-run.ts";

const [team, pager] = ["arn:aws:sns:us-east-1:123456789012:team", "arn:aws:sns:us-east-1:123456789012:pager"];
const world = (topics: readonly string[], wanted = topics) =>
  enterFastWorld({
    topics,
    account: { ...smallAccount, calls: { perDay: 4 } },
    environment: {
      ANALYTICS_GROUPS: "Company",
      [Env.stackName]: "nightshift-acme",
      [Env.noteTopics]: wanted.join(","),
    },
  });
const linesOf = ({ logged }: FastRun, message: string) =>
  logged.map((line) => JSON.parse(line)).filter((line) => line.message === message);

describe("a topic that refuses the note", () => {
  test("does not keep it from the others, and the run fails and says what to check", async () => {
    const { aws, run: runJob } = await world([pager], [team, pager]);
    await runJob("archive-calls");

    const { error, ...run } = await runJob("report-status");

    expect(error).toMatchObject({ code: "NOTIFY_FAILED", hint: expect.stringContaining("notify.morningNote") });
    expect(aws.messages().map(({ topic }) => topic)).toEqual([pager]);
    expect(linesOf(run as FastRun, "note not sent")).toHaveLength(1);
    expect(linesOf(run as FastRun, "status")).toHaveLength(1);
  });
});

describe("in the morning", () => {
  test("an archive that no run has begun has no status, and no note is sent", async () => {
    const { aws, run } = await world([team]);

    const { report } = await run("report-status");

    expect(report).toMatchObject({
      status: "finished",
      result: { sentence: "No run has identified the account yet." },
    });
    expect(aws.messages()).toEqual([]);
  });

  test("an installation that archives no calls has no status, and its run does not fail", async () => {
    const { aws, run } = await world([team]);
    await run("collect-analytics");

    const { error, report } = await run("report-status");

    expect(error).toBeUndefined();
    expect(report).toMatchObject({ status: "finished", result: { sentence: "No calls are archived yet." } });
    expect(aws.messages()).toEqual([]);
  });

  test("the sentence of `status` is logged and sent, and its numbers are metrics", async () => {
    const { aws, archive, state, clock, run: runJob } = await world([team, pager]);
    await runJob("archive-calls");
    clock.advance(24 * 3_600_000);
    await runJob("archive-calls");

    const run = await runJob("report-status");

    const now = () => new Date(clock.now());
    const { sentence, toDo, calls } = await readStatus({ archive, state, account: undefined, now });
    expect(linesOf(run, "status")).toMatchObject([{ facts: { sentence, toDo } }]);
    const notes = aws.messages().slice(-2);
    expect(notes.map(({ topic }) => topic)).toEqual([team, pager]);
    for (const { subject, message } of notes) {
      expect(subject).toContain("nightshift-acme: ");
      expect(message.split("\n")[0]).toBe(sentence);
    }
    expect(run.metrics).toMatchObject({
      StoredRecordings: calls.totals.stored,
      PendingRecordings: calls.totals.pending,
      LostRecordings: 0,
      StoredBytes: calls.totals.bytes,
      OpenDays: calls.open,
      ClosedDays: calls.closed,
      ThingsToDo: toDo.length,
    });
    expect(calls.totals.stored).toBeGreaterThan(0);
  });

  test("nobody is written to who did not ask for it", async () => {
    const { aws, run } = await world([team], []);

    await run("archive-calls");
    await run("report-status");

    expect(aws.messages()).toEqual([]);
  });
});
