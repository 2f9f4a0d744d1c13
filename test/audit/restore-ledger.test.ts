import { DeleteObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account, archiveName } from "../support/audit/archive-lab.ts";
import { appendEntry, changeNewest, cutOffNewest, rewriteAll } from "../support/audit/forgeries.ts";
import { ledgerTampering } from "../support/audit/ledger-tampering.ts";
import { testRestorationOf } from "../support/audit/restoration-of.ts";
import { restoreSample, versionsIn } from "../support/audit/restore-sample.ts";
import { sampleArchive, second } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { open } = sampleArchive();
const entry = (number: number) => aggregateKeys.calls.ledgerEntry(account, number);

/** Deletes every version of a key, as nobody can while Object Lock lasts. */
async function deleteVersions({ client }: ArchiveLab, Prefix: string): Promise<void> {
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: archiveName, Prefix }));
  for (const { Key, VersionId } of Versions)
    await client.send(new DeleteObjectCommand({ Bucket: archiveName, Key, VersionId }));
}

describe("a restoration of a ledger", () => {
  testRestorationOf(ledgerTampering, open, { tamperWith });
});

describe("a restoration of what a verification finds only by an anchor", () => {
  test.each([
    ["everything rewritten since some entry", rewriteAll],
    ["the newest entries cut off, with what they named", cutOffNewest],
    ["the newest entry changed", changeNewest],
  ] as const)("heals %s, because a run writes an entry once", async (_what, forge) => {
    const lab = await open();
    const anchor = (await verifySample(lab)).verification.head;
    await forge(lab);

    const { restorations } = await restoreSample(lab);

    expect(restorations.map(({ result }) => result)).not.toContain("refused");
    expect((await verifySample(lab, { anchor, depth: "bytes" })).findingLines).toEqual([]);
  });

  test("cannot heal an appended entry without signatures", async () => {
    const lab = await open();
    await appendEntry(lab);

    expect((await restoreSample(lab)).lines).toEqual([]);
  });

  test("goes by the anchor, and removes what does not lead to it", async () => {
    const lab = await open();
    await tamperWith(lab).forge({ ...(await tamperWith(lab).entry(3)), number: 4, manifests: [] });
    const anchor = (await verifySample(lab)).verification.head;
    await deleteVersions(lab, entry(4));
    await tamperWith(lab).forge({ ...(await tamperWith(lab).entry(3)), number: 4, run: "nobody's", manifests: [] });

    const { lines } = await restoreSample(lab, { anchor });

    expect(lines).toEqual([`refused ledger-anchor-missing ${entry(4)}`]);
  });
});

describe("a restoration of a ledger whose entry no version has any more", () => {
  test("refuses it, says what then, and restores nothing by the entries after the gap", async () => {
    const lab = await open();
    await deleteVersions(lab, entry(2));
    await tamperWith(lab).put(archiveKeys.csv(account, second), "forged");
    await tamperWith(lab).editManifest(second, (same) => ({ ...same, vanished: ["forged"] }));

    const { lines, restorations } = await restoreSample(lab, { state: undefined });

    expect(lines).toContain(`refused ledger-entry-missing ${entry(2)}`);
    expect(restorations.every(({ result, hint }) => result === "refused" && hint)).toBe(true);
    expect(restorations[0]?.hint).toMatch(/--public-key, or --anchor.*backup/);
  });

  test("trusts them again if the anchor is among them", async () => {
    const lab = await open();
    const anchor = (await verifySample(lab)).verification.head;
    await deleteVersions(lab, entry(2));
    const tamper = tamperWith(lab);
    await tamper.editManifest("2026-11-03", (same) => ({ ...same, vanished: ["forged"] }));

    const { lines } = await restoreSample(lab, { anchor });

    expect(lines).toContain(`refused ledger-entry-missing ${entry(2)}`);
    expect(lines).toContain(`restored manifest-altered ${aggregateKeys.calls.manifest(account, "2026-11-03")}`);
  });

  test("refuses an entry of which only a forged version is left", async () => {
    const lab = await open();
    const forged = JSON.stringify({ ...(await tamperWith(lab).entry(2)), at: "2026-01-01T00:00:00Z" });
    await deleteVersions(lab, entry(2));
    await tamperWith(lab).put(entry(2), forged);

    expect((await restoreSample(lab)).lines).toContain(`refused ledger-chain-broken ${entry(2)}`);
  });

  test("refuses a ledger of which nothing is left, and changes nothing", async () => {
    const lab = await open();
    for (const number of [1, 2, 3]) await deleteVersions(lab, entry(number));
    const before = await versionsIn(lab);

    const { lines } = await restoreSample(lab);

    expect(lines).toContain(`refused ledger-missing ${aggregateKeys.calls.ledgerPrefix(account)}`);
    expect(lines.filter((line) => !/^(?:refused|left) /.test(line))).toEqual([]);
    expect(await versionsIn(lab)).toEqual(before);
  });
});
