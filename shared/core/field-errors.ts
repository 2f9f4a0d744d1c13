import type { core } from "zod/mini";
import { similarName } from "./nearest-name.ts";

/** Start of zod's messages where a schema has no message of its own; zod's locales append to it. */
const zodDefaultMessage = "Invalid input";

/** A damaged object may have thousands of errors. */
const maxFieldErrors = 50;

/** The known fields; the error for an unknown field then suggests the nearest one. */
export interface KnownFields {
  readonly schema: core.$ZodType;
  /**
   * Further fields, with the job that takes them; undefined if they are allowed beside those of `schema`.
   * @default none
   */
  readonly besides?: Readonly<Record<string, string | undefined>>;
  /** Names by which a user may know a field at the top, such as an earlier one. @default none */
  readonly otherNames?: Readonly<Record<string, string>>;
}

/**
 * Returns a schema's errors as one line: `from: expected a date; perPage: …`. Values are shown only if the schema shows
 * them.
 */
export function fieldErrorText(issues: readonly core.$ZodIssue[], known?: KnownFields): string {
  return inOneLine(fieldErrors(issues, known));
}

/** Joins the first 50 errors and the number of the others. */
function inOneLine(errors: readonly string[]): string {
  return firstErrors(errors).join("; ");
}

/** Returns the first 50 errors, then the number of the others. */
export function firstErrors(errors: readonly string[]): string[] {
  const more = errors.length > maxFieldErrors ? [`and ${errors.length - maxFieldErrors} more`] : [];
  return [...errors.slice(0, maxFieldErrors), ...more];
}

/** Returns a schema's errors, each as `field: error`. */
export function fieldErrors(issues: readonly core.$ZodIssue[], known?: KnownFields): string[] {
  return issues.flatMap((issue) => errorsOf(issue, known));
}

function errorsOf(issue: core.$ZodIssue, known: KnownFields | undefined): string[] {
  const field = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `${field ? `${field}.` : ""}${key}: ${unknownFieldError(key, issue.path, known)}`);
  if (issue.code === "invalid_type" && issue.message.startsWith(zodDefaultMessage))
    return [`${field || "(whole)"}: expected ${issue.expected === "boolean" ? "true or false" : issue.expected}`];
  return [`${field || "(whole)"}: ${issue.message}`];
}

function unknownFieldError(key: string, path: readonly PropertyKey[], known: KnownFields | undefined): string {
  if (!known) return "not a known field";
  const { schema, besides = {}, otherNames = {} } = known;
  const owner = Object.hasOwn(besides, key) ? besides[key] : undefined;
  if (owner !== undefined) return `a field of ${owner}`;
  const fields = fieldsAt(schema, path);
  const other = path.length === 0 && Object.hasOwn(otherNames, key) ? otherNames[key] : undefined;
  const suggestion =
    other ?? similarName(key, [...fields, ...Object.keys(besides)]) ?? findElsewhere(key, path, schema);
  if (suggestion === undefined) return "not a known field";
  const suggestionOwner = fields.includes(suggestion) ? undefined : besides[suggestion];
  const ownerText = suggestionOwner === undefined ? "" : `, a field of ${suggestionOwner}`;
  return `not a known field; did you mean ${suggestion}${ownerText}?`;
}

/** Finds a field with this name at the top or one level deeper. */
function findElsewhere(key: string, path: readonly PropertyKey[], schema: core.$ZodType): string | undefined {
  const top = fieldsAt(schema, []);
  if (path.length > 0 && top.includes(key)) return `${key} beside ${String(path[0])}`;
  const parent = top.find((name) => fieldsAt(schema, [name]).includes(key));
  return parent && `${parent}.${key}`;
}

/** Returns the names of the fields at `path`. */
function fieldsAt(schema: core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [name, ...rest] = path;
  const { def } = (schema as core.$ZodTypes)._zod;
  if (def.type === "optional" || def.type === "default") return fieldsAt(def.innerType, path);
  if (def.type !== "object") return [];
  if (name === undefined) return Object.keys(def.shape);
  const field = def.shape[String(name)];
  return field ? fieldsAt(field, rest) : [];
}
