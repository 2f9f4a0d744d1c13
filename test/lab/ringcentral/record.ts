import { type Call, isDeleted, isUnsettled, lastModifiedMs, type Recording } from "./call.ts";
import { type CallStory, resultOf, storyOf } from "./call-story.ts";
import { legsOf } from "./legs.ts";
import type { Links } from "./links.ts";
import type { Retention } from "./retention.ts";
import type { Account } from "./settle-account.ts";

export type View = "Simple" | "Detailed";

type Json = Readonly<Record<string, unknown>>;

/** A record as the API gives it; only the members that the lab itself reads are named. */
export type CallRecord = Json & { readonly id: string; readonly startTime: string };

export interface RecordOptions {
  readonly account: Account;
  readonly links: Links;
  readonly view: View;
  readonly nowMs: number;
  readonly retention: Retention;
}

export function renderRecord(call: Call, options: RecordOptions): CallRecord {
  const { account, links, view, nowMs } = options;
  const story = storyOf(call, account);
  const recording = call.recordingNamedBy === "leg" ? undefined : recordingInfo(call.recording, options);
  return {
    uri: links.record(call.id, view),
    id: call.id,
    startTime: new Date(call.startMs).toISOString(),
    duration: Math.floor(call.durationMs / 1000),
    durationMs: call.durationMs,
    ...story.common,
    result: isUnsettled(call, nowMs) ? "Unknown" : resultOf(call, story),
    ...parties(story),
    extension: { uri: links.extension(story.extension.id), id: story.extension.id },
    ...(recording && { recording }),
    ...(call.short && { shortRecording: true }),
    ...(call.fax && { message: { id: String(call.seed), type: "Fax", uri: `${links.account}/message/${call.seed}` } }),
    ...(isDeleted(call, nowMs) && { deleted: true }),
    notInAnySchema: { since: "tomorrow", largest: Number.MAX_SAFE_INTEGER },
    ...(call.extraBytes && { alsoInNoSchema: "x".repeat(call.extraBytes) }),
    ...(view === "Detailed" && details(call, story, options)),
  };
}

/** What only the Detailed view shows (OpenAPI: CallLogRecord). */
function details(call: Call, story: CallStory, options: RecordOptions): Json {
  const { links, nowMs } = options;
  return {
    lastModifiedTime: new Date(lastModifiedMs(call, nowMs)).toISOString(),
    billing: { costIncluded: isUnsettled(call, nowMs) ? 0 : 0.137, costPurchased: 0 },
    legs: legsOf({ call, story, links, recordingInfo: (recording) => recordingInfo(recording, options) }),
  };
}

function parties({ inbound, extension, companyNumber, outsider }: CallStory): Json {
  const inside = {
    phoneNumber: companyNumber,
    extensionNumber: extension.number,
    extensionId: String(extension.id),
    name: extension.name,
  };
  return inbound ? { from: outsider, to: inside } : { from: inside, to: outsider };
}

function recordingInfo(recording: Recording | undefined, options: RecordOptions): Json | undefined {
  const { links, nowMs, retention } = options;
  if (!recording || !retention.isNamed(recording, nowMs)) return undefined;
  const { id, type, withoutContentUri } = recording;
  return { uri: links.recording(id), id, type, ...(!withoutContentUri && { contentUri: links.content(id) }) };
}
