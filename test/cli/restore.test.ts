import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { nightsOfAnalytics } from "../support/audit/analytics-nights.ts";
import { archiveFolder } from "../support/audit/archive-folder.ts";
import { account, archiveName, otherKey } from "../support/audit/archive-lab.ts";
import { appendEntry } from "../support/audit/forgeries.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { versionsIn } from "../support/audit/restore-sample.ts";
import { first, nightsOfCalls, second, servedSample, third } from "../support/audit/sample-archive.ts";
import type { ServedArchive } from "../support/audit/served-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { type Ended, loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { open } = servedSample({
  signed: true,
  nights: async (lab, sign) => {
    await nightsOfCalls(lab, sign);
    await nightsOfAnalytics(lab, sign);
  },
});
const buckets = ["--bucket", archiveName, "--state", "state"];
const mp3 = (day: string, id: string) => archiveKeys.recording(account, day, id, "mp3");
const restore = (lab: ServedArchive, ...args: readonly string[]) => nightshift(["restore", ...args], loggedIn(lab));
const verify = (lab: ServedArchive) => nightshift(["verify", "--bucket", archiveName, "--deep"], loggedIn(lab));

function expectRefusal({ status, out, err }: Ended, message: string | RegExp, hint: string): void {
  const [error = "", advice = ""] = err.split("\n");
  expect(error).toMatch(message);
  expect(advice).toContain(hint);
  expect([out, status]).toEqual(["", 2]);
}

