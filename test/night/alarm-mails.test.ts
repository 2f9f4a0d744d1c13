import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseFilterPattern } from "../../lab/cloudwatch/filter-pattern.ts";
import type { AccountPlan } from "../../lab/ringcentral/account-plan.ts";
import type { Fault, FaultEffect } from "../../lab/ringcentral/faults.ts";
import type { PlannedRecording } from "../../lab/ringcentral/planned-calls.ts";
import { Env } from "../../shared/contract.ts";
import { archiveAlarms } from "../../shared/jobs/archive-calls/alarms.ts";
import type { JobName } from "../../shared/jobs.ts";
import { jobs } from "../../shared/jobs.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import type { FastRun } from "../support/fast-run.ts";
import { flat, resourcesOf } from "../support/infra/resources.ts";
import { templateOf } from "../support/infra/stack.ts";
import { accountOf, recordedCalls } from "../support/recorded-calls.ts";

interface Trouble {
  readonly what: string;
  readonly faults?: readonly Fault[];
  readonly account?: AccountPlan;
  /** What the account becomes after the first night. */
  readonly becomes?: AccountPlan;
  readonly environment?: Readonly<Record<string, string>>;
  /** @default archive-calls */
  readonly job?: JobName;
  /** @default 1 */
  readonly nights?: number;
  /** Days without a run, after the first night. */
  readonly missedDays?: number;
}

interface Line {
  readonly message: string;
  readonly facts: { readonly day?: string; readonly openNights?: number; readonly hint?: string };
}

const dayMs = 24 * 3_600_000;
const [bad, good] = ["2026-11-02", "2026-11-03"] as const;
const calls = (day: string, count = 6) => recordedCalls(day, count);
const account = accountOf(...calls(bad), ...calls(good));
const badDay = (what: FaultEffect): Fault => ({
  on: { endpoint: "callLog", path: `dateFrom=${bad}` },
  what,
  times: "always",
});
const badRecordings = (what: FaultEffect, ids: string = bad): Fault => ({
  on: `/recording/${ids}`,
  what,
  times: "always",
});
const plannedAs = (recording: Partial<PlannedRecording>) => {
  const planned = calls(bad).map((call) => ({ ...call, recording: { id: call.id, ...recording } }));
  return accountOf(...planned, ...calls(good));
};

/** Reasons of failures in bulk, with the handbook's instruction. */
const causes: readonly (Trouble & { readonly result: string; readonly act: RegExp })[] = [
  { result: "not-audio", what: "JSON comes instead", faults: [badRecordings("jsonAsAudio")], act: /open an issue/i },
  {
    result: "unexpected",
    what: "RingCentral does not understand the request",
    faults: [badRecordings({ status: 400 })],
    act: /open an issue/i,
  },
  {
    result: "not-found",
    what: "RingCentral does not find them",
    faults: [badRecordings({ status: 404 })],
    act: /look at status\.ringcentral\.com and ask RingCentral's support/i,
  },
  {
    result: "refused",
    what: "the role may not read them",
    faults: [badRecordings({ status: 403 })],
    act: /\bgive\b/i,
  },
  {
    result: "unavailable",
    what: "half of each comes",
    faults: [badRecordings({ wrongLength: "chunked" })],
    act: /look at status\.ringcentral\.com and ask RingCentral's support/i,
  },
  { result: "empty", what: "they have no bytes", account: plannedAs({ bytes: 0 }), act: /ask RingCentral's support/i },
];

/** A recording has waited for more than two weeks after these nights. */
const waiting = { nights: 8, missedDays: 10, account: accountOf(...calls(bad, 2)) };

/** Nights after which an alarm's e-mail refers an operator to `facts.hint`. */
const troubles: Readonly<Record<string, readonly Trouble[]>> = {
  "run-failed": [
    { what: "a day that RingCentral does not list", faults: [badDay({ status: 400 })] },
    { what: "a login that is refused", faults: [{ on: "token", what: { status: 401 }, times: "always" }] },
    { what: "recordings of which none comes", faults: [badRecordings("jsonAsAudio", "")] },
    {
      what: "a group of analytics that is refused",
      job: "collect-analytics",
      environment: { [Env.analyticsGroups]: "Company,Users", [Env.analyticsMetrics]: "allCalls" },
      account: { ...account, analytics: { refuse: { Users: 403 } } },
    },
  ],
  "days-open": [
    { what: "a day that RingCentral does not list", faults: [badDay({ status: 400 })], nights: 8 },
    { what: "a day that is not available", faults: [badDay({ status: 500 })], nights: 8 },
    { what: "a day of which calls are missing", becomes: accountOf(...calls(bad, 3), ...calls(good)), nights: 8 },
    { what: "a week of settling, and some hours", environment: { [Env.listingGap]: String(170 * 3_600) }, nights: 8 },
  ],
  "recordings-waiting": [
    { what: "a recording that is not audio", faults: [badRecordings("jsonAsAudio", `${bad}-1`)], ...waiting },
    { what: "a recording that breaks off", faults: [badRecordings("cut", `${bad}-1`)], ...waiting },
  ],
  "failed-in-bulk": causes,
};

/** The lines that an e-mail names, of those that its command finds. */
const namedLines: Readonly<Record<string, (found: readonly Line[]) => readonly Line[]>> = {
  "run-failed": (found) => found.slice(-1),
  "days-open": (found) => {
    const most = Math.max(...found.map(({ facts }) => facts.openNights ?? 0));
    const newest = found.filter(({ facts }) => facts.openNights === most).slice(-1);
    return [...newest, ...found.filter(({ message }) => message === "day not closed")];
  },
  "recordings-waiting": (found) => {
    const [oldest] = found.map(({ facts }) => facts.day).sort();
    return found.filter(({ facts }) => facts.day === oldest);
  },
  "failed-in-bulk": (found) => found.filter(({ message }) => message === "recording not fetched"),
};

/** By the alarm's name, without that of its job. */
const mails = new Map(
  resourcesOf(templateOf(), "AWS::CloudWatch::Alarm").map(({ Properties }) => {
    const name = String(Properties.AlarmName).replace("nightshift-test-", "");
    const job = Object.keys(jobs).find((each) => name.endsWith(`-${each}`)) ?? "";
    return [name.replace(new RegExp(`-${job}$`), ""), flat(Properties.AlarmDescription)];
  }),
);
const patternIn = (mail = "") => parseFilterPattern(/--filter-pattern '([^']+)'/.exec(mail)?.[1] ?? "");

