import type { core } from "zod/mini";
import { similarName } from "./nearest-name.ts";

/** How zod begins where a schema has no words of its own; more follows once a language is loaded. */
const wordless = "Invalid input";

/** A line that names more is read by nobody, and a damaged object may have thousands. */
const mostTold = 50;

/** What a value may have: a field that is not known is then told with the one that was probably meant. */
export interface KnownFields {
  readonly schema: core.$ZodType;
  /** Fields that may stand beside those of `schema`. @default none */
  readonly besides?: readonly string[];
}

/** A schema's complaints as one line that names every wrong field: `from: expected a date; perPage: …`. Values are never quoted. */
export function wrongFields(issues: readonly core.$ZodIssue[], known?: KnownFields): string {
  return inOneLine(complaintsOf(issues, known));
}

/** Complaints as one line, not longer than somebody reads. */
export function inOneLine(complaints: readonly string[]): string {
  const more = complaints.length > mostTold ? [`and ${complaints.length - mostTold} more`] : [];
  return [...complaints.slice(0, mostTold), ...more].join("; ");
}

/** The same, each by itself. */
export function complaintsOf(issues: readonly core.$ZodIssue[], known?: KnownFields): string[] {
  return issues.flatMap((issue) => complaints(issue, known));
}

function complaints(issue: core.$ZodIssue, known: KnownFields | undefined): string[] {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const names = known ? [...fieldsAt(known.schema, issue.path), ...(known.besides ?? [])] : [];
    return issue.keys.map((key) => {
      const meant = similarName(key, names);
      return `${at ? `${at}.` : ""}${key}: not a known field${meant === undefined ? "" : `; did you mean ${meant}?`}`;
    });
  }
  if (issue.code === "invalid_type" && issue.message.startsWith(wordless))
    return [`${at || "(whole)"}: expected ${issue.expected}`];
  return [`${at || "(whole)"}: ${issue.message}`];
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
