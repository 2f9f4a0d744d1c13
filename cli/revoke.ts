import { openStackFunctions } from "../shared/aws/stack-functions.ts";
import { memberOf, textOf } from "../shared/core/lenient.ts";
import { runResult } from "../shared/core/run-progress.ts";
import { JobError } from "../shared/errors.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openStack } from "./open-stack.ts";
import type { RevokeOptions } from "./revoke-command.ts";
import { print, type Shell } from "./shell.ts";
import { stackJob } from "./stack-jobs.ts";
import { startRun } from "./start-run.ts";
import { waitForEnd } from "./wait-for-end.ts";

const job = "check-access";
/** Beside a run of its rate group the job first waits a minute and a half. */
const minutes = 3;

const texts: Readonly<Record<string, string>> = {
  revoked:
    "The access token is revoked. The jobs log in again with the JWT: to end that, delete the JWT in the Developer Console.",
  none: "The stored credential has no access token to revoke.",
  refused:
    "RingCentral did not revoke the access token. It expires within an hour; delete the JWT in the Developer Console.",
};

/** Asks a function, which reads the credential itself, to revoke the token at RingCentral (RFC 7009). */
export async function revoke({ stack: name = "", json = false }: RevokeOptions, shell: Shell): Promise<ExitStatus> {
  const stack = await openStack(name);
  stackJob(stack, job);
  const functions = openStackFunctions();
  return shell.deferInterrupt(async () => {
    const { run = "", execution } = await startRun(stack, functions, { job, revoke: true }, shell);
    const ended = execution ? await waitForEnd(functions, { execution, minutes }, shell) : undefined;
    if (!ended?.end) throw notSeen(name);
    const { status, message } = ended.end;
    const revocation = textOf(memberOf(runResult(ended).counts, "revocation"));
    if (status !== "SUCCEEDED" || revocation === undefined) throw failed(message);
    print(shell, json ? JSON.stringify({ job, run, revocation }) : (texts[revocation] ?? revocation));
    return revocation === "refused" ? exitStatus.somethingIsWrong : exitStatus.whole;
  });
}

function notSeen(stack: string): JobError {
  return new JobError("START_FAILED", "The token is being revoked, and the end of that was not seen", {
    hint: `Follow it: npx nightshift follow ${job} --stack ${stack}`,
  });
}

function failed(message: string | undefined): JobError {
  return new JobError("START_FAILED", `The token was not revoked${message ? `: ${message}` : ""}`, {
    hint: "If others may have it, delete the JWT in the Developer Console: the token expires within an hour.",
  });
}