describe("nightshift restore refuses, and changes nothing,", () => {
  test("a folder, which has no versions", async () => {
    const lab = await open();

    const ended = await restore(lab, "--bucket", await archiveFolder(lab));

    expectRefusal(ended, /^REQUEST_INVALID: A folder has no versions$/, "Restore the bucket");
  });

  test("a public key that has signed no entry: otherwise every entry would look forged", async () => {
    const lab = await open();
    const file = join(lab.dir, "other.pem");
    await writeFile(file, pemOf(await publicKey(lab, otherKey)));
    const before = await versionsIn(lab);

    const ended = await restore(lab, ...buckets, "--public-key", file, "--remove-unexpected");

    expectRefusal(
      ended,
      /^REQUEST_INVALID: No version of an entry under ledger\/account=7\/ is signed with this key$/,
      "--public-key",
    );
    expect(await versionsIn(lab)).toEqual(before);
  });

  test("a bucket that does not keep versions, and one that does not exist", async () => {
    const lab = await open();

    const [plain, gone] = [await restore(lab, "--bucket", "state"), await restore(lab, "--bucket", "nowhere")];

    expectRefusal(plain, /^REQUEST_INVALID: The bucket does not keep versions$/, "from a copy");
    expectRefusal(gone, /^STORAGE_FAILED: GetBucketVersioning s3:\/\/nowhere\/ answered 404 NoSuchBucket$/, "--bucket");
  });

  test("options that do not fit together, all at once", async () => {
    const lab = await open();

    const ended = await restore(lab, "--stack", "sample", "--state", "state", "--signed-from", "2");

    expectRefusal(ended, /--stack and --state cannot be combined; --signed-from needs --public-key$/, "--help");
  });

  test("a public key that cannot be read", async () => {
    const ended = await restore(await open(), ...buckets, "--public-key", "/nonexistent/ledger.pem");

    expectRefusal(ended, /^REQUEST_INVALID: --public-key: reading \/nonexistent\/ledger.pem failed$/, "Check the path");
  });

  test.each([["--dry-run"], ["--json"]])("a day that the archive does not have, with %s", async (flag) => {
    const ended = await restore(await open(), "--stack", "sample", "--day", "2027-01-01", flag);

    expectRefusal(ended, /^REQUEST_INVALID: The archive has nothing of 2027-01-01$/, "status --stack sample");
  });

  test("to go on without a right, and says where they are listed", async () => {
    const lab = await open();
    await tamperWith(lab).remove(mp3(first, "11"));
    lab.aws.plan({ on: { operation: "CopyObject" }, what: { status: 403, code: "AccessDenied" }, times: "always" });

    const { status, err } = await restore(lab, ...buckets);

    expect(err).toMatch(/^REQUEST_INVALID: AWS denies this login the right: CopyObject s3:\/\/archive\/recordings\//);
    expect(err).toContain("The command line in docs/operations.md");
    expect(status).toBe(2);
  });
});

describe("nightshift restore", () => {
  test("ends with 0 if nothing is to be restored", async () => {
    expect(await restore(await open(), ...buckets)).toEqual({
      status: 0,
      out: "Nothing is to be restored.\n",
      err: "",
    });
  });

  test("with --dry-run names what it would restore, changes nothing, and ends with 1", async () => {
    const lab = await open();
    await tamperWith(lab).remove(mp3(first, "11"));
    const before = await versionsIn(lab);

    const { status, out } = await restore(lab, "--stack", "sample", "--dry-run");

    expect(out.split("\n")).toEqual([
      `to-restore  object-missing  ${mp3(first, "11")}  a manifest references it`,
      "1 finding would be restored.",
      "",
    ]);
    expect(status).toBe(1);
    expect(await versionsIn(lab)).toEqual(before);
  });

  test("restores calls and analytics, and ends with 0; a verification then finds nothing", async () => {
    const lab = await open();
    const { remove, put } = tamperWith(lab);
    await put(mp3(first, "11"), "forged");
    for await (const { key } of lab.aws.objects(archiveName)) if (key.startsWith("analytics/")) await remove(key);

    const { status, out } = await restore(lab, ...buckets, "--public-key", await pemFile(lab));

    expect(out).toContain(`restored  object-changed  ${mp3(first, "11")}  it has 6 bytes, not 11`);
    expect(out).toContain(`restored  ledger-entry-missing  ${aggregateKeys.analytics.ledgerEntry(account, 1)}  `);
    expect(out).toMatch(/\n16 findings restored\.\n$/);
    expect(status).toBe(0);
    expect(await verify(lab)).toMatchObject({ status: 0, out: expect.stringContaining("the analytics of 7:") });
  });

  test("removes what no evidence names only with the flag, wherever it lies", async () => {
    const lab = await open();
    const { put } = tamperWith(lab);
    const strays = ["notes.txt", mp3(first, "99")];
    for (const key of strays) await put(key, "x");

    const [kept, removed] = [await restore(lab, ...buckets), await restore(lab, ...buckets, "--remove-unexpected")];

    expect(kept.out).toMatch(
      /\n {2}If nobody needs it, run npx nightshift restore --bucket archive --remove-unexpected: .*\n/,
    );
    expect(kept.out).toMatch(/\n2 findings refused\.\n$/);
    for (const key of strays) expect(removed.out).toContain(`removed  object-unexpected  ${key}  `);
    expect([kept.status, removed.status, (await verify(lab)).status]).toEqual([1, 0, 0]);
  });

  test("says of what no version has where to take it from, with its SHA-256, and ends with 1", async () => {
    const lab = await open();
    await tamperWith(lab).alterBeneath(mp3(first, "11"));

    const [quick, deep] = [await restore(lab, ...buckets), await restore(lab, ...buckets, "--deep")];

    expect(quick.status).toBe(0);
    expect(deep.out).toMatch(
      /^refused {2}object-corrupt .*\n {2}No version has it\. .*backup.* SHA-256 is \S{43}=\.\n/,
    );
    expect(deep.status).toBe(1);
  });

  test("heals an appended entry with the public key", async () => {
    const lab = await open();
    await appendEntry(lab);

    const { out, status } = await restore(lab, ...buckets, "--public-key", await pemFile(lab), "--remove-unexpected");

    expect(out).toContain(`removed  ledger-chain-broken  ${aggregateKeys.calls.ledgerEntry(account, 4)}  `);
    expect(out).toContain(`restored  object-changed  ${mp3(second, "21")}  `);
    expect([status, (await verify(lab)).status]).toEqual([0, 0]);
  });

  test("restores only the days that --day names", async () => {
    const lab = await open();
    for (const key of [mp3(first, "11"), mp3(second, "21"), mp3(third, "31")]) await tamperWith(lab).remove(key);

    const { out } = await restore(lab, ...buckets, "--day", first, "--day", third);

    expect(out).not.toContain(mp3(second, "21"));
    expect(out).toMatch(/\n2 findings restored\.\n$/);
  });

  test("with --json prints each finding and the summary as a line of JSON", async () => {
    const lab = await open();
    await tamperWith(lab).remove(mp3(second, "21"));

    const { out } = await restore(lab, ...buckets, "--json");

    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      {
        restoration: {
          result: "restored",
          finding: { code: "object-missing", key: mp3(second, "21"), detail: "a manifest references it" },
        },
      },
      { summary: { restored: 1 } },
    ]);
  });

  test("begins nothing more after Ctrl-C, says so, and ends with 2", async () => {
    const lab = await open();
    await tamperWith(lab).remove(mp3(first, "11"));
    const interrupt = new AbortController();
    interrupt.abort();

    const { out, err, status } = await nightshift(["restore", ...buckets], loggedIn(lab), {
      interrupted: interrupt.signal,
    });

    expect(out).toBe("");
    expect(err).toBe("Interrupted. Nothing is half restored: run the command again for the rest.\n");
    expect(status).toBe(2);
  });

  test("prints no number and no name", async () => {
    const lab = await open();
    for (const day of [first, second]) await tamperWith(lab).remove(archiveKeys.calls(account, day));

    const { out, err } = await restore(lab, ...buckets, "--deep");

    expect(out + err).not.toMatch(/Jane Doe|Front Desk|16505550100|442079460018|4922112345678/);
  });
});

async function pemFile(lab: ServedArchive): Promise<string> {
  const file = join(lab.dir, "ledger.pem");
  await writeFile(file, pemOf(await publicKey(lab)));
  return file;
}
