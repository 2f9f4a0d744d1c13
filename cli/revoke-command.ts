import type { Command } from "./command.ts";
import { stackErrors, stackTexts } from "./run-options.ts";

const flags = { json: "every line is JSON" };

export const revokeCommand: Command<keyof typeof stackTexts, keyof typeof flags> = {
  name: "revoke",
  summary: "Revokes the access token that all jobs share. They log in again with the JWT when they next need one.",
  statuses: "0 it is revoked, or there is none, 1 RingCentral did not revoke it, 2 it could not be found out.",
  examples: ["--stack prod", "--stack prod --json"],
  texts: stackTexts,
  flags,
  checkCombination: stackErrors,
  load: async () => (await import("./revoke.ts")).revoke,
};

export type RevokeOptions = Parameters<typeof revokeCommand.checkCombination>[0];
