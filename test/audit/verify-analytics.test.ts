import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { keyArn } from "../../lab/aws/signing-keys.ts";
import { createSignatureCheck } from "../../shared/audit/signature-check.ts";
import type { VerifyOptions } from "../../shared/audit/verify-archive.ts";
import { createSigner } from "../../shared/aws/signer.ts";
import type { Dataset, Interval } from "../../shared/core/analytics/analytics-query.ts";
import type { Depth } from "../../shared/core/depth.ts";
import { signedText } from "../../shared/core/ledger.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import type { Day } from "../../shared/core/time/days.ts";
import { audited as auditedAnalytics } from "../../shared/jobs/collect-analytics/audit.ts";
import { analyticsNight, nightsOfAnalytics, responsesOn, zippedLines } from "../support/audit/analytics-nights.ts";
import { type ArchiveLab, account, otherKey, ownKey } from "../support/audit/archive-lab.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { first, fourth, sampleArchive, second, third } from "../support/audit/sample-archive.ts";
import { type AnalyticsTamper, altered, tamperWithAnalytics } from "../support/audit/tamper.ts";
import { depths, verifySample } from "../support/audit/verify-sample.ts";

const { shared, open } = sampleArchive({ signed: true, nights: nightsOfAnalytics });
const verify = (lab: ArchiveLab, options: Partial<VerifyOptions> = {}) =>
  verifySample(lab, { aggregate: auditedAnalytics, ...options });
const queues = (interval: Interval): Dataset => ({ group: "Queues", interval });
const responsesKey = (day: Day, interval: Interval = "Day") => archiveKeys.responses(account, day, queues(interval));
const manifest = (day: Day) => aggregateKeys.analytics.manifest(account, day);
const entry = (number: number) => aggregateKeys.analytics.ledgerEntry(account, number);
const altogether = (code: string, ...days: readonly Day[]) => days.map((day) => `${code} ${manifest(day)}`);

interface Row {
  readonly what: string;
  readonly by: (tamper: AnalyticsTamper) => Promise<unknown>;
  /** The least depth that finds it. @default listing */
  readonly from?: Depth;
  readonly findingLines: readonly string[];
}

const objects: readonly Row[] = [
  {
    what: "one byte of answers altered",
    by: async (tampering) => tampering.put(responsesKey(first), altered(await tampering.read(responsesKey(first)))),
    findingLines: [`object-changed ${responsesKey(first)}`],
  },
  {
    what: "answers removed",
    by: (tampering) => tampering.remove(responsesKey(second, "Hour")),
    findingLines: [`object-missing ${responsesKey(second, "Hour")}`],
  },
  {
    what: "answers replaced by others of the same length",
    by: async (tampering) =>
      tampering.put(responsesKey(first), Buffer.alloc((await tampering.read(responsesKey(first))).length)),
    findingLines: [`object-changed ${responsesKey(first)}`],
  },
  {
    what: "the answers of two days swapped",
    by: (tampering) => tampering.swap(responsesKey(first), responsesKey(second)),
    findingLines: [`object-changed ${responsesKey(first)}`, `object-changed ${responsesKey(second)}`],
  },
  {
    what: "the answers of two intervals swapped",
    by: (tampering) => tampering.swap(responsesKey(first), responsesKey(first, "Hour")),
    findingLines: [`object-changed ${responsesKey(first)}`, `object-changed ${responsesKey(first, "Hour")}`],
  },
  {
    what: "answers stored again as they were, without their SHA-256",
    by: async (tampering) => tampering.putPlainly(responsesKey(first), await tampering.read(responsesKey(first))),
    from: "checksums",
    findingLines: [`object-changed ${responsesKey(first)}`],
  },
  {
    what: "a byte of answers altered beneath S3",
    by: (tampering) => tampering.alterBeneath(responsesKey(third)),
    from: "bytes",
    findingLines: [`object-corrupt ${responsesKey(third)}`],
  },
  {
    what: "answers put into a closed day",
    by: (tampering) =>
      tampering.put(archiveKeys.responses(account, first, { group: "Users", interval: "Day" }), gzipSync("{}\n")),
    findingLines: [`object-unexpected ${archiveKeys.responses(account, first, { group: "Users", interval: "Day" })}`],
  },
  {
    what: "answers put under a day that was never collected, and beside the days",
    by: (tampering) =>
      Promise.all([
        tampering.put(responsesKey("2026-10-30"), ""),
        tampering.put("analytics/responses/account=7/date=x", ""),
      ]),
    findingLines: [
      `object-unexpected ${responsesKey("2026-10-30")}`,
      "object-unexpected analytics/responses/account=7/date=x",
    ],
  },
];

