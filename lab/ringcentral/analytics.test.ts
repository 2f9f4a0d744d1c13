import { expect, test } from "vitest";
import {
  type AnalyticsBodyOptions,
  aggregation,
  aggregationPath,
  analyticsBody,
  onlyValue,
  sums,
  switchedOn,
  timelinePath,
} from "./analytics/analytics-body.ts";
import { type OpenLab, openLab, refusal } from "./open-lab.ts";

/** The status and the parameter that a refusal names. */
async function refused(lab: OpenLab, path: string, body: unknown): Promise<readonly unknown[]> {
  const response = await lab.post(path, body);
  const { errorCode, parameterName, errors } = (await response.json()) as {
    readonly errorCode?: string;
    readonly parameterName?: string;
    readonly errors?: readonly { readonly errorCode: string; readonly parameterName?: string }[];
  };
  expect(errors?.[0]).toMatchObject({ errorCode, parameterName });
  return [response.status, errorCode, parameterName];
}

const invalid = (parameterName: string) => [400, "CMN-101", parameterName];

test("a grouping names existing groups or existing members", async () => {
  await using lab = await openLab();
  const invalidBodies: readonly (readonly [unknown, string])[] = [
    [{ groupBy: "Users", groupByMembers: "Site" }, "grouping"],
    [{ keys: [] }, "grouping"],
    [{ groupByMember: "Site" }, "grouping"],
    [{ groupBy: "Teams" }, "grouping.groupBy"],
    [{ groupByMembers: "Sites" }, "grouping.groupByMembers"],
    [{ groupBy: "Users", keys: [62264425016] }, "grouping.keys.0"],
  ];

  for (const [grouping, name] of invalidBodies) {
    expect(await refused(lab, aggregationPath, analyticsBody({ grouping }))).toEqual(invalid(name));
  }
});

test("a request without a required field, or that is not JSON, is refused", async () => {
  await using lab = await openLab();
  const { url } = lab.ringCentral;
  const { grouping, timeSettings, responseOptions } = analyticsBody();

  expect(await refused(lab, aggregationPath, { timeSettings, responseOptions })).toEqual(invalid("grouping"));
  expect(await refused(lab, aggregationPath, { grouping, responseOptions })).toEqual(invalid("timeSettings"));
  expect(await refused(lab, aggregationPath, { grouping, timeSettings })).toEqual(invalid("responseOptions"));
  expect(await refused(lab, aggregationPath, "all calls")).toEqual(invalid("body"));

  const headers = { authorization: `Bearer ${await lab.login()}` };
  const asText = { method: "POST", headers, body: JSON.stringify(analyticsBody()) };
  const broken = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: "{" };
  expect((await fetch(`${url}${aggregationPath}`, asText)).status).toBe(415);
  expect(await refusal(fetch(`${url}${aggregationPath}`, broken))).toEqual([400, "CMN-103"]);
});

test("a range has two ordered instants with offsets and an existing zone, and reaches back 184 days", async () => {
  await using lab = await openLab();
  const range = "timeSettings.timeRange";
  const invalidBodies: readonly (readonly [AnalyticsBodyOptions, string])[] = [
    [{ timeZone: "America/Springfield" }, "timeSettings.timeZone"],
    [{ timeZone: "+01:00" }, "timeSettings.timeZone"],
    [{ from: "2026-11-03T08:00:00" }, `${range}.timeFrom`],
    [{ to: "tomorrow" }, `${range}.timeTo`],
    [{ from: "2026-11-05T00:00:00Z", to: "2026-11-04T23:59:59Z" }, `${range}.timeTo`],
    [{ from: "2026-05-06T03:59:00Z" }, `${range}.timeFrom`],
    [{ advancedTimeSettings: { includeDays: ["Caturday"] } }, "timeSettings.advancedTimeSettings.includeDays.0"],
    [
      { advancedTimeSettings: { includeHours: [{ from: "9:00", to: "24:30" }] } },
      "timeSettings.advancedTimeSettings.includeHours.0.from",
    ],
  ];

  for (const [requested, name] of invalidBodies) {
    expect(await refused(lab, aggregationPath, analyticsBody(requested))).toEqual(invalid(name));
  }
  const furthest = analyticsBody({ from: "2026-05-06T05:00:00.000+01:00" });
  expect(await refused(lab, aggregationPath, furthest)).toEqual(invalid(`${range}.timeFrom`));
  expect((await lab.post(aggregationPath, analyticsBody({ from: "2026-05-06T04:01:00Z" }))).status).toBe(200);
});

