import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RingCentralOptions } from "../../../lab/ringcentral/server.ts";
import { groups, metrics } from "../../../shared/core/analytics/analytics-names.ts";
import {
  type AnalyticsHttpRequest,
  type AnalyticsQuery,
  analyticsHttpRequest,
} from "../../../shared/core/analytics/analytics-query.ts";
import { parseCredential } from "../../../shared/ringcentral/auth/credential.ts";
import { createTokenExchange } from "../../../shared/ringcentral/auth/token-exchange.ts";
import { fetchAnalytics, parseAnalyticsResponse } from "../../../shared/ringcentral/endpoints/analytics.ts";
import { type Client, createClient } from "../../../shared/ringcentral/http/client.ts";
import { createRateGates } from "../../../shared/ringcentral/http/rate-gate.ts";
import { expectDocumented, expectPrototypesUntouched } from "../../support/ringcentral/documented-ends.ts";
import { planted } from "../../support/ringcentral/hostile-json.ts";
import { hostileResponses } from "../../support/ringcentral/hostile-responses.ts";
import { jobErrorOf, openClient, pauseOf } from "../../support/ringcentral/open-client.ts";
import { clientTo, server } from "../../support/ringcentral/scripted-client.ts";

const newYork = "America/New_York";
const oneDay: AnalyticsQuery = { group: "Users", interval: "Day", from: "2026-11-02", to: "2026-11-03" };
const hours: AnalyticsQuery = { ...oneDay, interval: "Hour" };
const requestOf = (query: AnalyticsQuery, page = 1) =>
  analyticsHttpRequest(query, page, { timeZone: newYork, metrics });

/** Opens a client whose token may request analytics. */
async function openAnalytics(options: RingCentralOptions = {}) {
  const { ringCentral, now: nowMs } = await openClient(options);
  const now = () => new Date(nowMs());
  const credential = parseCredential(JSON.stringify(ringCentral.credential), now());
  const outcome = await createTokenExchange({ scopes: ["ReadAccounts", "Analytics"], fetch })(credential);
  if (outcome.type !== "token") throw new Error(`The lab gave no token: ${outcome.type}`);
  const { value } = outcome.token;
  const bodies: unknown[] = [];
  const client = createClient({
    server: ringCentral.url,
    broker: {
      token: async () => value,
      server: async () => ringCentral.url,
      accept: () => {},
      renew: async () => false,
    },
    gates: createRateGates(now),
    fetch: (url, init) => {
      bodies.push(init?.body);
      return fetch(url, init);
    },
    pace: async () => {},
    now,
    sleep: async (ms) => ringCentral.clock.advance(ms),
    onResponse: () => {},
  });
  return { ringCentral, client, bodies };
}

/** Sends a query as the job does: the response is stored as it came and parsed afterwards. */
const sendQuery = async (client: Client, request: AnalyticsHttpRequest) =>
  parseAnalyticsResponse(await fetchAnalytics(client, request));

describe("a refusal", () => {
  test("for a token without the scope names it, and says where to give it", async () => {
    const { client, ringCentral } = await openClient();

    const error = await jobErrorOf(sendQuery(client, requestOf(oneDay)));

    expect(error).toMatchObject({ code: "API_REFUSED", retryable: false });
    expect(error.message).toContain("aggregation/fetch answered 403 CMN-401 Analytics");
    expect(error.hint).toContain("the permission Analytics to the app");
    expect(ringCentral.counters().byEndpoint).toMatchObject({ token: 1, analyticsAggregation: 1 });
  });

  test("for an account without the feature concerns every query", async () => {
    const { client } = await openAnalytics({ account: { analytics: { enabled: false } } });

    const error = await jobErrorOf(sendQuery(client, requestOf(hours)));

    expect(error).toMatchObject({ code: "API_REFUSED", details: { status: 403, errorCode: "CMN-109" } });
  });

  test("for a metric that a group does not have is reported as a bad request", async () => {
    const { client } = await openAnalytics();
    const { body, ...request } = requestOf({ ...oneDay, group: "Company" });
    const responseOptions = { counters: { callsByQueueSla: { aggregationType: "Sum" } } };

    const error = await jobErrorOf(sendQuery(client, { ...request, body: { ...body, responseOptions } }));

    expect(error).toMatchObject({ code: "API_BAD_REQUEST", retryable: false, details: { errorCode: "CMN-101" } });
  });

  test("for days older than RingCentral's analytics is one, too", async () => {
    const { client } = await openAnalytics();

    const error = await jobErrorOf(sendQuery(client, requestOf({ ...oneDay, from: "2026-05-01", to: "2026-05-02" })));

    expect(error.code).toBe("API_BAD_REQUEST");
  });
});

