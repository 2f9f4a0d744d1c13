import { isDay } from "../shared/core/time/days.ts";
import { JobError } from "../shared/errors.ts";

/** Returns the error of an option's value. */
export type Check = (value: string) => string | undefined;

/** An option with a value. */
export interface TextOption {
  /** What the value is, for the help. */
  readonly value: string;
  readonly help: string;
  readonly check: Check;
}

/** What a command accepts. */
export interface OptionTable<Text extends string, Flag extends string> {
  readonly texts: Readonly<Record<Text, TextOption>>;
  /** Options without a value, each with its help. */
  readonly flags: Readonly<Record<Flag, string>>;
  /** Returns the errors of valid options that do not fit together, one sentence each. */
  readonly checkCombination: (options: Options<Text, Flag>) => readonly string[];
}

export type Options<Text extends string, Flag extends string> = { readonly [Name in Text]?: string } & {
  readonly [Name in Flag]?: boolean;
};

export const anyText: Check = () => undefined;
export const date: Check = (value) => (isDay(value) ? undefined : "expected a date that exists, YYYY-MM-DD");
export const phoneNumber: Check = (value) => (/\d/.test(value) ? undefined : "expected a phone number");
export const positiveInteger: Check = (value) => (/^[1-9]\d*$/.test(value) ? undefined : "expected 1, 2, 3 …");

/** Values as parsed: every value that was given for an option, and `true` for a flag. */
export type GivenOptions = Readonly<Record<string, readonly string[] | true>>;

/** Checks a command's options. @throws REQUEST_INVALID with every error */
export function checkedOptions<Text extends string, Flag extends string>(
  { texts, checkCombination }: OptionTable<Text, Flag>,
  given: GivenOptions,
): Options<Text, Flag> {
  const errors: string[] = [];
  const options: Record<string, string | boolean> = {};
  for (const [name, values] of Object.entries(given)) {
    if (values === true) options[name] = true;
    else {
      const [value = "", ...others] = values;
      const error = others.length > 0 ? "given twice" : errorOf(value, texts[name as Text].check);
      if (error) errors.push(`--${name}: ${error}`);
      options[name] = value;
    }
  }
  const allErrors = errors.length > 0 ? errors : checkCombination(options as Options<Text, Flag>);
  if (allErrors.length === 0) return options as Options<Text, Flag>;
  throw new JobError("REQUEST_INVALID", allErrors.join("; "), { hint: "See --help." });
}

function errorOf(value: string, check: Check): string | undefined {
  return value === "" || value.startsWith("--") ? "value is missing" : check(value);
}
