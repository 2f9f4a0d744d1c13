import type { StackFunctions } from "../shared/aws/stack-functions.ts";
import { noProgress, progressAfter, type RunProgress } from "../shared/core/run-progress.ts";
import type { Shell } from "./shell.ts";

const pollMs = 2_000;
/** A minute. */
const maxPolls = 30;

/** Waits for the end of a run that ends soon. Returns undefined if it has not ended within a minute, or after Ctrl-C. */
export async function waitForEnd(
  functions: Pick<StackFunctions, "readHistory">,
  execution: string,
  shell: Shell,
): Promise<RunProgress | undefined> {
  for (let poll = 0; poll < maxPolls; poll++) {
    const { events } = await functions.readHistory(execution, { order: "last", max: 10 });
    const progress = progressAfter(noProgress, events);
    if (progress.end) return progress;
    if (shell.interrupted.aborted) return undefined;
    await shell.pause(pollMs);
  }
  return undefined;
}
