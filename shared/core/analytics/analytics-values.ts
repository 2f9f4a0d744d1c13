import * as z from "zod/mini";
import { isRawJson } from "../exact-json.ts";
import { numberOf } from "../lenient.ts";
import { lenient as read } from "../optional.ts";

/** One value of a response. */
export interface AnalyticsValue {
  readonly group: string;
  readonly key: string;
  readonly name: string | undefined;
  readonly extensionNumber: string | undefined;
  /** Start of the hour, as RingCentral wrote it; undefined if the value is the whole day's. */
  readonly hourStart: string | undefined;
  /** As named in requests; responses name timers like counters. */
  readonly metric: string;
  /** Part of the metric, such as `inbound`; undefined for the total. */
  readonly breakdown: string | undefined;
  /** Instances, Seconds or Percent. */
  readonly unit: string;
  /** Undefined if RingCentral sent no number. */
  readonly value: number | undefined;
}

const Text = z.pipe(
  z.union([z.string(), z.number(), z.custom(isRawJson)]),
  z.transform((text) => (isRawJson(text) ? text.rawJSON : String(text))),
);
const RawMetric = z.object({ valueType: read(z.string()), values: read(z.unknown()) });
const Metrics = read(z.record(z.string(), z.catch(RawMetric, {})));
const Point = z.object({ time: read(z.string()), counters: Metrics, timers: Metrics });
const Info = z.object({ extensionNumber: read(Text), name: read(z.string()) });
const Member = z.object({
  key: read(Text),
  info: read(Info),
  counters: Metrics,
  timers: Metrics,
  points: read(z.array(z.catch(Point, {}))),
});
const Line = z.object({
  request: read(z.object({ query: read(z.object({ interval: read(z.string()) })) })),
  response: z.object({
    data: z.object({ groupedBy: read(z.string()), records: z.catch(z.array(z.catch(Member, {})), []) }),
  }),
});
type MetricValues = z.infer<typeof Metrics>;

/** Counters by their name in responses, if requests name them differently (API reference: Business Analytics). */
const counterNames = new Map([["callsActions", "callsByActions"]]);

/**
 * Yields the values of a stored line, `{ request, response }`. Skips what does not match RingCentral's documentation;
 * keeps unknown metrics and breakdowns. Skips keys in `seen` and adds the line's keys to it, because pages may overlap.
 * A record without a key is never a repetition; it is added as a symbol.
 */
export function* parseAnalyticsValues(line: unknown, seen: Set<string | symbol>): Generator<AnalyticsValue> {
  const parsed = Line.safeParse(line);
  if (!parsed.success) return;
  const { request, response } = parsed.data;
  const isHourly = request?.query?.interval === "Hour";
  for (const { key = "", info, points, ...whole } of response.data.records) {
    if (seen.has(key)) continue;
    seen.add(key || Symbol("no key"));
    const { name, extensionNumber } = info ?? {};
    const member = { group: response.data.groupedBy ?? "", key, name, extensionNumber };
    for (const { time, counters, timers } of points ?? [{ time: undefined, ...whole }]) {
      const point = { ...member, hourStart: isHourly ? time : undefined };
      for (const value of valuesIn(counters, (name) => counterNames.get(name) ?? name)) yield { ...point, ...value };
      for (const value of valuesIn(timers, timerName)) yield { ...point, ...value };
    }
  }
}

/**
 * Returns a timer's name in requests: `callsByDirection` becomes `callsDurationByDirection`, `allCalls`
 * `allCallsDuration`.
 */
function timerName(responseName: string): string {
  if (responseName.includes("Duration")) return responseName;
  return responseName.startsWith("callsBy")
    ? responseName.replace("callsBy", "callsDurationBy")
    : `${responseName}Duration`;
}

function* valuesIn(metrics: MetricValues, nameOf: (responseName: string) => string) {
  for (const [responseName, { valueType = "", values }] of Object.entries(metrics ?? {})) {
    const metric = { metric: nameOf(responseName), unit: valueType };
    if (!isObject(values)) yield { ...metric, breakdown: undefined, value: numberOf(values) };
    else
      for (const [breakdown, value] of Object.entries(values)) yield { ...metric, breakdown, value: numberOf(value) };
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJson(value);
}
