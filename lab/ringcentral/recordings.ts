import type { LabClock } from "../clock.ts";
import { audioBytes } from "./audio.ts";
import { type ByteRange, parseByteRange } from "./byte-range.ts";
import type { Recording } from "./call.ts";
import type { CallIndex } from "./call-index.ts";
import type { CounterBook } from "./counters.ts";
import type { Account } from "./create-account.ts";
import type { ApiRequest, Endpoint } from "./endpoint.ts";
import { apiError, lacksPermission, notFound } from "./errors.ts";
import { type LabResponse, Refusal } from "./lab-response.ts";
import type { Links } from "./links.ts";
import type { Retention } from "./retention.ts";

export interface RecordingsOptions {
  readonly clock: LabClock;
  readonly account: Account;
  readonly calls: CallIndex;
  readonly retention: Retention;
  readonly links: Links;
  readonly counters: CounterBook;
}

export type RecordingState = "ready" | "pending" | "never" | "forbidden" | "expired";

/** Returns whether a recording can be downloaded now, and if not, the reason. */
export function stateOf(recording: Recording, nowMs: number, retention: Retention): RecordingState {
  if (retention.hasExpired(recording, nowMs)) return "expired";
  if (recording.forbidden) return "forbidden";
  if (recording.readyAtMs === Infinity) return "never";
  return recording.readyAtMs <= nowMs ? "ready" : "pending";
}

export function recordingEndpoints(options: RecordingsOptions): readonly Endpoint[] {
  const guarded = {
    access: "token",
    methods: ["GET"],
    group: "heavy",
    scope: "ReadCallRecording",
    permission: "ReadCallRecording",
  } as const;
  return [
    {
      ...guarded,
      name: "recording",
      path: "/restapi/v1.0/account/{account}/recording/{recording}",
      respond: (request: ApiRequest) => metadata(find(request, options), options.links),
    },
    {
      ...guarded,
      name: "recordingContent",
      // Guess: RingCentral documents only the media host. On loopback the hosts differ only by port.
      hosts: ["media", "platform"],
      path: "/restapi/v1.0/account/{account}/recording/{recording}/content",
      respond: (request: ApiRequest) => content(request, find(request, options), options),
    },
  ];
}

function find({ params }: ApiRequest, { calls, retention, clock }: RecordingsOptions): Recording {
  const recording = calls.recording(params.recording ?? "");
  const state = recording && stateOf(recording, clock.now(), retention);
  // Guess: the code of a 403 that concerns one recording alone.
  if (state === "forbidden") throw new Refusal(lacksPermission("ReadCallRecording"));
  if (!recording || state !== "ready") throw new Refusal(notFound("callRecordingId"));
  return recording;
}

function metadata({ id, contentType, durationSeconds }: Recording, links: Links): LabResponse {
  return { status: 200, json: { id, contentUri: links.content(id), contentType, duration: durationSeconds } };
}

function content(request: ApiRequest, recording: Recording, { account, counters }: RecordingsOptions): LabResponse {
  const range = parseByteRange(request.headers.range, recording.bytes);
  if (range === "unsatisfiable") {
    const refused = apiError(416, "CMN-107", "Range is not satisfiable");
    return { ...refused, headers: { "content-range": `bytes */${recording.bytes}` } };
  }
  counters.download(recording.id);
  const { from, to } = range ?? { from: 0, to: recording.bytes };
  return {
    status: range ? 206 : 200,
    headers: { "accept-ranges": "bytes", ...rangeHeader(range, recording), ...disposition(request, recording) },
    media: {
      contentType: recording.contentType,
      length: to - from,
      withLength: !account.recordings.withoutContentLength,
      chunks: (length) => audioBytes(recording, from, from + length),
    },
  };
}

function rangeHeader(range: ByteRange | undefined, { bytes }: Recording): Record<string, string> {
  return range ? { "content-range": `bytes ${range.from}-${range.to - 1}/${bytes}` } : {};
}

function disposition({ url }: ApiRequest, { id }: Recording): Record<string, string> {
  const kind = url.searchParams.get("contentDisposition")?.toLowerCase();
  const fileName = url.searchParams.get("contentDispositionFilename") ?? id;
  return kind ? { "content-disposition": `${kind}; filename="${encodeURIComponent(fileName)}"` } : {};
}
