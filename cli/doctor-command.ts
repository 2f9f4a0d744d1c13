import type { Command } from "./command.ts";
import { stackErrors, stackTexts } from "./run-options.ts";

const texts = { ...stackTexts };
const flags = { json: "every line is JSON" };

export const doctorCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "doctor",
  summary:
    "Checks what the jobs need, and says what to do: AWS, credential, login, permissions, limits, schedules, e-mails.",
  statuses: "0 all is ok, or there are only warnings, 1 there is a fault, 2 it could not be found out.",
  examples: ["--stack prod", "--stack prod --json"],
  texts,
  flags,
  checkCombination: stackErrors,
  load: async () => (await import("./doctor.ts")).doctor,
};

export type DoctorOptions = Parameters<typeof doctorCommand.checkCombination>[0];
