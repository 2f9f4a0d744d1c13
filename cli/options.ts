import { parseArgs } from "node:util";
import { isDay } from "../shared/core/time/days.ts";
import { JobError } from "../shared/errors.ts";

/** Returns the error of an option's value. */
export type Check = (value: string) => string | undefined;

export interface OptionTable<Text extends string, Flag extends string> {
  /** Options with a value, and the check of each. */
  readonly texts: Readonly<Record<Text, Check>>;
  /** Options without a value. */
  readonly flags: readonly Flag[];
  /** Returns the errors of valid options that do not fit together, one sentence each. */
  readonly checkCombination?: (options: Options<Text, Flag>) => readonly string[];
}

export type Options<Text extends string, Flag extends string> = { readonly [Name in Text]?: string } & {
  readonly [Name in Flag]?: boolean;
};

export const anyText: Check = () => undefined;
export const date: Check = (value) => (isDay(value) ? undefined : "expected a date that exists, YYYY-MM-DD");
export const phoneNumber: Check = (value) => (/\d/.test(value) ? undefined : "expected a phone number");
export const positiveInteger: Check = (value) => (/^[1-9]\d*$/.test(value) ? undefined : "expected 1, 2, 3 …");
/**
 * A bucket name or the ARN of an access point.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketName: Check = (value) =>
  /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:.+)$/.test(value) ? undefined : "expected a bucket name";

/** Parses a command's options. @throws REQUEST_INVALID with every error, when an option is invalid */
export function readOptions<Text extends string, Flag extends string>(
  table: OptionTable<Text, Flag>,
  args: readonly string[],
): Options<Text, Flag> {
  const { texts, flags, checkCombination = () => [] } = table;
  const isText = (name: string): name is Text => Object.hasOwn(texts, name);
  const types = Object.fromEntries(Object.keys(texts).map((name) => [name, { type: "string" } as const]));
  const { tokens } = parseArgs({ args: [...args], options: types, strict: false, tokens: true });
  const values = new Map<string, string | boolean>();
  const errors: string[] = [];
  /** Index of the argument after an unknown option: probably its value, so it is no error too. */
  let unknownValueIndex = -1;
  for (const token of tokens) {
    if (token.kind !== "option") {
      if (token.kind === "positional" && token.index !== unknownValueIndex)
        errors.push(`${token.value}: expected an option`);
      continue;
    }
    const { name, rawName, value } = token;
    const isFlag = (flags as readonly string[]).includes(name);
    if (values.has(name)) errors.push(`${rawName}: given twice`);
    else if (isFlag && value !== undefined) errors.push(`${rawName}: takes no value`);
    else if (isText(name)) {
      const given = token.inlineValue || !value?.startsWith("-") ? value : undefined;
      const error = given ? texts[name](given) : "value is missing";
      if (error) errors.push(`${rawName}: ${error}`);
    } else if (!isFlag) {
      errors.push(`${rawName}: no such option`);
      unknownValueIndex = token.index + 1;
    }
    values.set(name, value ?? true);
  }
  const options = Object.fromEntries(values) as Options<Text, Flag>;
  const allErrors = errors.length > 0 ? errors : checkCombination(options);
  if (allErrors.length === 0) return options;
  throw new JobError("REQUEST_INVALID", allErrors.join("; "), { hint: "See --help." });
}
