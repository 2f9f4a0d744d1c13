import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Depth } from "../../shared/core/depth.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { account } from "../support/audit/archive-lab.ts";
import { brokenStream } from "../support/audit/broken-stream.ts";
import { twins } from "../support/audit/md5-twins.ts";
import { first, fourth, sampleArchive, second, third } from "../support/audit/sample-archive.ts";
import { altered, type Tamper, tamperWith } from "../support/audit/tamper.ts";
import { depths, verifySample } from "../support/audit/verify-sample.ts";

const { shared } = sampleArchive();
const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");
const calls = (day: string) => archiveKeys.calls(account, day);
const index = (day: string) => archiveKeys.csv(account, day);

interface Row {
  readonly what: string;
  readonly by: (tamper: Tamper) => Promise<unknown>;
  /** The least depth that finds it. */
  readonly from: Depth;
  readonly findingLines: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: "one byte of a recording altered",
    by: async (tampering) => tampering.putPlainly(mp3(first, "11"), altered(await tampering.read(mp3(first, "11")))),
    from: "listing",
    findingLines: [`object-changed ${mp3(first, "11")}`],
  },
  {
    what: "one byte of a recording altered, with a SHA-256 to match",
    by: async (tampering) => tampering.put(mp3(first, "11"), altered(await tampering.read(mp3(first, "11")))),
    from: "listing",
    findingLines: [`object-changed ${mp3(first, "11")}`],
  },
  {
    what: "a recording replaced by one of the same length and ETag, as MD5 allows",
    by: (tampering) => tampering.put(mp3(first, "13"), twins[1]),
    from: "checksums",
    findingLines: [`object-changed ${mp3(first, "13")}`],
  },
  {
    what: "a recording removed",
    by: (tampering) => tampering.remove(mp3(second, "21")),
    from: "listing",
    findingLines: [`object-missing ${mp3(second, "21")}`],
  },
  {
    what: "a recording replaced by another one's bytes",
    by: async (tampering) => tampering.put(mp3(second, "21"), await tampering.read(mp3(first, "11"))),
    from: "listing",
    findingLines: [`object-changed ${mp3(second, "21")}`],
  },
  {
    what: "two recordings swapped",
    by: (tampering) => tampering.swap(mp3(second, "21"), mp3(third, "31")),
    from: "listing",
    findingLines: [`object-changed ${mp3(second, "21")}`, `object-changed ${mp3(third, "31")}`],
  },
  {
    what: "a recording altered that two days name",
    by: async (tampering) => tampering.put(mp3(first, "14"), altered(await tampering.read(mp3(first, "14")))),
    from: "listing",
    findingLines: [`object-changed ${mp3(first, "14")}`, `object-changed ${mp3(first, "14")}`],
  },
  {
    what: "a recording removed that two days name",
    by: (tampering) => tampering.remove(mp3(first, "14")),
    from: "listing",
    findingLines: [`object-missing ${mp3(first, "14")}`, `object-missing ${mp3(first, "14")}`],
  },
  {
    what: "a call taken out of a call log",
    by: (tampering) => tampering.put(calls(first), gzipSync('{"id":"c11"}\n')),
    from: "listing",
    findingLines: [`object-changed ${calls(first)}`],
  },
  {
    what: "a call log removed",
    by: (tampering) => tampering.remove(calls(third)),
    from: "listing",
    findingLines: [`object-missing ${calls(third)}`],
  },
  {
    what: "an index altered",
    by: async (tampering) => tampering.put(index(first), altered(await tampering.read(index(first)))),
    from: "listing",
    findingLines: [`object-changed ${index(first)}`],
  },
  {
    what: "an index removed",
    by: (tampering) => tampering.remove(index(second)),
    from: "listing",
    findingLines: [`object-missing ${index(second)}`],
  },
  {
    what: "a recording put into a closed day",
    by: (tampering) => tampering.put(mp3(first, "99"), "audio"),
    from: "listing",
    findingLines: [`object-unexpected ${mp3(first, "99")}`],
  },
  {
    what: "a call log put into a closed day beside the true one",
    by: (tampering) => tampering.put(`calls/account=7/date=${first}/more.jsonl.gz`, gzipSync("{}\n")),
    from: "listing",
    findingLines: [`object-unexpected calls/account=7/date=${first}/more.jsonl.gz`],
  },
  {
    what: "objects put under a day that was never archived, and under one that does not exist",
    by: (tampering) =>
      Promise.all([
        tampering.put(calls("2026-10-30"), gzipSync("{}\n")),
        tampering.put(mp3("2026-02-30", "99"), "audio"),
      ]),
    from: "listing",
    findingLines: [`object-unexpected ${calls("2026-10-30")}`, `object-unexpected ${mp3("2026-02-30", "99")}`],
  },
  {
    what: "objects put beside the days",
    by: (tampering) =>
      Promise.all([
        tampering.put("recordings/account=7/date=x", ""),
        tampering.put(`calls/account=7/date=${first}-x/calls`, ""),
      ]),
    from: "listing",
    findingLines: [
      `object-unexpected calls/account=7/date=${first}-x/calls`,
      "object-unexpected recordings/account=7/date=x",
    ],
  },
  {
    what: "a byte of a recording altered beneath S3",
    by: (tampering) => tampering.alterBeneath(mp3(first, "11")),
    from: "bytes",
    findingLines: [`object-corrupt ${mp3(first, "11")}`],
  },
  {
    what: "a byte of a call log altered beneath S3",
    by: (tampering) => tampering.alterBeneath(calls(first)),
    from: "bytes",
    findingLines: [`object-corrupt ${calls(first)}`],
  },
];

