import { describe, expect, test } from "vitest";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { account } from "../support/audit/archive-lab.ts";
import { objectTampering } from "../support/audit/object-tampering.ts";
import { restoreSample } from "../support/audit/restore-sample.ts";
import { fourth, listed, sampleArchive } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { open } = sampleArchive({ kms: true });
const heals = objectTampering.filter(({ isLost }) => !isLost);

describe("in a bucket under KMS, where each copy has another ETag,", () => {
  test.each(heals)("a restoration heals $what", async ({ by }) => {
    const lab = await open();
    await by(tamperWith(lab));

    const { restorations } = await restoreSample(lab);

    expect(restorations.map(({ result }) => result)).not.toContain("refused");
    for (const depth of ["listing", "checksums", "bytes"] as const)
      expect((await verifySample(lab, { depth })).findingLines).toEqual([]);
    expect((await restoreSample(lab)).lines).toEqual([]);
  });

  test("the next night goes on after a restoration of all that an open day has", async () => {
    const lab = await open();
    const { manifest } = aggregateKeys.calls;
    for (const keyOf of [manifest, archiveKeys.calls, archiveKeys.csv])
      await tamperWith(lab).remove(keyOf(account, fourth));
    const { lines } = await restoreSample(lab);

    await lab.night([listed.fourth]);

    expect(lines).toHaveLength(3);
    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });
});
