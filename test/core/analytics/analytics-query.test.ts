import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnalyticsGroup,
  type AnalyticsMetric,
  counters,
  defaultGroups,
  groups,
  metrics,
  timers,
} from "../../../shared/core/analytics/analytics-names.ts";
import {
  type AnalyticsHttpRequest,
  type AnalyticsQuery,
  analyticsHttpRequest,
} from "../../../shared/core/analytics/analytics-query.ts";
import { addDays } from "../../../shared/core/time/days.ts";

const newYork = "America/New_York";
const day = "2026-11-03";

interface Body {
  readonly grouping: unknown;
  readonly timeSettings: {
    readonly timeZone: string;
    readonly timeRange: { readonly timeFrom: string; readonly timeTo: string };
  };
  readonly responseOptions: Readonly<Partial<Record<"counters" | "timers", Readonly<Record<string, unknown>>>>>;
}

function requestOf(query: Partial<AnalyticsQuery>, timeZone = newYork, chosen: readonly AnalyticsMetric[] = metrics) {
  const whole: AnalyticsQuery = {
    group: "Users",
    interval: "Day",
    from: day,
    to: addDays(query.from ?? day, 1),
    ...query,
  };
  const request: AnalyticsHttpRequest = analyticsHttpRequest(whole, 1, { timeZone, metrics: chosen });
  return { ...request, body: request.body as Body };
}

const rangeOf = (from: string, timeZone: string) => {
  const { timeFrom, timeTo } = requestOf({ from }, timeZone).body.timeSettings.timeRange;
  return [timeFrom, timeTo];
};

/** Metrics of one group; RingCentral refuses a request with any other group (API reference: Business Analytics). */
const ofQueues = ["callsByQueueSla", "callsByQueueHours", "callsDurationByQueueSla", "callsDurationByQueueHours"];
const ofUsers = ["queueOpportunities"];

describe("a group's request has no metric that RingCentral would refuse:", () => {
  const mayQuery = (group: AnalyticsGroup, name: string) =>
    ofQueues.includes(name) ? group === "Queues" : !ofUsers.includes(name) || group === "Users";

  test.each(groups)("%s is requested with every counter and timer that it may have, and no other", (group) => {
    const { responseOptions } = requestOf({ group }).body;

    expect(Object.keys(responseOptions.counters ?? {})).toEqual(counters.filter((name) => mayQuery(group, name)));
    expect(Object.keys(responseOptions.timers ?? {})).toEqual(timers.filter((name) => mayQuery(group, name)));
  });

  test("only selected metrics are requested", () => {
    const chosen = ["allCalls", "queueOpportunities", "callsDurationByQueueSla"] as const;
    const requested = (group: AnalyticsGroup) => requestOf({ group }, newYork, chosen).body.responseOptions;

    expect(requested("Users")).toEqual({
      counters: { allCalls: { aggregationType: "Sum" }, queueOpportunities: { aggregationType: "Sum" } },
    });
    expect(requested("Sites")).toEqual({ counters: { allCalls: { aggregationType: "Sum" } } });
    expect(requested("Queues")).toEqual({
      counters: { allCalls: { aggregationType: "Sum" } },
      timers: { callsDurationByQueueSla: { aggregationType: "Sum" } },
    });
  });
});

describe("a metric is spelled as in requests:", () => {
  test("`callsActions` of responses is requested as `callsByActions`", () => {
    expect(requestOf({}).body.responseOptions.counters).toHaveProperty("callsByActions");
    expect(metrics).not.toContain("callsActions");
  });

  test("actions are counted and never timed", () => {
    expect(timers.filter((name) => name.includes("Actions"))).toEqual([]);
    expect(timers).toHaveLength(11);
    expect(counters).toHaveLength(13);
  });
});

