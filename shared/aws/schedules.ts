import { GetScheduleCommand, paginateListSchedules, SchedulerClient } from "@aws-sdk/client-scheduler";
import * as z from "zod/mini";
import type { JobSchedule } from "../core/access/stack-lines.ts";
import { jsonOrUndefined } from "../core/exact-json.ts";
import { loginError } from "./login-error.ts";
import { userRequestHandler } from "./user-request-handler.ts";

/** What a schedule sends to `start-run`. */
const Input = z.object({ job: z.string() });

/** CloudFormation begins the names that it generates with the stack's, of which it may cut the end. */
const namePrefix = "nightshift-";

/** Reads the schedules that invoke a function, with the environment's login. @throws REQUEST_INVALID when AWS denies it */
export async function readSchedules(functionName: string): Promise<JobSchedule[]> {
  const client = new SchedulerClient({ requestHandler: userRequestHandler({ environment: process.env }) });
  try {
    const names = await listNames(client, functionName);
    return (await Promise.all(names.map((name) => readSchedule(client, name)))).flat();
  } catch (error) {
    const hint = "Allow it scheduler:ListSchedules and scheduler:GetSchedule.";
    throw loginError("read schedules", hint, "ListSchedules", error);
  } finally {
    client.destroy();
  }
}

async function listNames(client: SchedulerClient, functionName: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client }, { NamePrefix: namePrefix }))
    for (const { Name = "", Target } of Schedules) if (Target?.Arn?.endsWith(`:${functionName}`)) names.push(Name);
  return names;
}

async function readSchedule(client: SchedulerClient, name: string): Promise<JobSchedule[]> {
  const schedule = await client.send(new GetScheduleCommand({ Name: name }));
  const input = Input.safeParse(jsonOrUndefined(schedule.Target?.Input ?? ""));
  if (!input.success) return [];
  const { ScheduleExpression: expression = "", ScheduleExpressionTimezone: timeZone = "UTC", State } = schedule;
  return [{ job: input.data.job, expression, timeZone, isEnabled: State === "ENABLED" }];
}
