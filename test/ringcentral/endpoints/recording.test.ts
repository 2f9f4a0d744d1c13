import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../../lab/ringcentral/faults.ts";
import type { RingCentralOptions } from "../../../lab/ringcentral/server.ts";
import { NotAudioError, openRecordingStream } from "../../../shared/ringcentral/endpoints/recording.ts";
import { BodyBrokenError, BodyError } from "../../../shared/ringcentral/http/body.ts";
import type { Client } from "../../../shared/ringcentral/http/client.ts";
import { defaultTimeouts } from "../../../shared/ringcentral/http/timeouts.ts";
import { errorOf, openClient } from "../../support/ringcentral/open-client.ts";

const id = "4711";
const bytes = 300_000;

/** A lab with one recording. */
async function enter(
  recordings: NonNullable<RingCentralOptions["account"]>["recordings"],
  faults: readonly Fault[],
  { limits }: Pick<RingCentralOptions, "limits"> = {},
) {
  const recording = { id, bytes, contentType: "audio/wav" } as const;
  const plannedCalls = [{ id: "a", startTime: "2026-11-02T15:00:00Z", recording }];
  const opened = await openClient({
    faults,
    ...(limits && { limits }),
    account: { calls: { perDay: 0 }, plannedCalls, recordings },
  });
  const uri = `${opened.ringCentral.mediaUrl}/restapi/v1.0/account/~/recording/${id}/content`;
  return { ...opened, uri, truth: opened.ringCentral.truth().recordings[id] };
}

/** Opens as its callers do, after a slot was acquired. */
async function open(client: Client, uri: string) {
  await client.gate("heavy").acquire();
  return openRecordingStream(client, uri);
}

async function hashOf(chunks: AsyncIterable<Uint8Array>) {
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { sha256: hash.digest("hex"), length };
}

const whole = (truth: { readonly sha256: string } | undefined) => ({ sha256: truth?.sha256, length: bytes });

describe("a download", () => {
  test("is the recording, byte for byte, in one request", async () => {
    const { client, uri, truth, ringCentral } = await enter({}, []);

    const audio = await open(client, uri);

    expect([audio.contentType, audio.bytes]).toEqual(["audio/wav", bytes]);
    expect(await hashOf(audio.chunks)).toEqual(whole(truth));
    expect(ringCentral.counters().byEndpoint.recordingContent).toBe(1);
  });

  test.each([
    ["once", 1, 2],
    ["three times", 3, 4],
  ])("that breaks off %s is resumed where it broke off", async (_often, times, requests) => {
    const { client, uri, truth, ringCentral } = await enter({}, [{ on: "recordingContent", times, what: "cut" }]);

    const audio = await open(client, uri);

    expect(await hashOf(audio.chunks)).toEqual(whole(truth));
    expect(ringCentral.counters().byEndpoint.recordingContent).toBe(requests);
  });

  test("that breaks off a fourth time fails", async () => {
    const { client, uri } = await enter({}, [{ on: "recordingContent", times: 4, what: "cut" }]);

    const audio = await open(client, uri);

    expect(await errorOf(hashOf(audio.chunks))).toBeInstanceOf(BodyError);
  });

  test("without an announced length is requested once more, so that nothing is missing", async () => {
    const { client, uri, truth, ringCentral } = await enter({ withoutContentLength: true }, []);

    const audio = await open(client, uri);

    expect(audio.bytes).toBeUndefined();
    expect(await hashOf(audio.chunks)).toEqual(whole(truth));
    expect(ringCentral.counters().byEndpoint.recordingContent).toBe(2);
  });

  test("that ends early without a length is completed", async () => {
    const { client, uri, truth } = await enter({ withoutContentLength: true }, [
      { on: "recordingContent", what: { wrongLength: "chunked" } },
    ]);

    const audio = await open(client, uri);

    expect(await hashOf(audio.chunks)).toEqual(whole(truth));
  });
});

describe("a download whose next request must wait for the rate window", () => {
  const windowOf = (limit: number) => ({ limits: { heavy: { limit, windowMs: 60_000, penaltyMs: 60_000 } } });

  test.each([
    ["broke off", {}, "cut", 1],
    ["ended early again, without a length", { withoutContentLength: true }, { wrongLength: "chunked" }, 2],
  ] as const)("has failed if it %s, because others would else get no window", async (_how, recordings, what, limit) => {
    const always = { on: "recordingContent", times: "always", what } as const;
    const { client, uri } = await enter(recordings, [always], windowOf(limit));

    const audio = await open(client, uri);

    expect(await errorOf(hashOf(audio.chunks))).toBeInstanceOf(BodyBrokenError);
  });

  test("only waits if nothing but its end is unknown", async () => {
    const { client, uri } = await enter({ withoutContentLength: true }, [], windowOf(1));

    const audio = await open(client, uri);

    expect(await errorOf(hashOf(audio.chunks))).toMatchObject({ name: "Pause", reason: "window" });
  });
});

