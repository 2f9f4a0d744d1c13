import { openStackFunctions } from "../shared/aws/stack-functions.ts";
import { countLevel } from "../shared/core/access/access-line.ts";
import { accessTexts } from "../shared/core/access/line-texts.ts";
import { checkStack } from "./check-stack.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import type { DoctorOptions } from "./doctor-command.ts";
import { openStack } from "./open-stack.ts";
import { openBuckets } from "./open-target.ts";
import { print, type Shell } from "./shell.ts";
import { stackJob } from "./stack-jobs.ts";
import { startCheck } from "./start-check.ts";
import { waitForReport } from "./wait-for-report.ts";

/** Starts a check of the installation, waits for its report, and prints what it and this login see. */
export async function doctor({ stack: name = "", json = false }: DoctorOptions, shell: Shell): Promise<ExitStatus> {
  const stack = await openStack(name);
  const { state } = await openBuckets(stack);
  stackJob(stack, "check-access");
  const functions = openStackFunctions();
  const [report, stackLines] = await shell.deferInterrupt(async () => {
    const { run = "", execution } = await startCheck(stack, { state: state.bucket, functions }, shell);
    const started = { run, execution: execution ?? undefined, given: name };
    return Promise.all([
      waitForReport({ state: state.bucket, functions }, started, { shell, json }),
      checkStack(stack, state),
    ]);
  });
  const lines = [...report.lines, ...stackLines];
  for (const text of json ? [JSON.stringify({ ...report, lines })] : accessTexts(lines)) print(shell, text);
  return countLevel(lines, "fault") > 0 ? exitStatus.somethingIsWrong : exitStatus.whole;
}
