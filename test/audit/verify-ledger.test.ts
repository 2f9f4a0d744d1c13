import { describe, expect, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account } from "../support/audit/archive-lab.ts";
import { first, fourth, sampleArchive, second, third } from "../support/audit/sample-archive.ts";
import { type Tamper, tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { shared, open } = sampleArchive();
const entry = (number: number) => aggregateKeys.calls.ledgerEntry(account, number);
const manifest = (day: string) => aggregateKeys.calls.manifest(account, day);
const notEntered = (...days: readonly string[]) => days.map((day) => `manifest-not-in-ledger ${manifest(day)}`);

interface Row {
  readonly what: string;
  readonly by: (tamper: Tamper) => Promise<unknown>;
  readonly findingLines: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: "the first entry removed",
    by: (tampering) => tampering.remove(entry(1)),
    findingLines: [`ledger-entry-missing ${entry(1)}`],
  },
  {
    what: "an entry removed between others",
    by: (tampering) => tampering.remove(entry(2)),
    findingLines: [`ledger-entry-missing ${entry(2)}`, ...notEntered(first, second)],
  },
  {
    what: "the newest entry removed",
    by: (tampering) => tampering.remove(entry(3)),
    findingLines: notEntered(third, fourth),
  },
  {
    what: "every entry removed",
    by: (tampering) => Promise.all([1, 2, 3].map((number) => tampering.remove(entry(number)))),
    findingLines: [
      `ledger-missing ${aggregateKeys.calls.ledgerPrefix(account)}`,
      ...notEntered(first, second, third, fourth),
    ],
  },
  {
    what: "an entry altered",
    by: async (tampering) =>
      tampering.put(entry(2), JSON.stringify({ ...(await tampering.entry(2)), at: "2026-01-01T00:00:00Z" })),
    findingLines: [`ledger-chain-broken ${entry(3)}`],
  },
  {
    what: "two entries swapped",
    by: (tampering) => tampering.swap(entry(1), entry(2)),
    findingLines: [
      `ledger-chain-broken ${entry(1)}`,
      `ledger-chain-broken ${entry(2)}`,
      `ledger-chain-broken ${entry(3)}`,
      ...notEntered(first, second),
      ...[first, second].map((day) => `manifest-rolled-back ${manifest(day)}`),
    ],
  },
  {
    what: "an entry replaced by something else",
    by: (tampering) => tampering.put(entry(2), "{}"),
    findingLines: [`ledger-entry-unreadable ${entry(2)}`, ...notEntered(first, second)],
  },
  {
    what: "an entry of another account's put in an entry's place",
    by: async (tampering) => tampering.forge({ ...(await tampering.entry(3)), account: "8" }),
    findingLines: [`ledger-chain-broken ${entry(3)}`],
  },
  {
    what: "an entry added that does not name the one before it",
    by: async (tampering) =>
      tampering.put(entry(4), JSON.stringify({ ...(await tampering.entry(3)), number: 4, manifests: [] })),
    findingLines: [`ledger-chain-broken ${entry(4)}`],
  },
  {
    what: "an entry added that names none before it",
    by: async (tampering) => {
      const { previousSha256, ...last } = await tampering.entry(3);
      await tampering.put(entry(4), JSON.stringify({ ...last, number: 4, manifests: [] }));
    },
    findingLines: [`ledger-chain-broken ${entry(4)}`],
  },
  {
    what: "a first entry that names one before it",
    by: async (tampering) =>
      tampering.put(entry(1), JSON.stringify({ ...(await tampering.entry(1)), previousSha256: "none" })),
    findingLines: [`ledger-chain-broken ${entry(1)}`, `ledger-chain-broken ${entry(2)}`],
  },
  {
    what: "an entry put at a number far away",
    by: async (tampering) => tampering.put(entry(99_999_999), await tampering.read(entry(3))),
    findingLines: [
      `ledger-chain-broken ${entry(99_999_999)}`,
      `ledger-entry-missing ${entry(4)}`,
      ...[third, fourth].map((day) => `manifest-rolled-back ${manifest(day)}`),
    ],
  },
  {
    what: "something put among the entries",
    by: async (tampering) => {
      const strays = ["2.json", "00000002x.json", "00000000.json", "00000NaN.json", "head"];
      for (const name of strays)
        await tampering.put(`${aggregateKeys.calls.ledgerPrefix(account)}${name}`, await tampering.read(entry(2)));
    },
    findingLines: ["00000000.json", "00000002x.json", "00000NaN.json", "2.json", "head"].map(
      (name) => `object-unexpected ${aggregateKeys.calls.ledgerPrefix(account)}${name}`,
    ),
  },
];

describe("verification of a ledger that someone else has changed", () => {
  test.each(rows)("finds $what, and nothing else", async ({ by, findingLines }) => {
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

/** Changes one recording and everything that references it, as an attacker would. */
async function rewriteAll(lab: ArchiveLab): Promise<void> {
  const tamper = tamperWith(lab);
  const forged = await tamper.forgeRecording(second, "21", "another talk");
  const { manifests, ...rest } = await tamper.entry(2);
  await tamper.forge({ ...rest, manifests: manifests.map((each) => (each.day === second ? forged : each)) });
  await tamper.forge(await tamper.entry(3));
}

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
  /** Undoes the third night: its entry, and all the objects that this contains. */
  async function cutOff(lab: ArchiveLab): Promise<void> {
    const { remove, restore } = tamperWith(lab);
    await restore(manifest(third));
    const ofFourth = [manifest(fourth), archiveKeys.calls(account, fourth), archiveKeys.csv(account, fourth)];
    for (const key of [entry(3), ...ofFourth]) await remove(key);
  }

  test("an entry that was cut off with all its objects is not found without an anchor", async () => {
    const lab = await open();
    await cutOff(lab);

    expect((await verifySample(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("an entry that was cut off is found by an anchor", async () => {
    const lab = await open();
    const anchor = await headOf(lab, 3);
    await cutOff(lab);

    expect((await verifySample(lab, { anchor })).findingLines).toEqual([`ledger-anchor-missing ${entry(3)}`]);
  });

  test("a change of the newest entry, with nothing after it, is not found without an anchor", async () => {
    const lab = shared();
    const anchor = await headOf(lab, 3);
    const tamper = tamperWith(lab);
    await tamper.forge({ ...(await tamper.entry(3)), run: "nobody's" });

    expect((await verifySample(lab)).findingLines).toEqual([]);
    expect((await verifySample(lab, { anchor })).findingLines).toEqual([`ledger-anchor-missing ${entry(3)}`]);
  });

  test("an entry that was added manually for a changed recording is not found without a signature, not even by an anchor", async () => {
    const lab = shared();
    const anchor = await headOf(lab, 3);
    const tamper = tamperWith(lab);
    const { revision, ...forged } = await tamper.forgeRecording(second, "21", "another talk");
    await tamper.forge({ ...(await tamper.entry(3)), number: 4, manifests: [{ ...forged, revision: revision + 1 }] });

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
