import type { Anchor } from "../shared/audit/check-ledger.ts";
import { parseSubset } from "../shared/core/subset.ts";
import type { Command } from "./command.ts";
import { anyText, type Check, date, positiveInteger } from "./options.ts";
import { place, targetErrors, targetTexts } from "./target.ts";

const anchor: Check = (value) =>
  parseAnchor(value) ? undefined : "expected <number>:<sha256>, as a check prints the head";
const subset: Check = (value) => (parseSubset(value) ? undefined : "expected <part>/<parts>, such as 1/28");
const keyArn: Check = (value) => (/^arn:[^:]+:kms:/.test(value) ? undefined : "expected the ARN of a KMS key");

const texts = {
  ...targetTexts,
  state: { value: "state", help: "state bucket, to know what a running run is about to write", check: place },
  derived: { value: "derived", help: "derived bucket, to verify the tables too", check: place },
  subset: { value: "part/parts", help: "only this part of the objects; every object is in one part", check: subset },
  "public-key": { value: "file", help: "checks the ledgers' signatures with this public key (PEM)", check: anyText },
  "signed-from": {
    value: "n",
    help: "first entry that must be signed, if signing began after entry 1",
    check: positiveInteger,
  },
  anchor: {
    value: "n:sha256",
    help: "entry n must still have this hash: the head that an earlier check printed",
    check: anchor,
  },
  "analytics-signed-from": { value: "n", help: "the same for the ledger of the analytics", check: positiveInteger },
  "analytics-anchor": { value: "n:sha256", help: "the same for the ledger of the analytics", check: anchor },
  "verifications-signed-from": { value: "n", help: "the same for the ledger of the reports", check: positiveInteger },
  "verifications-anchor": { value: "n:sha256", help: "the same for the ledger of the reports", check: anchor },
  report: { value: "file", help: "writes what was checked and found into this file", check: anyText },
  "signing-key": { value: "arn", help: "signs the report with this KMS key", check: keyArn },
  combined: { value: "file", help: "writes every checked object with its sign into this file", check: anyText },
};
const lists = { day: { value: "day", help: "only this day, YYYY-MM-DD; may be given several times", check: date } };
const flags = {
  quick: "only size and ETag of each object, as S3 lists them",
  deep: "also every byte of every object, every call record and every response of the analytics",
  json: "every line is JSON",
};

export const verifyCommand: Command<keyof typeof texts, keyof typeof flags, keyof typeof lists> = {
  name: "verify",
  summary: `Checks that nothing in the archive was changed or lost. A finding begins with a sign, as in rclone checksum:
+ missing   - nothing names it   * different   ! unreadable   = the same (with --combined)`,
  statuses: "0 nothing is wrong, 1 there are findings, 2 the archive could not be verified.",
  examples: [
    "--stack prod",
    "--bucket s3://archive --deep --subset 1/28",
    "--bucket ./copy --public-key ledger.pem --report report.json",
  ],
  texts,
  lists,
  flags,
  checkCombination: (options) => {
    const { stack, quick, deep, "public-key": pem, report, "signing-key": key } = options;
    const signedFrom = (["signed-from", "analytics-signed-from", "verifications-signed-from"] as const).filter(
      (name) => options[name] !== undefined,
    );
    const places = (["state", "derived"] as const).filter((name) => options[name] !== undefined);
    return [
      ...targetErrors(options),
      ...(stack === undefined ? [] : places.map((name) => `--stack and --${name} cannot be combined`)),
      ...(quick && deep ? ["--quick and --deep cannot be combined"] : []),
      ...(pem === undefined ? signedFrom.map((name) => `--${name} needs --public-key`) : []),
      ...(key !== undefined && report === undefined ? ["--signing-key needs --report"] : []),
    ];
  },
  load: async () => (await import("./verify.ts")).verify,
};

export type VerifyOptions = Parameters<typeof verifyCommand.checkCombination>[0];

/** Parses `<number>:<sha256>`. */
export function parseAnchor(text = ""): Anchor | undefined {
  const [, number, sha256 = ""] = /^(\d+):([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  return number === undefined ? undefined : { number: Number(number), sha256 };
}
