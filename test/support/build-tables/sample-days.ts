import type { RecordingEntry } from "../../../shared/core/calls/call-manifest.ts";
import { spanOf } from "../../../shared/core/time/days.ts";
import { type GivenDay, type GivenPart, newYork } from "./tables-world.ts";

/** The fields of a sample record that the ground truth reads. */
export interface SampleRecord {
  readonly id: string;
  readonly sessionId: string;
  readonly startTime: string;
  readonly durationMs?: number;
  readonly type: string;
  readonly direction: string;
  readonly result: string;
  readonly from: { readonly phoneNumber: string; readonly name?: string };
  readonly to: { readonly phoneNumber: string; readonly name?: string };
  readonly extension?: { readonly id: number };
  readonly deleted?: true;
  readonly recording?: { readonly id: string };
  readonly legs: readonly { readonly startTime: string; readonly result: string; readonly master?: boolean }[];
}

export interface SampleDay extends GivenDay {
  readonly records: readonly SampleRecord[];
  readonly recordings: readonly RecordingEntry[];
}

const names = ["Zoë Ångström", 'O\'Brien, "Pat"', "李小龍", "☎ 𝄞", "Reception"];
const states = ["stored", "stored", "pending", "lost"] as const;

/** Creates a day with the given number of calls, evenly over its hours, with a sample of everything. */
export function sampleDay(day: string, calls: number): SampleDay {
  const { from, to } = spanOf(day, newYork);
  const everyMs = Math.floor((to.getTime() - from.getTime()) / Math.max(calls, 1));
  const records = Array.from({ length: calls }, (_, n) => sampleRecord(day, n, from.getTime() + n * everyMs));
  const recordings = records.flatMap(({ id, recording }, n) =>
    recording ? [sampleRecording(recording.id, id, n)] : [],
  );
  return { day, records, recordings, responses: responsesFor(records) };
}

/** RingCentral's results of an answered leg; the third is from an old schema and has a Cyrillic "с". */
const answered = ["Accepted", "Call connected", "Call \u0441onnected"];

function sampleRecord(day: string, n: number, startMs: number): SampleRecord {
  // Every sixth is the second record of the call before it, as RingOut makes them.
  const call = n % 6 === 1 ? n - 1 : n;
  const outbound = call % 3 === 0;
  const extension = { id: 62_264_425_000 + (call % 5) };
  const inside = { phoneNumber: "+16505550100", ...(n % 7 > 0 && { name: names[n % 5] ?? "" }) };
  const outside = { phoneNumber: `+1415555${String(n).padStart(4, "0")}`, name: `Caller ${n}` };
  return {
    id: `${day}-${n}`,
    sessionId: `${day}-${call}`,
    startTime: new Date(startMs).toISOString(),
    ...(n % 17 > 0 && { duration: 6 * n, durationMs: 6_000 * n }),
    type: n % 11 === 10 ? "Fax" : "Voice",
    direction: outbound ? "Outbound" : "Inbound",
    result: n % 4 === 3 ? "Missed" : "Accepted",
    ...(outbound ? { from: inside, to: outside } : { from: outside, to: inside }),
    ...(n % 19 > 0 && { extension }),
    ...(n % 13 === 12 && { deleted: true }),
    ...(n % 2 === 0 && { recording: { id: `r-${day}-${n}` } }),
    legs: sampleLegs(n, startMs),
  };
}

/** Creates the company's own leg, unanswered phones, an answered one, and perhaps one to which it was transferred. */
function sampleLegs(n: number, startMs: number) {
  const leg = (place: number, result: string) => ({
    startTime: new Date(startMs + place * (7_000 + n)).toISOString(),
    durationMs: 5_000,
    result,
    ...(place < 2 && { master: place === 0 }),
  });
  const rang = Array.from({ length: n % 4 }, (_, place) => leg(place + 1, "Missed"));
  const pickedUp = [leg((n % 4) + 1, answered[n % 3] ?? ""), ...(n % 5 === 0 ? [leg(9, "Accepted")] : [])];
  return [leg(0, "Accepted"), ...rang, ...(n % 4 === 3 ? [] : pickedUp)];
}

function sampleRecording(id: string, callId: string, n: number): RecordingEntry {
  const state = states[(n / 2) % 4] ?? "stored";
  const firstSeenAt = "2026-11-04T08:30:00.000Z";
  if (state !== "stored") return { id, callId, firstSeenAt, state, automatic: true };
  const object = {
    key: `recordings/${id}.mp3`,
    bytes: 1_000 + n,
    sha256: "c2hh",
    etag: "e",
    contentType: "audio/mpeg",
  };
  return { id, callId, firstSeenAt, state, automatic: n % 3 === 0, object };
}

const count = (values: unknown) => ({ valueType: "Instances", values });

/** Creates values of the company's whole day, and of the queues' day with one hour. */
function responsesFor(records: readonly SampleRecord[]): readonly GivenPart[] {
  return [
    { group: "Company", interval: "Day", lines: [lineOf("Company", undefined, [companyMember(records)])] },
    { group: "Queues", interval: "Day", lines: [lineOf("Queues", undefined, queueMembers(records.length))] },
    { group: "Queues", interval: "Hour", lines: [lineOf("Queues", "Hour", [queueHour])] },
  ];
}

function lineOf(groupedBy: string, interval: string | undefined, records: readonly object[]) {
  const request = { path: "/analytics/calls/v1/accounts/7", query: { ...(interval && { interval }) }, body: {} };
  return { request, response: { paging: { page: 1 }, data: { groupedBy, records } } };
}

/** One inbound call less than the call log, and two outbound more. */
function companyMember(records: readonly SampleRecord[]) {
  const of = (direction: string) =>
    new Set(records.flatMap((each) => (each.direction === direction ? each.sessionId : []))).size;
  const values = { inbound: of("Inbound") - 1, outbound: of("Outbound") + 2 };
  return { key: "7", counters: { allCalls: count(records.length), callsByDirection: count(values) } };
}

const byResult = { callsByResult: count({ missed: 3, abandoned: 2, completed: 70 }) };
const sales = { key: "900", info: { extensionNumber: "900", name: "Sales ☎" } };
const queueHour = { ...sales, points: [{ time: "2026-11-01T06:00:00Z", counters: byResult }] };

function queueMembers(calls: number) {
  const byResponse = (answered: number) => count({ answered, notAnswered: calls - answered });
  const timers = { callsByResponse: { valueType: "Seconds", values: { answered: 1_000, notAnswered: 10 } } };
  return [
    { ...sales, counters: { callsByResponse: byResponse(calls - 5), ...byResult }, timers },
    { key: "901", counters: { callsByResponse: byResponse(1), callsByResult: count({ missed: "many" }) } },
  ];
}
