import { expect, test } from "vitest";
import { aggregation, sums, switchedOn, timeline } from "../analytics/analytics-body.ts";
import { groupBys } from "../analytics/groupings.ts";
import { requestName, type Section } from "../analytics/metric-selection.ts";
import { metrics } from "../analytics/metrics.ts";
import { type OpenLab, openLab, refusal } from "../open-lab.ts";
import { deviations } from "./deviations.ts";

const account = "/restapi/v1.0/account/~";

/** Known deviations of the lab from RingCentral's documentation. Any other is a fault of the lab. */
const deliberate = new Set([
  // Unknown members must be kept.
  "CallLogResponse.records[] has notInAnySchema, which is not documented",
  // Seen in 2026.
  'CallLogResponse.records[].legs[].legType is "SipToSip"',
]);

const undocumented = (value: unknown, schema: string) =>
  [...new Set(deviations(value, schema))].filter((each) => !deliberate.has(each));

async function readJson(response: Response | Promise<Response>): Promise<unknown> {
  return (await response).json();
}

/** Returns several hundred calls of every kind, of which some change, come late, or are deleted. */
function openBusyLab(): Promise<OpenLab> {
  const shares = { faxShare: 0.15, shortShare: 0.05, changingShare: 0.1, deletedShare: 0.05, transferShare: 0.1 };
  return openLab({ account: { calls: { perDay: 120, ...shares, legOnlyShare: 0.1 } } });
}

test.each(["Detailed", "Simple"])(
  "every member of several hundred call records is documented, and required members are present: %s",
  async (view) => {
    await using lab = await openBusyLab();

    const page = await lab.list(`dateFrom=2026-10-30T00:00:00Z&perPage=1000&showDeleted=true&view=${view}`);

    expect(page.records.length).toBeGreaterThan(600);
    expect(undocumented(page, "CallLogResponse")).toEqual([]);
  },
);

test("pages of the call log are as documented: the first, one between, and one beyond the last", async () => {
  await using lab = await openBusyLab();
  const whole = "dateFrom=2026-10-30T00:00:00Z&perPage=100";

  const pages = [await lab.list(whole), await lab.list(`${whole}&page=2`), await lab.list(`${whole}&page=900`)];

  expect(pages.flatMap((page) => undocumented(page, "CallLogResponse"))).toEqual([]);
});

test.each([
  ["ApiVersionsList", "/restapi"],
  ["GetAccountInfoResponse", account],
  ["CallRecordingSettingsResource", `${account}/call-recording`],
  ["AuthProfileResource", `${account}/extension/~/authz-profile`],
  ["AuthProfileCheckResource", `${account}/extension/~/authz-profile/check?permissionId=ReadCallLog`],
  ["AuthProfileCheckResource", `${account}/extension/~/authz-profile/check?permissionId=Nothing`],
])("the documented schema %s describes the response of %s", async (schema, path) => {
  await using lab = await openLab();

  expect(undocumented(await readJson(lab.get(path)), schema)).toEqual([]);
});

test("a recording's metadata is as documented", async () => {
  await using lab = await openBusyLab();
  const { records } = await lab.list("dateFrom=2026-11-03T08:00:00Z");
  const { id } = records.find(({ recording }) => recording)?.recording ?? {};

  expect(undocumented(await readJson(lab.get(`${account}/recording/${id}`)), "GetCallRecordingResponse")).toEqual([]);
});

test.each([true, false])(
  "a token is as documented, with or without a refresh token: %s",
  async (issueRefreshTokens) => {
    await using lab = await openLab({ issueRefreshTokens });

    expect(undocumented(await readJson(lab.exchange()), "TokenInfo")).toEqual([]);
  },
);

test.each(groupBys)(
  "analytics by %s are as documented, as sums and as a timeline, for every metric",
  async (groupBy) => {
    await using lab = await openBusyLab();
    const requested = metrics.filter(({ only }) => only === undefined || only === groupBy);
    const names = (section: Section) => requested.flatMap((metric) => requestName(metric, section) ?? []);
    const all = { counters: names("counters"), timers: names("timers") };
    const grouping = { groupBy };

    const sum = await aggregation(lab, { grouping, responseOptions: sums(all) });
    const points = await timeline(lab, "interval=Hour", { grouping, responseOptions: switchedOn(all) });

    expect(sum.data.records.length).toBeGreaterThan(0);
    expect(undocumented(sum, "AggregationResponse")).toEqual([]);
    expect(undocumented(points, "TimelineResponse")).toEqual([]);
  },
);

test("a refusal has a code and a message, as documented", async () => {
  await using lab = await openLab();
  const paths = [`${account}/call-log?view=Full`, `${account}/recording/1`, "/restapi/v1.0/account/1", "/nowhere"];

  for (const path of paths) {
    const body = (await readJson(lab.get(path))) as { readonly errors: readonly object[] };
    expect(body.errors).toHaveLength(1);
    expect(body.errors).toMatchObject([{ errorCode: expect.any(String), message: expect.any(String) }]);
  }
  expect(await refusal(lab.get("/nowhere"))).toEqual([404, "CMN-120"]);
});
