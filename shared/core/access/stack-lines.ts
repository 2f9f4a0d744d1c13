import { counted } from "../counted.ts";
import { type Pause, pausedDays } from "../pause.ts";
import { nextStart } from "../time/next-start.ts";
import { type AccessLine, faultLine, okLine, warningLine } from "./access-line.ts";

/** A schedule that starts a job. */
export interface JobSchedule {
  readonly job: string;
  /** An EventBridge Scheduler expression, and its IANA time zone. */
  readonly expression: string;
  readonly timeZone: string;
  readonly isEnabled: boolean;
}

/** Returns the line about the schedule of a job that starts at a time of day. */
export function scheduleLine(job: string, schedules: readonly JobSchedule[], now: Date): AccessLine {
  const check = `schedule ${job}`;
  const own = schedules.filter((schedule) => schedule.job === job);
  const [enabled] = own.filter(({ isEnabled }) => isEnabled);
  if (own.length === 0) return faultLine(check, "there is none", "Deploy the stack again.");
  if (!enabled)
    return warningLine(check, "switched off", 'No action if that is meant. Else remove "paused" and deploy again.');
  const { expression, timeZone } = enabled;
  const next = nextStart(expression, timeZone, now);
  if (!next) return okLine(check, `${expression}, ${timeZone}`);
  return okLine(check, `next ${next.toISOString().slice(0, 16).replace("T", " ")} UTC (${timeZone})`);
}

/** Returns the line about a job whose automatic starts are paused, or may be; undefined for any other. */
export function pauseLine(job: string, pause: Pause, now: Date, stack: string): AccessLine | undefined {
  const check = `pause ${job}`;
  const todo = `Resume it when it may run again: npx nightshift resume ${job} --stack ${stack}`;
  if (pause.type === "paused")
    return warningLine(check, `paused for ${counted(pausedDays(pause, now), "day")}, since ${pause.since}`, todo);
  if (pause.type === "unreadable")
    return warningLine(check, `cannot be read, so that the job runs: ${pause.reason}`, todo);
  return undefined;
}

/** E-mail addresses of a topic, by whether their owners have confirmed them. */
export interface TopicEmails {
  readonly confirmed: number;
  readonly pending: number;
}

/** Returns the line about who gets a topic's e-mails; `topic` as the stack's output names it. */
export function emailLine(topic: string, { confirmed, pending }: TopicEmails): AccessLine {
  const check = `e-mails ${topic}`;
  // https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
  const todo = `Confirm AWS's e-mail. A request older than two days has expired: subscribe the address again (output ${topic}Topic).`;
  if (confirmed === 0) return faultLine(check, "nobody gets them: no address is confirmed", todo);
  if (pending > 0)
    return warningLine(check, `${counted(confirmed, "address", "addresses")} confirmed, ${pending} not yet`, todo);
  return okLine(check, `${counted(confirmed, "address", "addresses")} confirmed`);
}
