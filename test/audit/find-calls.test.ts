import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { type FindOptions, findCalls } from "../../shared/audit/find-calls.ts";
import { type Bucket, createBucket } from "../../shared/aws/bucket.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account, archiveName } from "../support/audit/archive-lab.ts";
import { brokenStream } from "../support/audit/broken-stream.ts";
import { first, fourth, second, servedSample, third } from "../support/audit/sample-archive.ts";
import { altered, tamperWith } from "../support/audit/tamper.ts";

const { shared } = servedSample();
const calls = (day: string) => archiveKeys.calls(account, day);
const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");

type Requested = Partial<FindOptions>;

function find({ archive }: Pick<ArchiveLab, "archive">, requested: Requested) {
  return findCalls({ archive, account, query: {}, ...requested });
}

/** Returns the ids of the found calls, in order. */
async function idsOf(lab: Pick<ArchiveLab, "archive">, requested: Requested): Promise<string[]> {
  const ids: string[] = [];
  for await (const { record } of find(lab, requested)) ids.push(record.fields.id);
  return ids;
}

const all = ["c11", "c12", "c13", "c14", "c21", "c22", "c31", "c41"];

describe("a call is found", () => {
  const rows: readonly [string, Requested, readonly string[]][] = [
    ["by its record", { query: { record: "c21" } }, ["c21"]],
    ["by its session", { query: { session: "session-c22" } }, ["c22"]],
    ["by its telephony session", { query: { session: "s-c31" } }, ["c31"]],
    ["by its recording", { query: { recording: "21" } }, ["c21"]],
    ["by the recording of one of its legs", { query: { recording: "13" } }, ["c13"]],
    ["by a recording that two days name, on both", { query: { recording: "14" } }, ["c14", "c22"]],
    ["by a number as it is written down", { query: { number: "+4922112345678" } }, ["c22"]],
    ["by a number as a person writes it", { query: { number: "+49 (221) 1234-5678" } }, ["c22"]],
    ["by a number without its country", { query: { number: "221 12345678" } }, ["c22"]],
    ["by the number of an extension", { query: { extension: "101" } }, all],
    ["by the id of an extension, on a leg", { query: { extension: "6001" } }, ["c13"]],
    ["by a day", { from: second, to: third }, ["c21", "c22"]],
    ["from a day on", { from: third }, ["c31", "c41"]],
    ["until a day, which is not meant", { to: second }, ["c11", "c12", "c13", "c14"]],
    ["by all conditions together", { query: { number: "6505550100", recording: "14" }, to: second }, ["c14"]],
    ["by no condition at all", {}, all],
    ["not where one condition fails", { query: { record: "c11", recording: "12" } }, []],
    ["not by a part of an id", { query: { record: "c1" } }, []],
    ["not before the archive's first day", { to: first }, []],
  ];

  test.each(rows)("%s", async (_how, requested, ids) => {
    expect(await idsOf(shared(), requested)).toEqual(ids);
  });

  test("with its whole record, its day, and the keys of its recordings", async () => {
    const lab = shared();
    const found = [];
    for await (const call of find(lab, { query: { recording: "14" }, from: second })) found.push(call);

    const [line = ""] = gunzipSync(await tamperWith(lab).read(calls(second)))
      .toString()
      .split("\n")
      .filter((each) => each.includes('"c22"'));
    expect(found).toMatchObject([{ day: second, recordings: [{ id: "14", state: "stored", key: mp3(first, "14") }] }]);
    expect(found[0]?.record.raw).toEqual(JSON.parse(line));
  });

  test("with the state of a recording that is not stored, and no key", async () => {
    const found = [];
    for await (const { recordings } of find(shared(), { from: fourth })) found.push(recordings);

    expect(found).toEqual([[{ id: "41", state: "pending" }]]);
  });
});

