import type { CallDayEvent, CallManifest, FetchAttempt, Listing } from "../../../shared/core/calls/call-manifest.ts";
import { emptyCallManifest, reduceCallManifest } from "../../../shared/core/calls/reduce-call-manifest.ts";
import { hourMs } from "../../../shared/core/time/days.ts";

export const rules = { listingGapMs: 6 * hourMs, settleAfterMs: 24 * hourMs };
const span = { from: new Date("2026-11-01T04:00:00Z"), to: new Date("2026-11-02T05:00:00Z") };
/** A day of 25 hours without events. */
export const empty = emptyCallManifest("7", "2026-11-01", "America/New_York", span);

/** Returns an instant, in hours after the day's end. */
export function hour(hours: number): string {
  return new Date(span.to.getTime() + hours * hourMs).toISOString();
}

export function days(count: number): number {
  return 24 * count;
}

export function listingAt(hours: number, facts: Partial<Listing> = {}): Listing {
  const counts = { records: 3, recordings: 1, archived: 3, missing: 0 };
  return { run: `run ${hours}`, at: hour(hours), ...counts, fingerprint: "same", ...facts };
}

export function addressOf(id: string): string {
  return `https://media.example.com/${id}`;
}

export function listed(hours: number, ids: readonly string[], facts: Partial<Listing> = {}): CallDayEvent {
  return {
    type: "listed",
    listing: listingAt(hours, facts),
    calls: { key: "calls.jsonl.gz", bytes: 100 + hours, sha256: `calls at ${hours}`, etag: `etag ${hours}` },
    counts: { records: 100 + hours, deleted: hours % 3, tooShort: hours % 2, automatic: hours % 5 },
    recordings: ids.map((id) => ({ id, contentUri: addressOf(id), callId: `call of ${id}` })),
  };
}

export function stored(id: string, as = "mp3"): CallDayEvent {
  const object = { key: `recordings/${id}.${as}`, bytes: 1_000, sha256: `sha of ${id}`, etag: `etag ${id}` };
  return { type: "stored", id, object: { ...object, contentType: as === "mp3" ? "audio/mpeg" : "audio/wav" } };
}

export function tryAt(hours: number, result: FetchAttempt["result"], othersSucceeded = true): FetchAttempt {
  return { run: `run ${hours}`, at: hour(hours), result, ...(othersSucceeded && { othersSucceeded }) };
}

export function attempted(
  id: string,
  hours: number,
  result: FetchAttempt["result"],
  othersSucceeded = true,
): CallDayEvent {
  return { type: "attempt-failed", id, attempt: tryAt(hours, result, othersSucceeded) };
}

export function notListed(hours: number): CallDayEvent {
  return { type: "listing-failed", failure: { run: `run ${hours}`, at: hour(hours), code: "API_BAD_REQUEST" } };
}

export function horizonAt(hours: number): CallDayEvent {
  return { type: "horizon-passed", cause: "age", passedAt: hour(hours) };
}

/** Reduces the events of a day without other events. */
export function reduce(...events: readonly CallDayEvent[]): CallManifest {
  return reduceCallManifest(empty, events, rules);
}

export function stateOf({ recordings }: CallManifest, id: string) {
  return recordings.find((entry) => entry.id === id)?.state;
}

/** What makes 1 or 2 November 2026 complete: two listings that agree, and every recording stored. */
export function closedDay(ids: readonly string[]): CallDayEvent[] {
  return [listed(30, ids), listed(60, ids), ...ids.map((id) => stored(id))];
}
