import { expect, test } from "vitest";
import { type AnalyticsResponse, aggregation, onlyValue, sums, valuesByKey } from "./analytics/analytics-body.ts";
import { breakdowns } from "./analytics/breakdowns.ts";
import { type GroupBy, groupBys } from "./analytics/groupings.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const november3 = "dateFrom=2026-11-03T08:00:00.000Z&dateTo=2026-11-04T07:59:59.999Z";

/** Calls that come late, change, vanish and are deleted; all of it is over on 3 November. */
const eventful = {
  perDay: 300,
  overMidnight: 3,
  transferShare: 0.2,
  changingShare: 0.1,
  deletedShare: 0.05,
  vanishingShare: 0.05,
};

interface LoggedCall {
  readonly direction: string;
  readonly duration: number;
  readonly result: string;
  readonly internalType: string;
  readonly from: Party;
  readonly to: Party;
}

interface Party {
  readonly phoneNumber?: string;
  readonly extensionId?: string;
}

/** Returns everyone of the company who took part; a record may leave open on whose behalf. */
const insideOf = ({ direction, from, to }: LoggedCall): Party => (direction === "Inbound" ? to : from);

/** Returns the call log's voice calls of 3 November. */
async function logged(lab: OpenLab): Promise<readonly LoggedCall[]> {
  const { records } = await lab.list(`${november3}&type=Voice&perPage=1000`);
  return records as readonly unknown[] as readonly LoggedCall[];
}

function sum(numbers: Iterable<unknown>): number {
  return [...numbers].reduce<number>((whole, each) => whole + Number(each), 0);
}

/** Returns the sum of the parts of a record's only breakdown. */
const wholeOf = (values: unknown) => sum(Object.values(values as object));

const counted = (calls: readonly LoggedCall[], type: (call: LoggedCall) => boolean) => calls.filter(type).length;

test("the company's calls and their duration are those of the voice records that the log shows", async () => {
  await using lab = await openLab({ account: { calls: eventful } });
  const counters = ["allCalls", "callsByDirection", "callsByOrigin", "callsByResponse"];
  const responseOptions = sums({ counters, timers: ["allCallsDuration", "callsDurationByDirection"] });

  const response = await aggregation(lab, { responseOptions });
  const calls = await logged(lab);

  expect(calls.length).toBeGreaterThan(200);
  expect(calls.length).toBeLessThan(290);
  const inbound = calls.filter(({ direction }) => direction === "Inbound");
  const outbound = calls.filter(({ direction }) => direction === "Outbound");
  expect(response.data.records).toEqual([
    {
      key: "37439510",
      counters: {
        allCalls: { valueType: "Instances", values: calls.length },
        callsByDirection: {
          valueType: "Instances",
          values: { inbound: inbound.length, outbound: outbound.length },
        },
        callsByOrigin: {
          valueType: "Instances",
          values: {
            internal: counted(calls, ({ internalType }) => internalType === "Sip"),
            external: counted(calls, ({ internalType }) => internalType !== "Sip"),
          },
        },
        callsByResponse: {
          valueType: "Instances",
          values: {
            answered: counted(inbound, ({ result }) => result === "Accepted"),
            notAnswered: counted(inbound, ({ result }) => result !== "Accepted"),
            connected: counted(outbound, ({ result }) => result === "Call connected"),
            notConnected: counted(outbound, ({ result }) => result !== "Call connected"),
          },
        },
      },
      timers: {
        allCalls: { valueType: "Seconds", values: sum(calls.map(({ duration }) => duration)) },
        callsByDirection: {
          valueType: "Seconds",
          values: {
            inbound: sum(inbound.map(({ duration }) => duration)),
            outbound: sum(outbound.map(({ duration }) => duration)),
          },
        },
      },
    },
  ]);
});

test("a call is in the range if it began there, and both ends of the range are included", async () => {
  const at = (startTime: string) => ({ id: startTime, startTime, durationSeconds: 7200 });
  const plannedCalls = ["09:59:59.999", "10:00:00.000", "10:30:00.000", "11:00:00.000", "11:00:00.001"].map((time) =>
    at(`2026-11-03T${time}Z`),
  );
  await using lab = await openLab({ account: { calls: { perDay: 0 }, plannedCalls } });

  const response = await aggregation(lab, { from: "2026-11-03T11:00:00.000+01:00", to: "2026-11-03T11:00:00Z" });

  expect(onlyValue(response, "allCalls")).toBe(3);
});

