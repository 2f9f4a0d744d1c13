import { expect, test } from "vitest";
import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { runStorm } from "./run-storm.ts";
import {
  apiTrouble,
  beforeNight,
  nightsTo,
  recordingIdOf,
  type SlowStorm,
  slowCalls,
  slowStorm,
} from "./slow-storms.ts";
import { stormDayMs, stormFirstDay, stormStartMs } from "./storm-plan.ts";
import type { StormReport } from "./storm-report.ts";

const patience = 120_000;
const dayOfWeek = (day: number) => new Date(`${addDays(stormFirstDay, day)}T12:00:00Z`).getUTCDay();
const isBusinessDay = (day: number) => dayOfWeek(day) !== 0 && dayOfWeek(day) !== 6;
const days = (count: number) => Array.from({ length: count }, (_, day) => day);

interface Meaning {
  readonly storm: SlowStorm;
  /** Changes of the alarms, with their night. Nothing runs after the last night. */
  readonly alarms: readonly string[];
}

const meanings: Readonly<Record<string, Meaning>> = {
  "a recording that is broken for it alone has been pending for 17 days": {
    storm: {
      nights: [0, 7, 16, 17, 19, 23],
      calls: slowCalls(1, 3),
      troubles: [
        apiTrouble({
          on: { endpoint: "recordingContent", recordingId: recordingIdOf(1, 0) },
          what: { status: 500 },
          items: { recordings: [recordingIdOf(1, 0)] },
          untilNight: 19,
        }),
      ],
    },
    alarms: ["recordings-waiting ALARM 17", "recordings-waiting OK 23"],
  },
  "RingCentral deletes a recording within a quarter of its twelve days, and then has": {
    storm: {
      nights: [0, 6, 7, 11, 12, 13],
      // One that is still there shows that others can be had.
      calls: [...slowCalls(1, 3), ...slowCalls(12, 1)],
      account: { retentionDays: 12 },
      troubles: [
        apiTrouble({
          on: { endpoint: "recordingContent", recordingId: recordingIdOf(1, 0) },
          what: { status: 500 },
          items: { recordings: [recordingIdOf(1, 0)] },
          untilNight: 12,
        }),
      ],
    },
    alarms: ["deletion-near ALARM 7", "recordings-lost ALARM 12", "deletion-near OK 12", "recordings-lost OK 12"],
  },
  "a day cannot be listed for seven nights": {
    storm: {
      nights: nightsTo(9),
      calls: [...slowCalls(1, 6), ...slowCalls(2, 3)],
      troubles: [
        apiTrouble({
          on: { endpoint: "callLog", path: `dateFrom=${addDays(stormFirstDay, 1)}` },
          what: { status: 500 },
          items: { days: [addDays(stormFirstDay, 1)] },
          untilNight: 9,
        }),
      ],
    },
    alarms: [
      "run-failed-archive-calls ALARM 0",
      "days-open ALARM 6",
      "days-open OK 9",
      "run-failed-archive-calls OK 9",
    ],
  },
  "a credential expires within 14 days": {
    storm: {
      nights: [0, 4, 5, 6],
      calls: slowCalls(1, 3),
      account: { credentialExpiresAt: new Date(stormStartMs + 20 * stormDayMs).toISOString() },
      troubles: [],
    },
    alarms: ["credential-expiring-in-14-days ALARM 5"],
  },
  "two business days are without calls": {
    storm: {
      nights: [0, 14, 15, 16, 17],
      calls: days(20).flatMap((day) =>
        isBusinessDay(day) && day !== 17 && day !== 18 ? slowCalls(day, 20, { recorded: false }) : [],
      ),
      troubles: [],
    },
    alarms: ["nothing-archived ALARM 16", "nothing-archived OK 17"],
  },
  "half of a day's calls are missing from its listing": {
    storm: {
      nights: nightsTo(3),
      calls: slowCalls(1, 30, {
        recorded: false,
        more: (index): Partial<PlannedCall> =>
          index < 15 ? { vanishesAt: new Date(beforeNight(1)).toISOString() } : {},
      }),
      troubles: [],
    },
    alarms: ["listing-shrank ALARM 1"],
  },
  "no two listings of a day agree": {
    storm: {
      nights: nightsTo(6),
      calls: slowCalls(2, 10, {
        recorded: false,
        more: (index) => ({ visibleAt: new Date(beforeNight(index)).toISOString() }),
      }),
      troubles: [],
    },
    alarms: ["day-unstable ALARM 4", "day-unstable OK 4"],
  },
  "eight of twenty recordings are not found for three nights": {
    storm: {
      nights: nightsTo(4),
      calls: slowCalls(1, 20),
      troubles: days(8).map((index) =>
        apiTrouble({
          on: { endpoint: "recordingContent", recordingId: recordingIdOf(1, index * 2) },
          what: { status: 404 },
          items: { recordings: [recordingIdOf(1, index * 2)] },
          untilNight: 3,
        }),
      ),
    },
    alarms: ["failed-in-bulk ALARM 0", "failed-in-bulk OK 3"],
  },
  "a run fails twice in containers whose clock is 26 hours slow": {
    storm: {
      nights: nightsTo(3),
      calls: slowCalls(1, 3),
      troubles: [
        apiTrouble({
          on: { endpoint: "callLog", path: `dateFrom=${addDays(stormFirstDay, 1)}` },
          what: { status: 400 },
          items: { days: [addDays(stormFirstDay, 1)] },
          untilNight: 2,
        }),
        { kind: "slow", harm: "mild", fromMs: 0, untilMs: null, type: "clock", errorMs: -26 * 3_600_000 },
      ],
    },
    // AWS tells of a failed run by its own clock.
    alarms: ["run-failed-archive-calls ALARM 0", "run-failed-archive-calls OK 2"],
  },
  "more is pending than five requests an hour bring in two days": {
    storm: {
      nights: nightsTo(3),
      calls: slowCalls(2, 150),
      account: { retentionDays: 2 },
      troubles: [
        {
          ...{ kind: "slow", harm: "mild", fromMs: 0, untilMs: beforeNight(4), type: "limits" },
          limits: { heavy: { limit: 5, windowMs: 3_600_000, penaltyMs: 60_000 } },
        },
        apiTrouble({
          on: { endpoint: "recordingContent" },
          what: { status: 404 },
          items: { recordings: "all" },
          untilNight: 4,
        }),
      ],
    },
    alarms: [
      "backlog-too-long ALARM 0",
      // Twenty of 150 were requested, and none was there.
      "failed-in-bulk ALARM 0",
      "run-failed-archive-calls ALARM 0",
      // What may be deleted already is late, whatever the limit.
      "backlog-too-long OK 1",
      "deletion-near ALARM 1",
      "recordings-lost ALARM 3",
      "failed-in-bulk OK 3",
      "recordings-lost OK 3",
    ],
  },
};

test.each(Object.entries(meanings))(
  "if %s, the alarms are raised in that night and not before, until it is repaired",
  async (name, { storm, alarms }) => {
    const report = await runStorm(slowStorm(name.length, storm));

    expect(alarmNights(report)).toEqual(alarms);
    expect(report.violations.filter(({ rule }) => rule.includes("Alarm"))).toEqual([]);
  },
  patience,
);

function alarmNights({ alarms }: StormReport): readonly string[] {
  return alarms
    .filter(({ alarm }) => !alarm.startsWith("did-not-run"))
    .map(({ alarm, to, at }) => `${alarm} ${to} ${Math.floor((at.getTime() - stormStartMs) / stormDayMs)}`);
}
