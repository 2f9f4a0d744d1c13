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
  const all = complaintsOf(issues, known);
  const more = all.length > mostTold ? [`and ${all.length - mostTold} more`] : [];
  return [...all.slice(0, mostTold), ...more].join("; ");
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
  let { def } = (schema as core.$ZodTypes)._zod;
  for (const name of path) {
    while (def.type === "optional" || def.type === "default") def = (def.innerType as core.$ZodTypes)._zod.def;
    const field = def.type === "object" ? def.shape[String(name)] : undefined;
    if (!field) return [];
    ({ def } = (field as core.$ZodTypes)._zod);
  }
  while (def.type === "optional" || def.type === "default") def = (def.innerType as core.$ZodTypes)._zod.def;
  return def.type === "object" ? Object.keys(def.shape) : [];
}