test("an aggregation is requested by objects, with an interval exactly if one is needed", async () => {
  await using lab = await openLab();
  const day = { aggregationInterval: "Day" };
  const invalidBodies: readonly (readonly [unknown, string])[] = [
    [{ counters: { allCalls: true } }, "counters.allCalls"],
    [{ counters: { everyCall: { aggregationType: "Sum" } } }, "counters.everyCall"],
    [{ counters: { callsActions: { aggregationType: "Sum" } } }, "counters.callsActions"],
    [{ timers: { allCalls: { aggregationType: "Sum" } } }, "timers.allCalls"],
    [{ counters: { allCalls: { aggregationType: "Median" } } }, "counters.allCalls.aggregationType"],
    [{ counters: { allCalls: {} } }, "counters.allCalls.aggregationType"],
    [{ counters: { allCalls: { aggregationType: "Sum", ...day } } }, "counters.allCalls.aggregationInterval"],
    [
      { timers: { allCallsDuration: { aggregationType: "Percent", ...day } } },
      "timers.allCallsDuration.aggregationInterval",
    ],
    [{ counters: { allCalls: { aggregationType: "Max" } } }, "counters.allCalls.aggregationInterval"],
    [
      { timers: { allCallsDuration: { aggregationType: "Min", aggregationInterval: "Year" } } },
      "timers.allCallsDuration.aggregationInterval",
    ],
  ];

  for (const [responseOptions, name] of invalidBodies) {
    const body = analyticsBody({ responseOptions });
    expect(await refused(lab, aggregationPath, body)).toEqual(invalid(`responseOptions.${name}`));
  }
});

test("a timeline is requested by booleans and with an interval", async () => {
  await using lab = await openLab();
  const body = analyticsBody({ responseOptions: switchedOn({ counters: ["allCalls"] }) });

  expect(await refused(lab, `${timelinePath}?interval=Day`, analyticsBody())).toEqual(
    invalid("responseOptions.counters.allCalls"),
  );
  expect(await refused(lab, timelinePath, body)).toEqual(invalid("interval"));
  expect(await refused(lab, `${timelinePath}?interval=Minute`, body)).toEqual(invalid("interval"));
  expect((await lab.post(`${timelinePath}?interval=Day`, body)).status).toBe(200);
});

test("pages begin with 1, and hold up to 200 groups, or up to 20 of a timeline", async () => {
  await using lab = await openLab();
  const switched = analyticsBody({ responseOptions: switchedOn({ counters: ["allCalls"] }) });

  for (const name of ["page", "perPage"]) {
    for (const value of ["0", "-1", "1.5", "many"]) {
      expect(await refused(lab, `${aggregationPath}?${name}=${value}`, analyticsBody())).toEqual(invalid(name));
    }
  }
  expect(await refused(lab, `${aggregationPath}?perPage=201`, analyticsBody())).toEqual(invalid("perPage"));
  expect(await refused(lab, `${timelinePath}?interval=Day&perPage=21`, switched)).toEqual(invalid("perPage"));
});

