import { DeleteObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { createObjectVersions, type ObjectVersions } from "../../shared/aws/object-versions.ts";
import { archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account, archiveName } from "../support/audit/archive-lab.ts";
import { objectTampering } from "../support/audit/object-tampering.ts";
import { testRestorationOf } from "../support/audit/restoration-of.ts";
import { restoreSample, versionsIn } from "../support/audit/restore-sample.ts";
import { first, fourth, sampleArchive, second, third } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { open } = sampleArchive();
const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");

/** Restores with versions of which some methods are others. */
const restoreWith = (lab: ArchiveLab, others: (versions: ObjectVersions) => Partial<ObjectVersions>) => {
  const versions = createObjectVersions(lab.client, archiveName);
  return restoreSample(lab, { versions: { ...versions, ...others(versions) } });
};

describe("a restoration of objects", () => {
  testRestorationOf(objectTampering, open, { tamperWith });

  test("leaves an object that is written again meanwhile, and says so", async () => {
    const lab = await open();
    const { put, read } = tamperWith(lab);
    await put(mp3(first, "11"), "forged");

    const { lines, restorations } = await restoreWith(lab, ({ copyOver }) => ({
      copyOver: async (version, latest) => {
        await put(mp3(first, "11"), "of another writer");
        return copyOver(version, latest);
      },
    }));

    expect(lines).toEqual([`refused object-changed ${mp3(first, "11")}`]);
    expect(restorations[0]).toMatchObject({
      finding: { detail: expect.stringContaining("changed meanwhile") },
      hint: expect.stringContaining("restore --stack <name> again"),
    });
    expect((await read(mp3(first, "11"))).toString()).toBe("of another writer");
  });

  test("verifies what it has copied, and refuses it if that is not as the manifest says", async () => {
    const lab = await open();
    await tamperWith(lab).remove(mp3(first, "11"));

    const { lines } = await restoreWith(lab, () => ({ copyOver: async () => true }));

    expect(lines).toEqual([`refused object-missing ${mp3(first, "11")}`]);
  });

  test("copies an object onto itself if no version has a SHA-256 in S3, after it has read it", async () => {
    const lab = await open();
    const { client } = lab;
    const key = mp3(first, "11");
    const bytes = await tamperWith(lab).read(key);
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: archiveName, Prefix: key }));
    await tamperWith(lab).putPlainly(key, bytes);
    for (const { VersionId } of Versions)
      await client.send(new DeleteObjectCommand({ Bucket: archiveName, Key: key, VersionId }));

    expect((await restoreSample(lab)).lines).toEqual([`restored object-changed ${key}`]);
    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("does not put back what a rule of the bucket's lifecycle has deleted", async () => {
    const lab = await open();
    await tamperWith(lab).remove(mp3(first, "11"));
    await tamperWith(lab).remove(mp3(third, "31"));
    const expirations = async () => [{ prefix: "recordings/", when: { days: 4 } }];

    const { lines } = await restoreSample(lab, { archive: { ...lab.archive, expirations } });

    expect(lines).toEqual([`restored object-missing ${mp3(third, "31")}`]);
  });

  test("is not needed for bytes that were put back from a backup with their SHA-256", async () => {
    const lab = await open();
    const { read, alterBeneath, put } = tamperWith(lab);
    const backup = await read(mp3(first, "11"));
    await alterBeneath(mp3(first, "11"));

    await put(mp3(first, "11"), backup);

    expect((await restoreSample(lab, { depth: "bytes" })).lines).toEqual([]);
    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("refuses a version in an archive class, and says what then", async () => {
    const lab = await open();
    await tamperWith(lab).remove(mp3(first, "11"));
    const what = { status: 403, code: "InvalidObjectState" };
    lab.aws.plan({ on: { operation: "CopyObject" }, what, times: "always" });

    const { restorations } = await restoreSample(lab);

    expect(restorations).toMatchObject([{ result: "refused", hint: expect.stringContaining("restore-object") }]);
  });

  test("refuses what no manifest names, unless its removal is wanted, and says how", async () => {
    const lab = await open();
    await tamperWith(lab).put(mp3(first, "99"), "audio");
    const before = await versionsIn(lab);

    const { lines, restorations } = await restoreSample(lab, { removesUnexpected: false });

    expect(lines).toEqual([`refused object-unexpected ${mp3(first, "99")}`]);
    expect(restorations[0]?.hint).toContain("--remove-unexpected");
    expect(await versionsIn(lab)).toEqual(before);
  });

  test("leaves the objects that an open day does not name yet", async () => {
    const lab = await open();
    await tamperWith(lab).put(mp3(fourth, "99"), "audio");

    expect((await restoreSample(lab)).lines).toEqual([]);
  });

  test("restores only the days that it is given", async () => {
    const lab = await open();
    for (const key of [mp3(first, "11"), mp3(second, "21"), mp3(third, "31")]) await tamperWith(lab).remove(key);

    const { lines } = await restoreSample(lab, { days: new Set([second, third]) });

    expect(lines).toEqual([mp3(second, "21"), mp3(third, "31")].map((key) => `restored object-missing ${key}`));
    expect((await verifySample(lab)).findingLines).toEqual([`object-missing ${mp3(first, "11")}`]);
  });

  test("begins nothing more after an interruption", async () => {
    const lab = await open();
    const interrupt = new AbortController();
    for (const day of [first, second, third]) await tamperWith(lab).remove(archiveKeys.csv(account, day));

    const { lines } = await restoreSample(lab, {
      interrupted: interrupt.signal,
      archive: {
        ...lab.archive,
        head: async (key) => {
          interrupt.abort();
          return lab.archive.head(key);
        },
      },
    });
    const rest = await restoreSample(lab);

    expect(lines.length).toBeLessThan(3);
    expect(lines.length + rest.lines.length).toBe(3);
    expect((await verifySample(lab)).findingLines).toEqual([]);
  });
});
