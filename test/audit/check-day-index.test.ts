import { describe, expect, test } from "vitest";
import { checkDayIndex } from "../../shared/audit/check-day-index.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { type DayEntry, DayIndex } from "../../shared/core/day-index.ts";
import type { Finding } from "../../shared/core/finding.ts";
import { aggregateKeys } from "../../shared/core/object-keys.ts";
import { audited } from "../../shared/jobs/archive-calls/audit.ts";
import { audited as auditedAnalytics } from "../../shared/jobs/collect-analytics/audit.ts";
import { parseStored, zippedJson } from "../../shared/storage/stored-json.ts";
import { nightsOfAnalytics } from "../support/audit/analytics-nights.ts";
import { type ArchiveLab, account } from "../support/audit/archive-lab.ts";
import { first, fourth, nightsOfCalls, sampleArchive, second, third } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

const { shared } = sampleArchive({
  nights: async (lab, sign) => {
    await nightsOfCalls(lab, sign);
    await nightsOfAnalytics(lab, sign);
  },
});
const key = aggregateKeys.calls.dayIndex(account);

/** Checks the index over a copy of the state bucket that has only this object. */
async function checkAs(lab: ArchiveLab, body: Buffer | undefined) {
  const found: Finding[] = [];
  const check = await checkDayIndex({
    ...{ archive: lab.archive, state: memoryBucket(body ? { [key]: body } : {}), account, aggregate: audited },
    onFinding: (finding) => void found.push(finding),
  });
  return { check, found };
}

async function indexOf(lab: ArchiveLab): Promise<DayIndex> {
  const index = parseStored(DayIndex, await lab.services("check").state.get(key));
  if (!index) throw new Error("the nights write an index");
  return index;
}

async function checkChanged(change: (index: DayIndex) => DayIndex) {
  const lab = shared();
  return checkAs(lab, zippedJson(change(await indexOf(lab))).open() as Buffer);
}

const withEntry = (day: string, change: (entry: DayEntry) => DayEntry) => (index: DayIndex) => {
  const entry = index.days[day];
  return { ...index, days: { ...index.days, ...(entry && { [day]: change(entry) }) } };
};

const forgeries: readonly [string, (index: DayIndex) => DayIndex, string][] = [
  [
    "an open day shown as closed, which no run would read again",
    withEntry(fourth, (entry) => ({ ...entry, status: "closed" })),
    `it shows ${fourth} as closed, its manifest as open`,
  ],
  [
    "a total that the status would show",
    withEntry(second, (entry) => ({ ...entry, counts: { ...entry.counts, lost: 7 } })),
    `it counts 7 lost on ${second}, its manifest 0`,
  ],
  [
    "more entries of the ledger than there are, so that a run would not read the newest",
    (index) => ({ ...index, ledgerEntries: 9 }),
    "it says that the ledger has 9 entries, not 3",
  ],
];

describe("an index of days that someone else has changed is a finding in the state bucket:", () => {
  test.each(forgeries)("%s", async (_what, change, detail) => {
    const { check, found } = await checkChanged(change);

    expect(found).toEqual([{ code: "index-mismatch", bucket: "state", key, detail }]);
    expect(check.findings).toBe(1);
  });

  test("a manifest that is not in the ledger, shown as if it was", async () => {
    const lab = shared();
    const { reviseManifest } = tamperWith(lab);
    await reviseManifest(third, (manifest) => manifest);
    const etag = (await lab.archive.head(aggregateKeys.calls.manifest(account, third)))?.etag;

    const { found } = await checkChanged(withEntry(third, (entry) => ({ ...entry, ...(etag && { etag }) })));

    expect(found.map(({ detail }) => detail)).toEqual([
      `it says that the ledger has the manifest of ${third}, which it has not`,
    ]);
  });
});

describe("no finding, because no run believes it, is", () => {
  test.each([
    ["an entry of an earlier manifest", withEntry(fourth, () => ({ etag: '"earlier"', status: "closed" as const }))],
    ["a day that a run has begun", withEntry(fourth, () => ({ status: "open" as const }))],
  ])("%s", async (_what, change) => {
    const { check, found } = await checkChanged(change);

    expect([check.outdated, found]).toEqual([1, []]);
  });

  test("a missing index, which is said", async () => {
    expect(await checkAs(shared(), undefined)).toMatchObject({ check: { index: "missing", entries: 0 }, found: [] });
  });

  test.each([
    ["bytes that are no index", Buffer.from("{")],
    ["the index of another account", toBody(JSON.stringify({ account: "8" })).open() as Buffer],
  ])("%s, which is said", async (_what, body) => {
    expect(await checkAs(shared(), body)).toMatchObject({ check: { index: "unreadable", entries: 0 }, found: [] });
  });

  test("a closed day shown as open: it is only read once more", async () => {
    const { found } = await checkChanged(withEntry(first, (entry) => ({ ...entry, status: "open" })));

    expect(found).toEqual([]);
  });

  test("a total that only another version counts", async () => {
    const { found } = await checkChanged(
      withEntry(first, (entry) => ({ ...entry, counts: { ...entry.counts, more: 1 } })),
    );

    expect(found).toEqual([]);
  });

  test("what a broken ledger cannot say", async () => {
    const lab = shared();
    await tamperWith(lab).remove(aggregateKeys.calls.ledgerEntry(account, 2));

    expect((await checkChanged((index) => index)).found).toEqual([]);
  });
});

test.each([audited, auditedAnalytics])(
  "the index that runs have written of $name matches its manifests",
  async (aggregate) => {
    const lab = shared();
    const found: Finding[] = [];
    const { archive, state } = lab.services("check");

    const check = await checkDayIndex({
      ...{ archive, state, account, aggregate },
      onFinding: (finding) => void found.push(finding),
    });

    expect(found).toEqual([]);
    expect(check).toEqual({ index: "read", entries: 4, outdated: 0, findings: 0 });
  },
);