test("some metrics and filters are for queues only, and one is for users", async () => {
  await using lab = await openLab();
  const query = (grouping: unknown, counter: string) =>
    refused(lab, aggregationPath, analyticsBody({ grouping, responseOptions: sums({ counters: [counter] }) }));
  const opportunities = "queueOpportunities";

  expect(await query({ groupBy: "Users" }, "callsByQueueSla")).toEqual(
    invalid("responseOptions.counters.callsByQueueSla"),
  );
  expect(await query({ groupBy: "Queues" }, opportunities)).toEqual(
    invalid(`responseOptions.counters.${opportunities}`),
  );
  const hours = analyticsBody({ responseOptions: sums({ timers: ["callsDurationByQueueHours"] }) });
  expect(await refused(lab, aggregationPath, hours)).toEqual(
    invalid("responseOptions.timers.callsDurationByQueueHours"),
  );
  const average = { counters: { [opportunities]: { aggregationType: "Average", aggregationInterval: "Day" } } };
  const users = analyticsBody({ grouping: { groupBy: "Users" }, responseOptions: average });
  expect((await refused(lab, aggregationPath, users)).slice(0, 2)).toEqual([400, "CMN-101"]);
  const inSla = analyticsBody({ callFilters: { queueSla: ["InSla"] } });
  expect(await refused(lab, aggregationPath, inSla)).toEqual(invalid("callFilters.queueSla"));
  const nested = analyticsBody({ callFilters: { callFilters: { directions: ["Inbound"] } } });
  expect(await refused(lab, aggregationPath, nested)).toEqual(invalid("callFilters.callFilters"));
});

test("a request without the scope, the feature, or a grouping's feature is refused, each with its own text", async () => {
  await using lab = await openLab({ account: { analytics: { refuse: { Sites: 403, Queue: 500 } } } });
  await using unscoped = await openLab({ account: { scopes: ["ReadAccounts"] } });
  await using without = await openLab({ account: { analytics: { enabled: false } } });
  const sites = analyticsBody({ grouping: { groupBy: "Sites" } });
  const agents = analyticsBody({ grouping: { groupByMembers: "Queue" } });
  const siteMembers = analyticsBody({ grouping: { groupByMembers: "Site" } });

  expect(await (await unscoped.post(aggregationPath, analyticsBody())).json()).toMatchObject({
    errorCode: "InsufficientPermissions",
    permissionName: "Analytics",
    errors: [{ errorCode: "CMN-401", permissionName: "Analytics" }],
  });
  expect(await refusal(without.post(timelinePath, {}))).toEqual([403, "CMN-109"]);
  expect(await refusal(lab.post(aggregationPath, sites))).toEqual([403, "CMN-109"]);
  expect(await refusal(lab.post(aggregationPath, agents))).toEqual([500, "CMN-203"]);
  expect((await lab.post(aggregationPath, siteMembers)).status).toBe(200);
});

test("both endpoints are Light and count together, and are counted, observed and broken like all others", async () => {
  await using lab = await openLab({ limits: { light: { limit: 2, windowMs: 60_000, penaltyMs: 60_000 } } });
  const { counters, plan, setObserver } = lab.ringCentral;
  const seen: string[] = [];
  setObserver(({ endpoint }) => {
    seen.push(endpoint);
  });
  plan({ on: "/aggregation/fetch", what: { status: 503 } });

  const broken = await lab.post(aggregationPath, analyticsBody());
  const refusedResponse = await lab.post(timelinePath, {});
  const third = await lab.post(aggregationPath, analyticsBody());

  expect([broken.status, refusedResponse.status, third.status]).toEqual([503, 400, 429]);
  expect(broken.headers.get("x-rate-limit-group")).toBe("light");
  expect(refusedResponse.headers.get("x-rate-limit-remaining")).toBe("0");
  expect(third.headers.get("retry-after")).toBe("60");
  expect(seen).toEqual(["token", "analyticsAggregation", "analyticsTimeline", "analyticsAggregation"]);
  expect(counters().byEndpoint).toMatchObject({ analyticsAggregation: 2, analyticsTimeline: 1 });
});

test("a response of thousands of users comes in pages, always in the same order and each user once", async () => {
  await using lab = await openLab({ account: { organisation: { users: 2_050 }, calls: { perDay: 50 } } });
  const requested = { grouping: { groupBy: "Users" } };
  const keys: string[] = [];

  for (let page = 1; page <= 12; page += 1) {
    const { data, paging } = await aggregation(lab, requested, `page=${page}&perPage=200`);
    expect(paging).toEqual({ page, perPage: 200, totalPages: 11, totalElements: 2_050 });
    keys.push(...data.records.map(({ key }) => key));
  }

  expect(new Set(keys).size).toBe(2_050);
  expect(keys).toHaveLength(2_050);
  expect(keys).toEqual(lab.ringCentral.analyticsTruth("2026-11-03").keys.Users);
});

