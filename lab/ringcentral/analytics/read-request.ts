import type { z } from "zod";
import type { ApiRequest } from "../endpoint.ts";
import { apiError, invalidParameter } from "../errors.ts";
import { Refusal } from "../lab-response.ts";
import type { CallFilters } from "./call-filters.ts";
import type { Grouping } from "./groupings.ts";
import { type MetricSelection, requestName, sections } from "./metric-selection.ts";
import { metrics } from "./metrics.ts";
import { aggregationBody, aggregationQuery, timelineBody, timelineQuery } from "./request-schema.ts";
import type { TimeSettings } from "./time-settings.ts";
import type { Interval } from "./zone-clock.ts";

/** A valid request to either endpoint. */
export interface AnalyticsRequest {
  readonly grouping: Grouping;
  readonly timeSettings: TimeSettings;
  readonly callFilters: CallFilters;
  readonly selections: readonly MetricSelection[];
  readonly page: number;
  readonly perPage: number;
}

export interface TimelineRequest extends AnalyticsRequest {
  readonly interval: Interval;
}

export function readAggregationRequest(request: ApiRequest, nowMs: number): AnalyticsRequest {
  const query = readQuery(request, aggregationQuery);
  const { responseOptions, ...body } = readBody(request, aggregationBody);
  const selections = readSelections((section, name) => {
    const selection = responseOptions[section]?.[name];
    if (selection === undefined) return undefined;
    return {
      type: selection.aggregationType,
      interval: "aggregationInterval" in selection ? selection.aggregationInterval : undefined,
    };
  });
  return checked({ ...body, ...query, callFilters: body.callFilters ?? {}, selections }, nowMs);
}

export function readTimelineRequest(request: ApiRequest, nowMs: number): TimelineRequest {
  const query = readQuery(request, timelineQuery);
  const { responseOptions, ...body } = readBody(request, timelineBody);
  const selections = readSelections((section, name) =>
    responseOptions[section]?.[name] ? { type: "Sum", interval: undefined } : undefined,
  );
  return checked({ ...body, ...query, callFilters: body.callFilters ?? {}, selections }, nowMs);
}

function readSelections(
  find: (section: MetricSelection["section"], name: string) => Pick<MetricSelection, "type" | "interval"> | undefined,
): readonly MetricSelection[] {
  return sections.flatMap((section) =>
    metrics.flatMap((metric): readonly MetricSelection[] => {
      const name = requestName(metric, section);
      const selection = name === undefined ? undefined : find(section, name);
      return selection ? [{ section, metric, ...selection }] : [];
    }),
  );
}

function readQuery<Schema extends z.ZodType>({ url }: ApiRequest, schema: Schema): z.output<Schema> {
  return read(Object.fromEntries(url.searchParams), schema);
}

function readBody<Schema extends z.ZodType>({ headers, body }: ApiRequest, schema: Schema): z.output<Schema> {
  if (!headers["content-type"]?.startsWith("application/json")) {
    throw new Refusal(apiError(415, "CMN-115", "Content-Type is not supported")); // Guess, as at the token endpoint.
  }
  return read(parseJson(body), schema);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(apiError(400, "CMN-103", "Cannot parse the request body")); // Guess: which of the two codes.
  }
}

function read<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
  const { data, error } = schema.safeParse(value);
  const issue = error?.issues[0];
  if (!issue) return data as z.output<Schema>;
  const path = [...issue.path, ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])].map(String);
  // Guess: how a parameter inside the body is named.
  throw new Refusal(invalidParameter(path.join(".") || "body", textAt(value, path)));
}

function textAt(value: unknown, path: readonly string[]): string {
  const found = path.reduce<unknown>((each, name) => new Map(Object.entries(each ?? {})).get(name), value);
  return typeof found === "string" ? found : (JSON.stringify(found) ?? "");
}

const dayMs = 24 * 60 * 60 * 1000;

/** Analytics reaches back 184 days (RingCentral guide: business analytics). */
// Guess: to the millisecond, and an end in the future is fine.
const maxAgeMs = 184 * dayMs;

/** Checks rules that concern more than one part of a request. */
function checked<Request extends AnalyticsRequest>(request: Request, nowMs: number): Request {
  const { fromMs } = request.timeSettings.timeRange;
  if (fromMs < nowMs - maxAgeMs) throw invalid("timeSettings.timeRange.timeFrom", new Date(fromMs).toISOString());
  const misplaced = misplacedIn(request);
  if (misplaced !== undefined) throw invalid(misplaced, "");
  return request;
}

function invalid(name: string, value: string): Refusal {
  return new Refusal(invalidParameter(name, value));
}

/** The first option or filter that the grouping does not allow (OpenAPI: CallFilters, AggregationResponseOptionsCounters). */
function misplacedIn({ grouping, selections, callFilters }: AnalyticsRequest): string | undefined {
  const queues = "groupBy" in grouping && grouping.groupBy === "Queues";
  const users = "groupByMembers" in grouping || grouping.groupBy === "Users";
  const invalidSelection = selections.find(
    ({ metric: { only } }) => (only === "Queues" && !queues) || (only === "Users" && !users),
  );
  if (invalidSelection)
    return `responseOptions.${invalidSelection.section}.${requestName(invalidSelection.metric, invalidSelection.section)}`;
  const ofQueues = (["queueSla", "queueHours"] as const).find((name) => callFilters[name] !== undefined);
  return ofQueues === undefined || queues ? undefined : `callFilters.${ofQueues}`;
}