describe("a response is refused", () => {
  test("if it is JSON with status 200", async () => {
    const { client, uri } = await enter({}, [{ on: "recordingContent", what: "jsonAsAudio" }]);

    const error = await errorOf(open(client, uri));

    expect(error).toBeInstanceOf(NotAudioError);
    expect(error.message).toContain("application/json");
  });

  test("if the recording does not exist", async () => {
    const { client, uri } = await enter({}, []);

    const error = await errorOf(open(client, uri.replace(id, "9999")));

    expect(error).toMatchObject({ code: "API_NOT_FOUND" });
  });
});

/** Creates a client with these responses one after the other, for behaviour that the lab does not have. */
function clientWith(...responses: readonly Response[]) {
  const requested: (string | undefined)[] = [];
  const client: Pick<Client, "send" | "timeouts"> = {
    timeouts: defaultTimeouts,
    send: async (_url, { headers }) => {
      const response = responses[requested.length];
      requested.push(headers?.range);
      if (!response) throw new Error("one request too many");
      return response;
    },
  };
  return { client: client as Client, requested };
}

const text = (content: string) => new TextEncoder().encode(content);

function audio(content: string, headers: Readonly<Record<string, string>>, status = 200): Response {
  return new Response(text(content), { status, headers: { "content-type": "audio/mpeg", ...headers } });
}

/** Returns an endless response, and whether it was discarded. */
function watched(content: string, headers: Readonly<Record<string, string>>, status = 200) {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(text(content)),
    cancel: () => {
      cancelled = true;
    },
  });
  const response = new Response(endless, { status, headers: { "content-type": "audio/mpeg", ...headers } });
  return { response, cancelled: () => cancelled };
}

describe("the rest of a broken download is refused", () => {
  const rests: readonly [string, Response][] = [
    ["when it is the whole again", audio("0123456789", { "content-length": "10" })],
    ["when it begins elsewhere", audio("3456789", { "content-range": "bytes 3-9/10" }, 206)],
    ["when it is of another length", audio("456789ab", { "content-range": "bytes 4-11/12" }, 206)],
    ["when it does not say which part it is", audio("456789", {}, 206)],
  ];

  test.each(rests)("%s", async (_why, rest) => {
    const { client, requested } = clientWith(audio("0123", { "content-length": "10" }), rest);

    const { chunks } = await openRecordingStream(client, "https://media.example.com/r");

    expect(await errorOf(hashOf(chunks))).toBeInstanceOf(BodyError);
    expect(requested).toEqual([undefined, "bytes=4-"]);
  });
});

describe("if no length was announced and RingCentral sends the whole recording instead of the rest", () => {
  test.each([
    ["without its length", {}],
    ["of the length that was received", { "content-length": "4" }],
  ])("%s, the first part is the recording if it ended cleanly", async (_how, headers) => {
    const again = watched("0123", headers);
    const { client, requested } = clientWith(audio("0123", {}), again.response);

    const { chunks } = await openRecordingStream(client, "https://media.example.com/r");

    expect(await hashOf(chunks)).toMatchObject({ length: 4 });
    expect([requested, again.cancelled()]).toEqual([[undefined, "bytes=4-"], true]);
  });

  test("of another length, the recording is incomplete", async () => {
    const { client } = clientWith(audio("0123", {}), audio("0123456789", { "content-length": "10" }));

    const { chunks } = await openRecordingStream(client, "https://media.example.com/r");

    expect(await errorOf(hashOf(chunks))).toBeInstanceOf(BodyError);
  });

  test("of another version, the received part is outdated", async () => {
    const { client } = clientWith(audio("0123", { etag: '"one"' }), audio("4567", { etag: '"two"' }));

    const { chunks } = await openRecordingStream(client, "https://media.example.com/r");

    expect(await errorOf(hashOf(chunks))).toBeInstanceOf(BodyError);
  });

  test("after the first part broke off, that part is no recording", async () => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(text("0123")),
      pull: (controller) => controller.error(new Error("reset")),
    });
    const first = new Response(broken, { headers: { "content-type": "audio/mpeg" } });
    const { client } = clientWith(first, audio("0123", {}));

    const { chunks } = await openRecordingStream(client, "https://media.example.com/r");

    expect(await errorOf(hashOf(chunks))).toBeInstanceOf(BodyError);
  });
});

