import { expect, test } from "vitest";
import { type Listing, type OpenLab, openLab, refusal } from "./open-lab.ts";
import type { PlannedCall } from "./planned-calls.ts";

/** 3 November 2026 in Los Angeles. */
const november3 = "dateFrom=2026-11-03T08:00:00.000Z&dateTo=2026-11-04T07:59:59.999Z";
const whole = `${november3}&view=Detailed&showDeleted=true`;
const hour = 60 * 60 * 1000;

async function readAll(lab: OpenLab, query: string): Promise<Listing["records"]> {
  const records: Listing["records"][number][] = [];
  let page = await lab.list(query);
  for (;;) {
    records.push(...page.records);
    const next = page.navigation.nextPage?.uri;
    if (next === undefined) return records;
    page = (await (await lab.get(next)).json()) as Listing;
  }
}

const ids = (records: Listing["records"]) => records.map((record) => record.id);

/** Opens a lab that has only the calls written here. */
function openWith(...plannedCalls: readonly PlannedCall[]) {
  return openLab({ account: { calls: { perDay: 0 }, plannedCalls } });
}

test("invalid parameters are refused with CMN-101 and named", async () => {
  await using lab = await openLab();
  const invalid = [
    "view=Full",
    "perPage=0",
    "perPage=many",
    "page=0",
    "dateFrom=yesterday",
    "dateTo=2026-13-45T00:00:00Z",
    "dateFrom=2026-11-05T00:00:00Z&dateTo=2026-11-04T00:00:00Z",
    "showDeleted=yes",
    "recordingType=Both",
    "direction=Inbound,Outbound",
  ];

  for (const query of invalid) {
    expect(await refusal(lab.get(`/restapi/v1.0/account/~/call-log?${query}`))).toEqual([400, "CMN-101"]);
  }
});

test("a parameter that RingCentral does not know is ignored, and one that the lab does not implement is answered 501", async () => {
  await using lab = await openLab();

  expect((await lab.list("per_page=5")).paging.perPage).toBe(100);
  expect((await lab.get("/restapi/v1.0/account/~/call-log?phoneNumber=1650")).status).toBe(501);
});

test("a request without scope or permission is forbidden, each with its own text", async () => {
  await using lab = await openLab({ account: { permissions: ["ReadCallLog"] } });
  const narrow = await lab.login({ scope: "ReadAccounts" });
  const path = "/restapi/v1.0/account/~/call-log";

  const withoutScope = await lab.get(path, { token: narrow });
  const withoutPermission = await lab.get(path);

  expect(await withoutScope.json()).toMatchObject({
    errorCode: "InsufficientPermissions",
    permissionName: "ReadCallLog",
    errors: [{ errorCode: "CMN-401", permissionName: "ReadCallLog" }],
  });
  expect(await refusal(withoutPermission)).toEqual([403, "CMN-408"]);
});

test("the scope for recordings includes the call log", async () => {
  await using lab = await openLab();
  const token = await lab.login({ scope: "ReadCallRecording" });

  expect((await lab.get("/restapi/v1.0/account/~/call-log", { token })).status).toBe(200);
});

test("another account's call log is not found", async () => {
  await using lab = await openLab();

  expect(await refusal(lab.get("/restapi/v1.0/account/4711/call-log"))).toEqual([404, "CMN-102"]);
});

test("both bounds belong to the listing, to the millisecond", async () => {
  const startTime = "2026-11-03T12:00:00.500Z";
  await using lab = await openWith({ id: "here", startTime });
  const between = async (from: string, to: string) => ids((await lab.list(`dateFrom=${from}&dateTo=${to}`)).records);

  expect(await between(startTime, startTime)).toEqual(["here"]);
  expect(await between("2026-11-03T12:00:00.501Z", "2026-11-03T13:00:00Z")).toEqual([]);
  expect(await between("2026-11-03T11:00:00Z", "2026-11-03T12:00:00.499Z")).toEqual([]);
  expect(await between("2026-11-03T04:00:00.500-08:00", "2026-11-03T13:00:00")).toEqual(["here"]);
});

