import { describe, expect, test } from "vitest";
import { aggregateKeys } from "../../shared/core/object-keys.ts";
import { verificationAggregate } from "../../shared/core/verification-manifest.ts";
import { audited } from "../../shared/jobs/verify-archive/audit.ts";
import { createDayStore } from "../../shared/storage/day-store.ts";
import { writeLedger } from "../../shared/storage/write-ledger.ts";
import { account } from "../support/audit/archive-lab.ts";
import { restoreSample } from "../support/audit/restore-sample.ts";
import { first, type Nights, sampleArchive, second, third } from "../support/audit/sample-archive.ts";
import { type Tamper, tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { manifest, ledgerEntry } = aggregateKeys.verifications;

/** Three nights, each with its report. */
const nights: Nights = async (lab, sign) => {
  for (const day of [first, second, third]) {
    const services = { ...lab.services(`report of ${day}`), sign };
    const days = createDayStore({ ...services, aggregate: verificationAggregate, account });
    await days.commit(day, ({ manifest: report }) => ({ ...report, status: "closed", version: "1.0.0" }));
    await writeLedger(services, days);
    lab.dayPasses();
  }
};
const { open } = sampleArchive({ nights });

const edited = async (tamper: Tamper, key: string) =>
  tamper.put(key, (await tamper.read(key)).toString().replace('"findingCount": 0', '"findingCount": 1'));

const rows: readonly (readonly [string, string, (tamper: Tamper) => Promise<unknown>])[] = [
  [
    "a report edited",
    `manifest-altered ${manifest(account, second)}`,
    (tamper) => edited(tamper, manifest(account, second)),
  ],
  [
    "a report removed",
    `manifest-missing ${manifest(account, first)}`,
    (tamper) => tamper.remove(manifest(account, first)),
  ],
  [
    "the newest report replaced",
    `manifest-unreadable ${manifest(account, third)}`,
    (tamper) => tamper.put(manifest(account, third), "{}"),
  ],
  [
    "an entry of the ledger of reports removed",
    `ledger-entry-missing ${ledgerEntry(account, 2)}`,
    (tamper) => tamper.remove(ledgerEntry(account, 2)),
  ],
];

describe("of the reports of verifications", () => {
  test.each(rows)("%s is found, restored, and then nothing is wrong", async (_what, line, by) => {
    const lab = await open();
    await by(tamperWith(lab));

    const found = await verifySample(lab, { aggregate: audited });
    await restoreSample(lab, { aggregate: audited });

    expect(found.findingLines).toContain(line);
    expect((await verifySample(lab, { aggregate: audited, depth: "bytes" })).findingLines).toEqual([]);
  });
});