test("a recording that comes in parts without a request for parts is refused, and its body is discarded", async () => {
  const part = watched("456789", { "content-range": "bytes 4-9/10" }, 206);
  const { client } = clientWith(part.response);

  const error = await errorOf(openRecordingStream(client, "https://media.example.com/r"));

  expect(error).toMatchObject({ code: "API_BAD_RESPONSE" });
  expect(part.cancelled()).toBe(true);
});

describe("a recording whose reader leaves is discarded, so that its connection is released,", () => {
  test("in the middle", async () => {
    const first = watched("0123", {});
    const { client } = clientWith(first.response);
    const { chunks } = await openRecordingStream(client, "https://media.example.com/r");

    for await (const _chunk of chunks) break;

    expect(first.cancelled()).toBe(true);
  });

  test("in the middle, and may be closed again", async () => {
    const first = watched("0123", {});
    const { client } = clientWith(first.response);
    const { chunks, close } = await openRecordingStream(client, "https://media.example.com/r");
    await chunks[Symbol.asyncIterator]().next();

    await close();

    expect(first.cancelled()).toBe(true);
    await expect(close()).resolves.toBeUndefined();
  });

  test("before the first chunk", async () => {
    const first = watched("0123", {});
    const { client } = clientWith(first.response);
    const { close } = await openRecordingStream(client, "https://media.example.com/r");

    await close();

    expect(first.cancelled()).toBe(true);
  });
});

test.each([
  ["audio/mpeg", "audio/mpeg"],
  ["AUDIO/MP3; charset=binary", "audio/mpeg"],
  ["audio/mpeg, audio/mpeg", "audio/mpeg"],
  ["audio/x-mpeg", "audio/mpeg"],
  ["audio/mpeg3", "audio/mpeg"],
  ["audio/x-wav", "audio/wav"],
  ["audio/wave", "audio/wav"],
  ["audio/vnd.wave", "audio/wav"],
  ["audio/ogg; codecs=opus", "audio/ogg"],
  ["audio/mp4", "audio/mp4"],
  ["audio/x-m4a", "audio/mp4"],
  ["audio/aac", "audio/aac"],
  ["audio/flac", "audio/flac"],
  ["audio/webm", "audio/webm"],
])("the media type %s is stored as %s", async (givenType, stored) => {
  const { client } = clientWith(audio("0123", { "content-type": givenType, "content-length": "4" }));

  const { contentType } = await openRecordingStream(client, "https://media.example.com/r");

  expect(contentType).toBe(stored);
});

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

describe("a body without a media type", () => {
  const octets = (body: string) =>
    audio(body, { "content-type": "application/octet-stream", "content-length": String(Buffer.byteLength(body)) });

  test.each([
    ["ID3\u0004 and more", "audio/mpeg"],
    ["RIFF0000WAVEfmt ", "audio/wav"],
    ["OggS and more", "audio/ogg"],
    ["0000ftypM4A ", "audio/mp4"],
    ["fLaC and more", "audio/flac"],
  ])("is audio if it begins like audio (%j), byte for byte", async (text, type) => {
    const { client } = clientWith(octets(text));

    const { contentType, chunks } = await openRecordingStream(client, "https://media.example.com/r");

    expect(contentType).toBe(type);
    expect(await textOf(chunks)).toBe(text);
  });

  test.each(['{"errorCode":"CMN-1"}', "<html>", "\ufeffutf", "\0".repeat(40)])(
    "is not audio if it begins otherwise (%j)",
    async (text) => {
      const { client } = clientWith(octets(text));

      const error = await errorOf(openRecordingStream(client, "https://media.example.com/r"));

      expect(error).toMatchObject({ name: "NotAudioError", mediaType: "application/octet-stream" });
    },
  );

  test("is empty if it has no bytes", async () => {
    const { client } = clientWith(octets(""));

    const { chunks, bytes } = await openRecordingStream(client, "https://media.example.com/r");

    expect([bytes, await textOf(chunks)]).toEqual([0, ""]);
  });
});

test.each([
  ["audio/g722.1", "audio/g722.1"],
  ["Text/HTML; charset=utf-8", "text/html"],
  ["audio/+16505550100", undefined],
  ["audio/650-555-0100", undefined],
  ["", undefined],
])("the error for a media type that is not audio (%j) says %s", async (givenType, reported) => {
  const { client } = clientWith(audio("0123", { "content-type": givenType, "content-length": "4" }));

  const error = await errorOf(openRecordingStream(client, "https://media.example.com/r"));

  expect(error).toMatchObject({ name: "NotAudioError", mediaType: reported });
});
