import type { Command } from "./command.ts";
import { jobText, stackErrors, stackTexts } from "./run-options.ts";

const texts = { job: jobText, ...stackTexts };
const flags = { json: "every line is JSON" };

export const followCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "follow",
  summary: "Follows the run of a job that is at work, to its end. Ctrl-C leaves it running.",
  statuses:
    "0 the run has finished and nothing is to do, 1 something is wrong, 2 no run is at work, or its end was not seen.",
  examples: ["--stack prod", "build-tables --stack prod --json"],
  texts,
  flags,
  positional: "job",
  checkCombination: stackErrors,
  load: async () => (await import("./follow.ts")).follow,
};

export type FollowOptions = Parameters<typeof followCommand.checkCombination>[0];
