import type { TargetOptions } from "./target.ts";

/** Commands that take a bucket in place of a stack. */
const ofBuckets = /^npx nightshift (?:status|verify|restore|report|find|fetch|page)\b/;
const commandPattern = /npx nightshift [^\n]*?--stack <name>/g;

/**
 * Fills in the target that the user has named where a hint's command says `--stack <name>`. A command that needs a stack keeps
 * the placeholder if the user has named a bucket.
 */
export function withTarget(text: string, { stack, bucket }: Pick<TargetOptions, "stack" | "bucket">): string {
  return text.replace(commandPattern, (command) => {
    if (stack !== undefined) return command.replace("<name>", stack);
    if (bucket === undefined || !ofBuckets.test(command)) return command;
    return command.replace("--stack <name>", `--bucket ${quoted(bucket)}`);
  });
}

/** A path as a shell takes it. */
function quoted(place: string): string {
  return /^[\w./:@=+-]+$/.test(place) ? place : `'${place.replaceAll("'", `'\\''`)}'`;
}
