import type { Command } from "./command.ts";
import { anyText, date } from "./options.ts";
import { jobText, runStatuses, spanTexts, stackErrors, stackTexts, startFlags } from "./run-options.ts";

const texts = { job: jobText, ...stackTexts, ...spanTexts };
const flags = { ...startFlags, rebuild: "build-tables: builds tables that are up to date again" };
const lists = {
  day: { value: "day", help: "this day first, YYYY-MM-DD; may be given several times", check: date },
  group: { value: "group", help: "collect-analytics: only this group; may be given several times", check: anyText },
};

export const runCommand: Command<keyof typeof texts, keyof typeof flags, keyof typeof lists> = {
  name: "run",
  summary: "Starts a run, estimates it, and follows it to its end. Ctrl-C leaves it running.",
  statuses: runStatuses,
  examples: [
    "--stack prod",
    "--stack prod --dry-run",
    "--stack prod --day 2026-03-07 --relist",
    "build-tables --stack prod --rebuild --detach",
  ],
  texts,
  flags,
  lists,
  positional: "job",
  checkCombination: stackErrors,
  load: async () => (await import("./run.ts")).run,
};

export type RunOptions = Parameters<typeof runCommand.checkCombination>[0];
