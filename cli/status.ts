import { hasCode } from "../shared/errors.ts";
import { readStatus, type StatusReport } from "../shared/status/read-status.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openStack, type StackOutputs } from "./open-stack.ts";
import { openBuckets, openTarget, type Target } from "./open-target.ts";
import { showProgress } from "./progress.ts";
import { print, printable, type Shell } from "./shell.ts";
import { readStackRuns } from "./stack-runs.ts";
import type { StatusOptions } from "./status-command.ts";
import { statusLines } from "./status-lines.ts";

const watchMs = 30_000;
const clearScreen = "\u001b[2J\u001b[H";

/** Prints how an archive stands, with `--watch` again and again; then the exit status is that of the last time. */
export async function status(options: StatusOptions, shell: Shell): Promise<ExitStatus> {
  const stack = options.stack === undefined ? undefined : await openStack(options.stack);
  const target = stack ? await openBuckets(stack) : await openTarget(options);
  if (!options.watch) return look(options, { target, stack }, shell);
  for (;;) {
    const ended = await look(options, { target, stack }, shell).catch((error: unknown) => sayFailed(error, shell));
    await shell.pause(watchMs);
    if (shell.interrupted.aborted) return ended;
  }
}

interface Opened {
  readonly target: Target;
  readonly stack: StackOutputs | undefined;
}

async function look(options: StatusOptions, { target, stack }: Opened, shell: Shell): Promise<ExitStatus> {
  const { json, watch } = options;
  const archive = await read(options, target, shell);
  const report = { ...archive, ...(stack && (await readStackRuns(stack, archive, target.archive.now()))) };
  if (watch && shell.isTerminal && !json) shell.write(clearScreen);
  const columns = shell.isTerminal ? shell.columns : undefined;
  for (const line of json ? [JSON.stringify(report)] : statusLines(report, { ...options, columns })) print(shell, line);
  return report.toDo.length === 0 ? exitStatus.whole : exitStatus.somethingIsWrong;
}

/** Says that AWS gave no answer, if the next look may get one. @throws every other error */
function sayFailed(error: unknown, { writeError }: Shell): ExitStatus {
  if (!hasCode(error, "STORAGE_FAILED") || !error.retryable) throw error;
  writeError(`${printable(`${error.code}: ${error.message}`)}\nIt looks again in ${watchMs / 1000} seconds.\n`);
  return exitStatus.notFoundOut;
}

async function read({ account }: StatusOptions, { archive, state }: Target, shell: Shell): Promise<StatusReport> {
  const progress = showProgress(shell, archive.bucket);
  try {
    return await readStatus({ archive: progress.bucket, state: state?.bucket, account, now: archive.now });
  } finally {
    progress.end();
  }
}
