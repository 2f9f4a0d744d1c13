import { invalidParameter } from "./aws-response.ts";
import type { Execution } from "./execution.ts";
import { parseFunctionName } from "./function-name.ts";
import { notFound } from "./functions.ts";
import { secondsStamp } from "./operation.ts";
import type { Service } from "./routes.ts";

const statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED"];
/** API reference, ListDurableExecutionsByFunction: MaxItems. */
const defaultMaxItems = 100;

/** ListDurableExecutionsByFunction: the newest first, of all versions. Knows the filters by status and name. */
export function listExecutions(
  functionName: string,
  query: URLSearchParams,
  { functions, executions }: Pick<Service, "functions" | "executions">,
): object {
  const { name = "" } = parseFunctionName(functionName, null) ?? {};
  if (functions.versions(name).length === 0) throw notFound(functionName);
  const wanted = query.getAll("Statuses");
  const unknown = wanted.filter((status) => !statuses.includes(status));
  if (unknown.length > 0) throw invalidParameter(`Unknown status ${unknown.join(", ")}.`);
  const executionName = query.get("DurableExecutionName");
  const found = executions
    .all()
    .filter(({ fn }) => fn.settings.name === name)
    .filter(({ status }) => wanted.length === 0 || wanted.includes(status))
    .filter((execution) => executionName === null || execution.name === executionName)
    .toSorted((a, b) => b.startedAt - a.startedAt);
  const from = Number(query.get("Marker") ?? 0);
  const next = from + (Number(query.get("MaxItems")) || defaultMaxItems);
  return {
    DurableExecutions: found.slice(from, next).map(listed),
    ...(next < found.length && { NextMarker: String(next) }),
  };
}

function listed({ arn, name, fn, status, startedAt, endedAt }: Execution): object {
  return {
    DurableExecutionArn: arn,
    DurableExecutionName: name,
    FunctionArn: `${fn.settings.arn}:${fn.settings.version}`,
    Status: status,
    StartTimestamp: secondsStamp(startedAt),
    EndTimestamp: endedAt === undefined ? undefined : secondsStamp(endedAt),
  };
}
