import { StackOutput } from "../shared/contract.ts";
import type { AccessLine } from "../shared/core/access/access-line.ts";
import { failureLine } from "../shared/core/access/failure-line.ts";
import { emailLine, pauseLine, scheduleLine } from "../shared/core/access/stack-lines.ts";
import { serializeError } from "../shared/errors.ts";
import { jobs } from "../shared/jobs.ts";
import { readPauses } from "../shared/status/read-pauses.ts";
import { requiredOutput, type StackOutputs } from "./open-stack.ts";
import type { OpenedBucket } from "./open-target.ts";
import { stackJobs } from "./stack-jobs.ts";

/** Checks what no run of `check-access` looks at: schedules, pauses, and who gets e-mails. */
export async function checkStack(stack: StackOutputs, { bucket, now }: OpenedBucket): Promise<AccessLine[]> {
  const schedules = tryChecks("schedules", () => checkSchedules(stack, now));
  const pauses = tryChecks("pauses", async () =>
    (await readPauses(bucket)).flatMap(([job, pause]) => pauseLine(job, pause, now(), stack.given) ?? []),
  );
  const emails = topicsOf(stack).map(([name, arn]) => tryChecks(`e-mails ${name}`, () => checkEmails(name, arn)));
  return (await Promise.all([schedules, pauses, ...emails])).flat();
}

async function tryChecks(check: string, work: () => Promise<AccessLine[]>): Promise<AccessLine[]> {
  try {
    return await work();
  } catch (error) {
    return [failureLine(check, serializeError(error))];
  }
}

async function checkSchedules(stack: StackOutputs, now: () => Date): Promise<AccessLine[]> {
  const { readSchedules } = await import("../shared/aws/schedules.ts");
  const schedules = await readSchedules(requiredOutput(stack, StackOutput.startRun));
  const nightly = stackJobs(stack).filter(({ job }) => "schedule" in jobs[job]);
  return nightly.map(({ job }) => scheduleLine(job, schedules, now()));
}

async function checkEmails(name: string, arn: string): Promise<AccessLine[]> {
  const { readTopicEmails } = await import("../shared/aws/topic-emails.ts");
  return [emailLine(name, await readTopicEmails(arn))];
}

/** Returns name and ARN of the stack's topics with e-mail addresses. */
function topicsOf({ outputs }: StackOutputs): (readonly [string, string])[] {
  return Object.entries(outputs).flatMap(([output, value]) => {
    const [, name] = /^(\w+)Topic$/.exec(output) ?? [];
    return name !== undefined && value.startsWith("arn:") ? [[name, value] as const] : [];
  });
}
