import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { keyArn } from "../../lab/aws/signing-keys.ts";
import { createSignatureCheck } from "../../shared/audit/signature-check.ts";
import type { VerifyOptions } from "../../shared/audit/verify-archive.ts";
import { createSigner } from "../../shared/aws/signer.ts";
import type { Dataset, Interval } from "../../shared/core/analytics/analytics-query.ts";
import { signedText } from "../../shared/core/ledger.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import type { Day } from "../../shared/core/time/days.ts";
import { audited as auditedAnalytics } from "../../shared/jobs/collect-analytics/audit.ts";
import { analyticsNight, nightsOfAnalytics, responsesOn, zippedLines } from "../support/audit/analytics-nights.ts";
import { analyticsTampering } from "../support/audit/analytics-tampering.ts";
import { type ArchiveLab, account, otherKey, ownKey } from "../support/audit/archive-lab.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { first, fourth, sampleArchive, second } from "../support/audit/sample-archive.ts";
import { tamperWithAnalytics } from "../support/audit/tamper.ts";
import { depths, verifySample } from "../support/audit/verify-sample.ts";

const { shared, open } = sampleArchive({ signed: true, nights: nightsOfAnalytics });
const verify = (lab: ArchiveLab, options: Partial<VerifyOptions> = {}) =>
  verifySample(lab, { aggregate: auditedAnalytics, ...options });
const queues = (interval: Interval): Dataset => ({ group: "Queues", interval });
const responsesKey = (day: Day, interval: Interval = "Day") => archiveKeys.responses(account, day, queues(interval));
const manifest = (day: Day) => aggregateKeys.analytics.manifest(account, day);
const entry = (number: number) => aggregateKeys.analytics.ledgerEntry(account, number);
const altogether = (code: string, ...days: readonly Day[]) => days.map((day) => `${code} ${manifest(day)}`);

describe("analytics that Nightshift wrote", () => {
  test.each(depths)("have no findings at depth %s, and all are counted", async (depth) => {
    const { verification, findingLines } = await verify(shared(), { depth });

    expect(findingLines).toEqual([]);
    expect(verification).toMatchObject({ aggregate: "analytics", account, entries: 3, days: 4, closed: 3, objects: 8 });
    expect(verification).toMatchObject({ findings: 0, notYetInManifest: 0, notChecked: 0, head: { number: 3 } });
  });
});

describe("verification of analytics that someone else has changed", () => {
  test.each(analyticsTampering)("finds $what, and nothing else", async (row) => {
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
