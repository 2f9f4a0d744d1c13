import type { core } from "zod/mini";

/** How zod begins where a schema has no words of its own; more follows once a language is loaded. */
const wordless = "Invalid input";

/** A line that names more is read by nobody, and a damaged object may have thousands. */
const mostTold = 50;

/** A schema's complaints as one line that names every wrong field: `from: expected a date; perPage: …`. Values are never quoted. */
export function wrongFields(issues: readonly core.$ZodIssue[]): string {
  const all = complaintsOf(issues);
  const more = all.length > mostTold ? [`and ${all.length - mostTold} more`] : [];
  return [...all.slice(0, mostTold), ...more].join("; ");
}

/** The same, each by itself. */
export function complaintsOf(issues: readonly core.$ZodIssue[]): string[] {
  return issues.flatMap(complaints);
}

function complaints(issue: core.$ZodIssue): string[] {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `${at ? `${at}.` : ""}${key}: not a known field`);
  if (issue.code === "invalid_type" && issue.message.startsWith(wordless))
    return [`${at || "(whole)"}: expected ${issue.expected}`];
  return [`${at || "(whole)"}: ${issue.message}`];
}
