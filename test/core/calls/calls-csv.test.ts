import fc from "fast-check";
import { expect, test } from "vitest";
import type { RecordingEntry } from "../../../shared/core/calls/call-manifest.ts";
import { callsCsv } from "../../../shared/core/calls/calls-csv.ts";
import { recordingOf, recordOf } from "../../support/core/call-records.ts";

const columns = ["time", "direction", "from", "to", "extension", "seconds", "result", "recording", "note"];
const formula = /^[=@\t\r-]|^\+(?!\d+$)/;

async function csvOf(...table: Parameters<typeof callsCsv>): Promise<string> {
  const rows: string[] = [];
  for await (const row of callsCsv(...table)) rows.push(row);
  return rows.join("");
}

/** Reads a table as RFC 4180 writes it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let rest = text;
  let row: string[] = [];
  while (rest !== "") {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest);
    if (!match) throw new Error(`not RFC 4180 at ${JSON.stringify(rest.slice(0, 20))}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    rest = rest.slice(match[0].length);
    if (match[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const texts = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string(),
  fc.constantFrom(
    "=1+1",
    '=HYPERLINK("http://x")',
    "+1+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "a\r\nb",
    'say "hi"',
    ",",
    "''",
  ),
);

test("whatever a caller's name is, the table is read back as it was written and no cell is a formula", async () => {
  await fc.assert(
    fc.asyncProperty(texts, texts, texts, async (name, number, result) => {
      const record = recordOf({ id: "a", from: { name }, to: { phoneNumber: number }, result, direction: "Inbound" });

      const [head, row, ...rest] = parseCsv(await csvOf([record], [], "UTC"));

      const asWritten = (text: string) => (formula.test(text) ? `'${text}` : text);
      expect(head).toEqual(columns);
      expect(rest).toEqual([]);
      expect(row).toHaveLength(columns.length);
      expect([row?.[2], row?.[3], row?.[6]]).toEqual([name, number, result].map(asWritten));
      expect(row?.filter((cell) => formula.test(cell))).toEqual([]);
    }),
  );
});

test("a phone number with its plus sign is not a formula", async () => {
  const record = recordOf({ id: "a", from: { phoneNumber: "+16505550100" } });

  expect(parseCsv(await csvOf([record], [], "UTC"))[1]?.[2]).toBe("+16505550100");
});

test("a call has its local time with offset, so that the repeated hour of a clock change is unambiguous", async () => {
  const calls = ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"].map((startTime, n) =>
    recordOf({ id: `${n}`, startTime }),
  );

  const rows = parseCsv(await csvOf(calls, [], "America/New_York"));

  expect(rows.slice(1).map(([time]) => time)).toEqual(["2026-11-01 01:30:00 -04:00", "2026-11-01 01:30:00 -05:00"]);
});

test("in UTC the offset is written as +00:00", async () => {
  expect(parseCsv(await csvOf([recordOf({ id: "a" })], [], "UTC"))[1]?.[0]).toBe("2026-11-01 10:00:00 +00:00");
});

test.each([
  [
    "stored",
    { object: { key: "recordings/r.mp3", bytes: 1, sha256: "", etag: "", contentType: "audio/mpeg" } },
    "recordings/r.mp3",
  ],
  ["pending", {}, "pending"],
  ["refused", {}, "refused"],
] as const)("a recording that is %s is shown once, by its key or its state", async (state, facts, shown) => {
  const recording = recordingOf("r");
  const entry: RecordingEntry = { id: "r", state, firstSeenAt: "", callId: "a", ...facts };
  const record = recordOf({ id: "a", recording, legs: [{ recording }] });

  const [, row] = parseCsv(await csvOf([record], [entry], "UTC"));

  expect(row?.[columns.indexOf("recording")]).toBe(shown);
});

test("the extension is the one on our side of the call", async () => {
  const parties = { from: { extensionNumber: "101" }, to: { extensionNumber: "202" } };
  const records = [
    recordOf({ id: "in", direction: "Inbound", ...parties }),
    recordOf({ id: "out", direction: "Outbound", ...parties }),
  ];

  const [, inbound, outbound] = parseCsv(await csvOf(records, [], "UTC"));

  expect([inbound?.[4], outbound?.[4]]).toEqual(["202", "101"]);
});

test("a call that was deleted, or that RingCentral no longer lists, is marked", async () => {
  const records = [recordOf({ id: "a" }), recordOf({ id: "b", deleted: true }), recordOf({ id: "c" })];

  const [, ...rows] = parseCsv(await csvOf(records, [], "UTC", ["c"]));

  expect(rows.map((row) => row.at(-1))).toEqual(["", "deleted", "vanished"]);
});
