import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { flattenedVerify } from "jose";
import { describe, expect, test } from "vitest";
import { keyArn } from "../../lab/aws/signing-keys.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { signedText } from "../../shared/core/ledger.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { VerificationReport } from "../../shared/core/verification-report.ts";
import { account, archiveName, ownKey } from "../support/audit/archive-lab.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { first, second, servedSample, third } from "../support/audit/sample-archive.ts";
import { stackName } from "../support/audit/served-archive.ts";
import { altered, tamperWith } from "../support/audit/tamper.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { shared } = servedSample({ signed: true });
const verify = (...args: readonly string[]) =>
  nightshift(["verify", "--bucket", archiveName, ...args], loggedIn(shared()));
const fileOf = (name: string) => join(shared().dir, name);
const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");
/** Reads a report, which has no field that its schema lacks. */
async function reportIn(file: string): Promise<VerificationReport> {
  const json: unknown = JSON.parse(await readFile(file, "utf8"));
  expect(VerificationReport.parse(json)).toEqual(json);
  return json as VerificationReport;
}

describe("the report of nightshift verify", () => {
  test("says what was checked: depth, bucket, account, span, versions, key, begin, end, and the heads of the ledgers", async () => {
    const [file, pem] = [fileOf("whole.json"), fileOf("ledger.pem")];
    await writeFile(pem, pemOf(await publicKey(shared())));

    const { status, out } = await verify("--deep", "--public-key", pem, "--report", file);

    const report = await reportIn(file);
    expect(report).toMatchObject({
      ...{ schema: "nightshift/verification-report/1", account, archive: "s3://archive", depth: "bytes" },
      ...{
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        publicKeySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      ...{ findingCount: 0, findings: [] },
    });
    expect(report.begunAt < report.endedAt).toBe(true);
    expect(report.aggregates).toMatchObject([
      {
        ...{ aggregate: "calls", schema: "nightshift/calls-manifest/1", head: { number: 3 }, signedUpTo: 3 },
        ...{ firstDay: first, lastDay: "2026-11-04", objects: 15, objectsRead: 15, findings: 0 },
      },
    ]);
    expect(out).toContain(`Report: ${file}`);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(status).toBe(0);
  });

  test("has every finding, but no number and no name", async () => {
    const file = fileOf("findings.json");
    await tamperWith(shared()).remove(mp3(second, "21"));

    await verify("--report", file);

    const { findingCount, findings } = await reportIn(file);
    expect([findingCount, findings]).toMatchObject([1, [{ code: "object-missing", key: mp3(second, "21") }]]);
    expect(await readFile(file, "utf8")).not.toMatch(/Jane Doe|Front Desk|16505550100|442079460018/);
  });

  test("is not written if the key signs nothing, and the error says so of the report and the option", async () => {
    const file = fileOf("unsigned.json");

    const { status, err } = await verify("--quick", "--report", file, "--signing-key", keyArn("nowhere"));

    expect(err).toMatch(
      /^SIGNING_FAILED: Signing the report with the key of --signing-key returned 400 \w+\n.*your login/,
    );
    expect(status).toBe(2);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
  });

  test("is signed by the key that is given, over all its other fields", async () => {
    const lab = shared();
    const file = fileOf("signed.json");

    const { out } = await verify("--quick", "--report", file, "--signing-key", keyArn(ownKey));

    const { signature = "", ...rest } = await reportIn(file);
    const [header = "", , value = ""] = signature.split(".");
    const payload = Buffer.from(signedText(rest)).toString("base64url");
    const signed = { protected: header, payload, signature: value };
    await expect(flattenedVerify(signed, await publicKey(lab), { algorithms: ["PS256"] })).resolves.toBeDefined();
    expect(out).toContain(`Report, signed: ${file}`);
  });

  test("that cannot be written ends with 2, in one line with a hint", async () => {
    const { status, err } = await verify("--quick", "--report", join(shared().dir, "no/such/folder/report.json"));

    expect(err).toMatch(/^REQUEST_INVALID: --report: .* cannot be written\nName another file\.\n$/);
    expect(status).toBe(2);
  });
});

test.each(["--report", "--combined"])(
  "%s into a folder that is not there ends at once with 2, before anything is read",
  async (option) => {
    const { status, err, out } = await verify(option, join(shared().dir, "no/such/folder/file"));

    expect(err).toMatch(new RegExp(`^REQUEST_INVALID: ${option}: .* cannot be written\\n`));
    // What is printed at first is the summary of calls: nothing was verified.
    expect([status, out]).toEqual([2, ""]);
  },
);

describe("a part of an archive", () => {
  const sumOf = async (parts: readonly string[]) => {
    const files = parts.map((part) => fileOf(`${part.replace("/", "-of-")}.json`));
    for (const [index, file] of files.entries())
      await verify("--deep", "--subset", parts[index] ?? "", "--report", file);
    const reports = await Promise.all(files.map(reportIn));
    return reports.map(({ aggregates }) => aggregates[0]?.objectsRead ?? 0);
  };

  test("is checked alone; all parts together are the whole", async () => {
    const counts = await sumOf(["1/3", "2/3", "3/3"]);

    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(15);
    expect(Math.max(...counts)).toBeLessThan(15);
  });

  test("shows a forged object of this part only", async () => {
    const tamper = tamperWith(shared());
    await tamper.put(mp3(first, "11"), altered(await tamper.read(mp3(first, "11"))));

    const found = await Promise.all(["1/2", "2/2"].map((part) => verify("--subset", part)));

    expect(found.map(({ status }) => status).sort()).toEqual([0, 1]);
  });

  test("may be some days: others are not looked at", async () => {
    const tamper = tamperWith(shared());
    for (const day of [first, third]) await tamper.put(archiveKeys.csv(account, day), "forged");

    const { out, status } = await verify("--day", third, "--day", second);

    expect(out.split("\n").filter((line) => line.startsWith("*"))).toEqual([
      expect.stringContaining(archiveKeys.csv(account, third)),
    ]);
    expect(out).toContain("account 7, 2 selected days, every object");
    expect(status).toBe(1);
  });

  test("are verified if one of them is not archived, which is named", async () => {
    const { status, out, err } = await verify("--day", third, "--day", "2027-01-01");

    expect(out).toContain("Nothing is wrong in the archive");
    expect(err).toMatch("REQUEST_INVALID: The archive has nothing of 2027-01-01\nCheck --day.");
    expect(status).toBe(2);
  });

  test.each(["2027-01-01", "2019-01-01"])("cannot be %s, of which nothing is archived", async (day) => {
    const { status, out, err } = await verify("--day", day);

    expect(err).toMatch(`REQUEST_INVALID: The archive has nothing of ${day}\nCheck --day.`);
    expect([status, out]).toEqual([2, ""]);
  });
});

test("--combined lists every object with the sign that rclone gives it", async () => {
  const file = fileOf("combined.txt");
  const tamper = tamperWith(shared());
  await tamper.remove(mp3(second, "21"));
  await tamper.put(archiveKeys.csv(account, first), "forged");

  await verify("--combined", file);

  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  expect(lines).toHaveLength(15);
  expect(lines).toContain(`+ ${mp3(second, "21")}`);
  expect(lines).toContain(`* ${archiveKeys.csv(account, first)}`);
  expect(lines.filter((line) => line.startsWith("= "))).toHaveLength(13);
});

test("an object that the bucket's own lifecycle rules may have deleted is counted, not reported", async () => {
  const { client } = shared();
  const Rules = [{ ID: "old", Status: "Enabled" as const, Filter: { Prefix: "recordings/" }, Expiration: { Days: 1 } }];
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: archiveName, LifecycleConfiguration: { Rules } }),
  );
  const tamper = tamperWith(shared());
  await tamper.remove(mp3(second, "21"));
  const expired = await verify();
  await tamper.remove(archiveKeys.csv(account, second));
  const other = await verify();

  expect(expired.out).toContain("1 object deleted by the bucket's own lifecycle rules");
  expect(expired.status).toBe(0);
  expect(other.out).toContain(`+ object-missing  ${archiveKeys.csv(account, second)}`);
});

test("an account of which the bucket has nothing ends with 2, and names the accounts there are", async () => {
  const { status, err } = await verify("--account", "1");

  expect(err).toBe("REQUEST_INVALID: The bucket holds no archive of 1, but of 7\nChoose one with --account.\n");
  expect(status).toBe(2);
});

test("with a stack, what its state bucket knows of a running run is no finding", async () => {
  const lab = shared();
  const { sha256, revision } = await tamperWith(lab).reviseManifest(first, (same) => same);
  const bare = await nightshift(["verify", "--bucket", archiveName], loggedIn(lab));
  const key = aggregateKeys.calls.intent(account, first, revision, sha256);
  const { state } = lab.services("a run");
  await state.put(key, toBody("{}"), "application/json");

  const whole = await nightshift(["verify", "--stack", stackName], loggedIn(lab));

  expect(bare.out).toMatch(/^\* manifest-not-in-ledger/);
  expect(whole.status).toBe(0);
});