test("pages drift as planned, so that a group comes twice and another never", async () => {
  await using lab = await openLab({ account: { analytics: { turnsBetweenPages: 1 } } });
  const requested = { grouping: { groupBy: "Users" } };

  const first = await aggregation(lab, requested, "page=1&perPage=20");
  const second = await aggregation(lab, requested, "page=2&perPage=20");

  const keys = [...first.data.records, ...second.data.records].map(({ key }) => key);
  expect(keys).toHaveLength(40);
  expect(new Set(keys).size).toBe(39);
});

test("values are corrupted as planned, in the requested metric and in the named group", async () => {
  const corrupt = { in: "counters", metric: "allCalls" } as const;
  const [first, second, third, fourth] = ["62264425016", "62264426016", "62264427016", "62264428016"];
  const corrupted = [
    { ...corrupt, key: first, value: null },
    { ...corrupt, key: second, value: "NaN" },
    { ...corrupt, key: third, value: -1 },
    { ...corrupt, key: fourth, value: 1e308 },
    { ...corrupt, metric: "callsByDirection", part: "sideways", value: 3 },
    { ...corrupt, metric: "callsByMood", value: { happy: 1 } },
    { in: "timers", metric: "allCalls", value: 5 },
  ] as const;
  await using lab = await openLab({ account: { analytics: { corrupted, extraFields: { moon: "full" } } } });
  const responseOptions = sums({ counters: ["allCalls", "callsByDirection"] });

  const { data } = await aggregation(lab, { grouping: { groupBy: "Users" }, responseOptions });

  const values = data.records.slice(0, 4).map(({ counters }) => counters?.allCalls?.values);
  expect(values).toEqual([null, "NaN", -1, 1e308]);
  expect(data.records[4]).toMatchObject({
    moon: "full",
    counters: {
      allCalls: { values: expect.any(Number) },
      callsByDirection: { values: { inbound: expect.any(Number), outbound: expect.any(Number), sideways: 3 } },
      callsByMood: { values: { happy: 1 } },
    },
  });
  expect(data.records[4]).not.toHaveProperty("timers");
});

test("a call appears in analytics only after the planned delay", async () => {
  const plannedCalls = [{ id: "call", startTime: "2026-11-06T03:00:00Z", durationSeconds: 60 }];
  const analytics = { lateByMinutes: 90 };
  await using lab = await openLab({ account: { calls: { perDay: 0 }, plannedCalls, analytics } });
  const requested = { from: "2026-11-06T00:00:00Z", to: "2026-11-06T04:00:00Z" };
  const callsSeen = async () => onlyValue(await aggregation(lab, requested), "allCalls");

  lab.ringCentral.clock.advance(30 * 60_000);
  expect(await callsSeen()).toBe(0);
  lab.ringCentral.clock.advance(60_000);
  expect(await callsSeen()).toBe(1);
});

test("analytics misses calls, counts some twice, and changes a day's numbers later, as planned", async () => {
  const plan = async (differs: object) => {
    const account = { calls: { perDay: 400, faxShare: 0 }, analytics: { differs } };
    await using lab = await openLab({ account, tokenLifetimeSeconds: 7 * 24 * 60 * 60 });
    const early = Number(onlyValue(await aggregation(lab), "allCalls"));
    lab.ringCentral.clock.advance(3 * 24 * 60 * 60_000);
    const late = Number(onlyValue(await aggregation(lab), "allCalls"));
    const truth = lab.ringCentral.analyticsTruth("2026-11-03").days["2026-11-03"]?.groups.Company["37439510"];
    expect(truth?.counters?.allCalls?.values).toBe(late);
    return [early, late] as const;
  };

  expect(await plan({})).toEqual([400, 400]);
  const [missing, missingStill] = await plan({ missingShare: 0.1 });
  expect(missing).toBeGreaterThan(340);
  expect(missing).toBeLessThan(380);
  expect(missingStill).toBe(missing);
  const [twice] = await plan({ countedTwiceShare: 0.1 });
  expect(twice).toBeGreaterThan(420);
  const [before, after] = await plan({ changingShare: 0.3, changesAfterMinutes: 4 * 24 * 60 });
  expect(before).toBe(400);
  expect(after).not.toBe(400);
});
