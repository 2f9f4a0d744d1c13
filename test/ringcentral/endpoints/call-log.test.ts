import { describe, expect, test } from "vitest";
import { spanOf } from "../../../shared/core/time/days.ts";
import { type CallLogPage, callLogUrl, fetchCallLogPage } from "../../../shared/ringcentral/endpoints/call-log.ts";
import type { Client } from "../../../shared/ringcentral/http/client.ts";
import { jobErrorOf, openClient, openForeignHost } from "../../support/ringcentral/open-client.ts";

const newYork = "America/New_York";
const day = "2026-11-01";

async function pagesOf(client: Client): Promise<CallLogPage[]> {
  const pages: CallLogPage[] = [];
  let url: string | undefined = callLogUrl(client.server, spanOf(day, newYork));
  while (url) {
    const page: CallLogPage = await fetchCallLogPage(client, url);
    pages.push(page);
    url = page.next;
  }
  return pages;
}

test("every page is read to the last, even if pages are shorter than requested", async () => {
  const { client, ringCentral } = await openClient({
    account: { calls: { perDay: 23 }, callLog: { maxPerPage: 10 } },
  });

  const pages = await pagesOf(client);

  const ids = pages.flatMap(({ records }) => records.map(({ fields }) => fields.id));
  expect(pages.map(({ records }) => records.length)).toEqual([10, 10, 3]);
  expect([...ids].sort()).toEqual([...(ringCentral.truth(day).days[day]?.recordIds ?? [])].sort());
});

test("every field of a record is kept as it came, known or not", async () => {
  const { client, ringCentral } = await openClient({ account: { calls: { perDay: 12 } } });

  const pages = await pagesOf(client);

  const raw = pages.flatMap(({ records }) => records.map((record) => record.raw as { readonly id: string }));
  const truth = ringCentral.truth(day).days[day]?.records ?? [];
  expect(raw).toHaveLength(12);
  expect(new Map(raw.map((record) => [record.id, record]))).toEqual(
    new Map(truth.map((record) => [record.id, record])),
  );
});

test("a listing requests details and deleted calls, of the whole day, with as many records as RingCentral allows", () => {
  const { origin, pathname, searchParams } = new URL(callLogUrl("https://platform.example.com", spanOf(day, newYork)));

  expect(origin + pathname).toBe("https://platform.example.com/restapi/v1.0/account/~/call-log");
  expect(Object.fromEntries(searchParams)).toEqual({
    view: "Detailed",
    showDeleted: "true",
    dateFrom: "2026-11-01T04:00:00.000Z",
    dateTo: "2026-11-02T05:00:00.000Z",
    perPage: "1000",
  });
});

test("a next page at another host is not requested, and that host never sees the token", async () => {
  const stranger = await openForeignHost();
  const { client } = await openClient({
    account: { calls: { perDay: 3 } },
    faults: [{ on: "callLog", what: { hostileNextPage: `${stranger.url}/page2` } }],
  });

  const error = await jobErrorOf(pagesOf(client));

  expect(error.code).toBe("HOST_NOT_ALLOWED");
  expect(stranger.seen).toEqual([]);
});

test.each([
  ["navigation", { navigation: null }],
  ["the next page", { navigation: { nextPage: null } }],
  ["the next page's URL", { navigation: { nextPage: { uri: null } } }],
])("null means absent: a page is the last one if %s is null", async (_what, members) => {
  const body = { records: [{ id: "a" }], ...members };
  const { client } = await openClient({ faults: [{ on: "callLog", what: { status: 200, body } }] });

  const pages = await pagesOf(client);

  expect(pages.map(({ records, next }) => [records.length, next])).toEqual([[1, undefined]]);
});

describe("an invalid page", () => {
  test.each([
    ["has no records", { navigation: {} }, "records"],
    ["has records that are no list", { records: { a: 1 } }, "records"],
    ["has ten times more records than RingCentral ever gives", { records: Array(10_001).fill(0) }, "records"],
  ])("is refused without quoting it if it %s", async (_what, page, field) => {
    const body = { ...page, caller: "+16505550100" };
    const { client } = await openClient({ faults: [{ on: "callLog", what: { status: 200, body } }] });

    const error = await jobErrorOf(pagesOf(client));

    expect(error).toMatchObject({ code: "API_BAD_RESPONSE", retryable: false });
    expect(error.message).toContain(field);
    expect(JSON.stringify(error)).not.toContain("16505550100");
  });

  test("is refused if it is not JSON, as RingCentral's fault and not ours", async () => {
    const { client } = await openClient();
    const broken: Client = { ...client, sendText: async () => "<html>busy with other things</html>" };

    const error = await jobErrorOf(fetchCallLogPage(broken, "/restapi"));

    expect(error.code).toBe("API_BAD_RESPONSE");
    expect(JSON.stringify(error)).not.toContain("busy with other things");
  });
});

describe("a record", () => {
  test("may have undocumented fields, and long numbers keep their digits", async () => {
    const { client } = await openClient();
    const text = '{"records":[{"id":"a","startTime":"x","new":{"deep":[1]},"big":12345678901234567890}]}';
    const answering: Client = { ...client, sendText: async () => text };

    const page = await fetchCallLogPage(answering, "/restapi");

    expect(JSON.stringify({ records: page.records.map(({ raw }) => raw) })).toBe(text);
    expect(page.next).toBeUndefined();
  });
});
