import { createHash } from "node:crypto";
import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import type { Service, WireRequest } from "./wire.ts";

/** A schedule in the default group. */
export interface LabSchedule {
  readonly name: string;
  /** An EventBridge Scheduler expression, and its IANA time zone. */
  readonly expression: string;
  readonly timeZone: string;
  readonly isEnabled: boolean;
  /** ARN of the function that it invokes, and what it sends. */
  readonly target: string;
  readonly input: object;
}

export interface SchedulerService extends Service {
  readonly isFor: (request: WireRequest) => boolean;
}

const contentType = { "content-type": "application/json" };
const emptyHash = createHash("sha256").digest("hex");

/**
 * Creates EventBridge Scheduler, which speaks REST with JSON. It lists schedules, and describes one.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export function createSchedulerService(
  schedules: readonly LabSchedule[],
  authenticate: Authenticate,
): SchedulerService {
  return {
    isFor: ({ headers }) => headers.authorization?.includes("/scheduler/aws4_request") === true,
    open: async (incoming) => {
      const { pathname, searchParams } = new URL(incoming.url, "http://lab");
      const name = decodeURIComponent(/^\/schedules\/(.+)$/.exec(pathname)?.[1] ?? "");
      return {
        call: { operation: name ? "GetSchedule" : "ListSchedules", ...(name && { key: name }) },
        perform: async () => {
          authenticate("scheduler", { ...incoming, payloadHash: emptyHash });
          const body = name ? describeSchedule(schedules, name) : listSchedules(schedules, searchParams);
          return { status: 200, headers: contentType, body: JSON.stringify(body) };
        },
      };
    },
    refusal: ({ code, message }) => ({
      headers: { ...contentType, "x-amzn-errortype": code },
      body: JSON.stringify({ Message: message }),
    }),
    headers: (requestId) => ({ "x-amzn-requestid": requestId }),
  };
}

function listSchedules(schedules: readonly LabSchedule[], query: URLSearchParams): object {
  const prefix = query.get("NamePrefix") ?? "";
  const listed = schedules.filter(({ name }) => name.startsWith(prefix));
  return { Schedules: listed.map((schedule) => ({ ...summary(schedule), Target: { Arn: schedule.target } })) };
}

function describeSchedule(schedules: readonly LabSchedule[], wanted: string): object {
  const schedule = schedules.find(({ name }) => name === wanted);
  if (!schedule) throw new AwsError(404, "ResourceNotFoundException", `Schedule ${wanted} does not exist.`);
  const { expression, timeZone, target, input } = schedule;
  return {
    ...summary(schedule),
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timeZone,
    Target: { Arn: target, RoleArn: "arn:aws:iam::123456789012:role/lab", Input: JSON.stringify(input) },
    FlexibleTimeWindow: { Mode: "OFF" },
  };
}

function summary({ name, isEnabled }: LabSchedule): object {
  const arn = `arn:aws:scheduler:us-east-1:123456789012:schedule/default/${name}`;
  return { Arn: arn, GroupName: "default", Name: name, State: isEnabled ? "ENABLED" : "DISABLED" };
}