describe("a damaged object", () => {
  test("hides no other day: readable calls are returned, then it is named", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    for (const day of [first, third]) await tamper.put(calls(day), altered(await tamper.read(calls(day))));
    const given: string[] = [];

    const looking = (async () => {
      for await (const { record } of find(lab, {})) given.push(record.fields.id);
    })();

    await expect(looking).rejects.toMatchObject({
      code: "STORAGE_INVALID",
      message: expect.stringMatching(new RegExp(`${calls(first)}, ${calls(third)}$`)),
      hint: expect.stringContaining("npx nightshift restore"),
    });
    expect(given).toEqual(expect.arrayContaining(["c21", "c22", "c41"]));
  });

  test("that is a manifest leaves the states of its day's recordings unknown, and is named", async () => {
    const lab = shared();
    await tamperWith(lab).put(aggregateKeys.calls.manifest(account, second), "{}");
    const given: unknown[] = [];

    const looking = (async () => {
      for await (const { day, recordings } of find(lab, { from: second, to: fourth })) given.push([day, recordings]);
    })();

    await expect(looking).rejects.toMatchObject({
      message: expect.stringContaining(aggregateKeys.calls.manifest(account, second)),
    });
    expect(given).toEqual([
      [second, [{ id: "21", state: "unknown" }]],
      [second, [{ id: "14", state: "unknown" }]],
      [third, [{ id: "31", state: "stored", key: mp3(third, "31") }]],
    ]);
  });

  test("of another day than those searched is not read", async () => {
    const lab = shared();
    await tamperWith(lab).put(calls(first), "damaged");

    expect(await idsOf(lab, { from: second })).toEqual(["c21", "c22", "c31", "c41"]);
  });

  test("is different from a removed manifest, which leaves a recording's state unknown without an error, because verification reports it", async () => {
    const lab = shared();
    await tamperWith(lab).remove(aggregateKeys.calls.manifest(account, third));
    const found = [];

    for await (const { recordings } of find(lab, { query: { record: "c31" } })) found.push(recordings);

    expect(found).toEqual([[{ id: "31", state: "unknown" }]]);
  });
});

test("an account without any call is refused, because it must be a mistake", async () => {
  await expect(idsOf(shared(), { account: "8" })).rejects.toMatchObject({
    code: "REQUEST_INVALID",
    message: "The bucket holds no calls of account 8",
  });
});

/** Returns the bucket with a count of each object's reads and the given number of broken connections. */
function watched(archive: Bucket, breaks = 0) {
  const read = new Map<string, number>();
  let left = breaks;
  const open: Bucket["open"] = async (key) => {
    const opened = await archive.open(key);
    if (!opened) return undefined;
    const chunks = left-- > 0 ? brokenStream(opened.chunks) : opened.chunks;
    return { ...opened, chunks: counting(chunks, (bytes) => read.set(key, (read.get(key) ?? 0) + bytes)) };
  };
  return { archive: { ...archive, open }, read };
}

async function* counting(chunks: AsyncIterable<Uint8Array>, count: (bytes: number) => void) {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

/** Returns a day of many calls that hardly compress. */
async function putBigDay(lab: ArchiveLab): Promise<number> {
  const lines = Array.from({ length: 2_000 }, (_, n) =>
    JSON.stringify({
      id: `big-${n}`,
      startTime: `${first}T10:00:00.000Z`,
      noise: randomBytes(1_000).toString("base64"),
    }),
  );
  const body = gzipSync(lines.join("\n"));
  await tamperWith(lab).put(calls(first), body);
  return body.length;
}

describe("a search through an archive", () => {
  test("returns a day's first calls before it has read the day to its end, and requests few days ahead", async () => {
    const lab = shared();
    const whole = await putBigDay(lab);
    const { archive, read } = watched(lab.archive);

    const found = find({ archive }, { query: { record: "big-0" } });
    await found.next();
    const readThen = read.get(calls(first)) ?? 0;
    await found.return(undefined);

    expect(whole).toBeGreaterThan(1_500_000);
    expect(readThen).toBeGreaterThan(0);
    expect(readThen).toBeLessThan(whole / 2);
  });

  test("that is left early leaves no connection open, not even to later days", async () => {
    const lab = shared();
    await putBigDay(lab);
    await tamperWith(lab).put(calls(second), await tamperWith(lab).read(calls(first)));
    const httpAgent = new Agent({ keepAlive: true });
    const client = new S3Client({ ...lab.at, requestHandler: { httpAgent } });

    for await (const _call of find({ archive: createBucket(client, archiveName) }, {})) break;

    await expect.poll(() => Object.keys(httpAgent.sockets), { interval: 1 }).toEqual([]);
    client.destroy();
  });

  test("continues if a connection breaks, and returns nothing twice", async () => {
    const lab = shared();
    await putBigDay(lab);
    const { archive } = watched(lab.archive, 2);

    const ids = await idsOf({ archive }, { to: second });

    expect(ids).toHaveLength(2_000);
    expect(new Set(ids).size).toBe(2_000);
  });

  test("fails if the connection keeps breaking, or if the file has changed meanwhile", async () => {
    const lab = shared();
    const { archive } = watched(lab.archive, 3);
    const renewed = watched(lab.archive, 1).archive;
    let opened = 0;
    const other: Bucket["open"] = async (key) => {
      const object = await renewed.open(key);
      return object && { ...object, etag: String(opened++) };
    };

    await expect(idsOf({ archive }, { to: second })).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    await expect(idsOf({ archive: { ...renewed, open: other } }, { to: second })).rejects.toMatchObject({
      code: "STORAGE_FAILED",
    });
  });
});