const manifests: readonly Row[] = [
  {
    what: "a count edited in a manifest",
    by: (tampering) =>
      tampering.editManifest(first, ({ datasets, ...rest }) => ({
        ...rest,
        datasets: datasets.map((part) => ({ ...part, keys: 1 })),
      })),
    findingLines: altogether("manifest-altered", first),
  },
  {
    what: "an open manifest closed",
    by: (tampering) => tampering.editManifest(fourth, (same) => ({ ...same, status: "closed", openReasons: [] })),
    findingLines: altogether("manifest-altered", fourth),
  },
  {
    what: "a revision of its own that names the one before it, as a run's would",
    by: (tampering) => tampering.reviseManifest(first, (same) => same),
    findingLines: altogether("manifest-not-in-ledger", first),
  },
  {
    what: "two manifests swapped",
    by: (tampering) => tampering.swap(manifest(first), manifest(second)),
    findingLines: [
      ...altogether("manifest-altered", first, second),
      ...altogether("manifest-misplaced", first, second),
    ],
  },
  {
    what: "a manifest removed",
    by: (tampering) => tampering.remove(manifest(first)),
    findingLines: altogether("manifest-missing", first),
  },
  {
    what: "a manifest of calls put in the place of one",
    by: async (tampering) =>
      tampering.put(
        manifest(third),
        JSON.stringify({ ...(await tampering.manifest(third)), schema: "nightshift/calls-manifest/1" }),
      ),
    findingLines: altogether("manifest-unreadable", third),
  },
  {
    what: "something put among the manifests",
    by: (tampering) => tampering.put(`${manifest(first)}.bak`, "{}"),
    findingLines: [`object-unexpected ${manifest(first)}.bak`],
  },
];

const ledger: readonly Row[] = [
  {
    what: "an entry removed between others",
    by: (tampering) => tampering.remove(entry(2)),
    findingLines: [`ledger-entry-missing ${entry(2)}`, ...altogether("manifest-not-in-ledger", second)],
  },
  {
    what: "every entry removed",
    by: (tampering) => Promise.all([1, 2, 3].map((number) => tampering.remove(entry(number)))),
    findingLines: [
      `ledger-missing ${aggregateKeys.analytics.ledgerPrefix(account)}`,
      ...altogether("manifest-not-in-ledger", first, second, third, fourth),
    ],
  },
  {
    what: "an entry altered",
    by: async (tampering) =>
      tampering.put(entry(2), JSON.stringify({ ...(await tampering.entry(2)), at: "2026-01-01T00:00:00Z" })),
    findingLines: [`ledger-chain-broken ${entry(3)}`],
  },
  {
    what: "something put among the entries",
    by: async (tampering) =>
      tampering.put(`${aggregateKeys.analytics.ledgerPrefix(account)}2.json`, await tampering.read(entry(2))),
    findingLines: [`object-unexpected ${aggregateKeys.analytics.ledgerPrefix(account)}2.json`],
  },
];

describe("analytics that Nightshift wrote", () => {
  test.each(depths)("have no findings at depth %s, and all are counted", async (depth) => {
    const { verification, findingLines } = await verify(shared(), { depth });

    expect(findingLines).toEqual([]);
    expect(verification).toMatchObject({ aggregate: "analytics", account, entries: 3, days: 4, closed: 3, objects: 8 });
    expect(verification).toMatchObject({ findings: 0, notYetInManifest: 0, notChecked: 0, head: { number: 3 } });
  });
});

describe("verification of analytics that someone else has changed", () => {
  test.each([...objects, ...manifests, ...ledger])("finds $what, and nothing else", async (row) => {
    const { by, from = "listing", findingLines } = row;
    const lab = shared();
    await by(tamperWithAnalytics(lab));

    const before = depths[depths.indexOf(from) - 1];
    if (before) expect((await verify(lab, { depth: before })).findingLines).toEqual([]);
    expect((await verify(lab, { depth: from })).findingLines).toEqual([...findingLines].sort());
  });

  test("finds an older manifest that was restored", async () => {
    const lab = await open();
    await tamperWithAnalytics(lab).restore(manifest(second));

    // Its responses have since been collected again.
    const differs = (["Day", "Hour"] as const).map((interval) => `object-changed ${responsesKey(second, interval)}`);
    expect((await verify(lab)).findingLines).toEqual([...altogether("manifest-altered", second), ...differs].sort());
  });

  test("counts responses put into an open day, and reports nothing", async () => {
    const lab = shared();
    await tamperWithAnalytics(lab).put(`analytics/responses/account=7/date=${fourth}/Users-day.jsonl.gz`, "");

    const { verification, findingLines } = await verify(lab);

    expect(findingLines).toEqual([]);
    expect(verification.notYetInManifest).toBe(1);
  });
});

