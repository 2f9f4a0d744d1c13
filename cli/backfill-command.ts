import type { Command } from "./command.ts";
import { runStatuses, spanTexts, stackErrors, stackTexts, startFlags } from "./run-options.ts";

const texts = { ...stackTexts, ...spanTexts };

export const backfillCommand: Command<keyof typeof texts, keyof typeof startFlags> = {
  name: "backfill",
  summary: "Archives the days of a span first, then what every night archives, and says how many of them are closed.",
  statuses: runStatuses,
  examples: [
    "--stack prod --from 2026-03-01 --to 2026-04-01 --dry-run",
    "--stack prod --from 2026-03-01 --to 2026-04-01",
  ],
  texts,
  flags: startFlags,
  checkCombination: (options) => [
    ...stackErrors(options),
    ...(options.from === undefined ? ["--from is missing"] : []),
    ...(options.to === undefined ? ["--to is missing: it is the day after the last one"] : []),
  ],
  load: async () => (await import("./run.ts")).backfill,
};

export type BackfillOptions = Parameters<typeof backfillCommand.checkCombination>[0];
