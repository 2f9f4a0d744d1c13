import type { Command } from "./command.ts";
import { proofErrors, proofTexts } from "./ledger-proof.ts";
import { date } from "./options.ts";
import { place, targetErrors, targetTexts } from "./target.ts";

const texts = {
  ...targetTexts,
  state: { value: "state", help: "with --bucket: the state bucket, which shows what runs wrote", check: place },
  ...proofTexts,
};
const lists = {
  day: { value: "day", help: "only this day's manifest and objects; may be given several times", check: date },
};
const flags = {
  "dry-run": "changes nothing: only says what would be restored",
  "remove-unexpected": "also hides what no evidence names behind delete markers; its versions stay",
  deep: "reads every byte: finds what was damaged beneath S3, too",
  json: "every line is JSON",
};

export const restoreCommand: Command<keyof typeof texts, keyof typeof flags, keyof typeof lists> = {
  name: "restore",
  summary: "Puts back what was altered or removed in the archive, from the versions that S3 keeps.",
  statuses: "0 nothing is left to restore, 1 something is left, 2 it could not be found out.",
  examples: [
    "--stack prod --dry-run",
    "--stack prod --public-key ledger.pem",
    "--bucket s3://archive --state s3://state --day 2026-03-07",
  ],
  texts,
  lists,
  flags,
  checkCombination: (options) => {
    const { stack, state } = options;
    return [
      ...targetErrors(options),
      ...(stack !== undefined && state !== undefined ? ["--stack and --state cannot be combined"] : []),
      ...proofErrors(options),
    ];
  },
  load: async () => (await import("./restore.ts")).restore,
};

export type RestoreOptions = Parameters<typeof restoreCommand.checkCombination>[0];
