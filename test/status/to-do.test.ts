import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { archiveStatus } from "../../shared/core/calls/archive-status.ts";
import { archiveAlarms } from "../../shared/jobs/archive-calls/alarms.ts";
import { ArchiveMetric } from "../../shared/jobs/archive-calls/metrics.ts";
import { chaptersToDo } from "../../shared/status/to-do.ts";

const limits = { timeZone: "UTC", retention: { daysToFetch: 90 }, heavyPerMinute: 10 };
const sound = archiveStatus(new Map(), { ...limits, now: new Date("2026-11-28T12:00:00Z") });
const gauges = Object.keys(sound.gauges) as (keyof typeof sound.gauges)[];

describe("`chaptersToDo`", () => {
  test("names nothing for an archive in which nothing is wrong", () => {
    expect(chaptersToDo(sound)).toEqual([]);
  });

  test("knows the value of every alarm of the job", () => {
    const totals = { ...sound.totals, lost: 1, unstable: 1 };
    const all = Object.fromEntries(gauges.map((name) => [name, 1_000_000]));

    expect(chaptersToDo({ ...sound, totals, gauges: { ...sound.gauges, ...all } })).toEqual(
      archiveAlarms.map(({ name }) => name),
    );
  });

  test("names what an alarm's threshold says, and nothing below it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...gauges), fc.nat(40), (name, value) => {
        const toDo = chaptersToDo({ ...sound, gauges: { ...sound.gauges, [name]: value } });
        const alarm = archiveAlarms.find(({ metric }) => metric === ArchiveMetric[name]);

        expect(toDo).toEqual(alarm?.min !== undefined && value >= alarm.min ? [alarm.name] : []);
      }),
    );
  });

  test("is never empty if a recording is lost, a day is unstable or missing, or a manifest is damaged", () => {
    const { totals } = sound;

    expect(chaptersToDo({ ...sound, totals: { ...totals, lost: 1 } })).toEqual(["recordings-lost"]);
    expect(chaptersToDo({ ...sound, totals: { ...totals, unstable: 1 } })).toEqual(["day-unstable"]);
    expect(chaptersToDo({ ...sound, daysNotBegun: 1 })).toEqual(["did-not-run"]);
    expect(chaptersToDo({ ...sound, damaged: ["2026-11-02"] })).toEqual(["verifying"]);
  });

  test("names what the last verification found, and nothing if it found nothing", () => {
    expect(chaptersToDo(sound, { verification: { findings: 0 } })).toEqual([]);
    expect(chaptersToDo(sound, { verification: { findings: 1 } })).toEqual(["archive-altered"]);
  });

  const pausedFor = (days: number) => ({ job: "archive-calls", since: "2026-11-20T12:00:00Z", days }) as const;

  test("names a pause from its seventh day on, and one that cannot be read at once", () => {
    const unreadable = { job: "build-tables", since: null, days: 0, reason: "it is damaged" } as const;

    expect(chaptersToDo(sound, { pauses: [pausedFor(6)] })).toEqual([]);
    expect(chaptersToDo(sound, { pauses: [pausedFor(7)] })).toEqual(["paused-too-long"]);
    expect(chaptersToDo(sound, { pauses: [unreadable] })).toEqual(["pausing"]);
  });

  test("does not miss runs of archive-calls while that job is paused, and only then", () => {
    const missing = { ...sound, daysNotBegun: 2 };

    expect(chaptersToDo(missing, { pauses: [pausedFor(2)] })).toEqual([]);
    expect(chaptersToDo(missing, { pauses: [{ ...pausedFor(2), job: "build-tables" }] })).toEqual(["did-not-run"]);
    expect(chaptersToDo(missing, { pauses: [{ ...pausedFor(2), since: null }] })).toEqual(["did-not-run", "pausing"]);
  });

  test.each([
    [15, []],
    [14, ["credential-expiring"]],
    [0, ["credential-expiring"]],
  ])("asks for a new JWT as the alarm does: with %i days left it names %j", (credentialDaysLeft, expected) => {
    expect(chaptersToDo(sound, { access: { credentialDaysLeft } })).toEqual(expected);
  });

  test("names run-failed while the last run of any job failed, and no longer when one has ended well", () => {
    expect(chaptersToDo(sound, { runs: [{ hasFailed: false }, { hasFailed: true }] })).toEqual(["run-failed"]);
    expect(chaptersToDo(sound, { runs: [{ hasFailed: false }] })).toEqual([]);
  });

  test("names run-failed while the last check of the installation shows a fault, whatever has run since", () => {
    expect(chaptersToDo(sound, { runs: [{ hasFailed: false }], access: { faults: 1 } })).toEqual(["run-failed"]);
    expect(chaptersToDo(sound, { access: { faults: 0 } })).toEqual([]);
  });
});
