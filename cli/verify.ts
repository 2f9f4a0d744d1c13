import { readFile } from "node:fs/promises";
import { auditedAggregates } from "../shared/audit/audited-aggregates.ts";
import type { Anchor } from "../shared/audit/check-ledger.ts";
import { chooseAccount } from "../shared/audit/choose-account.ts";
import { createSignatureCheck } from "../shared/audit/signature-check.ts";
import { type Verification, verifyArchive } from "../shared/audit/verify-archive.ts";
import type { AggregateName } from "../shared/core/day-aggregate.ts";
import { JobError } from "../shared/errors.ts";
import { anyText, bucketName, type Check, type Options, positiveInteger, readOptions } from "./options.ts";
import { openArchive, print, runCommand } from "./run-command.ts";

const usage = `npm run verify -- --bucket <archive bucket> [--account <RingCentral account id>]
  --quick              size and ETag of each object only, as a listing tells them
  --deep               also every byte of every object, every call record and every answer of the analytics
  --public-key <file>  check the ledgers' signatures against this key (PEM)
  --signed-from <n>    the first entry that has to be signed, where signing began later than with entry 1
  --anchor <n:sha256>  entry n of the ledger must still have this hash (an earlier check told it as the head)
  --analytics-signed-from <n>, --analytics-anchor <n:sha256>
                       the same of the ledger that the analytics have
`;

const anAnchor: Check = (value) =>
  anchorIn(value) ? undefined : "expected <number>:<sha256>, as a check tells it of the head";

const texts = {
  ...{ bucket: bucketName, account: anyText, "public-key": anyText, "signed-from": positiveInteger, anchor: anAnchor },
  ...{ "analytics-signed-from": positiveInteger, "analytics-anchor": anAnchor },
};
const flags = ["quick", "deep"] as const;
type Given = Options<keyof typeof texts, (typeof flags)[number]>;

/** How each aggregate is spoken of. */
const spoken = {
  calls: { whole: "archive", head: "head of the ledger" },
  analytics: { whole: "analytics", head: "head of the ledger, for --analytics-anchor" },
} as const satisfies Record<AggregateName, object>;

/** Verifies an archive. Exit status: 0 nothing is wrong, 1 something is, 2 it could not be verified. */
await runCommand(async (args) => {
  if (args.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const options = readOptions({ texts, flags, together }, args);
  const { bucket = "", quick, deep, "public-key": pem } = options;
  const checkSignature = pem === undefined ? undefined : createSignatureCheck(await readPem(pem));
  const archive = await openArchive(bucket);
  const account = await chooseAccount(archive, options.account);
  let findings = 0;
  for (const [place, aggregate] of (await auditedAggregates(archive, account, expectedAggregates(options))).entries()) {
    if (place > 0) print("");
    const verification = await verifyArchive({
      ...{ archive, account, aggregate, checkSignature, ...ledgerOptions(options, aggregate.name) },
      depth: quick ? "listing" : deep ? "bytes" : "checksums",
      onFinding: ({ code, key, detail }) => print(`${code}  ${key}  ${detail}`),
    });
    for (const line of summary(verification, checkSignature !== undefined)) print(line);
    findings += verification.findings;
  }
  return findings === 0 ? 0 : 1;
});

function together(options: Given): string[] {
  const { bucket, quick, deep, "public-key": pem } = options;
  const signedFrom = (["signed-from", "analytics-signed-from"] as const).filter((name) => options[name] !== undefined);
  return [
    ...(bucket === undefined ? ["--bucket is missing"] : []),
    ...(quick && deep ? ["--quick and --deep exclude each other"] : []),
    ...(pem === undefined ? signedFrom.map((name) => `--${name} takes --public-key`) : []),
  ];
}

/** What is said of a aggregate's ledger: nothing that is said of one holds for another. */
function ledgerOptions(options: Given, aggregate: AggregateName) {
  const { "signed-from": ofCalls = "1", "analytics-signed-from": ofAnalytics = "1" } = options;
  return {
    calls: { anchor: anchorIn(options.anchor), signedFrom: Number(ofCalls) },
    analytics: { anchor: anchorIn(options["analytics-anchor"]), signedFrom: Number(ofAnalytics) },
  }[aggregate];
}

/** Aggregates of which something is said: should one be gone as a whole, that is found. */
function expectedAggregates(options: Given): ReadonlySet<AggregateName> {
  const isExpected = (options["analytics-anchor"] ?? options["analytics-signed-from"]) !== undefined;
  return new Set(isExpected ? ["analytics"] : []);
}

function summary(verification: Verification, signatures: boolean): string[] {
  const { aggregate, account, entries, head, signedUpTo, days, closed, objects, bytes, findings } = verification;
  const { notYetInManifest, notChecked } = verification;
  const { whole, head: toNote } = spoken[aggregate];
  return [
    `${findings === 0 ? "Nothing is wrong" : counted(findings, "finding")} in the ${whole} of ${account}:`,
    `${entries} ledger entries, ${counted(days, "day")} (${closed} closed), ${counted(objects, "object")}, ${bytes} bytes`,
    ...(notYetInManifest > 0 ? [`${notYetInManifest} objects of open days are in no manifest yet`] : []),
    ...(notChecked > 0 ? [`${notChecked} objects could not be checked for lack of their days' manifests`] : []),
    signatures ? `signatures hold up to entry ${signedUpTo}` : "signatures were not checked (--public-key)",
    ...(head ? [`${toNote}: ${head.number}:${head.sha256}`] : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function anchorIn(text = ""): Anchor | undefined {
  const [, number, sha256 = ""] = /^(\d+):([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  return number === undefined ? undefined : { number: Number(number), sha256 };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new JobError("REQUEST_INVALID", `--public-key: ${file} cannot be read`, { cause, hint: "Check the path." });
  }
}
