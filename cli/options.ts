import { parseArgs } from "node:util";
import { isDay } from "../shared/core/time/days.ts";
import { JobError } from "../shared/errors.ts";

/** What is wrong with an option's value, if anything. */
export type Check = (value: string) => string | undefined;

export interface OptionTable<Text extends string, Flag extends string> {
  /** Options with a value, and what that has to be. */
  readonly texts: Readonly<Record<Text, Check>>;
  /** Options without. */
  readonly flags: readonly Flag[];
  /** What is wrong with options that are right by themselves; one sentence each. */
  readonly together?: (options: Options<Text, Flag>) => readonly string[];
}

export type Options<Text extends string, Flag extends string> = { readonly [Name in Text]?: string } & {
  readonly [Name in Flag]?: boolean;
};

export const anyText: Check = () => undefined;
export const date: Check = (value) => (isDay(value) ? undefined : "expected a date that exists, YYYY-MM-DD");
export const phoneNumber: Check = (value) => (/\d/.test(value) ? undefined : "expected a phone number");
export const positiveInteger: Check = (value) => (/^[1-9]\d*$/.test(value) ? undefined : "expected 1, 2, 3 …");
/** A name as S3 allows it, or the ARN of an access point. */
export const bucketName: Check = (value) =>
  /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:.+)$/.test(value) ? undefined : "expected a bucket's name";

/** Reads a command's options. @throws JobError REQUEST_INVALID, naming every option that is wrong */
export function readOptions<Text extends string, Flag extends string>(
  table: OptionTable<Text, Flag>,
  args: readonly string[],
): Options<Text, Flag> {
  const { texts, flags, together = () => [] } = table;
  const isText = (name: string): name is Text => Object.hasOwn(texts, name);
  const types = Object.fromEntries(Object.keys(texts).map((name) => [name, { type: "string" } as const]));
  const { tokens } = parseArgs({ args: [...args], options: types, strict: false, tokens: true });
  const values = new Map<string, string | boolean>();
  const wrong: string[] = [];
  /** Where the value of an option that does not exist would be. */
  let follows = -1;
  for (const token of tokens) {
    if (token.kind !== "option") {
      if (token.kind === "positional" && token.index !== follows) wrong.push(`${token.value}: expected an option`);
      continue;
    }
    const { name, rawName, value } = token;
    const isFlag = (flags as readonly string[]).includes(name);
    if (values.has(name)) wrong.push(`${rawName}: given twice`);
    else if (isFlag && value !== undefined) wrong.push(`${rawName}: takes no value`);
    else if (isText(name)) {
      const given = token.inlineValue || !value?.startsWith("-") ? value : undefined;
      const complaint = given ? texts[name](given) : "its value is missing";
      if (complaint) wrong.push(`${rawName}: ${complaint}`);
    } else if (!isFlag) {
      wrong.push(`${rawName}: no such option`);
      follows = token.index + 1;
    }
    values.set(name, value ?? true);
  }
  const options = Object.fromEntries(values) as Options<Text, Flag>;
  const all = wrong.length > 0 ? wrong : together(options);
  if (all.length === 0) return options;
  throw new JobError("REQUEST_INVALID", all.join("; "), { hint: "See --help." });
}
