import { expect, test } from "vitest";
import { aggregation, onlyValue, sums, switchedOn, timeline } from "./analytics/analytics-body.ts";
import { createZoneClock, type Interval } from "./analytics/zone-clock.ts";
import { createCalendar } from "./calendar.ts";
import { openLab } from "./open-lab.ts";

const startsOf = (timeZone: string, interval: Interval, from: string, to: string) =>
  createZoneClock(timeZone)
    .startsBetween(Date.parse(from), Date.parse(to), interval)
    .map((startMs) => new Date(startMs).toISOString());

test("a day has 25 hours when clocks go back and 23 when they go forward", () => {
  const back = startsOf("America/Los_Angeles", "Hour", "2026-11-01T07:00:00Z", "2026-11-02T07:59:59.999Z");
  const forward = startsOf("Europe/Berlin", "Hour", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999Z");

  expect(back).toHaveLength(25);
  expect(forward).toHaveLength(23);
  expect([back[0], back[24]]).toEqual(["2026-11-01T07:00:00.000Z", "2026-11-02T07:00:00.000Z"]);
});

test("hours and days begin when the zone's clock says so, also at half past or a quarter to the hour", () => {
  const india = startsOf("Asia/Kolkata", "Hour", "2026-11-03T18:30:00Z", "2026-11-03T20:29:59.999Z");
  const nepal = startsOf("Asia/Kathmandu", "Day", "2026-11-03T18:15:00Z", "2026-11-05T00:00:00Z");
  const lordHowe = startsOf("Australia/Lord_Howe", "Hour", "2026-04-04T14:00:00Z", "2026-04-04T16:00:00Z");

  expect(india).toEqual(["2026-11-03T18:30:00.000Z", "2026-11-03T19:30:00.000Z"]);
  expect(nepal).toEqual(["2026-11-03T18:15:00.000Z", "2026-11-04T18:15:00.000Z"]);
  // There clocks go back by half an hour, from 02:00 to 01:30, so that one o'clock comes twice.
  expect(lordHowe.map((time) => time.slice(11, 16))).toEqual(["14:00", "15:00", "15:30"]);
});

test("days begin when the calendar's days do, in zones of every kind and also if midnight is skipped", () => {
  for (const timeZone of ["America/Los_Angeles", "Africa/Cairo", "America/Havana", "Pacific/Chatham", "UTC"]) {
    const calendar = createCalendar(timeZone);
    const starts = startsOf(timeZone, "Day", "2026-01-10T12:00:00Z", "2026-12-10T12:00:00Z");
    const dates = calendar.datesBetween(Date.parse("2026-01-10T12:00:00Z"), Date.parse("2026-12-10T12:00:00Z"));

    expect(starts).toEqual(dates.map((date) => new Date(calendar.day(date).fromMs).toISOString()));
  }
});

test("weeks begin on Sunday, months on the first, and the first interval before the range does", () => {
  const weeks = startsOf("America/New_York", "Week", "2026-10-28T12:00:00Z", "2026-11-08T05:00:00Z");
  const months = startsOf("America/New_York", "Month", "2026-10-28T12:00:00Z", "2026-11-08T05:00:00Z");

  expect(weeks).toEqual(["2026-10-25T04:00:00.000Z", "2026-11-01T04:00:00.000Z", "2026-11-08T05:00:00.000Z"]);
  expect(months).toEqual(["2026-10-01T04:00:00.000Z", "2026-11-01T04:00:00.000Z"]);
});

/** Four inbound or outbound calls of 60, 120 and twice 30 seconds on three of four days in Los Angeles. */
const plannedCalls = [
  { id: "a", startTime: "2026-11-01T08:30:00Z", durationSeconds: 60 },
  { id: "b", startTime: "2026-11-01T09:30:00Z", durationSeconds: 120 },
  { id: "c", startTime: "2026-11-02T08:00:00Z", durationSeconds: 30 },
  { id: "d", startTime: "2026-11-05T07:59:59.999Z", durationSeconds: 30 },
];
const fourDays = { from: "2026-11-01T07:00:00Z", to: "2026-11-05T07:59:59.999Z" };
const openWithFour = () => openLab({ account: { calls: { perDay: 0 }, plannedCalls } });

test("a timeline has a point for every interval, with zeros if nothing happened", async () => {
  await using lab = await openWithFour();
  const responseOptions = switchedOn({ counters: ["allCalls"], timers: ["allCallsDuration"] });

  const { data } = await timeline(lab, "interval=Day", { ...fourDays, responseOptions });

  const point = (time: string, calls: number, seconds: number) => ({
    time,
    counters: { allCalls: { valueType: "Instances", values: calls } },
    timers: { allCalls: { valueType: "Seconds", values: seconds } },
  });
  expect(data.records).toEqual([
    {
      key: "37439510",
      points: [
        point("2026-11-01T07:00:00Z", 2, 180),
        point("2026-11-02T08:00:00Z", 1, 30),
        point("2026-11-03T08:00:00Z", 0, 0),
        point("2026-11-04T08:00:00Z", 1, 30),
      ],
    },
  ]);
});

test("a timeline's repeated hour is two points, each with its own calls", async () => {
  await using lab = await openWithFour();

  const { data } = await timeline(lab, "interval=Hour", { ...fourDays, to: "2026-11-01T10:59:59Z" });

  const points = data.records[0]?.points?.map(({ time, counters }) => [time.slice(11, 16), counters?.allCalls?.values]);
  expect(points).toEqual([
    ["07:00", 0],
    ["08:00", 1],
    ["09:00", 1],
    ["10:00", 0],
  ]);
});

test("a range that ends exactly at midnight reaches into the next day", async () => {
  await using lab = await openWithFour();

  const { data } = await timeline(lab, "interval=Day", { from: "2026-11-01T07:00:00Z", to: "2026-11-02T08:00:00Z" });

  expect(data.records[0]?.points?.map(({ counters }) => counters?.allCalls?.values)).toEqual([2, 1]);
});

test("a timeline has no section that is switched off or was not requested", async () => {
  await using lab = await openWithFour();
  const responseOptions = { counters: { allCalls: true, callsByDirection: false, callsByQueueSla: false } };

  const { data } = await timeline(lab, "interval=Month", { ...fourDays, responseOptions });

  expect(data.records[0]?.points).toEqual([
    { time: "2026-11-01T07:00:00Z", counters: { allCalls: { valueType: "Instances", values: 4 } } },
  ]);
});

test("the points of a timeline add up to the aggregation of its range, for every group", async () => {
  await using lab = await openLab({ account: { calls: { perDay: 300 } } });
  const range = { from: "2026-10-30T07:00:00Z", to: "2026-11-05T07:59:59.999Z", grouping: { groupBy: "Users" } };

  const whole = await aggregation(lab, range);
  const hourly = await timeline(lab, "interval=Hour&page=2&perPage=20", range);

  expect(hourly.paging).toEqual({ page: 2, perPage: 20, totalPages: 2, totalElements: 40 });
  const added = hourly.data.records.map(({ key, points = [] }) => [
    key,
    points.reduce((sum, { counters }) => sum + Number(counters?.allCalls?.values), 0),
  ]);
  const expected = whole.data.records.slice(20).map(({ key, counters }) => [key, counters?.allCalls?.values]);
  expect(added).toEqual(expected);
});

test("minimum, maximum and average of a counter are computed over the intervals of the range, including empty ones", async () => {
  await using lab = await openWithFour();
  const query = async (aggregationType: string) => {
    const responseOptions = { counters: { allCalls: { aggregationType, aggregationInterval: "Day" } } };
    return onlyValue(await aggregation(lab, { ...fourDays, responseOptions }), "allCalls");
  };

  expect([await query("Min"), await query("Max"), await query("Average")]).toEqual([0, 2, 1]);
});

test("minimum, maximum and average of a timer are computed over the calls, or over intervals if one is requested", async () => {
  await using lab = await openWithFour();
  const query = async (option: object) => {
    const response = await aggregation(lab, { ...fourDays, responseOptions: { timers: { allCallsDuration: option } } });
    return onlyValue(response, "allCalls", "timers");
  };
  const daily = { aggregationInterval: "Day" };

  expect(await query({ aggregationType: "Min" })).toBe(30);
  expect(await query({ aggregationType: "Max" })).toBe(120);
  expect(await query({ aggregationType: "Average" })).toBe(60);
  expect(await query({ aggregationType: "Min", ...daily })).toBe(0);
  expect(await query({ aggregationType: "Max", ...daily })).toBe(180);
  expect(await query({ aggregationType: "Average", ...daily })).toBe(60);
});

test("percentages refer to the whole, and are zero if the whole is zero", async () => {
  await using lab = await openLab({ account: { calls: { perDay: 200 } } });
  const percent = { aggregationType: "Percent" };
  const responseOptions = { counters: { allCalls: percent, callsByDirection: percent } };

  const some = await aggregation(lab, { responseOptions });
  const none = await aggregation(lab, { ...fourDays, from: fourDays.to, responseOptions });

  const { inbound, outbound } = onlyValue(some, "callsByDirection") as Record<"inbound" | "outbound", number>;
  expect(onlyValue(some, "allCalls")).toBe(100);
  expect(inbound).toBeGreaterThan(40);
  expect(inbound + outbound).toBeCloseTo(100, 9);
  expect(some.data.records[0]?.counters?.callsByDirection?.valueType).toBe("Percent");
  expect(onlyValue(none, "callsByDirection")).toEqual({ inbound: 0, outbound: 0 });
});

test("days of the week and hours of the day are those of the requested zone", async () => {
  await using lab = await openWithFour();
  const count = async (advancedTimeSettings: object, timeZone = "America/Los_Angeles") =>
    onlyValue(await aggregation(lab, { ...fourDays, timeZone, advancedTimeSettings }), "allCalls");

  expect(await count({ includeDays: ["Sunday"] })).toBe(2);
  expect(await count({ includeDays: ["Monday", "Wednesday"] })).toBe(2);
  expect(await count({ includeDays: ["Thursday"] }, "UTC")).toBe(1);
  expect(await count({ includeHours: [{ from: "01:00", to: "02:00" }] })).toBe(2);
  expect(await count({ includeHours: [{ from: "23:00", to: "00:30" }] })).toBe(2);
  expect(await count({ includeDays: ["Sunday"], includeHours: [{ from: "23:00", to: "00:30" }] })).toBe(0);
});

test("sums of a whole range do not depend on the zone", async () => {
  await using lab = await openWithFour();
  const query = async (timeZone: string) =>
    onlyValue(
      await aggregation(lab, { ...fourDays, timeZone, responseOptions: sums({ counters: ["allCalls"] }) }),
      "allCalls",
    );

  expect(await query("Asia/Kathmandu")).toBe(4);
  expect(await query("America/Los_Angeles")).toBe(4);
});
