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
});