test("bounds can be cut to whole seconds, as for some accounts", async () => {
  await using lab = await openLab({
    account: {
      calls: { perDay: 0 },
      callLog: { truncateBoundsToSeconds: true },
      plannedCalls: [{ id: "late in its second", startTime: "2026-11-03T12:00:00.500Z" }],
    },
  });

  const { records } = await lab.list("dateFrom=2026-11-03T11:00:00Z&dateTo=2026-11-03T12:00:00.999Z");

  expect(records).toEqual([]);
});

test("without dates the listing covers the last 24 hours, and links say so with the account's id", async () => {
  await using lab = await openLab({ account: { id: "777", calls: { perDay: 200 } } });

  const page = await lab.list("perPage=10");

  const next = new URL(page.navigation.nextPage?.uri ?? "");
  const span = Date.parse(next.searchParams.get("dateTo") ?? "") - Date.parse(next.searchParams.get("dateFrom") ?? "");
  expect(span).toBe(24 * hour);
  expect(next.href).toContain(`${lab.ringCentral.url}/restapi/v1.0/account/777/call-log?`);
  expect(next.searchParams.get("page")).toBe("2");
  expect(next.searchParams.get("perPage")).toBe("10");
});

test("following nextPage yields every call of the day once, newest first, as in the truth", async () => {
  await using lab = await openLab();

  const records = await readAll(lab, `${whole}&perPage=7`);

  const truth = lab.ringCentral.truth().days["2026-11-03"];
  expect(truth?.recordIds).toHaveLength(100);
  expect(ids(records)).toEqual(truth?.recordIds.toReversed());
  expect(records.toReversed()).toEqual(truth?.records);
});

test("a page names its number, and never the number of pages", async () => {
  await using lab = await openLab();

  const last = await lab.list(`${whole}&perPage=30&page=4`);
  const beyond = await lab.list(`${whole}&perPage=30&page=5`);

  expect(last.paging).toEqual({ page: 4, perPage: 30, pageStart: 90, pageEnd: 99 });
  expect(last.navigation).not.toHaveProperty("nextPage");
  expect(beyond.records).toEqual([]);
  expect(beyond.paging).toEqual({ page: 5, perPage: 30 });
});

test("perPage is silently reduced to 1000 or to the planned number", async () => {
  await using lab = await openLab();
  await using clamped = await openLab({ account: { callLog: { maxPerPage: 250 } } });

  expect((await lab.list("perPage=5000")).paging.perPage).toBe(1000);
  expect((await clamped.list("perPage=1000")).paging.perPage).toBe(250);
});

test("perPage may be the word max, which means 1000, and a parameter of that name has no effect", async () => {
  await using lab = await openLab();
  await using clamped = await openLab({ account: { callLog: { maxPerPage: 250 } } });

  expect((await lab.list("perPage=max")).paging.perPage).toBe(1000);
  expect((await lab.list("max=5")).paging.perPage).toBe(100);
  expect((await clamped.list("perPage=max")).paging.perPage).toBe(250);
});

test("a record's address is a URI for any id", async () => {
  const startTime = "2026-11-03T12:00:00Z";
  await using lab = await openWith({ id: "call of 2026-11-03?", startTime, recording: { id: "a b" } });

  const [record] = (await lab.list(whole)).records;

  expect(record?.uri).toMatch(/\/call-log\/call%20of%202026-11-03%3F\?view=Detailed$/);
  expect(record?.recording?.contentUri).toMatch(/\/recording\/a%20b\/content$/);
});

test("Simple shows neither legs nor lastModifiedTime nor billing", async () => {
  await using lab = await openLab();

  const simple = (await lab.list(november3)).records[0];
  const detailed = (await lab.list(`${november3}&view=Detailed`)).records[0];

  expect(simple?.id).toBe(detailed?.id);
  for (const detail of ["legs", "lastModifiedTime", "billing"]) {
    expect(simple).not.toHaveProperty(detail);
    expect(detailed).toHaveProperty(detail);
  }
});

