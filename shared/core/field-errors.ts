import type { core } from "zod/mini";
import { similarName } from "./nearest-name.ts";

/** How zod begins where a schema has no words of its own; more follows once a language is loaded. */
const wordless = "Invalid input";

/** A line that names more is read by nobody, and a damaged object may have thousands. */
const mostTold = 50;

/** What a value may have: a field that is not known is then told with the one that was probably meant. */
export interface KnownFields {
  readonly schema: core.$ZodType;
  /** Fields of others, and whose they are; without a name: fields that may stand beside those of `schema`. @default none */
  readonly besides?: Readonly<Record<string, string | undefined>>;
}

/** A schema's complaints as one line that names every wrong field: `from: expected a date; perPage: …`. Values are quoted only where the schema does ({@link showing}). */
export function fieldErrorText(issues: readonly core.$ZodIssue[], known?: KnownFields): string {
  return inOneLine(fieldErrors(issues, known));
}

/** Complaints as one line, not longer than somebody reads. */
export function inOneLine(complaints: readonly string[]): string {
  const more = complaints.length > mostTold ? [`and ${complaints.length - mostTold} more`] : [];
  return [...complaints.slice(0, mostTold), ...more].join("; ");
}

/** The same, each by itself. */
export function fieldErrors(issues: readonly core.$ZodIssue[], known?: KnownFields): string[] {
  return issues.flatMap((issue) => complaints(issue, known));
}

function complaints(issue: core.$ZodIssue, known: KnownFields | undefined): string[] {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `${at ? `${at}.` : ""}${key}: ${unknownField(key, issue.path, known)}`);
  if (issue.code === "invalid_type" && issue.message.startsWith(wordless))
    return [`${at || "(whole)"}: expected ${issue.expected === "boolean" ? "true or false" : issue.expected}`];
  return [`${at || "(whole)"}: ${issue.message}`];
}

function unknownField(key: string, path: readonly PropertyKey[], known: KnownFields | undefined): string {
  if (!known) return "not a known field";
  const { schema, besides = {} } = known;
  const owner = Object.hasOwn(besides, key) ? besides[key] : undefined;
  if (owner !== undefined) return `a field of ${owner}`;
  const fields = fieldsAt(schema, path);
  const meant = similarName(key, [...fields, ...Object.keys(besides)]) ?? elsewhere(key, path, schema);
  if (meant === undefined) return "not a known field";
  const whose = !fields.includes(meant) && besides[meant] !== undefined ? `, a field of ${besides[meant]}` : "";
  return `not a known field; did you mean ${meant}${whose}?`;
}

/** Where a field of this name stands, one level deeper or at the top. */
function elsewhere(key: string, path: readonly PropertyKey[], schema: core.$ZodType): string | undefined {
  const top = fieldsAt(schema, []);
  if (path.length > 0 && top.includes(key)) return `${key} beside ${String(path[0])}`;
  const parent = top.find((name) => fieldsAt(schema, [name]).includes(key));
  return parent && `${parent}.${key}`;
}

/** Names of the fields that `schema` has at `path`. */
function fieldsAt(schema: core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [name, ...rest] = path;
  const { def } = (schema as core.$ZodTypes)._zod;
  if (def.type === "optional" || def.type === "default") return fieldsAt(def.innerType, path);
  if (def.type !== "object") return [];
  if (name === undefined) return Object.keys(def.shape);
  const field = def.shape[String(name)];
  return field ? fieldsAt(field, rest) : [];
}
