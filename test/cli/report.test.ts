import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { keyArn } from "../../lab/aws/signing-keys.ts";
import { dayCounts } from "../../shared/audit/verify-counts.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { spanOf } from "../../shared/core/time/days.ts";
import { verificationAggregate } from "../../shared/core/verification-manifest.ts";
import { account, archiveName, otherKey, ownKey } from "../support/audit/archive-lab.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { second, servedSample } from "../support/audit/sample-archive.ts";
import { stackName } from "../support/audit/served-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { shared } = servedSample({ signed: true });
const run = (...args: readonly string[]) => nightshift(args, loggedIn(shared()));
const report = (...args: readonly string[]) => run("report", ...args);
const fileOf = (name: string) => join(shared().dir, name);

beforeAll(async () => {
  for (const key of [ownKey, otherKey]) await writeFile(fileOf(`${key}.pem`), pemOf(await publicKey(shared(), key)));
});

const noCounts = { schema: "nightshift/calls-manifest/1", entries: 3, signedUpTo: 0, ...dayCounts() };

/** Writes a signed report of the archive as it is, and returns its file. */
async function signedReport(name: string): Promise<string> {
  const file = fileOf(name);
  await run("verify", "--bucket", archiveName, "--quick", "--report", file, "--signing-key", keyArn(ownKey));
  return file;
}

describe("nightshift report refuses, in one line with a hint in another,", () => {
  test.each([
    [["no-such-file.json"], /^REQUEST_INVALID: Reading no-such-file\.json failed\nCheck the path\.\n$/],
    [["package.json"], /^REQUEST_INVALID: package\.json is not the report of a verification\nName the file/],
    [["report.json", "--stack", "prod"], /^REQUEST_INVALID: a file and --stack cannot be combined\n/],
    [[], /^REQUEST_INVALID: --stack or --bucket is missing\n/],
    [["--bucket", archiveName], /^REQUEST_INVALID: There is no report of any night\nCheck --day/],
    [["--bucket", archiveName, "--day", second], /^REQUEST_INVALID: There is no report of 2026-11-02\n/],
  ])("%j", async (args, message) => {
    const { status, err, out } = await report(...args);

    expect(err).toMatch(message);
    expect([status, out]).toEqual([2, ""]);
  });
});

describe("the signature of a report", () => {
  test("is valid by the key that signed it, and by no other", async () => {
    const file = await signedReport("signed.json");

    const own = await report(file, "--public-key", fileOf(`${ownKey}.pem`));
    const other = await report(file, "--public-key", fileOf(`${otherKey}.pem`));

    expect(own.out).toContain("Signature of the report: valid.");
    expect(other.out).toContain("Signature of the report: invalid.");
    expect([own.status, other.status]).toEqual([0, 1]);
  });

  test("is invalid once anything in the report was changed, and missing without one", async () => {
    const file = await signedReport("changed.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"depth": "listing"', '"depth": "bytes"'));
    const unsigned = fileOf("unsigned.json");
    const { signature: _signature, ...rest } = JSON.parse(text);
    await writeFile(unsigned, JSON.stringify(rest));

    const [changed, missing] = [
      await report(file, "--public-key", fileOf(`${ownKey}.pem`)),
      await report(unsigned, "--public-key", fileOf(`${ownKey}.pem`)),
    ];

    expect(changed.out).toContain("Signature of the report: invalid.");
    expect(missing.out).toContain("Signature of the report: missing.");
    expect([changed.status, missing.status]).toEqual([1, 1]);
  });
});

test("a report shows what was checked and found, and ends with 1 for findings", async () => {
  const file = fileOf("findings.json");
  const key = archiveKeys.recording(account, second, "21", "mp3");
  await tamperWith(shared()).remove(key);
  await run("verify", "--bucket", archiveName, "--report", file);

  const { status, out } = await report(file);

  expect(out).toMatch(/^1 finding in the archive of 7:\n3 ledger entries, 4 days/);
  expect(out).toContain(`\n+ object-missing  ${key}  `);
  expect(out).toContain("\nChecked: s3://archive, account 7, all days, every object, size, ETag and S3's SHA-256.");
  expect(status).toBe(1);
});

test("without a file the newest night's report is shown, of a stack or of any bucket, with what its ledger says against it", async () => {
  const { archive } = shared();
  for (const [day, findingCount] of [
    ["2026-11-05", 3],
    ["2026-11-06", 0],
  ] as const) {
    const empty = verificationAggregate.empty(account, day, "UTC", spanOf(day, "UTC"));
    const body = toBody(JSON.stringify({ ...empty, findingCount, archive: `the archive on ${day}` }));
    await archive.put(aggregateKeys.verifications.manifest(account, day), body, "application/json");
  }

  const newest = await report("--stack", stackName);
  const earlier = await report("--bucket", archiveName, "--day", "2026-11-05");

  expect(newest.out).toContain("the archive on 2026-11-06");
  expect(earlier.out).toContain("the archive on 2026-11-05");
  expect(newest.out).toContain("Do not believe this report:\n");
  expect([newest.status, earlier.status]).toEqual([1, 1]);
});

test("the heads in the newest night's report are anchors: a ledger that lost its newest entry is found", async () => {
  const { archive } = shared();
  const [day, tamper] = ["2026-11-06", tamperWith(shared())];
  const { sha256 } = toBody(await tamper.read(aggregateKeys.calls.ledgerEntry(account, 3)));
  const empty = verificationAggregate.empty(account, day, "UTC", spanOf(day, "UTC"));
  const aggregates = [{ aggregate: "calls", head: { number: 3, sha256 }, ...noCounts }];
  const body = toBody(JSON.stringify({ ...empty, aggregates }));
  await archive.put(aggregateKeys.verifications.manifest(account, day), body, "application/json");
  await tamper.remove(aggregateKeys.calls.ledgerEntry(account, 3));

  const { out } = await run("verify", "--bucket", archiveName, "--quick");

  expect(out).toContain(`+ ledger-anchor-missing  ${aggregateKeys.calls.ledgerEntry(account, 3)}`);
});
