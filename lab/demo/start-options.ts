import { parseArgs } from "node:util";
import { isDay, isTimeZone } from "../../shared/core/time/days.ts";

export const usage = `npm start
    two nights of a small company in the lab, with analytics and tables
npm start -- --credential rc.json --day 2026-11-03 [--day …]
    days of a real account, read-only, into a folder
    [--time-zone America/New_York]  default: the account's
    [--into archive/account]`;

/** What `npm start` is to do. */
export interface StartOptions {
  readonly help: boolean;
  /** File of a real account's credential; undefined: the lab. */
  readonly credential: string | undefined;
  readonly days: readonly string[];
  readonly timeZone: string | undefined;
  readonly into: string | undefined;
}

/** Parses the command line. Returns every error, one sentence each, or the options. */
export function startOptions(args: readonly string[]): StartOptions | { readonly errors: readonly string[] } {
  const parsed = parse(args);
  if (typeof parsed === "string") return { errors: [parsed] };
  const { credential, day: days, into, help, "time-zone": timeZone } = parsed;
  const errors = [
    ...days.filter((day) => !isDay(day)).map((day) => `--day: ${day} is not a date that exists, YYYY-MM-DD.`),
    ...(timeZone !== undefined && !isTimeZone(timeZone)
      ? [`--time-zone: ${timeZone} is not an IANA time zone, such as America/New_York.`]
      : []),
    ...(credential === undefined && days.length > 0
      ? ["--day: which account? Add --credential rc.json, or leave the day out for the lab."]
      : []),
    ...(credential !== undefined && days.length === 0
      ? ["--day is missing: name the days to archive, for example --day 2026-11-03."]
      : []),
  ];
  return errors.length > 0 ? { errors } : { help, credential, days, timeZone, into };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        credential: { type: "string" },
        day: { type: "string", multiple: true, default: [] },
        "time-zone": { type: "string" },
        into: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    // Its first sentence names the option; the rest explains positional arguments.
    return `${(error as Error).message.split(". ")[0]}.`;
  }
}
