import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCallRecord } from "../../shared/core/calls/call-record.ts";
import { JobError } from "../../shared/errors.ts";
import { gzippedLines, lineOf, linesOf, recordsOf } from "../../shared/storage/record-lines.ts";
import { errorOf, jobErrorOf } from "../support/ringcentral/open-client.ts";
import { all, bytesOf, inChunks, nextTurn } from "../support/storage/streams.ts";

const key = "calls/calls.jsonl.gz";
const record = (n: number) => JSON.stringify({ id: `${n}`, startTime: "2026-11-01T10:00:00Z", note: `ünï ☎ ${n}` });
const whole = gzipSync(Array.from({ length: 500 }, (_, n) => `${record(n)}\n`).join(""));
const corrupted = Buffer.from(whole).fill(0, 200, 260);
const otherChecksum = Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)]);

describe("a damaged object is reported with its key, such as", () => {
  test.each([
    ["no gzip", Buffer.from(record(1))],
    ["gzip that was cut off", whole.subarray(0, -20)],
    ["gzip that was cut off within its last bytes", whole.subarray(0, -3)],
    ["gzip without its beginning", whole.subarray(1)],
    ["gzip with other bytes in between", corrupted],
    ["gzip of another checksum", otherChecksum],
    ["a line that is no JSON", gzipSync(`${record(1)}\nnot JSON\n`)],
    ["a line that was cut off", gzipSync(`${record(1)}\n${record(2).slice(0, -5)}`)],
    ["nothing at all", Buffer.alloc(0)],
  ])("%s", async (_what, body) => {
    const error = await jobErrorOf(all(recordsOf(inChunks(body, 1_000), key)));

    expect(error).toMatchObject({ code: "STORAGE_INVALID", retryable: false, details: { key } });
    expect(error.hint).toContain("npx nightshift restore");
  });

  test("an endless line, before it fills the memory", async () => {
    let megabytes = 0;
    const endless = async function* () {
      const megabyte = gzipSync(Buffer.alloc(1024 * 1024, "x"));
      for (; megabytes < 200; megabytes++) yield megabyte;
    };

    expect(await jobErrorOf(all(linesOf(endless(), key)))).toMatchObject({ code: "STORAGE_INVALID" });
    expect(megabytes).toBeLessThan(100);
  });

  test("but not a broken connection, which may work the next time", async () => {
    const broken = async function* () {
      yield whole.subarray(0, 100);
      throw new JobError("STORAGE_FAILED", "the connection broke", { retryable: true });
    };

    expect(await jobErrorOf(all(recordsOf(broken(), key)))).toMatchObject({ code: "STORAGE_FAILED", retryable: true });
  });
});

describe("a source is closed", () => {
  test("if its reader stops reading lines", async () => {
    let isOpen = true;
    const source = async function* () {
      try {
        for (;;) yield whole;
      } finally {
        isOpen = false;
      }
    };

    for await (const line of linesOf(source(), key)) if (line) break;
    while (isOpen) await nextTurn();

    expect(isOpen).toBe(false);
  });

  test("if lines break off while they are zipped, and the error is the lines' own", async () => {
    const lines = async function* () {
      yield record(1);
      throw new Error("the listing broke off");
    };

    expect((await errorOf(all(gzippedLines(lines())))).message).toBe("the listing broke off");
  });
});

test("an empty line is no record, and the last line needs no line end", async () => {
  const records = await all(recordsOf(inChunks(gzipSync(`\n${record(1)}\n\n${record(2)}`), 10), key));

  expect(records.map(({ fields }) => fields.id)).toEqual(["1", "2"]);
});

test("a number of many digits is written as it was read", async () => {
  const line = '{"id":"a","startTime":"x","sum":12345678901234567890123}';

  const [read] = await all(recordsOf(inChunks(gzipSync(line), 10), key));

  expect(read && lineOf(read)).toBe(line);
});

const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { minLength: 1, maxLength: 20 });

describe("for any content of the lines,", () => {
  test("they are read back unchanged, wherever the bytes are cut, even within a character", async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 50 }), async (notes, size) => {
        const records = notes.map((note, n) => parseCallRecord({ id: `${n}`, startTime: "x", note }));
        const zipped = await bytesOf(gzippedLines(inTurn(records.map(lineOf))));

        expect(await all(recordsOf(inChunks(zipped, size), key))).toEqual(records);
        expect(gunzipSync(zipped).toString()).toBe(records.map((each) => `${lineOf(each)}\n`).join(""));
      }),
    );
  });

  test("the same lines give the same bytes, whether they come at once or one by one", async () => {
    const many = Array.from({ length: 4_000 }, (_, n) => record(n));
    const slowly = async function* () {
      for (const [n, line] of many.entries()) {
        if (n % 7 === 0) await nextTurn();
        yield line;
      }
    };

    const [one, other] = await Promise.all([bytesOf(gzippedLines(inTurn(many))), bytesOf(gzippedLines(slowly()))]);

    expect(one.equals(other)).toBe(true);
  });
});

test("characters of several bytes are whole across the borders of unzipped chunks", async () => {
  const line = "☎".repeat(100_000);

  expect(await all(linesOf(inChunks(gzipSync(`x${line}\nxx${line}\n`), 100), key))).toEqual([`x${line}`, `xx${line}`]);
});

async function* inTurn(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
