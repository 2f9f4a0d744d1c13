import { parseSubset } from "../shared/core/subset.ts";
import type { Command } from "./command.ts";
import { proofErrors, proofTexts } from "./ledger-proof.ts";
import { anyText, type Check, date } from "./options.ts";
import { place, targetErrors, targetTexts } from "./target.ts";

const subset: Check = (value) => (parseSubset(value) ? undefined : "expected <part>/<parts>, such as 1/28");
const keyArn: Check = (value) => (/^arn:[^:]+:kms:/.test(value) ? undefined : "expected the ARN of a KMS key");

const texts = {
  ...targetTexts,
  state: { value: "state", help: "state bucket, to know what a running run is about to write", check: place },
  derived: { value: "derived", help: "derived bucket, to verify tables and pages too", check: place },
  subset: { value: "part/parts", help: "only this part of the objects; every object is in one part", check: subset },
  ...proofTexts,
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
  statuses: "0 nothing is wrong, 1 there are findings, 2 the archive, or a day of --day, could not be verified.",
  examples: [
    "--stack prod",
    "--bucket s3://archive --deep --subset 1/28",
    "--bucket ./copy --public-key ledger.pem --report report.json",
  ],
  texts,
  lists,
  flags,
  checkCombination: (options) => {
    const { stack, quick, deep, report, "signing-key": key } = options;
    const places = (["state", "derived"] as const).filter((name) => options[name] !== undefined);
    return [
      ...targetErrors(options),
      ...(stack === undefined ? [] : places.map((name) => `--stack and --${name} cannot be combined`)),
      ...(quick && deep ? ["--quick and --deep cannot be combined"] : []),
      ...proofErrors(options),
      ...(key !== undefined && report === undefined ? ["--signing-key needs --report"] : []),
    ];
  },
  load: async () => (await import("./verify.ts")).verify,
};

export type VerifyOptions = Parameters<typeof verifyCommand.checkCombination>[0];
