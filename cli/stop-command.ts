import type { Command } from "./command.ts";
import { jobText, stackErrors, stackTexts } from "./run-options.ts";

const texts = { job: jobText, ...stackTexts };
const flags = { json: "every line is JSON" };

export const stopCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "stop",
  summary: "Stops the run of a job that is at work, and waits for its end. Nothing is lost: the next run continues.",
  statuses: "0 it was stopped, or none is at work, 2 it is not known whether it has ended.",
  examples: ["--stack prod", "build-tables --stack prod"],
  texts,
  flags,
  positional: "job",
  checkCombination: stackErrors,
  load: async () => (await import("./stop.ts")).stop,
};

export type StopOptions = Parameters<typeof stopCommand.checkCombination>[0];
