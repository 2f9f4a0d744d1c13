import { describe, expect, test } from "vitest";
import { keyArn } from "../../lab/aws/signing-keys.ts";
import { createSignatureCheck } from "../../shared/audit/signature-check.ts";
import { createSigner } from "../../shared/aws/signer.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account, otherKey, ownKey } from "../support/audit/archive-lab.ts";
import { appendEntry, changeNewest, cutOffNewest, rewriteAll } from "../support/audit/forgeries.ts";
import { ledgerTampering } from "../support/audit/ledger-tampering.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { restoreSample } from "../support/audit/restore-sample.ts";
import { listed, sampleArchive, second } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { open } = sampleArchive({ signed: true });
const entry = (number: number) => aggregateKeys.calls.ledgerEntry(account, number);
const checkOf = async (lab: ArchiveLab) => createSignatureCheck(pemOf(await publicKey(lab)));

async function removeSignatures(lab: ArchiveLab): Promise<void> {
  const tamper = tamperWith(lab);
  for (const number of [1, 2, 3]) {
    const { signature, ...rest } = await tamper.entry(number);
    await tamper.forge(rest);
  }
}

describe("a restoration by signatures", () => {
  test.each([
    ["everything rewritten, with the signatures kept", (lab) => rewriteAll(lab)],
    [
      "everything rewritten and signed by another key",
      (lab) => rewriteAll(lab, createSigner(lab.kms, keyArn(otherKey))),
    ],
    ["everything rewritten and signed by its own key", (lab) => rewriteAll(lab, createSigner(lab.kms, keyArn(ownKey)))],
    ["entries without a signature", removeSignatures],
    ["a changed recording with an appended entry", appendEntry],
    ["the newest entry changed", changeNewest],
    ["the newest entries cut off, with what they named", cutOffNewest],
    ...ledgerTampering.map(
      ({ what, by }) => [what, async (lab: ArchiveLab) => void (await by(tamperWith(lab)))] as const,
    ),
  ] as const satisfies readonly (readonly [string, (lab: ArchiveLab) => Promise<void>])[])(
    "heals %s",
    async (_what, forge) => {
      const lab = await open();
      const checkSignature = await checkOf(lab);
      const anchor = (await verifySample(lab)).verification.head;
      await forge(lab);

      const { restorations } = await restoreSample(lab, { checkSignature });

      expect(restorations.map(({ result }) => result)).not.toContain("refused");
      const { findingLines } = await verifySample(lab, { checkSignature, anchor, depth: "bytes" });
      expect(findingLines).toEqual([]);
    },
  );

  test("removes a forged entry only if that is wanted", async () => {
    const lab = await open();
    await appendEntry(lab);

    const { lines, restorations } = await restoreSample(lab, {
      ...{ checkSignature: await checkOf(lab), removesUnexpected: false },
    });

    expect(lines[0]).toBe(`refused ledger-chain-broken ${entry(4)}`);
    expect(restorations[0]?.hint).toContain("--remove-unexpected");
  });

  test("does not bring a removed forgery back, with the public key or without", async () => {
    const lab = await open();
    await appendEntry(lab);
    const checkSignature = await checkOf(lab);
    await restoreSample(lab, { checkSignature });

    const [withKey, without] = [await restoreSample(lab, { checkSignature }), await restoreSample(lab)];

    expect(withKey.lines).toEqual([]);
    expect(without.lines).toEqual([`refused ledger-entry-missing ${entry(4)}`]);
    expect(without.restorations[0]?.hint).toContain("--public-key");
  });

  test("knows the run's entry from a removed forgery at the same key", async () => {
    const lab = await open();
    const checkSignature = await checkOf(lab);
    await appendEntry(lab);
    await restoreSample(lab, { checkSignature });
    await lab.night([listed.fourth], { sign: createSigner(lab.kms, keyArn(ownKey)) });
    const { head } = (await verifySample(lab)).verification;

    const [withKey, without] = [await restoreSample(lab, { checkSignature }), await restoreSample(lab)];

    expect(withKey.lines).toEqual([]);
    expect(without.lines).toEqual([`refused ledger-chain-broken ${entry(4)}`]);
    expect((await verifySample(lab, { checkSignature, anchor: head })).findingLines).toEqual([]);
  });

  test("accepts the entries before those that must be signed", async () => {
    const lab = await open();
    await removeSignatures(lab);
    await tamperWith(lab).remove(archiveKeys.csv(account, second));

    const { lines } = await restoreSample(lab, { checkSignature: await checkOf(lab), signedFrom: 4 });

    expect(lines).toContain(`restored object-missing ${archiveKeys.csv(account, second)}`);
  });
});
