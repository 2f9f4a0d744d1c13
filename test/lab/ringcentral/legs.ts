import type { Call, Recording } from "./call.ts";
import { type CallStory, resultOf } from "./call-story.ts";
import type { Links } from "./links.ts";

type Json = Readonly<Record<string, unknown>>;

export interface LegsOptions {
  readonly call: Call;
  readonly story: CallStory;
  readonly links: Links;
  /** How a leg names a recording, or undefined while the log does not name it. */
  readonly recordingInfo: (recording: Recording | undefined) => Json | undefined;
}

/** The legs of a Detailed record; a transferred call has one more leg for each further recording. */
export function legsOf(options: LegsOptions): readonly Json[] {
  const { call, story, recordingInfo } = options;
  const shared = call.recordingNamedBy === "record" ? undefined : recordingInfo(call.recording);
  const named = [...Array.from({ length: story.legCount }, () => shared), ...call.transfers.map(recordingInfo)];
  return named.map((recording, index) => leg(options, index, recording));
}

function leg({ call, story, links }: LegsOptions, index: number, recording: Json | undefined): Json {
  const durationMs = Math.floor(call.durationMs / (index + 1));
  return {
    startTime: new Date(call.startMs + call.durationMs - durationMs).toISOString(),
    duration: Math.floor(durationMs / 1000),
    durationMs,
    ...story.common,
    result: resultOf(call, story),
    from: { phoneNumber: story.outsider.phoneNumber },
    to: { extensionNumber: story.extension.number, name: story.extension.name },
    legType: index === 0 ? "Accept" : "TransferCall",
    master: index === 0,
    extension: { uri: links.extension(story.extension.id), id: story.extension.id },
    ...(recording && { recording }),
  };
}
