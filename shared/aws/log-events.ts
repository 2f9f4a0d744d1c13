import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { jsonOrUndefined } from "../core/exact-json.ts";
import { JobError } from "../errors.ts";
import { loginError } from "./login-error.ts";
import { userRequestHandler } from "./user-request-handler.ts";

/** One line of a function's log: its time and its parsed JSON. */
export interface LogEvent {
  readonly at: Date;
  readonly line: unknown;
}

export interface ReadLogOptions {
  /** Filter pattern of CloudWatch Logs. */
  readonly pattern: string;
  readonly since: Date;
  /** Number of lines to keep, the newest ones. */
  readonly max: number;
}

/** Pages of one search. CloudWatch may return empty ones before the last. */
const maxPages = 200;

/**
 * Returns the newest matching lines of a log group, oldest first, with the environment's AWS login.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 * @throws REQUEST_INVALID when AWS denies it or the log group does not exist; STORAGE_FAILED
 */
export async function readLogEvents(
  logGroupName: string,
  { pattern, since, max }: ReadLogOptions,
): Promise<LogEvent[]> {
  const client = new CloudWatchLogsClient({ requestHandler: userRequestHandler({ environment: process.env }) });
  let found: LogEvent[] = [];
  let nextToken: string | undefined;
  try {
    for (let page = 0; page < maxPages; page++) {
      const command = new FilterLogEventsCommand({
        logGroupName,
        filterPattern: pattern,
        startTime: since.getTime(),
        nextToken,
      });
      const { events = [], nextToken: next } = await client.send(command);
      const lines = events.map(({ timestamp = 0, message = "" }) => ({
        at: new Date(timestamp),
        line: jsonOrUndefined(message),
      }));
      found = [...found, ...lines].slice(-max);
      if (next === undefined) return found;
      nextToken = next;
    }
    return found;
  } catch (error) {
    throw logError(logGroupName, error);
  } finally {
    client.destroy();
  }
}

function logError(logGroup: string, error: unknown): JobError {
  const failed = loginError("read its logs", "Allow it logs:FilterLogEvents.", `FilterLogEvents ${logGroup}`, error);
  if (failed.details.name !== "ResourceNotFoundException") return failed;
  return new JobError("REQUEST_INVALID", `There is no log group ${logGroup}`, {
    cause: error,
    hint: "Deploy the stack again, or check that AWS_REGION is the stack's.",
  });
}