describe("an archive that Nightshift wrote", () => {
  test.each(depths)("has no findings at depth %s, and all its objects are counted", async (depth) => {
    const { verification, findingLines } = await verifySample(shared(), { depth });

    expect(findingLines).toEqual([]);
    expect(verification).toMatchObject({ account, entries: 3, days: 4, closed: 3, objects: 15, findings: 0 });
    expect(verification).toMatchObject({ notYetInManifest: 0, notChecked: 0, signedUpTo: 0, head: { number: 3 } });
  });
});

describe("verification of objects that someone else has changed", () => {
  test.each(rows)("finds $what from depth $from on, and nothing else", async ({ by, from, findingLines }) => {
    const lab = shared();
    await by(tamperWith(lab));

    const before = depths[depths.indexOf(from) - 1];
    if (before) expect((await verifySample(lab, { depth: before })).findingLines).toEqual([]);
    for (const depth of new Set([from, "bytes"] as const)) {
      const { verification, findingLines: found } = await verifySample(lab, { depth });
      expect(found, depth).toEqual([...findingLines].sort());
      expect(verification.findings).toBe(found.length);
    }
  });

  test("accepts an object that was stored again with the same bytes and the same ETag", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    await tamper.put(mp3(first, "11"), await tamper.read(mp3(first, "11")));

    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("asks for the bytes of an object that was stored again without its SHA-256, and accepts them", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    await tamper.putPlainly(mp3(first, "11"), await tamper.read(mp3(first, "11")));

    expect((await verifySample(lab, { depth: "checksums" })).findingLines).toEqual([
      `object-changed ${mp3(first, "11")}`,
    ]);
    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("counts an object put into an open day, and reports it once the day is closed", async () => {
    const lab = shared();
    await tamperWith(lab).put(mp3(fourth, "99"), "audio");

    const { verification, findingLines } = await verifySample(lab);

    expect(findingLines).toEqual([]);
    expect(verification.notYetInManifest).toBe(1);
  });
});

describe("verification of call logs that match their manifest's hash", () => {
  test("finds a wrong number of calls, and recordings that the manifest lacks, by reading the file", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    await tamper.reviseManifest(first, (manifest) => ({
      ...manifest,
      totals: { ...manifest.totals, records: 5 },
      recordings: manifest.recordings.filter(({ id }) => id !== "12"),
    }));

    const quick = await verifySample(lab);
    const deep = await verifySample(lab, { depth: "bytes" });

    const manifest = `manifest-not-in-ledger ${aggregateKeys.calls.manifest(account, first)}`;
    const unnamed = `object-unexpected ${archiveKeys.recording(account, first, "12", "wav")}`;
    expect(quick.findingLines).toEqual([manifest, unnamed]);
    expect(deep.findingLines).toEqual([
      manifest,
      `object-changed ${calls(first)}`,
      unnamed,
      `recording-not-in-manifest ${calls(first)}`,
    ]);
  });
});

describe("the deepest verification", () => {
  test("resumes after a broken connection, and finds nothing wrong", async () => {
    const lab = shared();
    const { archive } = lab;
    let broken = 0;
    const opening: typeof archive.open = async (key) => {
      const opened = await archive.open(key);
      if (!opened || key !== calls(first) || broken++ === 2) return opened;
      return { ...opened, chunks: brokenStream(opened.chunks) };
    };

    const { findingLines } = await verifySample({ ...lab, archive: { ...archive, open: opening } }, { depth: "bytes" });

    expect(findingLines).toEqual([]);
    expect(broken).toBe(3);
  });
});
