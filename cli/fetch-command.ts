import type { Command } from "./command.ts";
import { anyText, date } from "./options.ts";
import { targetErrors, targetTexts } from "./target.ts";

const texts = {
  recording: { value: "recording", help: "id of a recording", check: anyText },
  ...targetTexts,
  day: { value: "day", help: "the day in whose folder it lies, YYYY-MM-DD; every day without it", check: date },
  into: { value: "file", help: "file to write; the recording's id and type without it", check: anyText },
};
const flags = { link: "prints a link that lives two minutes, and writes no file", json: "the line is JSON" };

export const fetchCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "fetch",
  summary: "Writes a recording into a file and checks its SHA-256 against the manifest, or prints a link to it.",
  statuses: "0 fetched, 1 it is not stored, or differs from its manifest, 2 it could not be fetched.",
  examples: ["401547458008 --stack prod", "401547458008 --bucket ./copy --day 2026-11-03 --into call.mp3"],
  texts,
  flags,
  positional: "recording",
  checkCombination: (options) => [
    ...(options.recording === undefined ? ["the id of the recording is missing"] : []),
    ...targetErrors(options),
    ...(options.link && options.into !== undefined ? ["--link and --into cannot be combined"] : []),
  ],
  load: async () => (await import("./fetch.ts")).fetchRecording,
};

export type FetchOptions = Parameters<typeof fetchCommand.checkCombination>[0];
