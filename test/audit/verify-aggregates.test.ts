import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { auditedAggregates } from "../../shared/audit/audited-aggregates.ts";
import { createSignatureCheck } from "../../shared/audit/signature-check.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { audited as auditedAnalytics } from "../../shared/jobs/collect-analytics/audit.ts";
import { nightsOfAnalytics } from "../support/audit/analytics-nights.ts";
import { type ArchiveLab, account, archiveName } from "../support/audit/archive-lab.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { first, nightsOfCalls, servedSample } from "../support/audit/sample-archive.ts";
import { tamperWith, tamperWithAnalytics } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { shared } = servedSample({
  signed: true,
  nights: async (lab, sign) => {
    await nightsOfCalls(lab, sign);
    await nightsOfAnalytics(lab, sign);
  },
});
const verify = (...args: readonly string[]) =>
  nightshift(["verify", "--bucket", archiveName, ...args], loggedIn(shared()));
const responsesKey = archiveKeys.responses(account, first, { group: "Queues", interval: "Day" });
const { ledgerEntry, ledgerPrefix } = aggregateKeys.analytics;
const hash = "A".repeat(43);

async function removeAnalytics(lab: ArchiveLab): Promise<void> {
  const { remove } = tamperWithAnalytics(lab);
  for await (const { key } of lab.aws.objects(archiveName)) if (key.startsWith("analytics/")) await remove(key);
}

describe("for an account that has analytics, nightshift verify", () => {
  test("reports calls and analytics, each with the head that its own option takes later", async () => {
    const lab = shared();
    const pem = join(lab.dir, "ledger.pem");
    await writeFile(pem, pemOf(await publicKey(lab)));
    const { out, status } = await verify("--deep", "--public-key", pem);
    const [, calls = "", analytics = ""] = /head of the ledger: (\S+)[\s\S]*head of [^:]*: (\S+)/.exec(out) ?? [];

    const later = await verify("--quick", "--anchor", calls, "--analytics-anchor", analytics);
    const mistaken = await verify("--quick", "--anchor", analytics, "--analytics-anchor", calls);

    expect(out.split("\nChecked:")[0]?.split("\n")).toEqual([
      "Nothing is wrong in the archive of 7:",
      expect.stringMatching(/^3 ledger entries, 4 days \(3 closed\), 15 objects, \d+ bytes$/),
      "signatures are valid up to entry 3",
      expect.stringMatching(/^head of the ledger: 3:/),
      "",
      "Nothing is wrong in the analytics of 7:",
      expect.stringMatching(/^3 ledger entries, 4 days \(4 closed\), 8 objects, \d+ bytes$/),
      "signatures are valid up to entry 3",
      expect.stringMatching(/^head of the ledger, for --analytics-anchor: 3:/),
      "",
    ]);
    expect([status, later.status, mistaken.status]).toEqual([0, 0, 1]);
    expect(mistaken.out).toContain(`ledger-anchor-missing  ${ledgerEntry(account, 3)}`);
  });

  test("ends with 1 for a finding in either, and prints no personal data", async () => {
    const lab = shared();
    await tamperWithAnalytics(lab).alterBeneath(responsesKey);

    const [deep, whole] = await Promise.all([verify("--deep"), verify()]);
    await tamperWith(lab).remove(archiveKeys.csv(account, first));

    expect(deep.status).toBe(1);
    expect(deep.out).toMatch(
      /Nothing is wrong in the archive of 7:[\s\S]*\n\* object-corrupt .*\n1 finding in the analytics/,
    );
    expect(deep.out).toContain(`object-corrupt  ${responsesKey}  `);
    expect(deep.out + deep.err).not.toMatch(/Jane Doe|6226442600[123]/);
    expect(whole.status).toBe(0);
    expect(await verify("--quick")).toMatchObject({
      ...{
        status: 1,
        out: expect.stringMatching(/1 finding in the archive of 7:[\s\S]*Nothing is wrong in the analytics/),
      },
    });
  });

  test("checks the signatures of each from the entry that its own option names", async () => {
    const lab = shared();
    const pem = join(lab.dir, "ledger.pem");
    await writeFile(pem, pemOf(await publicKey(lab)));
    const tamper = tamperWithAnalytics(lab);
    const { signature, ...rest } = await tamper.entry(3);
    await tamper.forge(rest);

    const [other, own] = await Promise.all([
      verify("--quick", "--public-key", pem, "--signed-from", "4"),
      verify("--quick", "--public-key", pem, "--analytics-signed-from", "4"),
    ]);

    expect(other.out).toContain(`ledger-signature-missing  ${ledgerEntry(account, 3)}`);
    expect(own.status).toBe(0);
  });
});

test("a ledger of calls in the place of the analytics' ledger is found, although all its signatures are valid", async () => {
  const lab = shared();
  const checkSignature = createSignatureCheck(pemOf(await publicKey(lab)));
  const { put, read } = tamperWithAnalytics(lab);
  const calls = aggregateKeys.calls.ledgerEntry;
  for (const number of [1, 2, 3]) await put(ledgerEntry(account, number), await read(calls(account, number)));

  const { findingLines, verification } = await verifySample(lab, { aggregate: auditedAnalytics, checkSignature });

  expect(verification.signedUpTo).toBe(3);
  expect(findingLines).toContain(`manifest-altered ${aggregateKeys.analytics.manifest(account, first)}`);
});

describe("if all analytics are gone, nightshift verify", () => {
  test("does not report them without an option, and reports them if an option expects them", async () => {
    await removeAnalytics(shared());

    const [nothing, expected] = await Promise.all([
      verify("--quick"),
      verify("--quick", "--analytics-anchor", `3:${hash}=`),
    ]);

    expect(nothing.out).not.toContain("analytics");
    expect(nothing.status).toBe(0);
    expect(expected.out).toContain(`ledger-missing  ${ledgerPrefix(account)}`);
    expect(expected.out).toContain(`ledger-anchor-missing  ${ledgerEntry(account, 3)}`);
    expect(expected.status).toBe(1);
  });
});

test("an account has analytics as long as any object of theirs is stored", async () => {
  const lab = shared();
  const { put, read } = tamperWithAnalytics(lab);
  const kept = [responsesKey, aggregateKeys.analytics.manifest(account, first), ledgerEntry(account, 1)];
  const bytes = new Map(await Promise.all(kept.map(async (key) => [key, await read(key)] as const)));
  const aggregates = async () => (await auditedAggregates(lab.archive, account)).map(({ name }) => name);
  for (const [key, body] of bytes) {
    await removeAnalytics(lab);
    expect(await aggregates()).toEqual(["calls"]);
    await put(key, body);
    expect(await aggregates(), key).toEqual(["calls", "analytics"]);
  }
});

test("an account that has only analytics is found in the bucket, and its missing calls are reported", async () => {
  const lab = shared();
  const { remove } = tamperWith(lab);
  for await (const { key } of lab.aws.objects(archiveName)) if (!key.startsWith("analytics/")) await remove(key);

  const { out, status } = await verify("--quick");

  expect(out).toMatch(/^\+ ledger-missing {2}ledger\/account=7\/[\s\S]*Nothing is wrong in the analytics of 7:/);
  expect(status).toBe(1);
});
