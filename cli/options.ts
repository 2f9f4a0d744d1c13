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
export interface OptionTable<Text extends string, Flag extends string, List extends string = never> {
  readonly texts: Readonly<Record<Text, TextOption>>;
  /** Options that may be given several times. */
  readonly lists?: Readonly<Record<List, TextOption>>;
  /** Options without a value, each with its help. */
  readonly flags: Readonly<Record<Flag, string>>;
  /** Returns the errors of valid options that do not fit together, one sentence each. */
  readonly checkCombination: (options: Options<Text, Flag, List>) => readonly string[];
  /** The option whose value is given without its name. */
  readonly positional?: Text | List;
}

export type Options<Text extends string, Flag extends string, List extends string = never> = {
  readonly [Name in Text]?: string;
} & { readonly [Name in Flag]?: boolean } & { readonly [Name in List]?: readonly string[] };

export const anyText: Check = () => undefined;
export const date: Check = (value) => (isDay(value) ? undefined : "expected a date that exists, YYYY-MM-DD");
export const phoneNumber: Check = (value) => (/\d/.test(value) ? undefined : "expected a phone number");
export const positiveInteger: Check = (value) => (/^[1-9]\d*$/.test(value) ? undefined : "expected 1, 2, 3 …");

/** Values as parsed: every value that was given for an option, and `true` for a flag. */
export type GivenOptions = Readonly<Record<string, readonly string[] | true>>;

/** Checks a command's options. @throws REQUEST_INVALID with every error */
export function checkedOptions<Text extends string, Flag extends string, List extends string = never>(
  { texts, lists, positional, checkCombination }: OptionTable<Text, Flag, List>,
  given: GivenOptions,
): Options<Text, Flag, List> {
  const errors: string[] = [];
  const options: Record<string, string | boolean | readonly string[]> = {};
  for (const [name, values] of Object.entries(given)) {
    if (values === true) options[name] = true;
    else {
      const list: TextOption | undefined = lists?.[name as List];
      const found = list ? errorsOf(values, list.check) : errorsOfOne(values, texts[name as Text].check);
      errors.push(...found.map((error) => `${name === positional ? "" : "--"}${name}: ${error}`));
      options[name] = list ? values : (values[0] ?? "");
    }
  }
  const checked = options as Options<Text, Flag, List>;
  const allErrors = errors.length > 0 ? errors : checkCombination(checked);
  if (allErrors.length === 0) return checked;
  throw new JobError("REQUEST_INVALID", allErrors.join("; "), { hint: "See --help." });
}

function errorsOfOne(values: readonly string[], check: Check): string[] {
  return values.length > 1 ? ["given twice"] : errorsOf(values, check);
}

function errorsOf(values: readonly string[], check: Check): string[] {
  return values.flatMap((value) => errorOf(value, check) ?? []);
}

function errorOf(value: string, check: Check): string | undefined {
  return value === "" || value.startsWith("--") ? "value is missing" : check(value);
}
