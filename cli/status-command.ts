import type { Command } from "./command.ts";
import { place, targetErrors, targetTexts } from "./target.ts";

const texts = {
  ...targetTexts,
  state: { value: "state", help: "with --bucket: the state bucket, which knows runs and limits", check: place },
};
const flags = { watch: "shows it again every 30 seconds, until Ctrl-C", json: "every line is JSON" };

export const statusCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "status",
  summary: "Says in one sentence how the archive stands, then days, recordings, backlog and runs.",
  statuses: "0 nothing to do, 1 something is wrong, 2 it could not be found out.",
  examples: ["--stack prod", "--bucket s3://archive --state s3://state --json", "--bucket ./copy"],
  texts,
  flags,
  checkCombination: (options) => [
    ...targetErrors(options),
    ...(options.stack !== undefined && options.state !== undefined ? ["--stack and --state cannot be combined"] : []),
  ],
  load: async () => (await import("./status.ts")).status,
};

export type StatusOptions = Parameters<typeof statusCommand.checkCombination>[0];
