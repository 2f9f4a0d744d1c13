import type { Command } from "./command.ts";
import { anyText } from "./options.ts";
import { stackErrors, stackTexts } from "./run-options.ts";

const texts = {
  file: { value: "file", help: "JSON file with clientId, clientSecret and jwt; - for standard input", check: anyText },
  ...stackTexts,
};
const flags = { unchecked: "does not run the doctor afterwards", json: "every line is JSON" };

export const credentialPutCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "credential put",
  summary: "Checks a credential, stores it in the stack's secret and runs the doctor. Shows no value.",
  statuses:
    "0 it is stored and the doctor finds no fault, 1 it finds one, 2 it is not stored, or could not be checked.",
  examples: ["rc.json --stack prod", "- --stack prod"],
  texts,
  flags,
  positional: "file",
  checkCombination: (options) => [
    ...(options.file === undefined ? ["the file is missing: its name, or - for standard input"] : []),
    ...stackErrors(options),
  ],
  load: async () => (await import("./credential-put.ts")).credentialPut,
};

export type CredentialPutOptions = Parameters<typeof credentialPutCommand.checkCombination>[0];
