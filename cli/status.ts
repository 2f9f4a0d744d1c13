import { readStatus, type StatusReport } from "../shared/status/read-status.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openStack } from "./open-stack.ts";
import { openBuckets, openTarget, type Target } from "./open-target.ts";
import { showProgress } from "./progress.ts";
import { print, type Shell } from "./shell.ts";
import { readStackRuns } from "./stack-runs.ts";
import type { StatusOptions } from "./status-command.ts";
import { statusLines } from "./status-lines.ts";

const watchMs = 30_000;
const clearScreen = "\u001b[2J\u001b[H";

/** Prints how an archive stands, with `--watch` again and again; then the exit status is that of the last time. */
export async function status(options: StatusOptions, shell: Shell): Promise<ExitStatus> {
  const stack = options.stack === undefined ? undefined : await openStack(options.stack);
  const target = stack ? await openBuckets(stack) : await openTarget(options);
  for (;;) {
    const archive = await read(options, target, shell);
    const report = { ...archive, ...(stack && (await readStackRuns(stack, archive, target.archive.now()))) };
    if (options.watch && shell.isTerminal && !options.json) shell.write(clearScreen);
    for (const line of options.json ? [JSON.stringify(report)] : statusLines(report)) print(shell, line);
    if (options.watch) await shell.pause(watchMs);
    if (!options.watch || shell.interrupted.aborted)
      return report.toDo.length === 0 ? exitStatus.whole : exitStatus.somethingIsWrong;
  }
}

async function read({ account }: StatusOptions, { archive, state }: Target, shell: Shell): Promise<StatusReport> {
  const progress = showProgress(shell, archive.bucket);
  try {
    return await readStatus({ archive: progress.bucket, state: state?.bucket, account, now: archive.now });
  } finally {
    progress.end();
  }
}