describe("a page without records is an empty page", () => {
  const paging = { page: 1, perPage: 200, totalPages: 0, totalElements: 0 };
  const data = { groupedBy: "Users" };

  test.each<[string, object]>([
    ["if it names its group", { paging, data }],
    ["if its records are null", { paging, data: { ...data, records: null } }],
    ["if it names its group and has no paging", { data }],
    ["if it has no elements and no data", { paging }],
    ["if it has no elements and its data is null", { paging, data: null }],
    ["if its number of pages is null", { paging: { ...paging, totalPages: null }, data }],
  ])("%s", async (_what, body) => {
    const { client } = await openAnalytics({ faults: [{ on: "analyticsAggregation", what: { status: 200, body } }] });

    const page = await sendQuery(client, requestOf(oneDay));

    expect([page.data.records, page.paging.totalPages]).toEqual([[], 0]);
  });

  test("with every other member as it came", () => {
    const page = parseAnalyticsResponse(JSON.stringify({ paging, data: { ...data, note: "n" }, uri: "u" }));

    expect(page).toEqual({ paging, data: { ...data, note: "n", records: [] }, uri: "u" });
  });
});

describe("a response of another form is refused without quoting it", () => {
  const paging = { page: 1, perPage: 200, totalPages: 1, totalElements: 1 };

  test.each([
    ["without paging", { data: { records: [] } }, "paging"],
    ["whose pages have no end", { paging: { ...paging, totalPages: 1e9 }, data: { records: [] } }, "paging.totalPages"],
    ["whose pages are counted in halves", { paging: { totalPages: 1.5 }, data: { records: [] } }, "paging.totalPages"],
    ["without data", { paging }, "data"],
    ["whose records lack beside no group", { paging, data: {} }, "data.records"],
    ["that says it has elements and names no group", { paging, data: { groupedBy: 7 } }, "data.records"],
    ["whose records are no list", { paging, data: { records: { name: planted } } }, "data.records"],
  ])("%s", async (_what, body, field) => {
    const { client } = await openAnalytics({ faults: [{ on: "analyticsAggregation", what: { status: 200, body } }] });

    const error = await jobErrorOf(sendQuery(client, requestOf(oneDay)));

    expect(error).toMatchObject({ code: "API_BAD_RESPONSE", retryable: false });
    expect(error.message).toContain(field);
    expect(JSON.stringify(error)).not.toContain(planted);
  });

  test("that is not JSON", async () => {
    const { client } = clientTo(() => new Response(`<html>${planted}`));

    const error = await jobErrorOf(sendQuery(client, requestOf(oneDay)));

    expect(error.code).toBe("API_BAD_RESPONSE");
    expect(error.message).not.toContain(planted);
  });
});

test("any response has its pages and records, or gives a documented error", async () => {
  const record = { key: "1", info: { name: planted }, counters: { allCalls: { valueType: "Instances", values: 1 } } };
  const paging = { page: 1, perPage: 200, totalPages: 1, totalElements: 1 };
  const document = { paging, data: { groupedBy: "Users", records: [record] } };
  const times = fc.array(hostileResponses(document, { hangs: false }), { minLength: 1, maxLength: 3 });

  await fc.assert(
    fc.asyncProperty(times, async (list) => {
      let turn = 0;
      const { client, requested } = clientTo((init) => list[turn++ % list.length]?.(init) ?? Response.error());

      try {
        const response = await sendQuery(client, requestOf(oneDay));
        expect(Number.isSafeInteger(response.paging.totalPages)).toBe(true);
        expect(Array.isArray(response.data.records)).toBe(true);
        expect(() => JSON.stringify(response)).not.toThrow();
      } catch (error) {
        expectDocumented(error, Date.now());
      }

      expect(new Set(requested.map(({ url }) => url.origin))).toEqual(new Set([server]));
      expectPrototypesUntouched();
    }),
    { numRuns: process.env.EVERY_CELL ? 80 : 40 },
  );
});

