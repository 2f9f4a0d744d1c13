import type { StackFunctions } from "../shared/aws/stack-functions.ts";
import { noProgress, progressAfter, type RunProgress } from "../shared/core/run-progress.ts";
import type { Shell } from "./shell.ts";

const pollMs = 2_000;
const pollsPerMinute = 60_000 / pollMs;

/** Waits for the end of a run that ends soon. Returns undefined if it has not ended within the minutes, or after Ctrl-C. */
export async function waitForEnd(
  functions: Pick<StackFunctions, "readHistory">,
  { execution, minutes }: { readonly execution: string; readonly minutes: number },
  shell: Shell,
): Promise<RunProgress | undefined> {
  for (let poll = 0; poll < minutes * pollsPerMinute; poll++) {
    const { events } = await functions.readHistory(execution, { order: "last", max: 10 });
    const progress = progressAfter(noProgress, events);
    if (progress.end) return progress;
    if (shell.interrupted.aborted) return undefined;
    await shell.pause(pollMs);
  }
  return undefined;
}
