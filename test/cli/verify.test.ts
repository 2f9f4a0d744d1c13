import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { archiveFolder } from "../support/audit/archive-folder.ts";
import { account, archiveName } from "../support/audit/archive-lab.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { first, second, servedSample } from "../support/audit/sample-archive.ts";
import type { ServedArchive } from "../support/audit/served-archive.ts";
import { altered, tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";
import { type Ended, loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { shared } = servedSample({ signed: true });
const verify = (args: readonly string[], env = loggedIn(shared())) => nightshift(["verify", ...args], env);
const archive = ["--bucket", archiveName];
const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");

async function pemFile(lab: ServedArchive): Promise<string> {
  const file = join(lab.dir, "ledger.pem");
  await writeFile(file, pemOf(await publicKey(lab)));
  return file;
}

/** Expects one line with the error and one with the hint, and no other output. */
function expectRefusal({ status, out, err }: Ended, message: string | RegExp, hint: string | RegExp): void {
  const [error = "", advice = "", ...rest] = err.split("\n");
  expect(error).toMatch(message);
  expect(advice).toMatch(hint);
  expect(rest).toEqual([""]);
  expect(out).toBe("");
  expect(status).toBe(2);
}

describe("nightshift verify", () => {
  test("ends with 0 if nothing is wrong, and prints what it has checked and the head to note", async () => {
    const lab = shared();
    const { head } = (await verifySample(lab)).verification;
    const expected = `${head?.number}:${head?.sha256}`;

    const { status, out, err } = await verify([
      ...[...archive, "--deep", "--account", account],
      ...["--public-key", await pemFile(lab), "--anchor", expected],
    ]);

    expect(err).toBe("");
    expect(out.split("\n")).toEqual([
      "Nothing is wrong in the archive of 7:",
      expect.stringMatching(/^3 ledger entries, 4 days \(3 closed\), 15 objects, \d+ bytes$/),
      "signatures are valid up to entry 3",
      `head of the ledger: ${expected}`,
      "",
      "Checked: s3://archive, account 7, all days, every object, size, ETag, S3's SHA-256 and every byte.",
      "Not looked at: tables and pages (--stack or --derived), indexes of days (--stack or --state).",
      expect.stringMatching(/^From 2\S+Z to 2\S+Z, by nightshift \d+\.\d+\.\d+\.$/),
      "",
    ]);
    expect(status).toBe(0);
  });

  test("ends with 1 if something is wrong, and prints code, key and detail, but no number and no name", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    for (const key of [archiveKeys.calls(account, first), archiveKeys.csv(account, second)])
      await tamper.alterBeneath(key);
    await tamper.remove(mp3(second, "21"));

    const { status, out, err } = await verify([...archive, "--deep"]);

    const findings = out.split("\n").slice(0, 3).sort();
    expect(findings).toEqual([
      `* object-corrupt  ${archiveKeys.calls(account, first)}  it is not gzipped JSON lines`,
      `* object-corrupt  ${archiveKeys.csv(account, second)}  its bytes have another SHA-256`,
      `+ object-missing  ${mp3(second, "21")}  a manifest references it`,
    ]);
    expect(out.split("\n")[3]).toBe("3 findings in the archive of 7:");
    expect(out).toContain("signatures were not checked (--public-key)");
    expect(out + err).not.toMatch(/Jane Doe|Front Desk|16505550100|442079460018|4922112345678/);
    expect(status).toBe(1);
  });

  test("verifies a folder as it verifies a bucket, without a login", async () => {
    const lab = shared();
    const folder = await archiveFolder(lab);

    const [ofFolder, ofBucket] = [
      await verify(["--bucket", folder, "--deep"], {}),
      await verify([...archive, "--deep"]),
    ];
    const summaryOf = ({ out }: Ended) => out.split("Checked:")[0];
    expect(summaryOf(ofFolder)).toEqual(summaryOf(ofBucket));
    expect([ofFolder.status, ofBucket.status]).toEqual([0, 0]);
    await tamperWith(lab).alterBeneath(archiveKeys.csv(account, second));
    expect((await verify(["--bucket", await archiveFolder(lab)], {})).out).toMatch(/^\* object-changed .*calls.csv/);
  });

  test("with --json prints each finding and each summary as a line of JSON", async () => {
    await tamperWith(shared()).remove(mp3(second, "21"));

    const { out, status } = await verify([...archive, "--json"]);

    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { finding: { code: "object-missing", key: mp3(second, "21") } },
      { verification: { aggregate: "calls", account, findings: 1 } },
      { report: { schema: "nightshift/verification-report/1", account, findingCount: 1, depth: "checksums" } },
    ]);
    expect(status).toBe(1);
  });

  test("verifies only as deep as its options say", async () => {
    const tamper = tamperWith(shared());
    const key = mp3(first, "11");
    await tamper.putPlainly(key, await tamper.read(key));

    const [quick, whole] = await Promise.all([verify([...archive, "--quick"]), verify(archive)]);

    expect(quick).toMatchObject({ status: 0, out: expect.stringMatching(/^Nothing is wrong/) });
    expect(whole).toMatchObject({
      status: 1,
      out: expect.stringMatching(/^\* object-changed .*S3 stores no SHA-256 of it/),
    });
  });

  test("finds an object that no job writes, wherever it lies in the bucket", async () => {
    const strays = ["a.txt", "analytics/notes.txt", "calls/account=7/notes.txt", "reports/foo.html", "zz"];
    const tamper = tamperWith(shared());
    for (const key of strays) await tamper.put(key, altered(Buffer.from("x")));

    const { status, out } = await verify([...archive, "--quick"]);

    const lines = out.split("\n").filter((line) => line.startsWith("- object-unexpected"));
    expect(lines).toEqual(strays.map((key) => `- object-unexpected  ${key}  no job writes an object of this name`));
    expect(status).toBe(1);
  });

  test("escapes control characters in a key that it reports", async () => {
    const key = `recordings/account=7/date=${first}/\u001b[2J\nNothing is wrong\u009b.mp3`;
    await tamperWith(shared()).put(key, altered(Buffer.from("audio")));

    const { status, out } = await verify([...archive, "--quick"]);

    const escapedKey = `recordings/account=7/date=${first}/\\u001b[2J\\u000aNothing is wrong\\u009b.mp3`;
    expect(out).toContain(`- object-unexpected  ${escapedKey}  `);
    expect(out).not.toMatch(/[^\P{Cc}\n]/u);
    expect(status).toBe(1);
  });

  test("checks signatures from the entry that the option names", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    const { signature, ...rest } = await tamper.entry(1);
    await tamper.forge(rest);

    const { out, status } = await verify([...archive, "--public-key", await pemFile(lab), "--signed-from", "2"]);

    // The second signed the chain as it was before.
    expect(out).toMatch(/^\* ledger-chain-broken {2}ledger\/account=7\/00000002.json/);
    expect(out).not.toContain("ledger-signature-missing");
    expect(status).toBe(1);
  });
});