test("each breakdown of the same calls has the same sum, and segments fill every second", async () => {
  await using lab = await openLab({ account: { calls: eventful } });
  const partitions = ["Direction", "Origin", "Response", "Result", "CompanyHours", "Type", "EndingParty"];
  const counters = ["allCalls", "callsSegments", "callsByActions", ...partitions.map((name) => `callsBy${name}`)];
  const durations = partitions.map((name) => `callsDurationBy${name}`);
  const timers = ["allCallsDuration", "callsSegmentsDuration", ...durations];

  const response = await aggregation(lab, { responseOptions: sums({ counters, timers }) });

  for (const name of partitions) {
    expect(wholeOf(onlyValue(response, `callsBy${name}`))).toBe(onlyValue(response, "allCalls"));
    expect(wholeOf(onlyValue(response, `callsBy${name}`, "timers"))).toBe(onlyValue(response, "allCalls", "timers"));
  }
  expect(wholeOf(onlyValue(response, "callsSegments", "timers"))).toBe(onlyValue(response, "allCalls", "timers"));
  expect(wholeOf(onlyValue(response, "callsSegments"))).toBeGreaterThan(Number(onlyValue(response, "allCalls")));
  const { counters: answered, timers: timed } = response.data.records[0] ?? {};
  expect(Object.keys(answered?.callsActions?.values as object)).toEqual([...breakdowns.actions]);
  expect(answered).not.toHaveProperty("callsByActions");
  expect(Object.keys(timed ?? {}).sort()).toEqual(
    ["allCalls", "callsSegments", ...partitions.map((name) => `callsBy${name}`)].sort(),
  );
});

test("every part of every breakdown occurs", async () => {
  await using lab = await openLab({ account: { calls: { ...eventful, perDay: 4_000 } } });
  const names = ["callsByResult", "callsByActions", "callsByType", "callsByEndingParty", "callsSegments"];
  const queued = ["callsByQueueSla", "callsByQueueHours", "callsByCompanyHours"];
  const grouping = { groupBy: "Queues" };

  const ofCompany = await aggregation(lab, { responseOptions: sums({ counters: names }) });
  const ofQueues = await aggregation(lab, { grouping, responseOptions: sums({ counters: queued }) });

  const metrics = [ofCompany, ofQueues].flatMap(({ data }) => Object.values(data.records[0]?.counters ?? {}));
  const never = metrics.flatMap(({ values }) =>
    Object.entries(values as object).flatMap(([part, count]) => (count === 0 ? [part] : [])),
  );
  expect(metrics).toHaveLength(8);
  expect(never).toEqual(["unknown"]);
});

test("a call whose record is not settled has an unknown result", async () => {
  const call = { id: "call", startTime: "2026-11-03T12:00:00Z", changesAt: "2026-11-06T05:00:00Z" };
  await using lab = await openLab({ account: { calls: { perDay: 0 }, plannedCalls: [call] } });
  const unknown = async () => {
    const response = await aggregation(lab, { responseOptions: sums({ counters: ["callsByResult"] }) });
    return onlyValue(response, "callsByResult");
  };

  expect(await unknown()).toMatchObject({ unknown: 1 });
  lab.ringCentral.clock.advance(60 * 60_000);
  expect(await unknown()).toMatchObject({ unknown: 0 });
});

test("users, sites and departments share the company's calls between them, and numbers have the incoming calls", async () => {
  await using lab = await openLab({ account: { calls: eventful, organisation: { companyNumbers: 3 } } });
  const byKey = async (groupBy: GroupBy) => valuesByKey(await aggregation(lab, { grouping: { groupBy } }), "allCalls");
  const calls = await logged(lab);

  const users = await byKey("Users");
  const numbers = await byKey("CompanyNumbers");

  for (const [key, count] of Object.entries(users)) {
    expect(count).toBe(counted(calls, (call) => insideOf(call).extensionId === key));
  }
  for (const [key, count] of Object.entries(numbers)) {
    expect(count).toBe(counted(calls, ({ direction, to }) => direction === "Inbound" && to.phoneNumber === key));
    expect(count).toBeGreaterThan(0);
  }
  for (const groupBy of ["Users", "Sites", "Departments"] as const) {
    expect(sum(Object.values(await byKey(groupBy)))).toBe(calls.length);
  }
  expect(sum(Object.values(numbers))).toBe(counted(calls, ({ direction }) => direction === "Inbound"));
});

