import { JobError, serializeError } from "../shared/errors.ts";
import { cliHint } from "./cli-hint.ts";
import { printable, type Shell } from "./shell.ts";
import type { TargetOptions } from "./target.ts";

/** Code of a thrown error; empty if it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Prints an error in one line, and in another what to do about it. */
export function reportError(error: unknown, target: TargetOptions, { writeError }: Shell): void {
  const serialized = serializeError(codeOf(error).startsWith("commander.") ? usageError(error as Error) : error);
  const hint = cliHint(serialized, { target });
  writeError(`${printable(`${serialized.code}: ${serialized.message}`)}\n${hint && `${hint}\n`}`);
}

/** An error of commander's: `error: unknown option '--nmber'`, and on a second line the option that was meant. */
function usageError({ message }: Error): JobError {
  const text = message.replace(/^error: /, "").replace("\n", " ");
  return new JobError("REQUEST_INVALID", text, { hint: "See --help." });
}
