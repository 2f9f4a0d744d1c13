import { describe, expect, test } from "vitest";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { JobError } from "../../shared/errors.ts";
import { account } from "../support/audit/archive-lab.ts";
import { brokenStream } from "../support/audit/broken-stream.ts";
import { objectTampering } from "../support/audit/object-tampering.ts";
import { first, fourth, sampleArchive } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { depths, verifySample } from "../support/audit/verify-sample.ts";

const { shared } = sampleArchive();
const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");
const calls = (day: string) => archiveKeys.calls(account, day);

describe("an archive that Nightshift wrote", () => {
  test.each(depths)("has no findings at depth %s, and all its objects are counted", async (depth) => {
    const { verification, findingLines } = await verifySample(shared(), { depth });

    expect(findingLines).toEqual([]);
    expect(verification).toMatchObject({ account, entries: 3, days: 4, closed: 3, objects: 15, findings: 0 });
    expect(verification).toMatchObject({ notYetInManifest: 0, notChecked: 0, signedUpTo: 0, head: { number: 3 } });
  });
});

describe("verification of objects that someone else has changed", () => {
  test.each(objectTampering)(
    "finds $what from depth $from on, and nothing else",
    async ({ by, from, findingLines }) => {
      const lab = shared();
      await by(tamperWith(lab));

      const before = depths[depths.indexOf(from) - 1];
      if (before) expect((await verifySample(lab, { depth: before })).findingLines).toEqual([]);
      for (const depth of new Set([from, "bytes"] as const)) {
        const { verification, findingLines: found } = await verifySample(lab, { depth });
        expect(found, depth).toEqual([...findingLines].sort());
        expect(verification.findings).toBe(found.length);
      }
    },
  );

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

test("the only object that a verification must ask for, and that is unavailable, is a finding if a manifest is readable again", async () => {
  const lab = shared();
  const key = mp3(first, "11");
  await tamperWith(lab).put(key, "another talk");
  const away = () => Promise.reject(new JobError("STORAGE_FAILED", "HeadObject answered 500", { retryable: true }));
  const head: typeof lab.archive.head = (asked) => (asked === key ? away() : lab.archive.head(asked));

  const { findingLines } = await verifySample({ archive: { ...lab.archive, head } });

  expect(findingLines).toEqual([`object-unreadable ${key}`]);
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
