import { describe, expect, test } from "vitest";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account } from "../support/audit/archive-lab.ts";
import { restoreSample } from "../support/audit/restore-sample.ts";
import { first, sampleArchive, second, third } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { open } = sampleArchive();
const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");
const manifest = (day: string) => aggregateKeys.calls.manifest(account, day);
const entry = (number: number) => aggregateKeys.calls.ledgerEntry(account, number);

/** S3 denies every version of these keys. */
function deny(lab: ArchiveLab, key: RegExp): void {
  const what = { status: 403, code: "AccessDenied" };
  for (const operation of ["GetObject", "HeadObject"] as const)
    lab.aws.plan({ on: { operation, key }, times: "always", what });
}

/** Two objects to restore, before and after the one that is denied. */
async function loseTwo(lab: ArchiveLab): Promise<readonly string[]> {
  const keys = [archiveKeys.csv(account, first), mp3(third, "31")];
  for (const key of keys) await tamperWith(lab).remove(key);
  return keys.map((key) => `restored object-missing ${key}`);
}

describe("what S3 denies among others is refused, and everything else is restored:", () => {
  test("a recording", async () => {
    const lab = await open();
    const restored = await loseTwo(lab);
    deny(lab, /\/21\.mp3$/);

    const { lines, restorations } = await restoreSample(lab);
    lab.aws.clearFaults();

    expect(lines).toEqual([`refused object-unreadable ${mp3(second, "21")}`, ...restored]);
    expect(restorations.find(({ result }) => result === "refused")?.hint).toContain(
      "Allow this login what restore needs",
    );
    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("a recording that S3 cannot return while it returns others", async () => {
    const lab = await open();
    const restored = await loseTwo(lab);
    lab.aws.plan({ on: { key: /\/21\.mp3$/ }, what: { status: 500, code: "InternalError" }, times: "always" });

    const { lines, restorations } = await restoreSample(lab);
    lab.aws.clearFaults();

    expect(lines).toEqual([`refused object-unreadable ${mp3(second, "21")}`, ...restored]);
    expect(restorations.find(({ result }) => result === "refused")?.hint).toContain(
      "restore --stack <name> again later",
    );
  });

  test("a manifest that S3 cannot return while it returns others: nothing of its day is removed", async () => {
    const lab = await open();
    const restored = await loseTwo(lab);
    const key = new RegExp(`^manifests/.*${second}`);
    lab.aws.plan({ on: { operation: "GetObject", key }, what: { status: 503, code: "SlowDown" }, times: "always" });

    const { lines, restorations } = await restoreSample(lab, { state: undefined });
    lab.aws.clearFaults();

    expect(lines).toEqual([`refused manifest-unreadable ${manifest(second)}`, ...restored]);
    expect(restorations.find(({ result }) => result === "refused")?.hint).toContain("open a case with AWS");
  });

  test("a manifest, whose day stays as it is", async () => {
    const lab = await open();
    const restored = await loseTwo(lab);
    deny(lab, new RegExp(`^manifests/.*${second}`));

    const { lines, restorations } = await restoreSample(lab);

    expect(lines).toEqual([`refused manifest-unreadable ${manifest(second)}`, ...restored]);
    expect(restorations.find(({ result }) => result === "refused")?.hint).toContain(
      "Allow this login what restore needs",
    );
  });

  test("an entry of the ledger", async () => {
    const lab = await open();
    const restored = await loseTwo(lab);
    deny(lab, /ledger\/account=7\/00000001\.json$/);

    const { lines } = await restoreSample(lab);

    expect(lines.filter((line) => line.startsWith("restored"))).toEqual(restored);
    expect(lines.some((line) => line.startsWith("refused") && line.endsWith(entry(1)))).toBe(true);
  });
});

test("five objects that are all denied end the restoration, because this login lacks a right", async () => {
  const lab = await open();
  deny(lab, /^(?:recordings|calls)\//);

  await expect(restoreSample(lab)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});