describe("only the deepest verification of responses that match their manifest's hash", () => {
  const forged: readonly [string, readonly Buffer[], readonly string[]][] = [
    ["that they are other in number", [responsesOn(first, queues("Hour"), 1)], ["object-changed"]],
    ["a line that is no JSON", [responsesOn(first, queues("Day"), 1), gzipSync("{\n")], ["object-corrupt"]],
    ["an empty line", [responsesOn(first, queues("Day"), 1), gzipSync("\n")], ["object-corrupt"]],
    ["a response without its request", [zippedLines([{ response: {} }])], ["object-corrupt", "object-changed"]],
    ["a request without its response", [zippedLines([{ request: {} }])], ["object-corrupt", "object-changed"]],
    ["that they are not gzipped", [Buffer.from('{"request":{},"response":{}}')], ["object-corrupt"]],
  ];

  test.each(forged)("finds %s", async (_what, bytes, codes) => {
    const lab = shared();
    await tamperWithAnalytics(lab).forgeResponses(first, queues("Day"), Buffer.concat(bytes));

    const quick = await verify(lab);
    const deep = await verify(lab, { depth: "bytes" });

    const known = altogether("manifest-altered", first);
    expect(quick.findingLines).toEqual(known);
    expect(deep.findingLines).toEqual([...known, ...codes.map((code) => `${code} ${responsesKey(first)}`)].sort());
  });
});

/** Changes responses and everything that references them; `sign` signs each entry, or it keeps its signature. */
async function rewriteAll(lab: ArchiveLab, sign?: (text: string) => Promise<string>): Promise<void> {
  const tamper = tamperWithAnalytics(lab);
  const forged = await tamper.forgeResponses(second, queues("Day"), responsesOn(second, queues("Day"), 99));
  for (const number of [2, 3]) {
    const { signature, manifests, ...rest } = await tamper.entry(number);
    const named = manifests.map((each) => (number === 2 && each.day === second ? forged : each));
    await tamper.forge({ ...rest, manifests: named });
    const linked = await tamper.entry(number);
    await tamper.forge({ ...linked, signature: sign ? await sign(signedText(linked)) : signature });
  }
}

describe("if the analytics' ledger was rewritten consistently since some entry,", () => {
  test("its signatures show it, and without them nothing does", async () => {
    const lab = shared();
    const checkSignature = createSignatureCheck(pemOf(await publicKey(lab)));
    const before = await verify(lab, { checkSignature });
    await rewriteAll(lab);
    const kept = await verify(lab, { checkSignature });
    await rewriteAll(lab, createSigner(lab.kms, keyArn(otherKey)));
    const another = await verify(lab, { checkSignature });

    expect(before).toMatchObject({ findingLines: [], verification: { signedUpTo: 3 } });
    const invalid = [2, 3].map((number) => `ledger-signature-invalid ${entry(number)}`);
    expect(kept.findingLines).toEqual(invalid);
    expect(another.findingLines).toEqual(invalid);
    expect((await verify(lab, { depth: "bytes" })).findingLines).toEqual([]);
  });

  test("an earlier head shows it, whoever has signed", async () => {
    const lab = shared();
    const anchor = (await verify(lab)).verification.head;
    await rewriteAll(lab, createSigner(lab.kms, keyArn(ownKey)));

    expect((await verify(lab, { anchor })).findingLines).toEqual([`ledger-anchor-missing ${entry(3)}`]);
  });
});

test("the next night adds to the ledger, and nothing is wrong", async () => {
  const lab = await open();

  await analyticsNight(lab, new Map([[fourth, 3]]), createSigner(lab.kms, keyArn(ownKey)));

  const { findingLines, verification } = await verify(lab, { depth: "bytes" });
  expect(findingLines).toEqual([]);
  expect(verification).toMatchObject({ entries: 4, days: 4, closed: 4 });
});
