import { describe, expect, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { aggregateKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account } from "../support/audit/archive-lab.ts";
import { appendEntry, changeNewest, cutOffNewest, rewriteAll } from "../support/audit/forgeries.ts";
import { ledgerTampering } from "../support/audit/ledger-tampering.ts";
import { sampleArchive } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { shared, open } = sampleArchive();
const entry = (number: number) => aggregateKeys.calls.ledgerEntry(account, number);
describe("verification of a ledger that someone else has changed", () => {
  test.each(ledgerTampering)("finds $what, and nothing else", async ({ by, findingLines }) => {
    const lab = shared();
    await by(tamperWith(lab));

    expect((await verifySample(lab)).findingLines).toEqual([...findingLines].sort());
  });

  test("finds a missing entry although something else was put among the entries", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    await tamper.put(`${aggregateKeys.calls.ledgerPrefix(account)}00000001x.json`, await tamper.read(entry(2)));
    await tamper.remove(entry(2));

    expect((await verifySample(lab)).findingLines).toContain(`ledger-entry-missing ${entry(2)}`);
  });
});

async function headOf(lab: ArchiveLab, number: number) {
  const { body } = (await lab.archive.get(entry(number))) ?? { body: Buffer.of() };
  return { number, sha256: toBody(body).sha256 };
}

describe("if everything was rewritten consistently since some entry,", () => {
  test("it is not found without an anchor or a signature, at any depth", async () => {
    const lab = shared();
    await rewriteAll(lab);

    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test.each([2, 3])("it is found by an anchor at entry %i", async (number) => {
    const lab = shared();
    const anchor = await headOf(lab, number);
    await rewriteAll(lab);

    expect((await verifySample(lab, { anchor })).findingLines).toEqual([`ledger-anchor-missing ${entry(number)}`]);
  });

  test("it is not found by an anchor before that entry", async () => {
    const lab = shared();
    const anchor = await headOf(lab, 1);
    await rewriteAll(lab);

    expect((await verifySample(lab, { anchor })).findingLines).toEqual([]);
  });
});

describe("if only the newest entries are concerned,", () => {
  test("an entry that was cut off with all its objects is not found without an anchor", async () => {
    const lab = await open();
    await cutOffNewest(lab);

    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("an entry that was cut off is found by an anchor", async () => {
    const lab = await open();
    const anchor = await headOf(lab, 3);
    await cutOffNewest(lab);

    expect((await verifySample(lab, { anchor })).findingLines).toEqual([`ledger-anchor-missing ${entry(3)}`]);
  });

  test("a change of the newest entry, with nothing after it, is not found without an anchor", async () => {
    const lab = shared();
    const anchor = await headOf(lab, 3);
    await changeNewest(lab);

    expect((await verifySample(lab)).findingLines).toEqual([]);
    expect((await verifySample(lab, { anchor })).findingLines).toEqual([`ledger-anchor-missing ${entry(3)}`]);
  });

  test("an entry that was added manually for a changed recording is not found without a signature, not even by an anchor", async () => {
    const lab = shared();
    const anchor = await headOf(lab, 3);
    await appendEntry(lab);

    expect((await verifySample(lab, { anchor, depth: "bytes" })).findingLines).toEqual([]);
  });
});

describe("an anchor", () => {
  test("matches any entry that is unchanged", async () => {
    const lab = shared();

    for (const number of [1, 2, 3])
      expect((await verifySample(lab, { anchor: await headOf(lab, number) })).findingLines).toEqual([]);
  });

  test("with the hash of another entry is reported as missing", async () => {
    const lab = shared();
    const { sha256 } = await headOf(lab, 3);

    expect((await verifySample(lab, { anchor: { number: 2, sha256 } })).findingLines).toEqual([
      `ledger-anchor-missing ${entry(2)}`,
    ]);
  });

  test("is the head that an earlier verification returned", async () => {
    const lab = shared();

    const { verification } = await verifySample(lab);

    expect(verification.head).toEqual(await headOf(lab, 3));
  });
});