describe("an analytics query is repeated, because it only reads,", () => {
  test.each([
    ["500", { status: 500 }],
    ["503", { status: 503 }],
    ["a dropped connection", "drop"],
    ["a response that got lost", "lostResponse"],
    ["a body that breaks off", "cut"],
  ] as const)("after %s, with the same body", async (_name, what) => {
    const { client, ringCentral, bodies } = await openAnalytics({
      faults: [{ on: "analyticsTimeline", times: 2, what }],
    });

    const response = await sendQuery(client, requestOf(hours));

    expect(response.data.records).toHaveLength(20);
    expect(ringCentral.counters().byEndpoint.analyticsTimeline).toBe(3);
    expect(new Set(bodies).size).toBe(1);
  });
});

test("analytics queries stay within the limit of the Light group", async () => {
  const limits = { light: { limit: 3, windowMs: 60_000, penaltyMs: 60_000 } };
  const { client, ringCentral } = await openAnalytics({ limits });
  const send = () => sendQuery(client, requestOf(oneDay));
  await send();
  await Promise.all([send(), send()]);

  const pause = await pauseOf(send());

  expect(pause.reason).toBe("window");
  expect([client.gate("light").rateLimit()?.limit, client.gate("heavy").rateLimit()]).toEqual([3, undefined]);
  expect(ringCentral.counters()).toMatchObject({ limited: 0, byGroup: { light: 3, heavy: 0 } });
});

describe("a response", () => {
  test.each(groups)("to %s comes for every kind of query, with each requested metric", async (group) => {
    const { client } = await openAnalytics({ account: { calls: { perDay: 5 } } });
    const queries = [oneDay, hours, { ...oneDay, from: "2026-11-01" }, { ...hours, from: "2026-11-01" }];

    for (const request of queries.map((query): AnalyticsHttpRequest => requestOf({ ...query, group }))) {
      const { paging, data } = await sendQuery(client, request);
      const { responseOptions } = request.body as { readonly responseOptions: Readonly<Record<string, object>> };
      const [record] = data.records as readonly Readonly<Record<string, unknown>>[];
      const [measured] = (record?.points ?? [record]) as readonly Readonly<Record<string, object>>[];

      expect(data).toMatchObject({ groupedBy: group });
      expect(data.records).toHaveLength(Math.min(Number(request.query.perPage), Number(paging.totalElements)));
      for (const section of ["counters", "timers"]) {
        expect(Object.keys(measured?.[section] ?? {})).toHaveLength(Object.keys(responseOptions[section] ?? {}).length);
      }
    }
  });

  test("has every field as RingCentral sent it, also undocumented ones, and long numbers digit by digit", async () => {
    const { client } = await openAnalytics();
    const text =
      '{"paging":{"totalPages":1,"new":true},"data":{"records":[{"key":12345678901234567890,"odd":{"deep":[1]}}],"groupedBy":"Users"},"more":null}';
    const answering: Client = { ...client, sendText: async () => text };

    expect(JSON.stringify(await sendQuery(answering, requestOf(oneDay)))).toBe(text);
  });

  test("comes page by page, with each key on one page", async () => {
    const { client } = await openAnalytics({ account: { organisation: { users: 45 } } });
    const pages = await Promise.all([1, 2, 3].map((page) => sendQuery(client, requestOf(hours, page))));

    const keys = pages.flatMap(({ data }) => data.records.map((record) => (record as { readonly key: string }).key));
    expect(pages.map(({ paging }) => paging.totalPages)).toEqual([3, 3, 3]);
    expect([keys.length, new Set(keys).size]).toEqual([45, 45]);
  });
});
