import type { Command } from "./command.ts";
import { anyText, date } from "./options.ts";
import { targetErrors, targetTexts } from "./target.ts";

const texts = {
  ...targetTexts,
  file: { value: "file", help: "a report that nightshift verify --report has written", check: anyText },
  day: { value: "day", help: "the report of this night, YYYY-MM-DD; the newest if it is left out", check: date },
  "public-key": { value: "file", help: "checks the signature of the file with this public key (PEM)", check: anyText },
};
const flags = { json: "the report as JSON" };

export const reportCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "report",
  summary: "Shows the report of a verification: of a file, or of the last night.",
  statuses: "0 it has no findings, 1 it has findings or its signature is invalid, 2 it could not be read.",
  examples: ["--stack prod", "--bucket s3://archive --day 2026-11-04", "report.json --public-key ledger.pem"],
  texts,
  flags,
  positional: "file",
  checkCombination: (options) => {
    const { file, stack, bucket, day, "public-key": pem } = options;
    if (file === undefined) {
      return [
        ...targetErrors(options),
        ...(pem === undefined ? [] : ["--public-key needs a file: verify checks ledgers"]),
      ];
    }
    const others = Object.entries({ stack, bucket, day }).filter(([, value]) => value !== undefined);
    return others.map(([name]) => `a file and --${name} cannot be combined`);
  },
  load: async () => (await import("./report.ts")).report,
};

export type ReportOptions = Parameters<typeof reportCommand.checkCombination>[0];
