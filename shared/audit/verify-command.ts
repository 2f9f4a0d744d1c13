import { readFile } from "node:fs/promises";
import { JobError } from "../errors.ts";
import { chooseAccount } from "./accounts.ts";
import type { Anchor } from "./check-ledger.ts";
import { openArchive, print, runCommand } from "./command-line.ts";
import { aBucket, anyText, aPlace, type Options, readOptions } from "./options.ts";
import { createSignatureCheck } from "./signature.ts";
import { type Verification, verifyArchive } from "./verify.ts";

const usage = `npm run verify -- --bucket <archive bucket> [--account <RingCentral account id>]
  --quick              size and ETag of each object only, as a listing tells them
  --deep               also every byte of every object, and every call record
  --public-key <file>  check the ledger's signatures against this key (PEM)
  --signed-from <n>    the first entry that has to be signed, where signing began later than with entry 1
  --expect <n:sha256>  entry n of the ledger must still have this hash (the last line of an earlier check tells it)
`;

const texts = {
  ...{ bucket: aBucket, account: anyText, "public-key": anyText, "signed-from": aPlace },
  expect: (value: string) =>
    anchorIn(value) ? undefined : "expected <number>:<sha256>, as the last line of a check tells it",
};
const flags = ["quick", "deep"] as const;

/** Verifies an archive. Exit status: 0 nothing is wrong, 1 something is, 2 it could not be verified. */
await runCommand(async (args) => {
  if (args.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const options = readOptions({ texts, flags, together }, args);
  const { bucket = "", quick, deep, expect = "", "public-key": pem, "signed-from": signedFrom = "1" } = options;
  const checkSignature = pem === undefined ? undefined : createSignatureCheck(await readPem(pem));
  const archive = await openArchive(bucket);
  const verification = await verifyArchive({
    archive,
    account: await chooseAccount(archive, options.account),
    depth: quick ? "listing" : deep ? "bytes" : "checksums",
    anchor: anchorIn(expect),
    checkSignature,
    signedFrom: Number(signedFrom),
    onFinding: ({ code, key, detail }) => print(`${code}  ${key}  ${detail}`),
  });
  for (const line of summary(verification, checkSignature !== undefined)) print(line);
  return verification.findings === 0 ? 0 : 1;
});

function together(options: Options<keyof typeof texts, (typeof flags)[number]>): string[] {
  const { bucket, quick, deep, "public-key": pem, "signed-from": signedFrom } = options;
  return [
    ...(bucket === undefined ? ["--bucket is missing"] : []),
    ...(quick && deep ? ["--quick and --deep exclude each other"] : []),
    ...(signedFrom !== undefined && pem === undefined ? ["--signed-from takes --public-key"] : []),
  ];
}

function summary(verification: Verification, signatures: boolean): string[] {
  const { account, entries, head, signedUpTo, days, closed, objects, bytes, findings } = verification;
  const { notYetNamed, notChecked } = verification;
  return [
    `${findings === 0 ? "Nothing is wrong" : counted(findings, "finding")} in the archive of ${account}:`,
    `${entries} ledger entries, ${counted(days, "day")} (${closed} closed), ${counted(objects, "object")}, ${bytes} bytes`,
    ...(notYetNamed > 0 ? [`${notYetNamed} objects of open days are in no manifest yet`] : []),
    ...(notChecked > 0 ? [`${notChecked} objects could not be checked for lack of their days' manifests`] : []),
    signatures ? `signatures hold up to entry ${signedUpTo}` : "signatures were not checked (--public-key)",
    ...(head ? [`head of the ledger: ${head.number}:${head.sha256}`] : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function anchorIn(text: string): Anchor | undefined {
  const [, number, sha256 = ""] = /^(\d+):([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  return number === undefined ? undefined : { number: Number(number), sha256 };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new JobError("REQUEST_INVALID", `--public-key: ${file} cannot be read`, { cause, todo: "Check the path." });
  }
}
