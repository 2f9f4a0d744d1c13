import type { Bucket } from "../shared/aws/bucket.ts";
import type { StackFunctions } from "../shared/aws/stack-functions.ts";
import { stateKeys } from "../shared/core/object-keys.ts";
import type { StackOutputs } from "./open-stack.ts";
import type { Shell } from "./shell.ts";
import { type Accepted, startRun } from "./start-run.ts";

interface CheckServices {
  readonly state: Bucket;
  readonly functions: Pick<StackFunctions, "startRun">;
}

const againMs = 10_000;
/** More than a minute. */
const maxStarts = 8;

/**
 * Starts a run of `check-access`. Equal requests within a minute start one run: if that one has already reported, its report may be
 * older than what is to be checked, such as a credential, so that this waits for the next minute, or until Ctrl-C.
 */
export async function startCheck(
  stack: StackOutputs,
  { state, functions }: CheckServices,
  shell: Shell,
): Promise<Accepted> {
  for (let starts = 1; ; starts++) {
    const started = await startRun(stack, functions, { job: "check-access" }, shell);
    const isOld = (await state.head(stateKeys.accessReport(started.run ?? ""))) !== undefined;
    if (!isOld || starts === maxStarts || shell.interrupted.aborted) return started;
    if (starts === 1) shell.writeError("A check has ended within this minute. The next one starts after it.\n");
    await shell.pause(againMs);
  }
}