describe("numbers of", () => {
  test("one whole day are requested as an aggregation's sums, two hundred keys a page", () => {
    const { path, query, body } = requestOf({ group: "Company" }, newYork, ["allCalls", "allCallsDuration"]);

    expect(path).toBe("/analytics/calls/v1/accounts/~/aggregation/fetch");
    expect(query).toEqual({ page: "1", perPage: "200" });
    expect(body).toEqual({
      grouping: { groupBy: "Company" },
      timeSettings: {
        timeZone: newYork,
        timeRange: { timeFrom: "2026-11-03T05:00:00.000Z", timeTo: "2026-11-04T04:59:59.999Z" },
      },
      responseOptions: {
        counters: { allCalls: { aggregationType: "Sum" } },
        timers: { allCallsDuration: { aggregationType: "Sum" } },
      },
    });
  });

  test.each([
    ["one day's hours", { interval: "Hour" }],
    ["several days", { interval: "Day", to: addDays(day, 3) }],
    ["several days' hours", { interval: "Hour", to: addDays(day, 3) }],
  ] as const)("%s are requested as a timeline, switched on by true, twenty keys a page", (_what, analyticsQuery) => {
    const { path, query, body } = requestOf(analyticsQuery);

    expect(path).toBe("/analytics/calls/v1/accounts/~/timeline/fetch");
    expect(query).toEqual({ interval: analyticsQuery.interval, page: "1", perPage: "20" });
    const options = [...Object.values(body.responseOptions.counters ?? {})];
    expect(new Set(options)).toEqual(new Set([true]));
  });

  test("any page are requested by its number", () => {
    const query: AnalyticsQuery = { group: "Users", interval: "Hour", from: day, to: addDays(day, 1) };

    expect(analyticsHttpRequest(query, 17, { timeZone: newYork, metrics }).query.page).toBe("17");
  });
});

describe("a day's bounds are inclusive at both ends, and its last millisecond is the last", () => {
  test.each([
    ["of 24 hours", day, newYork, "2026-11-03T05:00:00.000Z", "2026-11-04T04:59:59.999Z"],
    ["of 23 hours", "2026-03-08", newYork, "2026-03-08T05:00:00.000Z", "2026-03-09T03:59:59.999Z"],
    ["of 25 hours", "2026-11-01", newYork, "2026-11-01T04:00:00.000Z", "2026-11-02T04:59:59.999Z"],
    ["in a half-hour zone", day, "Asia/Kolkata", "2026-11-02T18:30:00.000Z", "2026-11-03T18:29:59.999Z"],
    ["in a quarter-hour zone", day, "Asia/Kathmandu", "2026-11-02T18:15:00.000Z", "2026-11-03T18:14:59.999Z"],
    ["of 23 and a half", "2026-10-04", "Australia/Lord_Howe", "2026-10-03T13:30:00.000Z", "2026-10-04T12:59:59.999Z"],
    ["that begins at one", "2026-03-29", "Atlantic/Azores", "2026-03-29T01:00:00.000Z", "2026-03-29T23:59:59.999Z"],
  ])("%s", (_what, from, timeZone, ...range) => {
    expect(rangeOf(from, timeZone)).toEqual(range);
  });

  test("days tile time in any zone: every instant is requested exactly once", () => {
    const zones = fc.constantFrom(newYork, "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "UTC");
    const starts = fc.integer({ min: 0, max: 3_000 }).map((n) => addDays("2022-01-01", n));
    fc.assert(
      fc.property(starts, zones, fc.integer({ min: 1, max: 60 }), (from, timeZone, days) => {
        const [, end = ""] = rangeOf(from, timeZone);
        const [next = ""] = rangeOf(addDays(from, 1), timeZone);
        const span = requestOf({ interval: "Day", from, to: addDays(from, days) }, timeZone).body.timeSettings;

        expect(Date.parse(next) - Date.parse(end)).toBe(1);
        expect([span.timeRange.timeFrom, span.timeRange.timeTo]).toEqual([
          rangeOf(from, timeZone)[0],
          rangeOf(addDays(from, days - 1), timeZone)[1],
        ]);
      }),
      { numRuns: 40 },
    );
  });
});

test("by default no group is requested that most accounts lack", () => {
  expect([...defaultGroups].sort()).toEqual(
    ["Company", "CompanyNumbers", "Departments", "IVRs", "Queues", "Sites", "Users"].sort(),
  );
});