test("filters narrow the listing", async () => {
  await using lab = await openLab({ account: { calls: { perDay: 100, recordedShare: 0.4, faxShare: 0.1 } } });
  const count = async (query: string) => (await lab.list(`${november3}&perPage=1000&${query}`)).records.length;

  expect(await count("type=Fax")).toBe(10);
  expect(await count("type=Fax&type=Voice")).toBe(100);
  expect(await count("recordingType=All")).toBe(await count("withRecording=true"));
  expect((await count("recordingType=OnDemand")) + (await count("recordingType=Automatic"))).toBeGreaterThanOrEqual(39);
  expect((await count("direction=Inbound")) + (await count("direction=Outbound"))).toBe(100);
});

test("shuffled order is the same on every page request", async () => {
  await using lab = await openLab({ account: { callLog: { order: "shuffled" } } });

  const records = await readAll(lab, `${whole}&perPage=9`);

  const { recordIds = [] } = lab.ringCentral.truth().days["2026-11-03"] ?? {};
  expect(ids(records)).not.toEqual(recordIds.toReversed());
  expect(ids(records).sort()).toEqual(recordIds.toSorted());
});

test("a call is in the log only after it has ended, wherever midnight was", async () => {
  await using lab = await openWith({ id: "long", startTime: "2026-11-06T03:59:00Z", durationSeconds: 300 });
  const listed = async () => ids((await lab.list("dateFrom=2026-11-06T00:00:00Z")).records);

  expect(await listed()).toEqual([]);
  lab.ringCentral.clock.advance(5 * 60_000);

  expect(await listed()).toEqual(["long"]);
});

test("calls over midnight begin in a day's last half minute and end in the next day", async () => {
  await using lab = await openLab({ account: { calls: { perDay: 5, overMidnight: 2 } } });

  const { records } = await lab.list(whole);

  const midnight = Date.parse("2026-11-04T08:00:00Z");
  const crossing = records.filter((record) => midnight - Date.parse(record.startTime) <= 30_000);
  expect(crossing).toHaveLength(2);
  expect(crossing.every((record) => record.recording)).toBe(true);
});

test("a late record appears only after its time", async () => {
  await using lab = await openWith({
    id: "late",
    startTime: "2026-11-03T12:00:00Z",
    visibleAt: "2026-11-06T05:00:00Z",
  });
  expect((await lab.list(whole)).records).toEqual([]);

  lab.ringCentral.clock.advance(hour);

  expect(ids((await lab.list(whole)).records)).toEqual(["late"]);
});

test("a record changes: lastModifiedTime increases, the result settles, the recording is attached", async () => {
  await using lab = await openWith({
    id: "changing",
    startTime: "2026-11-03T12:00:00Z",
    changesAt: "2026-11-06T05:00:00Z",
    recording: { id: "900", attachedAt: "2026-11-06T04:30:00Z" },
  });
  const read = async () => (await lab.list(whole)).records[0];
  const before = await read();

  lab.ringCentral.clock.advance(0.5 * hour);
  const attached = await read();
  lab.ringCentral.clock.advance(0.5 * hour);
  const settled = await read();

  expect(before).toMatchObject({ result: "Unknown", lastModifiedTime: "2026-11-03T12:01:20.000Z" });
  expect(before?.recording).toBeUndefined();
  expect(attached).toMatchObject({ recording: { id: "900" }, lastModifiedTime: "2026-11-06T04:30:00.000Z" });
  expect(settled).toMatchObject({ lastModifiedTime: "2026-11-06T05:00:00.000Z" });
  expect(settled?.result).not.toBe("Unknown");
});

test("a vanished record is gone, and a deleted one is shown on request", async () => {
  await using lab = await openWith(
    { id: "vanishing", startTime: "2026-11-03T12:00:00Z", vanishesAt: "2026-11-06T05:00:00Z" },
    { id: "deleted", startTime: "2026-11-03T13:00:00Z", deletedAt: "2026-11-06T05:00:00Z" },
  );
  expect(ids((await lab.list(november3)).records)).toEqual(["deleted", "vanishing"]);

  lab.ringCentral.clock.advance(hour);

  expect((await lab.list(november3)).records).toEqual([]);
  expect((await lab.list(whole)).records).toMatchObject([{ id: "deleted", deleted: true }]);
});