test("each grouping lists all its groups, with zeros if they have no calls, and as many as planned", async () => {
  const sizes = { users: 7, companyNumbers: 2, queues: 3, ivrs: 4, ivas: 1, sharedLines: 5, userGroups: 6, sites: 2 };
  const organisation = { ...sizes, departments: 0 };
  await using lab = await openLab({ account: { calls: { perDay: 0 }, organisation } });
  const responses = new Map<GroupBy, AnalyticsResponse>();
  const responseOptions = sums({ counters: ["allCalls", "callsByDirection"], timers: ["allCallsDuration"] });

  for (const groupBy of groupBys)
    responses.set(groupBy, await aggregation(lab, { grouping: { groupBy }, responseOptions }));

  expect([...responses.values()].map(({ data }) => data.groupedBy)).toEqual(groupBys);
  expect([...responses.values()].map(({ paging }) => paging.totalElements)).toEqual([1, 2, 7, 3, 4, 1, 5, 6, 2, 0]);
  expect(responses.get("Queues")?.data.records[0]).toEqual({
    key: expect.stringMatching(/^\d{11}$/),
    info: { name: "Queue 1", extensionNumber: expect.stringMatching(/^\d+$/) },
    counters: {
      allCalls: { valueType: "Instances", values: 0 },
      callsByDirection: { valueType: "Instances", values: { inbound: 0, outbound: 0 } },
    },
    timers: { allCalls: { valueType: "Seconds", values: 0 } },
  });
});

test("keys select groups, and also groups by their members", async () => {
  await using lab = await openLab({ account: { calls: eventful } });
  const query = async (grouping: object) => Object.keys(valuesByKey(await aggregation(lab, { grouping }), "allCalls"));
  const users = await query({ groupBy: "Users" });
  const sites = await query({ groupBy: "Sites" });

  expect(await query({ groupBy: "Users", keys: [users[5], users[2], "1"] })).toEqual([users[2], users[5]]);
  const members = await Promise.all(sites.map((site) => query({ groupByMembers: "Site", keys: [site] })));
  expect(members.every((ofSite) => ofSite.length > 0)).toBe(true);
  expect(members.flat().sort()).toEqual(users.toSorted());
  const agents = await query({ groupByMembers: "Queue" });
  expect(agents.length).toBeGreaterThan(10);
  expect(agents.length).toBeLessThan(40);
});

test("members are users, and their response says so", async () => {
  await using lab = await openLab({ account: { calls: eventful } });
  const responseOptions = sums({ counters: ["allCalls", "queueOpportunities"] });

  const { data } = await aggregation(lab, { grouping: { groupByMembers: "Queue" }, responseOptions });

  expect(data.groupedBy).toBe("Users");
  expect(sum(data.records.map(({ counters }) => counters?.queueOpportunities?.values))).toBeGreaterThan(20);
});

test("a call must match all filters, and one of the values of each", async () => {
  await using lab = await openLab({ account: { calls: eventful } });
  const count = async (callFilters: object) => Number(onlyValue(await aggregation(lab, { callFilters }), "allCalls"));
  const all = await count({});

  const inbound = await count({ directions: ["Inbound"] });
  const missed = await count({ directions: ["Inbound"], callResponses: ["NotAnswered"] });

  expect(inbound + (await count({ directions: ["Outbound"] }))).toBe(all);
  expect(await count({ directions: ["Outbound"], callResponses: ["NotAnswered"] })).toBe(0);
  expect(missed + (await count({ callResponses: ["Answered"] }))).toBe(inbound);
  expect(await count({ callResponses: ["Answered", "NotAnswered"] })).toBe(inbound);
  expect((await count({ callDuration: { maxSeconds: 200 } })) + (await count({ timeSpent: { minSeconds: 201 } }))).toBe(
    all,
  );
  expect(await count({ callSegments: [{ segment: "LiveTalk", length: { minSeconds: 1 } }] })).toBe(
    await count({ callResponses: ["Answered", "Connected"] }),
  );
  expect(await count({ callActions: ["BlindTransfer", "WarmTransfer", "DTMFTransfer"] })).toBe(
    await count({ callResults: ["Transferred"] }),
  );
});

