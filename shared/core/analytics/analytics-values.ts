import * as z from "zod/mini";
import { isRawJson } from "../exact-json.ts";
import { lenient as read } from "../optional.ts";

/** One number of a response. */
export interface AnalyticsValue {
  readonly group: string;
  readonly key: string;
  readonly name: string | undefined;
  readonly extensionNumber: string | undefined;
  /** When the hour began, as RingCentral wrote it; undefined where the number is the whole day's. */
  readonly hourStart: string | undefined;
  /** As requests name it: answers call timers like counters. */
  readonly metric: string;
  /** Which share of the metric it is; undefined for all of it. */
  readonly breakdown: string | undefined;
  /** Instances, Seconds or Percent. */
  readonly unit: string;
  /** Undefined where RingCentral gave none, or something that is no number. */
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

/** Counters that answers name otherwise than requests (API reference: Business Analytics). */
const counterNames = new Map([["callsActions", "callsByActions"]]);

/**
 * The numbers of a stored line, `{ request, response }`. What has another form than documented is passed over or has no value;
 * metrics and breakdowns never seen before are kept. Keys in `seen` are passed over and those of the line added to it: pages
 * may overlap, and no number may count twice. Records without a key are not repetitions of each other; each is added as a symbol.
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
    const of = { group: response.data.groupedBy ?? "", key, name, extensionNumber };
    for (const { time, counters, timers } of points ?? [{ time: undefined, ...whole }]) {
      const at = { ...of, hourStart: isHourly ? time : undefined };
      for (const row of numbersIn(counters, (named) => counterNames.get(named) ?? named)) yield { ...at, ...row };
      for (const row of numbersIn(timers, timerName)) yield { ...at, ...row };
    }
  }
}

/** `callsByDirection` as requests name it among timers, `callsDurationByDirection`; all others get `Duration` at their end. */
function timerName(named: string): string {
  if (named.includes("Duration")) return named;
  return named.startsWith("callsBy") ? named.replace("callsBy", "callsDurationBy") : `${named}Duration`;
}

function* numbersIn(metrics: MetricValues, nameOf: (named: string) => string) {
  for (const [named, { valueType = "", values }] of Object.entries(metrics ?? {})) {
    const of = { metric: nameOf(named), unit: valueType };
    if (!isObject(values)) yield { ...of, breakdown: undefined, value: numberOf(values) };
    else for (const [breakdown, value] of Object.entries(values)) yield { ...of, breakdown, value: numberOf(value) };
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJson(value);
}

function numberOf(value: unknown): number | undefined {
  const number = isRawJson(value) ? Number(value.rawJSON) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
