import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account, archiveDay, type ListedDay } from "../support/audit/archive-lab.ts";
import { manifestTampering } from "../support/audit/manifest-tampering.ts";
import { first, fourth, listed, sampleArchive } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { shared, open } = sampleArchive();
const manifest = (day: string) => aggregateKeys.calls.manifest(account, day);

/** A night that ends where it would write the first key of that kind. */
async function brokenOff(lab: ArchiveLab, key: RegExp, day: ListedDay): Promise<void> {
  const what = { status: 403, code: "AccessDenied" };
  lab.aws.plan({ on: { operation: "PutObject", key }, times: "always", what });
  await expect(lab.night([day])).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  lab.aws.clearFaults();
}

describe("verification of manifests that someone else has changed", () => {
  test.each(manifestTampering)("finds $what, and nothing else", async ({ by, findingLines }) => {
    const lab = shared();
    await by(tamperWith(lab));

    expect((await verifySample(lab)).findingLines).toEqual([...findingLines].sort());
  });

  test("finds an older version that was restored", async () => {
    const lab = await open();
    await tamperWith(lab).restore(manifest(first));

    const { findingLines } = await verifySample(lab);

    expect(findingLines).toEqual([`manifest-altered ${manifest(first)}`]);
  });

  test("reports a missing manifest as one finding, and counts the day's objects as not checked", async () => {
    const lab = shared();
    await tamperWith(lab).remove(manifest(first));

    const { verification } = await verifySample(lab);

    expect(verification).toMatchObject({ findings: 1, days: 4, closed: 2, notChecked: 6 });
  });
});

describe("a night after someone has edited a manifest as a run would", () => {
  test("does not add it to the ledger if the day is closed, and it is still found", async () => {
    const lab = await open();
    await tamperWith(lab).reviseManifest(first, (same) => same);

    await lab.night([listed.fourth]);

    const { findingLines, verification } = await verifySample(lab);
    expect(verification.entries).toBe(4);
    expect(findingLines).toEqual([`manifest-not-in-ledger ${manifest(first)}`]);
  });

  test("refuses to build on it if the day is open, says so, and it is still found", async () => {
    const lab = await open();
    await tamperWith(lab).reviseManifest(fourth, (same) => ({ ...same, vanished: ["forged"] }));

    await expect(lab.night([listed.fourth])).rejects.toMatchObject({ code: "DAYS_INCOMPLETE" });

    expect((await verifySample(lab)).findingLines).toEqual([`manifest-not-in-ledger ${manifest(fourth)}`]);
  });

  test("refuses to build on a restored older version of an open day's manifest", async () => {
    const lab = await open();
    await lab.night([listed.fourth]);
    await tamperWith(lab).restore(manifest(fourth));

    await expect(lab.night([listed.fourth])).rejects.toMatchObject({ code: "DAYS_INCOMPLETE" });

    expect((await verifySample(lab)).findingLines).toEqual([`manifest-altered ${manifest(fourth)}`]);
  });

  test("refuses to build on edited calls of an open day, even if they seem the newest", async () => {
    const lab = await open();
    const edit = tamperWith(lab);
    const key = archiveKeys.calls(account, fourth);
    const calls = gunzipSync(await edit.read(key)).toString();
    const newest = calls.replace(/"lastModifiedTime":"[^"]*"/, '"lastModifiedTime":"2099-01-01T00:00:00.000Z"');
    await edit.put(key, gzipSync(newest));

    await expect(lab.night([listed.fourth])).rejects.toMatchObject({ code: "STORAGE_INVALID", details: { key } });

    expect((await verifySample(lab)).findingLines).toEqual([`object-changed ${key}`]);
  });
});

describe("a running or killed run", () => {
  test("leaves manifests without a ledger entry until the next run adds them", async () => {
    const lab = await open();
    await brokenOff(lab, /^ledger/, listed.fourth);
    const after = await verifySample(lab);

    await lab.night([listed.fourth]);

    expect(after.findingLines).toEqual([`manifest-not-in-ledger ${manifest(fourth)}`]);
    expect((await verifySample(lab)).findingLines).toEqual([]);
  });

  test("may have written twice, and neither revision is reported as altered", async () => {
    const lab = await open();
    for (const _night of [1, 2]) await brokenOff(lab, /^ledger/, listed.fourth);

    expect((await verifySample(lab)).findingLines).toEqual([`manifest-not-in-ledger ${manifest(fourth)}`]);
  });

  test("leaves the call log of an open day ahead of its manifest, which is reported as if it were altered", async () => {
    const lab = await open();
    const more = { id: "c42", startTime: `${fourth}T12:00:00.000Z` };
    const ahead = { ...listed.fourth, records: [...listed.fourth.records, more] };
    await archiveDay(lab.services("killed"), ahead);
    const after = await verifySample(lab);

    await lab.night([ahead]);

    expect(after.findingLines).toEqual([`object-changed ${archiveKeys.calls(account, fourth)}`]);
    expect((await verifySample(lab)).findingLines).toEqual([]);
  });

  test("leaves a closed day that no ledger entry lists, or in an open day a recording that its manifest does not list", async () => {
    const lab = await open();
    const audio = [{ id: "41", bytes: Buffer.from("audio of 41"), extension: "mp3" as const }];
    await archiveDay(lab.services("killed"), { ...listed.fourth, audio });
    const stored = await verifySample(lab);

    await brokenOff(lab, /^ledger/, { ...listed.fourth, audio });

    expect(stored.findingLines).toEqual([]);
    expect(stored.verification.notYetInManifest).toBe(1);
    expect((await verifySample(lab)).findingLines).toEqual([`manifest-not-in-ledger ${manifest(fourth)}`]);
  });
});
