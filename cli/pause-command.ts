import type { Command } from "./command.ts";
import { anyText } from "./options.ts";
import { stackErrors, stackTexts } from "./run-options.ts";

const lists = { job: { value: "job", help: "names of jobs; every job without one", check: anyText } };
const flags = { json: "every line is JSON" };
type PausingCommand = Command<keyof typeof stackTexts, keyof typeof flags, keyof typeof lists>;

const common = { texts: stackTexts, flags, lists, positional: "job", checkCombination: stackErrors } as const;
const statuses = "0 it is done, or was so before, 2 it could not be done.";

export const pauseCommand: PausingCommand = {
  ...common,
  name: "pause",
  summary: "Pauses the automatic starts of jobs, without a deployment. A run at work goes on, and you may start runs.",
  statuses,
  examples: ["--stack prod", "archive-calls build-tables --stack prod"],
  load: async () => (await import("./pause.ts")).pause,
};

export const resumeCommand: PausingCommand = {
  ...common,
  name: "resume",
  summary: "Ends a pause of jobs. The next night does what was missed.",
  statuses,
  examples: ["--stack prod", "build-tables --stack prod"],
  load: async () => (await import("./pause.ts")).resume,
};

export type PauseOptions = Parameters<typeof pauseCommand.checkCombination>[0];
