import { createHash } from "node:crypto";
import RcExtensible from "@rc-ex/core";
import { SDK } from "@ringcentral/sdk";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type RingCentral, startRingCentral } from "./server.ts";

let ringCentral: RingCentral;

beforeEach(async () => {
  ringCentral = await startRingCentral({ account: { calls: { perDay: 30 } } });
});

afterEach(() => ringCentral.stop());

/** The members of a page that this test reads; neither client's own types help a reader here. */
interface Page {
  readonly records: readonly {
    readonly id?: string;
    readonly recording?: { readonly id?: string; readonly contentUri?: string };
  }[];
  readonly navigation: { readonly nextPage?: { readonly uri?: string } };
}

type Get = (uri: string) => Promise<Page>;

const firstPage =
  "/restapi/v1.0/account/~/call-log?view=Detailed&showDeleted=true&perPage=100&dateFrom=2020-01-01T00:00:00Z";

async function readWholeLog(get: Get) {
  const records: Page["records"][number][] = [];
  for (let uri: string | undefined = firstPage; uri !== undefined; ) {
    const page: Page = await get(uri);
    records.push(...page.records);
    uri = page.navigation.nextPage?.uri;
  }
  return records;
}

function expectTruth(records: Page["records"], recordingId: string, audio: Uint8Array): void {
  const { days, recordings } = ringCentral.truth();
  const trueIds = Object.values(days).flatMap((day) => day.recordIds);
  expect(trueIds.length).toBeGreaterThan(200);
  expect(records.map((record) => record.id).sort()).toEqual(trueIds.toSorted());
  expect(createHash("sha256").update(audio).digest("hex")).toBe(recordings[recordingId]?.sha256);
}

test("@ringcentral/sdk logs in by JWT, reads the call log to its end and downloads a recording, unchanged", async () => {
  const { clientId, clientSecret, jwt, server } = ringCentral.credential;
  const sdk = new SDK({ server, clientId, clientSecret });

  await sdk.login({ jwt });
  const records = await readWholeLog(async (uri) => (await (await sdk.get(uri)).json()) as Page);
  const { id = "", contentUri = "" } = records.find((record) => record.recording)?.recording ?? {};
  const audio = new Uint8Array(await (await sdk.get(contentUri)).arrayBuffer());
  await sdk.logout();

  expectTruth(records, id, audio);
  expect(ringCentral.counters().revocations).toBe(1);
});

test("@rc-ex/core logs in by JWT, reads the call log to its end and downloads a recording, unchanged", async () => {
  const { clientId, clientSecret, jwt, server } = ringCentral.credential;
  const client = new RcExtensible({ server, clientId, clientSecret });

  await client.authorize({ jwt });
  const records = await readWholeLog(async (uri) => (await client.get<Page>(uri)).data);
  const { id = "" } = records.find((record) => record.recording)?.recording ?? {};
  const onMediaHost = { baseURL: ringCentral.mediaUrl };
  const audio = await client.restapi().account().recording(id).content().get(undefined, onMediaHost);
  await client.revoke();

  expectTruth(records, id, audio);
  expect(ringCentral.counters().revocations).toBe(1);
});

test("@rc-ex/core requests sums and a timeline from analytics, and parses both responses", async () => {
  const { clientId, clientSecret, jwt, server } = ringCentral.credential;
  const client = new RcExtensible({ server, clientId, clientSecret });
  const [date = "", day] = Object.entries(ringCentral.analyticsTruth().days)[3] ?? [];
  const { from: timeFrom = "", to = "" } = day ?? {};
  const timeRange = { timeFrom, timeTo: new Date(Date.parse(to) - 1).toISOString() };
  const timeSettings = { timeZone: "America/Los_Angeles", timeRange };
  const grouping = { groupBy: "Company" } as const;
  const responseOptions = { counters: { callsByActions: { aggregationType: "Sum" } } } as const;
  const booleans = { counters: { allCalls: true }, timers: { callsDurationByDirection: true } };

  await client.authorize({ jwt });
  const calls = client.analytics().calls().v1().accounts("~");
  const sums = await calls.aggregation().fetch().post({ grouping, timeSettings, responseOptions });
  const points = await calls
    .timeline()
    .fetch()
    .post({ grouping, timeSettings, responseOptions: booleans }, { interval: "Day", page: 1, perPage: 20 });
  await client.revoke();

  const [truth] = Object.values(ringCentral.analyticsTruth(date).days[date]?.groups.Company ?? {});
  expect(sums.data?.records?.[0]?.counters?.callsActions).toEqual(truth?.counters?.callsActions);
  const [point, ...others] = points.data?.records?.[0]?.points ?? [];
  expect(others).toEqual([]);
  expect(point?.counters?.allCalls).toEqual(truth?.counters?.allCalls);
  expect(point?.timers?.callsByDirection).toEqual(truth?.timers?.callsByDirection);
});