test("each part of every breakdown can be a filter, and as many calls pass as the breakdown counts", async () => {
  await using lab = await openLab({ account: { calls: eventful } });
  const filters: readonly (readonly [string, string, GroupBy])[] = [
    ["directions", "callsByDirection", "Company"],
    ["origins", "callsByOrigin", "Company"],
    ["callResponses", "callsByResponse", "Company"],
    ["callResults", "callsByResult", "Company"],
    ["companyHours", "callsByCompanyHours", "Company"],
    ["callTypes", "callsByType", "Company"],
    ["endingParties", "callsByEndingParty", "Company"],
    ["queueSla", "callsByQueueSla", "Queues"],
    ["queueHours", "callsByQueueHours", "Queues"],
    ["callActions", "callsByActions", "Company"],
    ["callSegments", "callsSegments", "Company"],
  ];
  const inRequests = (part: string) =>
    ({ outOfSla: "OutSla", dtmfTransfer: "DTMFTransfer" })[part] ?? part.replace(/^./, (first) => first.toUpperCase());

  for (const [filter, counter, groupBy] of filters) {
    const grouping = { groupBy };
    const broken = await aggregation(lab, { grouping, responseOptions: sums({ counters: [counter] }) });
    const values = onlyValue(broken, counter === "callsByActions" ? "callsActions" : counter) as object;
    for (const [part, count] of Object.entries(values)) {
      const requested = counter === "callsSegments" ? { segment: inRequests(part) } : inRequests(part);
      const filtered = await aggregation(lab, { grouping, callFilters: { [filter]: [requested] } });
      expect([part, onlyValue(filtered, "allCalls")]).toEqual([part, count]);
    }
  }
});

test("calls can be filtered by queue, by called number, and by the user who answered or made them", async () => {
  await using lab = await openLab({ account: { calls: eventful, organisation: { companyNumbers: 2 } } });
  const byKey = async (groupBy: GroupBy, callFilters = {}) =>
    valuesByKey(await aggregation(lab, { grouping: { groupBy }, callFilters }), "allCalls");
  const count = async (callFilters: object) => (await byKey("Company", callFilters))["37439510"];

  for (const [queue, calls] of Object.entries(await byKey("Queues"))) {
    expect(await count({ queues: [queue] })).toBe(calls);
  }
  for (const [number, calls] of Object.entries(await byKey("CompanyNumbers"))) {
    expect(await count({ calledNumbers: [number] })).toBe(calls);
  }
  const [user = "", calls] = Object.entries(await byKey("Users"))[0] ?? [];
  const taken = await count({ extensionFilters: { toIds: [user] } });
  const made = await count({ extensionFilters: { fromIds: [user] } });
  expect(sum([taken, made])).toBe(calls);
  expect(taken).toBe(await count({ extensionFilters: { toIds: [user] }, directions: ["Inbound"] }));
});

test("the same seed gives the same numbers, and a request changes nothing", async () => {
  const responseOptions = sums({ counters: ["callsByResult", "callsByType"], timers: ["callsSegmentsDuration"] });
  const query = async (lab: OpenLab) => aggregation(lab, { grouping: { groupBy: "Users" }, responseOptions });
  await using one = await openLab({ seed: 5, account: { calls: eventful } });
  await using other = await openLab({ seed: 5, account: { calls: eventful } });

  const first = await query(one);

  expect(await query(one)).toEqual(first);
  expect(await query(other)).toEqual(first);
});

test("the truth of a day equals analytics when nothing is late any more, in process and over HTTP", async () => {
  const account = { calls: eventful, analytics: { lateByMinutes: 10_000 } };
  await using lab = await openLab({ account, tokenLifetimeSeconds: 30 * 24 * 60 * 60 });
  const { analyticsTruth, clock, url } = lab.ringCentral;
  const overHttp = await (await fetch(`${url}/lab/truth/analytics?day=2026-11-03`)).json();
  const truth = analyticsTruth("2026-11-03");
  const day = truth.days["2026-11-03"];
  const responseOptions = sums({ counters: ["allCalls", "callsByResult"], timers: ["allCallsDuration"] });
  expect(onlyValue(await aggregation(lab), "allCalls")).toBe(0);

  clock.advance(10 * 24 * 60 * 60_000);
  const company = await aggregation(lab, { responseOptions });
  const users = await aggregation(lab, { grouping: { groupBy: "Users" }, responseOptions });

  expect({ ...(overHttp as object), now: "" }).toEqual({ ...truth, now: "" });
  for (const { key, counters, timers } of [...company.data.records, ...users.data.records]) {
    const expected = day?.groups.Company[key] ?? day?.groups.Users[key];
    if (expected) expect(expected).toMatchObject({ counters, timers });
    else expect(counters?.allCalls?.values).toBe(0);
  }
  expect(sum(day?.hours.map(({ calls }) => calls) ?? [])).toBe(onlyValue(company, "allCalls"));
  expect(sum(day?.hours.map(({ seconds }) => seconds) ?? [])).toBe(onlyValue(company, "allCalls", "timers"));
});
