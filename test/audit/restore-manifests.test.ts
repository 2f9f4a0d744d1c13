import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createObjectVersions, type ObjectVersions } from "../../shared/aws/object-versions.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account, archiveDay, archiveName } from "../support/audit/archive-lab.ts";
import { manifestTampering } from "../support/audit/manifest-tampering.ts";
import { testRestorationOf } from "../support/audit/restoration-of.ts";
import { restoreSample, versionsIn } from "../support/audit/restore-sample.ts";
import { first, fourth, listed, sampleArchive } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { open } = sampleArchive();
const manifest = (day: string) => aggregateKeys.calls.manifest(account, day);
const calls = (day: string) => archiveKeys.calls(account, day);

/** The versions of the bucket, of which one key has none. */
function versionsWithout(lab: ArchiveLab, key: string): ObjectVersions {
  const versions = createObjectVersions(lab.client, archiveName);
  const list: ObjectVersions["list"] = async function* (prefix) {
    for await (const version of versions.list(prefix)) if (version.key !== key) yield version;
  };
  return { ...versions, list };
}

/** A night that is killed before it writes its ledger entry. */
async function killedNight(lab: ArchiveLab): Promise<void> {
  const what = { status: 403, code: "AccessDenied" };
  lab.aws.plan({ on: { operation: "PutObject", key: /^ledger/ }, times: "always", what });
  await expect(lab.night([listed.fourth])).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  lab.aws.clearFaults();
}

describe("a restoration of manifests", () => {
  testRestorationOf(manifestTampering, open, { tamperWith });

  test("heals an older version that was restored", async () => {
    const lab = await open();
    await tamperWith(lab).restore(manifest(first));

    expect((await restoreSample(lab)).lines).toEqual([`restored manifest-altered ${manifest(first)}`]);
    expect((await verifySample(lab)).findingLines).toEqual([]);
  });

  test("refuses what only the state bucket could tell from a run's work, if it has none", async () => {
    const lab = await open();
    const tamper = tamperWith(lab);
    await tamper.reviseManifest(first, (same) => same);
    await tamper.put(manifest("2026-10-30"), JSON.stringify({ ...(await tamper.manifest(fourth)), day: "2026-10-30" }));
    await tamper.put(calls("2026-10-29"), gzipSync("{}\n"));
    const before = await versionsIn(lab);

    const { lines, restorations } = await restoreSample(lab, { state: undefined });

    expect(lines).toEqual([
      `refused manifest-not-in-ledger ${manifest("2026-10-30")}`,
      `refused manifest-not-in-ledger ${manifest(first)}`,
      `refused object-unexpected ${calls("2026-10-29")}`,
    ]);
    for (const { hint } of restorations) expect(hint).toContain("--stack or --state");
    expect(await versionsIn(lab)).toEqual(before);
  });

  test("needs no state bucket for a manifest that no run can have written", async () => {
    const lab = await open();
    await tamperWith(lab).editManifest(first, (same) => ({ ...same, vanished: ["forged"] }));

    const { lines } = await restoreSample(lab, { state: undefined });

    expect(lines).toEqual([`restored manifest-altered ${manifest(first)}`]);
  });

  test("refuses a manifest whose version was deleted, and names its SHA-256", async () => {
    const lab = await open();
    const key = manifest(first);
    await tamperWith(lab).remove(key);

    const { restorations } = await restoreSample(lab, { state: undefined, versions: versionsWithout(lab, key) });

    expect(restorations).toMatchObject([
      {
        result: "refused",
        finding: { code: "manifest-missing", key },
        hint: expect.stringMatching(/backup.*SHA-256 is/),
      },
    ]);
  });
});

describe("a restoration while a run is running or was killed", () => {
  test("leaves its manifest to the next run, and so does that", async () => {
    const lab = await open();
    await killedNight(lab);
    const before = await versionsIn(lab);

    const { lines, restorations } = await restoreSample(lab);
    const after = await versionsIn(lab);
    await lab.night([listed.fourth]);

    expect(lines).toEqual([`left manifest-not-in-ledger ${manifest(fourth)}`]);
    expect(restorations[0]?.hint).toMatch(/^No action: the next run/);
    expect(after).toEqual(before);
    expect((await verifySample(lab)).findingLines).toEqual([]);
  });

  test.each([
    ["removed", (lab: ArchiveLab) => tamperWith(lab).remove(manifest(fourth))],
    ["edited", (lab: ArchiveLab) => tamperWith(lab).reviseManifest(fourth, (same) => same)],
    ["replaced by an older one", (lab: ArchiveLab) => tamperWith(lab).restore(manifest(fourth))],
  ] as const)("heals its manifest that someone has %s, and the next night adds it", async (what, by) => {
    const lab = await open();
    await killedNight(lab);
    await by(lab);

    const { lines } = await restoreSample(lab);
    await lab.night([listed.fourth]);

    // The older one is the one that the ledger names.
    expect(lines).toHaveLength(what === "replaced by an older one" ? 0 : 1);
    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("leaves the call log of an open day that is ahead of its manifest, and refuses it without the state bucket", async () => {
    const lab = await open();
    const more = { id: "c42", startTime: `${fourth}T12:00:00.000Z` };
    const ahead = { ...listed.fourth, records: [...listed.fourth.records, more] };
    await archiveDay(lab.services("killed"), ahead);

    const [known, unknown] = [await restoreSample(lab), await restoreSample(lab, { state: undefined })];
    await lab.night([ahead]);

    expect(known.lines).toEqual([`left object-changed ${calls(fourth)}`]);
    expect(unknown.lines).toEqual([`refused object-changed ${calls(fourth)}`]);
    expect((await verifySample(lab)).findingLines).toEqual([]);
  });
});

describe("the night after a restoration of an open day", () => {
  test.each([
    ["manifest", (lab: ArchiveLab) => tamperWith(lab).reviseManifest(fourth, (same) => ({ ...same, vanished: ["x"] }))],
    [
      "call log",
      async (lab: ArchiveLab) => {
        const { read, put } = tamperWith(lab);
        const text = gunzipSync(await read(calls(fourth))).toString();
        await put(
          calls(fourth),
          gzipSync(text.replace(/"lastModifiedTime":"[^"]*"/, '"lastModifiedTime":"2099-01-01"')),
        );
      },
    ],
  ] as const)("builds on its %s again, which it refused before", async (_what, by) => {
    const lab = await open();
    await by(lab);
    await expect(lab.night([listed.fourth])).rejects.toThrow();

    const { lines } = await restoreSample(lab);
    await lab.night([listed.fourth]);

    expect(lines).toHaveLength(1);
    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });
});
