import type { Command } from "./command.ts";
import { anyText, date } from "./options.ts";
import { targetErrors, targetTexts } from "./target.ts";

const texts = {
  day: { value: "day", help: "a day, YYYY-MM-DD; the newest one without it", check: date },
  stack: targetTexts.stack,
  bucket: {
    ...targetTexts.bucket,
    value: "derived",
    help: "or the derived bucket itself: a bucket, s3://…, or a folder",
  },
  into: { value: "folder", help: "writes all pages into a folder, where their links work", check: anyText },
};
const flags = {
  week: "the page of the week with this day",
  month: "the page of the month with this day",
  index: "the list of all pages",
  json: "the line is JSON",
};

export const pageCommand: Command<keyof typeof texts, keyof typeof flags> = {
  name: "page",
  summary: "Prints a link to a report page, which lives ten minutes, or writes the pages into a folder.",
  statuses: "0 it is there, 2 there is no such page, or it could not be found out.",
  examples: ["--stack prod", "2026-11-20 --week --stack prod", "--into pages --stack prod"],
  texts,
  flags,
  positional: "day",
  checkCombination: (options) => [
    ...targetErrors(options),
    ...([options.week, options.month, options.index].filter(Boolean).length > 1
      ? ["--week, --month and --index cannot be combined"]
      : []),
    ...(options.index && options.day !== undefined ? ["--index has no day"] : []),
  ],
  load: async () => (await import("./page.ts")).page,
};

export type PageOptions = Parameters<typeof pageCommand.checkCombination>[0];
