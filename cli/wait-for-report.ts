import type { Bucket } from "../shared/aws/bucket.ts";
import type { StackFunctions } from "../shared/aws/stack-functions.ts";
import { AccessReport } from "../shared/core/access/access-line.ts";
import { jsonOrUndefined } from "../shared/core/exact-json.ts";
import { stateKeys } from "../shared/core/object-keys.ts";
import type { RunEnd } from "../shared/core/run-history.ts";
import { JobError } from "../shared/errors.ts";
import type { Shell } from "./shell.ts";

interface WaitServices {
  readonly state: Pick<Bucket, "get">;
  readonly functions: Pick<StackFunctions, "readHistory">;
}

interface StartedCheck {
  readonly run: string;
  /** ARN of the durable execution; undefined if it is not known. */
  readonly execution: string | undefined;
  /** The stack as the user named it. */
  readonly given: string;
}

const clearLine = "\r\u001b[2K";
const pollMs = 2_000;
/** A check beside a run of its rate group first waits up to a minute and a half. */
const maxPolls = 90;
const maxSeconds = (maxPolls * pollMs) / 1000;

/** Waits for a check's report. @throws START_FAILED when the run ended without one, after three minutes, or after Ctrl-C */
export async function waitForReport(
  services: WaitServices,
  started: StartedCheck,
  { shell, json }: { readonly shell: Shell; readonly json: boolean },
): Promise<AccessReport> {
  const isLive = shell.isTerminal && !json;
  try {
    for (let poll = 0; poll < maxPolls && !shell.interrupted.aborted; poll++) {
      if (isLive) shell.writeError(`${clearLine}checking: ${(poll * pollMs) / 1000} of at most ${maxSeconds} s`);
      // In this order: a run that has ended has stored its report before.
      const end = await findEnd(services, started);
      const report = await readReport(services, started);
      if (report) return report;
      if (end) throw noReport(started, `has ended without a report${end.message ? `: ${end.message}` : ""}`);
      if (poll === 0 && !isLive)
        shell.writeError(`Waiting for the report of ${started.run}, at most ${maxSeconds} seconds.\n`);
      await shell.pause(pollMs);
    }
    throw noReport(
      started,
      shell.interrupted.aborted ? "has stored no report yet" : `has stored no report within ${maxSeconds} seconds`,
    );
  } finally {
    if (isLive) shell.writeError(clearLine);
  }
}

async function readReport({ state }: WaitServices, { run }: StartedCheck): Promise<AccessReport | undefined> {
  const stored = await state.get(stateKeys.accessReport(run));
  return AccessReport.safeParse(stored && jsonOrUndefined(stored.body.toString())).data;
}

async function findEnd({ functions }: WaitServices, { execution }: StartedCheck): Promise<RunEnd | undefined> {
  if (execution === undefined) return undefined;
  const { events } = await functions.readHistory(execution, { order: "last", max: 10 });
  return events.find(({ end }) => end)?.end;
}

function noReport({ run, given }: StartedCheck, outcome: string): JobError {
  return new JobError("START_FAILED", `The check ${run} ${outcome}`, {
    hint: `See how it goes on: npx nightshift follow check-access --stack ${given}. Its log is in the stack's output Logcheckaccess.`,
  });
}
