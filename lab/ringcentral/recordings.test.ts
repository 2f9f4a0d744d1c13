import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type OpenLab, openLab, refusal } from "./open-lab.ts";
import type { PlannedRecording } from "./planned-calls.ts";

const hour = 60 * 60 * 1000;

/** A lab with one call of two days ago and its recording "900". */
function openWith(recording: Partial<PlannedRecording> = {}): Promise<OpenLab> {
  const call = { id: "call", startTime: "2026-11-04T12:00:00Z", recording: { id: "900", ...recording } };
  return openLab({ account: { calls: { perDay: 0 }, plannedCalls: [call] } });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function download(lab: OpenLab, id = "900", range?: string) {
  const response = await lab.get(lab.contentUri(id), { headers: range === undefined ? {} : { range } });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

const metadataPath = "/restapi/v1.0/account/~/recording/900";

test("audio has its own host, which does not serve metadata, and the API host serves both", async () => {
  await using lab = await openWith();
  const { url, mediaUrl } = lab.ringCentral;

  expect(mediaUrl).not.toBe(url);
  expect((await lab.get(`${url}${metadataPath}/content`)).status).toBe(200);
  expect(await refusal(lab.get(`${mediaUrl}${metadataPath}`))).toEqual([404, "CMN-120"]);
  expect(await (await lab.get(metadataPath)).json()).toEqual({
    id: "900",
    contentUri: `${mediaUrl}/restapi/v1.0/account/37439510/recording/900/content`,
    contentType: "audio/mpeg",
    duration: 60,
  });
});

test("a recording that is not ready is a 404 until it is", async () => {
  await using lab = await openWith({ readyAt: "2026-11-06T05:00:00Z" });
  const state = () => lab.ringCentral.truth().recordings["900"]?.state;

  expect(await refusal(lab.get(lab.contentUri("900")))).toEqual([404, "CMN-102"]);
  expect(await refusal(lab.get(metadataPath))).toEqual([404, "CMN-102"]);
  expect(state()).toBe("pending");
  lab.ringCentral.clock.advance(hour);

  expect((await download(lab)).response.status).toBe(200);
  expect(state()).toBe("ready");
});

test("some recordings never come, some are forbidden, some have expired, and some never existed", async () => {
  await using never = await openWith({ readyAt: "never" });
  await using forbidden = await openWith({ forbidden: true });
  await using expired = await openWith({ expiresAt: "2026-11-05T00:00:00Z" });
  const stateOf = (lab: OpenLab) => lab.ringCentral.truth().recordings["900"]?.state;

  expect(await refusal(never.get(never.contentUri("900")))).toEqual([404, "CMN-102"]);
  expect(await refusal(forbidden.get(forbidden.contentUri("900")))).toEqual([403, "CMN-408"]);
  expect(await refusal(expired.get(expired.contentUri("900")))).toEqual([404, "CMN-102"]);
  expect(await refusal(never.get(never.contentUri("2076000000000")))).toEqual([404, "CMN-102"]);
  expect([never, forbidden, expired].map(stateOf)).toEqual(["never", "forbidden", "expired"]);
});

test("recordings go when their retention ends, and the log no longer references them", async () => {
  const recordings = { retentionDays: 2, namedAfterExpiry: false };
  await using lab = await openLab({ account: { recordings } });
  await using naming = await openLab({ account: { recordings: { ...recordings, namedAfterExpiry: true } } });
  const old = "view=Detailed&dateFrom=2026-11-01T08:00:00Z&dateTo=2026-11-02T07:00:00Z&perPage=1000&recordingType=All";

  expect((await lab.list(old)).records).toEqual([]);
  expect((await naming.list(old)).records.length).toBeGreaterThan(40);
  const truths = Object.values(lab.ringCentral.truth().recordings);
  expect(truths.filter(({ date }) => date === "2026-11-01")).toContainEqual(
    expect.objectContaining({ state: "expired", named: false }),
  );
});

test("without the scope a recording is forbidden", async () => {
  await using lab = await openWith();
  const token = await lab.login({ scope: "ReadCallLog" });

  expect(await refusal(lab.get(lab.contentUri("900"), { token }))).toEqual([403, "CMN-401"]);
});

test("the bytes are those of the truth, with their length and type", async () => {
  for (const contentType of ["audio/mpeg", "audio/wav"] as const) {
    await using lab = await openWith({ contentType, bytes: 200_001 });

    const { response, bytes } = await download(lab);

    const truth = lab.ringCentral.truth().recordings["900"];
    expect(truth).toMatchObject({ contentType, bytes: 200_001, recordId: "call", date: "2026-11-04", named: true });
    expect(sha256(bytes)).toBe(truth?.sha256);
    expect(response.headers.get("content-type")).toBe(contentType);
    expect(response.headers.get("content-length")).toBe("200001");
    expect(response.headers.get("x-rate-limit-group")).toBe("heavy");
    expect(Buffer.from(bytes.subarray(0, 4)).toString("latin1")).toMatch(/^(ID3|RIFF)/);
  }
});

test("no two recordings sound the same", async () => {
  await using lab = await openLab({ account: { recordings: { bytes: 5_000 } } });

  const hashes = Object.values(lab.ringCentral.truth().recordings).map((truth) => truth.sha256);

  expect(hashes.length).toBeGreaterThan(300);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("any range returns the same bytes as that part of the whole", async () => {
  await using lab = await openWith({ bytes: 150_000 });
  const { bytes: whole } = await download(lab);
  const ranges: readonly [string, number, number][] = [
    ["bytes=0-0", 0, 1],
    ["bytes=5-30", 5, 31],
    ["bytes=65535-65552", 65_535, 65_553],
    ["bytes=100001-", 100_001, 150_000],
    ["bytes=-77", 149_923, 150_000],
    ["bytes=149999-999999", 149_999, 150_000],
  ];

  for (const [range, from, to] of ranges) {
    const { response, bytes } = await download(lab, "900", range);
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/150000`);
    expect(sha256(bytes)).toBe(sha256(whole.subarray(from, to)));
  }
});

test("a range beyond the end is a 416, and an invalid one returns the whole", async () => {
  await using lab = await openWith({ bytes: 1_000 });

  const beyond = await lab.get(lab.contentUri("900"), { headers: { range: "bytes=1000-" } });
  const several = await download(lab, "900", "bytes=0-1,5-6");

  expect(beyond.headers.get("content-range")).toBe("bytes */1000");
  expect(await refusal(beyond)).toEqual([416, "CMN-107"]);
  expect(several.response.status).toBe(200);
  expect(several.bytes).toHaveLength(1_000);
});

test("the media host accepts the token in the URL, and the API host does not", async () => {
  await using lab = await openWith();
  const token = await lab.login();
  const { url } = lab.ringCentral;

  const media = await fetch(`${lab.contentUri("900")}?access_token=${token}`);
  const api = fetch(`${url}${metadataPath}?access_token=${token}`);

  expect(media.status).toBe(200);
  expect((await media.arrayBuffer()).byteLength).toBe(20_000);
  expect(await refusal(api)).toEqual([401, "AGW-401"]);
});

test("two records may reference one recording, which belongs to the day of the older record", async () => {
  await using lab = await openLab({
    account: {
      calls: { perDay: 0 },
      plannedCalls: [
        { id: "next day", startTime: "2026-11-05T12:00:00Z", recording: { id: "900", bytes: 5 } },
        { id: "first day", startTime: "2026-11-04T12:00:00Z", recording: { id: "900", bytes: 4_000 } },
      ],
    },
  });

  const { bytes } = await download(lab);

  expect(bytes).toHaveLength(4_000);
  expect(lab.ringCentral.truth().recordings["900"]).toMatchObject({ date: "2026-11-04", recordId: "first day" });
});

test("a recording that the log no longer references stays in the truth", async () => {
  await using lab = await openLab({
    account: {
      calls: { perDay: 0 },
      plannedCalls: [
        {
          id: "vanished",
          startTime: "2026-11-04T12:00:00Z",
          vanishesAt: "2026-11-05T00:00:00Z",
          recording: { id: "900" },
        },
      ],
    },
  });

  const { days, recordings } = lab.ringCentral.truth();

  expect(days["2026-11-04"]?.recordIds).toEqual([]);
  expect(recordings["900"]).toMatchObject({ named: false, state: "ready" });
});

test("shares of a plan are kept exactly", async () => {
  await using lab = await openLab({
    account: {
      firstDay: "2026-11-04",
      lastDay: "2026-11-04",
      calls: { perDay: 200, recordedShare: 1, shortShare: 0, faxShare: 0, transferShare: 0 },
      recordings: { neverShare: 0.01, forbiddenShare: 0.005, slowShare: 0.1, readyAfterMs: 48 * hour, bytes: 10 },
    },
  });

  const states = Object.values(lab.ringCentral.truth().recordings).map(({ state }) => state);

  expect(states).toHaveLength(200);
  const count = (state: string) => states.filter((each) => each === state).length;
  expect([count("never"), count("forbidden")]).toEqual([2, 1]);
  expect(count("pending")).toBeGreaterThanOrEqual(19);
});

test("audio is made no faster than it is read, so that gigabytes take no memory", async () => {
  await using lab = await openWith({ bytes: 3_000_000_000 });
  const before = process.memoryUsage().arrayBuffers;

  const response = await lab.get(lab.contentUri("900"));
  for (let turns = 0; turns < 3_000; turns += 1) await new Promise(setImmediate);

  expect(response.headers.get("content-length")).toBe("3000000000");
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  await response.body?.cancel();
});

test("counters know how often each recording was sent", async () => {
  await using lab = await openWith();
  await download(lab);
  await download(lab, "900", "bytes=5-");

  expect(lab.ringCentral.counters().downloads).toEqual({ "900": 2 });
});
