import type { Bucket } from "../shared/aws/bucket.ts";
import type { StackFunctions } from "../shared/aws/stack-functions.ts";
import { AccessReport } from "../shared/core/access/access-line.ts";
import { jsonOrUndefined } from "../shared/core/exact-json.ts";
import { stateKeys } from "../shared/core/object-keys.ts";
import { JobError } from "../shared/errors.ts";
import type { Shell } from "./shell.ts";

interface WaitServices {
  readonly state: Bucket;
  readonly functions: Pick<StackFunctions, "readHistory">;
}

interface StartedCheck {
  readonly run: string;
  /** ARN of the durable execution; undefined if it is not known. */
  readonly execution: string | undefined;
  /** The stack as the user named it. */
  readonly given: string;
}

const pollMs = 2_000;
/** A check beside a run of its rate group first waits up to a minute and a half. */
const maxPolls = 90;

/** Waits for a check's report. @throws START_FAILED when the run ended without one, after three minutes, or after Ctrl-C */
export async function waitForReport(
  services: WaitServices,
  started: StartedCheck,
  shell: Shell,
): Promise<AccessReport> {
  for (let poll = 0; poll < maxPolls && !shell.interrupted.aborted; poll++) {
    // In this order: a run that has ended has stored its report before.
    const hasEnded = await isOver(services, started);
    const report = await readReport(services, started);
    if (report) return report;
    if (hasEnded) throw noReport(started, "has ended without a report");
    await shell.pause(pollMs);
  }
  throw noReport(started, "has stored no report yet");
}

async function readReport({ state }: WaitServices, { run }: StartedCheck): Promise<AccessReport | undefined> {
  const stored = await state.get(stateKeys.accessReport(run));
  return AccessReport.safeParse(stored && jsonOrUndefined(stored.body.toString())).data;
}

async function isOver({ functions }: WaitServices, { execution }: StartedCheck): Promise<boolean> {
  if (execution === undefined) return false;
  const { events } = await functions.readHistory(execution, { order: "last", max: 10 });
  return events.some(({ type }) => type === "run-ended");
}

function noReport({ run, given }: StartedCheck, outcome: string): JobError {
  return new JobError("START_FAILED", `The check ${run} ${outcome}`, {
    hint: `See how it goes on: npx nightshift follow check-access --stack ${given}. Its log is in the stack's output Logcheckaccess.`,
  });
}