describe("nightshift verify refuses, in one line with a hint in another,", () => {
  test("invalid options, all at once, before any request", async () => {
    const ended = await verify(["--bucket", "A", "--anchor", "3", "--quick", "--signed-from", "x"], {});

    expectRefusal(ended, /^REQUEST_INVALID: --bucket: .*; --signed-from: .*; --anchor: expected/, "--help");
  });

  test("options that exclude one another", async () => {
    const ended = await verify(["--quick", "--deep", "--signed-from", "2"], {});

    const errors =
      "--stack or --bucket is missing; --quick and --deep cannot be combined; --signed-from needs --public-key";
    expectRefusal(ended, `REQUEST_INVALID: ${errors}`, "--help");
  });

  test("a public key that does not exist", async () => {
    const ended = await verify([...archive, "--public-key", "/nonexistent/ledger.pem"], {});

    expectRefusal(ended, "REQUEST_INVALID: --public-key: reading /nonexistent/ledger.pem failed", "Check the path");
  });

  test("to run without a login or without a region", async () => {
    const { AWS_REGION, ...withoutRegion } = loggedIn(shared());

    const [login, region] = await Promise.all([
      verify(archive, { AWS_REGION: "us-east-1" }),
      verify(archive, withoutRegion),
    ]);

    expectRefusal(login, "CONFIG_INVALID: No AWS credentials were found", "AWS_PROFILE");
    expectRefusal(region, "CONFIG_INVALID: No AWS region is set", "AWS_REGION");
  });

  test("a login that AWS refuses", async () => {
    const env = { ...loggedIn(shared()), AWS_ACCESS_KEY_ID: "another" };

    expectRefusal(
      await verify(archive, env),
      /^STORAGE_FAILED: ListObjectsV2 .*InvalidAccessKeyId$/,
      "Log in to AWS again",
    );
  });

  test("a bucket that does not exist, and one without an archive", async () => {
    const [gone, empty] = await Promise.all([verify(["--bucket", "nowhere"]), verify(["--bucket", "state"])]);

    expectRefusal(
      gone,
      /^STORAGE_FAILED: ListObjectsV2 s3:\/\/nowhere\/\S* answered 404 NoSuchBucket$/,
      "Check --bucket",
    );
    expectRefusal(empty, "REQUEST_INVALID: The bucket holds no archive", "Check --bucket");
  });

  test("to choose between accounts", async () => {
    const tamper = tamperWith(shared());
    await tamper.put(aggregateKeys.calls.manifest("8.a/b", first), "{}");
    await tamper.put("manifests/account=%E0%A4%A/date=2026-11-01.json", "{}");

    const [choice, chosen] = await Promise.all([verify(archive), verify([...archive, "--account", account])]);

    expectRefusal(choice, "REQUEST_INVALID: The bucket holds the archives of 7, 8.a/b", "Choose one with --account");
    // No account has such a name.
    expect(chosen.out).toMatch(
      /^Nothing is wrong in the archive of 7:[\s\S]*\n- object-unexpected {2}manifests\/account=%E0%A4%A\//,
    );
    expect(chosen.status).toBe(1);
  });

  test("an archive that S3 denies in the middle", async () => {
    const { aws } = shared();
    aws.plan({ on: { operation: "HeadObject" }, what: { status: 403, code: "AccessDenied" }, times: "always" });

    const ended = await verify(archive).finally(aws.clearFaults);

    expectRefusal(ended, /^STORAGE_FAILED: HeadObject s3:\/\/archive\/\S+ answered 403/, "kms:Decrypt");
  });
});

test("nightshift verify --help prints its options and ends with 0", async () => {
  const { status, out } = await verify(["--help"], {});

  for (const option of ["bucket", "account", "quick", "deep", "public-key", "signed-from", "anchor"])
    expect(out).toContain(`--${option}`);
  expect(status).toBe(0);
});
