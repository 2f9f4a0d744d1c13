import { z } from "zod";
import { type Breakdown, breakdowns } from "./breakdowns.ts";
import type { CallFacts } from "./call-facts.ts";

/** Returns the name that filters have for a part of a breakdown. */
function filterName(part: string): string {
  const irregular: Readonly<Record<string, string>> = { outOfSla: "OutSla", dtmfTransfer: "DTMFTransfer" };
  return irregular[part] ?? `${part.charAt(0).toUpperCase()}${part.slice(1)}`;
}

const namesOf = (of: Breakdown) => z.array(z.enum(breakdowns[of].map(filterName))).optional();
const ids = z.array(z.string()).optional();
const seconds = z.int().min(0).optional();
const span = z.strictObject({ minSeconds: seconds, maxSeconds: seconds }).optional();

/** The optional part of a request that selects calls (OpenAPI: CallFilters). */
// Guess: what is no filter is refused, such as a second `callFilters` inside the first.
export const callFiltersSchema = z.strictObject({
  extensionFilters: z.strictObject({ fromIds: ids, toIds: ids }).optional(),
  queues: ids,
  calledNumbers: ids,
  directions: namesOf("direction"),
  origins: namesOf("origin"),
  callResponses: namesOf("response"),
  callResults: namesOf("result"),
  callSegments: z
    .array(z.strictObject({ segment: z.enum(breakdowns.segments.map(filterName)), length: span }))
    .optional(),
  callActions: namesOf("actions"),
  companyHours: namesOf("hours"),
  callDuration: span,
  timeSpent: span,
  queueSla: namesOf("queueSla"),
  callTypes: namesOf("type"),
  endingParties: namesOf("endingParty"),
  queueHours: namesOf("hours"),
});

export type CallFilters = z.infer<typeof callFiltersSchema>;

/** A call must match all filters, and one of the values of each. */
export function passes(call: CallFacts, filters: CallFilters): boolean {
  const { extensionFilters: { fromIds, toIds } = {}, callSegments, callActions, callDuration, timeSpent } = filters;
  const inbound = call.direction === "inbound";
  return (
    among(fromIds, inbound ? undefined : call.user.key) &&
    among(toIds, inbound ? call.user.key : undefined) &&
    among(filters.queues, call.queue) &&
    among(filters.calledNumbers, call.companyNumber) &&
    includesName(filters.directions, call.direction) &&
    includesName(filters.origins, call.origin) &&
    includesName(filters.callResponses, call.response) &&
    includesName(filters.callResults, call.result) &&
    isOpen(callSegments, (each) => hasSegment(call, each)) &&
    isOpen(callActions, (name) => call.actions.map(filterName).includes(name)) &&
    includesName(filters.companyHours, call.companyHours) &&
    within(call.seconds, callDuration) &&
    within(call.seconds, timeSpent) && // Guess: everyone's time on a call is all of it.
    includesName(filters.queueSla, call.queueSla) &&
    includesName(filters.callTypes, call.type) &&
    includesName(filters.endingParties, call.endingParty) &&
    includesName(filters.queueHours, call.queueHours)
  );
}

// Guess: an empty list is as good as none.
function isOpen<T>(requested: readonly T[] | undefined, fits: (each: T) => boolean): boolean {
  return requested === undefined || requested.length === 0 || requested.some(fits);
}

function among(requested: readonly string[] | undefined, value: string | undefined): boolean {
  return isOpen(requested, (each) => each === value);
}

function includesName(requested: readonly string[] | undefined, part: string | undefined): boolean {
  return among(requested, part === undefined ? undefined : filterName(part));
}

type Span = z.infer<typeof span>;

function within(length: number, { minSeconds = 0, maxSeconds = Infinity }: Span = {}): boolean {
  return length >= minSeconds && length <= maxSeconds;
}

function hasSegment({ segments }: CallFacts, requested: NonNullable<CallFilters["callSegments"]>[number]): boolean {
  const part = breakdowns.segments.find((each) => filterName(each) === requested.segment);
  const length = part && segments[part];
  return length !== undefined && within(length, requested.length);
}
