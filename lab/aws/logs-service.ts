import { parseFilterPattern } from "../cloudwatch/filter-pattern.ts";
import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import { createJsonService, type JsonService } from "./json-service.ts";

/** Returns everything that a log group has, line by line; undefined if there is no such group. */
export type ReadLog = (logGroup: string) => string | undefined;

/** The members of a request that the lab reads. */
interface FilterLogEvents {
  readonly logGroupName?: string;
  readonly filterPattern?: string;
  readonly startTime?: number;
  readonly nextToken?: string;
}

interface StoredEvent {
  readonly timestamp: number;
  readonly message: string;
}

const pageSize = 100;

/** Creates CloudWatch Logs, which finds lines of JSON that have their time in `timestamp`. */
export function createLogsService(readLog: ReadLog, authenticate: Authenticate): JsonService {
  return createJsonService<FilterLogEvents, ReadLog>({
    target: "Logs_20140328.",
    signedAs: "logs",
    messageMember: "message",
    authenticate,
    keyOf: ({ logGroupName }) => logGroupName,
    handlers: { FilterLogEvents: filterLogEvents },
    store: readLog,
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
function filterLogEvents(request: FilterLogEvents, readLog: ReadLog): object {
  const { logGroupName = "", filterPattern = "", startTime = 0, nextToken = "0" } = request;
  const log = readLog(logGroupName);
  if (log === undefined)
    throw new AwsError(400, "ResourceNotFoundException", "The specified log group does not exist.");
  const matches = parseFilterPattern(filterPattern);
  const found = log.split("\n").flatMap((message): StoredEvent[] => {
    const line = jsonOf(message);
    const timestamp = Date.parse(String(Object(line).timestamp));
    return timestamp >= startTime && matches(line) ? [{ timestamp, message }] : [];
  });
  const from = Number(nextToken);
  const hasMore = found.length > from + pageSize;
  return { events: found.slice(from, from + pageSize), ...(hasMore && { nextToken: String(from + pageSize) }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
