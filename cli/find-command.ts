import type { Command } from "./command.ts";
import { anyText, date, phoneNumber } from "./options.ts";
import { targetErrors, targetTexts } from "./target.ts";

const id = (help: string) => ({ value: "id", help, check: anyText });
const texts = {
  ...targetTexts,
  record: id("id of a call record"),
  session: id("id of a session"),
  recording: id("id of a recording"),
  number: { value: "number", help: "a phone number, of either side", check: phoneNumber },
  extension: { value: "extension", help: "number or id of an extension", check: anyText },
  day: { value: "day", help: "only this day, YYYY-MM-DD", check: date },
  from: { value: "day", help: "from this day on", check: date },
  to: { value: "day", help: "before this day", check: date },
};
const flags = { json: "every line is JSON, as always" };

export const findCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "find",
  summary: "Finds calls, and prints one line of JSON per call: { day, recordings, record }.",
  statuses: "0 calls found, 1 none found, 2 not all of the archive could be searched.",
  examples: ['--stack prod --number "+1 650 555 0100"', "--bucket ./copy --recording 401547458008 --from 2026-03-01"],
  texts,
  flags,
  checkCombination: (options) => {
    const { stack, bucket, account, json, ...conditions } = options;
    const { day, from, to } = conditions;
    return [
      ...targetErrors(options),
      ...(Object.keys(conditions).length === 0 ? ["at least one condition is needed"] : []),
      ...(day !== undefined && (from ?? to) !== undefined ? ["--day cannot be combined with --from or --to"] : []),
      ...(from !== undefined && to !== undefined && from >= to ? ["--to must be later than --from"] : []),
    ];
  },
  load: async () => (await import("./find.ts")).find,
};

export type FindOptions = Parameters<typeof findCommand.checkCombination>[0];
