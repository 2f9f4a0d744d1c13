import { readFile } from "node:fs/promises";
import { auditedAggregates } from "../shared/audit/audited-aggregates.ts";
import type { Anchor } from "../shared/audit/check-ledger.ts";
import { chooseAccount } from "../shared/audit/choose-account.ts";
import { createSignatureCheck } from "../shared/audit/signature-check.ts";
import { type Verification, verifyArchive } from "../shared/audit/verify-archive.ts";
import { counted } from "../shared/core/counted.ts";
import type { AggregateName } from "../shared/core/day-aggregate.ts";
import { JobError } from "../shared/errors.ts";
import { anyText, bucketName, type Check, type Options, positiveInteger, readOptions } from "./options.ts";
import { openArchive, print, runCommand } from "./run-command.ts";

const usage = `npm run verify -- --bucket <archive bucket> [--account <RingCentral account id>]
  --quick              checks only size and ETag of each object, as S3 lists them
  --deep               also reads every byte of every object, every call record and every analytics response
  --public-key <file>  checks the ledgers' signatures with this public key (PEM)
  --signed-from <n>    first entry that must be signed, if signing began after entry 1
  --anchor <n:sha256>  entry n of the ledger must still have this hash (the head that an earlier check printed)
  --analytics-signed-from <n>, --analytics-anchor <n:sha256>
                       the same for the ledger of the analytics
`;

const anchor: Check = (value) =>
  parseAnchor(value) ? undefined : "expected <number>:<sha256>, as a check prints the head";

const texts = {
  bucket: bucketName,
  account: anyText,
  "public-key": anyText,
  "signed-from": positiveInteger,
  anchor,
  "analytics-signed-from": positiveInteger,
  "analytics-anchor": anchor,
};
const flags = ["quick", "deep"] as const;
type VerifyOptions = Options<keyof typeof texts, (typeof flags)[number]>;

/** What the summary calls each aggregate and its ledger's head. */
const labels = {
  calls: { aggregate: "archive", head: "head of the ledger" },
  analytics: { aggregate: "analytics", head: "head of the ledger, for --analytics-anchor" },
} as const satisfies Record<AggregateName, object>;

/** Verifies an archive. Exit status: 0 nothing is wrong, 1 there are findings, 2 the archive could not be verified. */
await runCommand(async (args) => {
  if (args.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const options = readOptions({ texts, flags, checkCombination }, args);
  const { bucket = "", quick, deep, "public-key": pem } = options;
  const checkSignature = pem === undefined ? undefined : createSignatureCheck(await readPem(pem));
  const archive = await openArchive(bucket);
  const account = await chooseAccount(archive, options.account);
  let findings = 0;
  for (const [index, aggregate] of (await auditedAggregates(archive, account, expectedAggregates(options))).entries()) {
    if (index > 0) print("");
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

function checkCombination(options: VerifyOptions): string[] {
  const { bucket, quick, deep, "public-key": pem } = options;
  const signedFrom = (["signed-from", "analytics-signed-from"] as const).filter((name) => options[name] !== undefined);
  return [
    ...(bucket === undefined ? ["--bucket is missing"] : []),
    ...(quick && deep ? ["--quick and --deep cannot be combined"] : []),
    ...(pem === undefined ? signedFrom.map((name) => `--${name} needs --public-key`) : []),
  ];
}

/** The options of one aggregate's ledger: each ledger has options with its own names. */
function ledgerOptions(options: VerifyOptions, aggregate: AggregateName) {
  const { "signed-from": callsSignedFrom = "1", "analytics-signed-from": analyticsSignedFrom = "1" } = options;
  return {
    calls: { anchor: parseAnchor(options.anchor), signedFrom: Number(callsSignedFrom) },
    analytics: { anchor: parseAnchor(options["analytics-anchor"]), signedFrom: Number(analyticsSignedFrom) },
  }[aggregate];
}

/** Aggregates that an option names: verified even if nothing of them is left. */
function expectedAggregates(options: VerifyOptions): ReadonlySet<AggregateName> {
  const isExpected = (options["analytics-anchor"] ?? options["analytics-signed-from"]) !== undefined;
  return new Set(isExpected ? ["analytics"] : []);
}

function summary(verification: Verification, signatures: boolean): string[] {
  const { aggregate, account, entries, head, signedUpTo, days, closed, objects, bytes, findings } = verification;
  const { notYetInManifest, notChecked } = verification;
  const label = labels[aggregate];
  return [
    `${findings === 0 ? "Nothing is wrong" : counted(findings, "finding")} in the ${label.aggregate} of ${account}:`,
    `${counted(entries, "ledger entry", "ledger entries")}, ${counted(days, "day")} (${closed} closed), ${counted(objects, "object")}, ${bytes} bytes`,
    ...(notYetInManifest > 0 ? [`${counted(notYetInManifest, "object")} of open days not in a manifest yet`] : []),
    ...(notChecked > 0
      ? [`${counted(notChecked, "object")} not checked: their days' manifests are missing or unreadable`]
      : []),
    signatures ? `signatures are valid up to entry ${signedUpTo}` : "signatures were not checked (--public-key)",
    ...(head ? [`${label.head}: ${head.number}:${head.sha256}`] : []),
  ];
}

function parseAnchor(text = ""): Anchor | undefined {
  const [, number, sha256 = ""] = /^(\d+):([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  return number === undefined ? undefined : { number: Number(number), sha256 };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new JobError("REQUEST_INVALID", `--public-key: reading ${file} failed`, { cause, hint: "Check the path." });
  }
}