/** The last run, and the lines of the last week. */
async function runNights({ job = "archive-calls", nights = 1, missedDays = 0, becomes, ...trouble }: Trouble) {
  const world = await enterFastWorld({ account, ...trouble });
  const runs: FastRun[] = [await world.run(job)];
  if (becomes) await world.becomes(becomes);
  world.clock.advance(missedDays * dayMs);
  while (runs.length < nights) {
    world.clock.advance(dayMs);
    runs.push(await world.run(job));
  }
  const lines = runs.slice(-7).flatMap(({ logged }) => logged.map((line) => JSON.parse(line) as Line));
  return { last: runs.at(-1) as FastRun, lines };
}

const nightsByTrouble = new Map<Trouble, ReturnType<typeof runNights>>();

/** Runs the nights of a trouble once, for each test of them. */
function nightsOf(trouble: Trouble) {
  const nights = nightsByTrouble.get(trouble) ?? runNights(trouble);
  nightsByTrouble.set(trouble, nights);
  return nights;
}

function isRaised(alarm: string, { error, metrics }: FastRun): boolean {
  if (alarm === "run-failed") return error !== undefined;
  return archiveAlarms.some(({ name, metric, min = 1 }) => name === alarm && (metrics[metric] ?? 0) >= min);
}

const act = /\b(open an issue|ask RingCentral|look (at|for)|give|check|copy|restore|shorten|store)\b/i;

/** Expects an instruction in the line, or in the lines that it names. */
function expectAct({ facts: { day, hint = "" } }: Line, lines: readonly Line[]): void {
  const names = [...hint.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  if (names.length === 0) expect(hint).toMatch(act);
  const led = lines.filter(({ message, facts }) => names.includes(message) && (!day || facts.day === day));
  if (names.length > 0) expect(led.length, hint).toBeGreaterThan(0);
  for (const line of led) expectAct(line, lines);
}

test("every alarm whose e-mail says to do what facts.hint says has its nights here", () => {
  const alarms = [...mails].flatMap(([alarm, mail]) => (mail.includes("facts.hint") ? [alarm] : []));

  expect(Object.keys(troubles).sort()).toEqual(alarms.sort());
});

describe.each(Object.entries(troubles))("the e-mail of %s leads to an instruction", (alarm, cases) => {
  test.each(cases)("after $what", async (trouble) => {
    const { last, lines } = await nightsOf(trouble);

    const foundLines = namedLines[alarm]?.(lines.filter(patternIn(mails.get(alarm)))) ?? [];

    expect(isRaised(alarm, last)).toBe(true);
    expect(foundLines.length).toBeGreaterThan(0);
    for (const line of foundLines) expectAct(line, lines);
  });
});

test.each(causes)("the handbook and the log give the same instruction for $result", async (cause) => {
  const { result, act: expected } = cause;
  const handbook = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operations.md"), "utf8");
  const [, chapter = ""] = /^### failed-in-bulk\n(.*?)^### /ms.exec(handbook) ?? [];
  const items = chapter.split(/^- /m).map((item) => item.replaceAll(/\s+/g, " "));

  const { lines } = await nightsOf(cause);

  const hints = lines.flatMap(({ message, facts }) => (message === "recording not fetched" ? [facts.hint] : []));
  expect(new Set(hints).size).toBe(1);
  expect(hints[0]).toMatch(expected);
  expect(items.find((item) => item.split(":")[0]?.includes(`\`${result}\``))).toMatch(expected);
});
