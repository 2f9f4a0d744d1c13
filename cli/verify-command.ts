import type { Anchor } from "../shared/audit/check-ledger.ts";
import type { Command } from "./command.ts";
import { anyText, type Check, positiveInteger } from "./options.ts";
import { targetErrors, targetTexts } from "./target.ts";

const anchor: Check = (value) =>
  parseAnchor(value) ? undefined : "expected <number>:<sha256>, as a check prints the head";

const texts = {
  ...targetTexts,
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
};
const flags = {
  quick: "only size and ETag of each object, as S3 lists them",
  deep: "also every byte of every object, every call record and every response of the analytics",
  json: "every line is JSON",
};

export const verifyCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "verify",
  summary: "Checks that nothing in the archive was changed or lost.",
  statuses: "0 nothing is wrong, 1 there are findings, 2 the archive could not be verified.",
  examples: ["--stack prod", "--bucket s3://archive --deep", "--bucket ./copy --public-key ledger.pem"],
  texts,
  flags,
  checkCombination: (options) => {
    const { quick, deep, "public-key": pem } = options;
    const signedFrom = (["signed-from", "analytics-signed-from"] as const).filter(
      (name) => options[name] !== undefined,
    );
    return [
      ...targetErrors(options),
      ...(quick && deep ? ["--quick and --deep cannot be combined"] : []),
      ...(pem === undefined ? signedFrom.map((name) => `--${name} needs --public-key`) : []),
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
