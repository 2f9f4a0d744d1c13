import type { Command } from "./command.ts";
import { anyText } from "./options.ts";
import { stackErrors, stackTexts } from "./run-options.ts";

const texts = {
  alarm: { value: "alarm", help: "its chapter in docs/operations.md, or its whole name", check: anyText },
  ...stackTexts,
};
const flags = { json: "every line is JSON" };

export const explainCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "explain",
  summary: "Shows the log lines of the last week behind an alarm, with what to do about each.",
  statuses: "0 there are none, 1 there are some, 2 the log could not be read.",
  examples: ["run-failed --stack prod", "nightshift-prod-run-failed-archive-calls --stack prod"],
  texts,
  flags,
  positional: "alarm",
  checkCombination: (options) => [
    ...(options.alarm === undefined ? ["name an alarm, such as run-failed"] : []),
    ...stackErrors(options),
  ],
  load: async () => (await import("./explain.ts")).explain,
};

export type ExplainOptions = Parameters<typeof explainCommand.checkCombination>[0];