test("records that arrive between pages shift the others, so that some are seen twice", async () => {
  await using lab = await openLab({ account: { callLog: { arrivingBetweenPages: 3 } } });

  const seen = ids(await readAll(lab, `${whole}&perPage=20`));

  const { recordIds = [] } = lab.ringCentral.truth().days["2026-11-03"] ?? {};
  expect(recordIds).toHaveLength(100);
  expect(seen.length - new Set(seen).size).toBe(3);
  expect(recordIds.filter((id) => !seen.includes(id))).toHaveLength(3);
});

test("records that leave between pages make a listing miss some that stay", async () => {
  await using lab = await openLab({ account: { callLog: { leavingBetweenPages: 2 } } });

  const seen = ids(await readAll(lab, `${whole}&perPage=20`));

  const { recordIds = [] } = lab.ringCentral.truth().days["2026-11-03"] ?? {};
  expect(recordIds).toHaveLength(98);
  expect(recordIds.filter((id) => !seen.includes(id))).toHaveLength(2);
  expect(ids(await readAll(lab, `${whole}&perPage=20`)).toSorted()).toEqual(recordIds.toSorted());
});

test("recordings are referenced by the record, by its legs too, by a leg alone, and by their own legs", async () => {
  const startTime = "2026-11-03T12:00:00Z";
  await using lab = await openWith(
    { id: "record", startTime, recording: { id: "1" } },
    { id: "shared", startTime, recording: { id: "2" }, recordingNamedBy: "record and legs" },
    { id: "leg", startTime, recording: { id: "3" }, recordingNamedBy: "leg" },
    { id: "transferred", startTime, recording: { id: "4" }, transfers: [{ id: "5" }, { id: "6" }] },
    { id: "short", startTime, short: true },
  );

  const { records } = await lab.list(whole);

  const named = records.map(({ id, recording, legs = [] }) => [
    id,
    recording?.id,
    [...new Set(legs.flatMap((leg) => leg.recording?.id ?? []))],
  ]);
  expect(named.toSorted()).toEqual([
    ["leg", undefined, ["3"]],
    ["record", "1", []],
    ["shared", "2", ["2"]],
    ["short", undefined, []],
    ["transferred", "4", ["5", "6"]],
  ]);
  expect(records.find(({ id }) => id === "short")?.shortRecording).toBe(true);
});

test("a day of a clock change has its real length", async () => {
  await using lab = await openLab({ account: { firstDay: "2026-10-31" } });

  const { days } = lab.ringCentral.truth();

  expect(days["2026-11-01"]).toMatchObject({ from: "2026-11-01T07:00:00.000Z", to: "2026-11-02T08:00:00.000Z" });
  expect(days["2026-11-01"]?.recordIds).toHaveLength(100);
});

test("the same seed makes the same calls, and another seed makes others", async () => {
  await using lab = await openLab({ seed: 7 });
  await using same = await openLab({ seed: 7 });
  await using other = await openLab({ seed: 8 });
  const day = ({ ringCentral }: OpenLab) => ringCentral.truth("2026-11-03").days["2026-11-03"]?.recordIds;

  expect(day(same)).toEqual(day(lab));
  expect(day(other)).not.toEqual(day(lab));
});

test("a day of 20,000 calls is listed like any other", async () => {
  await using lab = await openLab({
    account: { firstDay: "2026-11-03", lastDay: "2026-11-03", calls: { perDay: 20_000 } },
  });

  const last = await lab.list(`${whole}&perPage=1000&page=20`);

  expect(last.paging).toMatchObject({ pageStart: 19_000, pageEnd: 19_999 });
  expect(last.navigation.nextPage).toBeUndefined();
});
