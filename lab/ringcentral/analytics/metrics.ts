import { type Breakdown, breakdowns } from "./breakdowns.ts";
import type { CallFacts } from "./call-facts.ts";

/** `part` is "" for a metric without parts. */
export type Add = (part: string, count: number, seconds: number) => void;

/** A metric that can be counted or timed. Requests and responses have different names for it. */
export interface Metric {
  readonly counter: string;
  readonly timer?: string;
  readonly responseName: string;
  readonly parts?: readonly string[];
  readonly add: (call: CallFacts, add: Add) => void;
  /** The only group type that has it. @default all of them */
  readonly only?: "Queues" | "Users";
}

/** Every metric (OpenAPI: AggregationResponseOptions, CallsCounters, CallsTimers). */
export const metrics: readonly Metric[] = [
  {
    counter: "allCalls",
    timer: "allCallsDuration",
    responseName: "allCalls",
    add: ({ seconds }, add) => add("", 1, seconds),
  },
  ofOnePart("direction", "Direction", (call) => call.direction),
  ofOnePart("origin", "Origin", (call) => call.origin),
  ofOnePart("response", "Response", (call) => call.response),
  {
    counter: "callsSegments",
    timer: "callsSegmentsDuration",
    responseName: "callsSegments",
    parts: breakdowns.segments,
    add: ({ segments }, add) => {
      for (const part of breakdowns.segments) {
        const length = segments[part];
        if (length !== undefined) add(part, 1, length);
      }
    },
  },
  ofOnePart("result", "Result", (call) => call.result),
  ofOnePart("hours", "CompanyHours", (call) => call.companyHours),
  { ...ofOnePart("queueSla", "QueueSla", (call) => call.queueSla), only: "Queues" },
  {
    counter: "callsByActions",
    responseName: "callsActions",
    parts: breakdowns.actions,
    add: ({ actions }, add) => {
      for (const part of actions) add(part, 1, 0);
    },
  },
  ofOnePart("type", "Type", (call) => call.type),
  ofOnePart("endingParty", "EndingParty", (call) => call.endingParty),
  { ...ofOnePart("hours", "QueueHours", (call) => call.queueHours), only: "Queues" },
  {
    counter: "queueOpportunities",
    responseName: "queueOpportunities",
    add: ({ opportunities }, add) => add("", opportunities, 0),
    only: "Users",
  },
];

/** Creates a breakdown that puts each call into at most one part. */
function ofOnePart(of: Breakdown, name: string, partOf: (call: CallFacts) => string | undefined): Metric {
  return {
    counter: `callsBy${name}`,
    timer: `callsDurationBy${name}`,
    responseName: `callsBy${name}`,
    parts: breakdowns[of],
    add: (call, add) => {
      const part = partOf(call);
      if (part !== undefined) add(part, 1, call.seconds);
    },
  };
}
